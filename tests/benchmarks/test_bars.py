from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.benchmarks.bars import BARS, LARGE, SMALL, Bar
from tests.benchmarks.generate import Size
from tests.benchmarks.measure import RUNS, Command, Measured, Registries, for_each_ref, run_once
from tests.benchmarks.table import is_linear

pytestmark = pytest.mark.benchmark


@pytest.fixture(scope="session")
def registries(tmp_path_factory: pytest.TempPathFactory) -> Registries:
    return Registries(tmp_path_factory.mktemp("registries"))


def take(command: Command, registries: Registries, benchmark: BenchmarkFixture) -> Measured:
    """Let pytest-benchmark run a command, and remember for the other tests what it took."""
    repository = registries.of(command.size)
    results: list[Measured] = []
    benchmark.pedantic(lambda: results.append(run_once(command, repository, len(results))), rounds=RUNS, warmup_rounds=1)  # type: ignore[no-untyped-call]
    measured = registries.record(command, results)
    benchmark.extra_info["megabytes"] = measured.megabytes
    return measured


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
def test_git_reads_all_tags_with_all_fields(size: Size, registries: Registries, benchmark: BenchmarkFixture) -> None:
    assert take(for_each_ref(size), registries, benchmark).seconds > 0


@pytest.mark.timeout(600)
@pytest.mark.parametrize("bar", BARS, ids=lambda bar: f"{bar.command.name} on {bar.command.size}")
def test_a_command_is_as_fast_and_as_small_as_promised(bar: Bar, registries: Registries, benchmark: BenchmarkFixture) -> None:
    measured = take(bar.command, registries, benchmark)
    benchmark.extra_info["ratio"] = measured.seconds / registries.measure(for_each_ref(bar.command.size)).seconds
    assert measured.seconds <= bar.seconds(registries)
    assert bar.megabytes is None or measured.megabytes <= bar.megabytes


@pytest.mark.timeout(600)
def test_the_cost_is_linear_in_tags(registries: Registries) -> None:
    assert is_linear(registries)
