from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg import Registry
from gitreg.errors import GitregError
from tests.benchmarks.generate import Size, generate_registry
from tests.git.inside import enter
from tests.git.reads import NOT_FOUND, READS, Read
from tests.support.repository import Repository

MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Watch:
    """A program called ``git`` that notes its arguments and becomes the real one."""

    folder: Path

    def start(self, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the program before all others, in the environment of a repository."""
        path = os.environ["PATH"].removeprefix(f"{self.folder}:")  # a second start must not find itself
        self.folder.mkdir(exist_ok=True)
        program = self.folder / "git"
        program.write_text(
            f"#!/bin/sh\nprintf '%s\\n' \"$*\" >>'{self.folder / 'log'}'\nexec '{shutil.which('git', path=path)}' \"$@\"\n"
        )
        program.chmod(0o755)
        enter(repository, monkeypatch)
        monkeypatch.setenv("PATH", f"{self.folder}:{path}")

    def during(self, path: Path, read: Read) -> list[str]:
        """List the git processes of one read, each by its arguments."""
        log = self.folder / "log"
        log.write_text("")
        with suppress(GitregError), Registry(path) as registry:
            read(registry)
        return log.read_text().splitlines()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    return generate_registry(tmp_path_factory.mktemp("large") / "repository", Size(artifacts=20, tags=2000, entries=20))


@pytest.fixture
def small(repository: Repository) -> Repository:
    """A registry whose tags are not all as they should be."""
    repository.commit({"artifacts.yaml": "model-0:\n  type: model\n  path: README.md\n", "a/dvc.yaml": "stages: {}\n"})
    repository.register("model-0", "v1.1.0")
    repository.tick()
    repository.assign("model-0", "prod", version="v1.1.0")
    repository.tag("model-0#prod#2", lightweight=True)
    repository.raw_tag("model-1@v1.0.0", b"object " + b"0" * 40 + b"\ntype commit\ntag model-1@v1.0.0\n\nno tagger\n")
    return repository


@pytest.fixture
def watch(tmp_path: Path) -> Watch:
    return Watch(tmp_path / "program")


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_starts_at_most_three_processes(
    read: Read, small: Repository, large: Repository, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for repository in (small, large):
        watch.start(repository, monkeypatch)
        started = watch.during(repository.path, read)
        assert 2 <= len(started) <= MOST, started


OUTWARD: Final[dict[str, Read]] = {
    "feed": lambda registry: registry.feed(),
    "history --format cloudevents": lambda registry: (registry.history(), registry.origin()),
    "notify --dry-run": lambda registry: registry.notify("model-0@v1.1.0", "slack", dry_run=True),
    "reconcile": lambda registry: registry.reconcile({}),
}


@pytest.mark.parametrize("read", OUTWARD.values(), ids=OUTWARD)
def test_what_others_read_costs_one_process_more_to_name_its_source(
    read: Read, small: Repository, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.git("remote", "add", "origin", "https://example.com/models.git")
    watch.start(small, monkeypatch)
    started = watch.during(small.path, read)
    assert 2 <= len(started) <= MOST + 1, started


@pytest.mark.parametrize("read", NOT_FOUND.values(), ids=NOT_FOUND)
def test_an_answer_that_there_is_none_starts_at_most_three_processes(
    read: Read, small: Repository, large: Repository, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for repository in (small, large):
        watch.start(repository, monkeypatch)
        started = watch.during(repository.path, read)
        assert 2 <= len(started) <= MOST, started


@pytest.mark.parametrize("read", [read for name, read in READS.items() if "NAME" in name], ids=[n for n in READS if "NAME" in n])
def test_a_read_of_one_artifact_lists_its_tags_only(
    read: Read, large: Repository, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.start(large, monkeypatch)
    listings = [line for line in watch.during(large.path, read) if "for-each-ref" in line]
    assert len(listings) == 1
    patterns = listings[0].partition("lstrip=2) ")[2].split(" ")
    assert all(pattern.startswith(("refs/tags/model-0@", "refs/tags/model-0#")) for pattern in patterns)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), artifacts=st.integers(1, 5), tags_each=st.integers(1, 30), entries=st.integers(0, 5))
def test_the_number_of_processes_does_not_depend_on_the_size_of_the_registry(
    data: st.DataObject,
    artifacts: int,
    tags_each: int,
    entries: int,
    watch: Watch,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    size = Size(artifacts, artifacts * tags_each, entries)
    path = tmp_path / f"{artifacts}-{tags_each}-{entries}"
    repository = Repository(path) if path.exists() else generate_registry(path, size)
    watch.start(repository, monkeypatch)
    for name in data.draw(st.lists(st.sampled_from(sorted(READS | NOT_FOUND)), min_size=4, max_size=8, unique=True)):
        started = watch.during(path, (READS | NOT_FOUND)[name])
        assert 2 <= len(started) <= MOST, (name, started)


def test_reading_the_parts_of_a_name_starts_no_process(
    watch: Watch, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.start(repository, monkeypatch)
    (watch.folder / "log").write_text("")
    Registry.parse_tag("churn#prod#3")
    assert (watch.folder / "log").read_text() == ""
