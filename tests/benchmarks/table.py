"""``python -m tests.benchmarks.table`` measures everything, and prints the table for the README; it takes some minutes."""

from __future__ import annotations

import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bars import BARS, LARGE, SMALL, TINY, Bar, show
from tests.benchmarks.generate import Size
from tests.benchmarks.measure import RUNS, Registries, for_each_ref


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="gitreg-benchmarks-") as folder:
        registries = Registries(Path(folder))
        for line in render_table(registries):
            print(line)


def render_table(registries: Registries) -> Iterator[str]:
    """Measure all commands in turn, and write the table in Markdown."""
    against = [bar.against for bar in BARS if bar.against]
    baselines = [for_each_ref(size) for size in {bar.command.size: None for bar in BARS}]
    registries.measure_together([*baselines, *against, *(bar.command for bar in BARS), show(TINY)])
    yield "| command | registry | median | ratio to `git for-each-ref` | memory | bar | |"
    yield "|---|---|---|---|---|---|---|"
    for bar in BARS:
        yield _row(registries, bar)
    yield ""
    each = ", ".join(f"{_microseconds_a_tag(registries, size):.1f} us at {size.tags:,}" for size in (SMALL, LARGE))
    yield f"Cost is linear in tags: `gitreg show` takes {each} tags for each tag beyond the first {TINY.tags:,}."
    yield f"Medians of {RUNS} whole processes in turn, after one that warms the caches; packed refs; {_machine()}."


def is_linear(registries: Registries) -> bool:
    """Say whether a tag of a large registry costs no more than half as much again as one of a small registry."""
    return _microseconds_a_tag(registries, LARGE) <= 1.5 * _microseconds_a_tag(registries, SMALL)


def _row(registries: Registries, bar: Bar) -> str:
    """Write one row."""
    measured = registries.measure(bar.command)
    baseline = registries.measure(for_each_ref(bar.command.size))
    kept = measured.seconds <= bar.seconds(registries) and measured.megabytes <= (bar.megabytes or measured.megabytes)
    cells = (
        f"`{bar.command.name}`",
        str(bar.command.size),
        f"{measured.seconds:.2f} s",
        f"{measured.seconds / baseline.seconds:.2f} (of {baseline.seconds:.2f} s)",
        f"{measured.megabytes:.0f} MB",
        str(bar),
        "yes" if kept else "**no**",
    )
    return f"| {' | '.join(cells)} |"


def _microseconds_a_tag(registries: Registries, size: Size) -> float:
    """Compute what each tag beyond those of the smallest registry costs."""
    seconds = registries.measure(show(size)).seconds - registries.measure(show(TINY)).seconds
    return 1_000_000 * seconds / (size.tags - TINY.tags)


def _machine() -> str:
    """Say on what it was measured."""
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return f"{git}, Python {platform.python_version()}, {platform.system()} on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
