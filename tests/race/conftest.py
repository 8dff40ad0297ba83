"""Fixtures for races: a bare remote, real clones of it, and processes that start quickly."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from tests.support.environment import isolated_environment
from tests.support.forks import Forks, run_forks
from tests.support.repository import Repository

MODULES: Final = (
    "gitreg.cli.main",
    "gitreg.cli.commands",
    "gitreg.cli.additions",
    "gitreg.operations.add",
    "gitreg.operations.publish",
)
Clones: TypeAlias = Callable[[int], list[Repository]]


@pytest.fixture
def clones(repository: Repository, remote: Repository, tmp_path: Path) -> Clones:
    """Makes clones of the remote, each with a commit of its own that the remote lacks."""

    def make(number: int) -> list[Repository]:
        made = [remote.clone(tmp_path / f"clone-{index}") for index in range(number)]
        for index, clone in enumerate(made):
            clone.commit({f"{index}.txt": str(index)}, f"Work of clone {index}")
        return made

    return make


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """A process with all modules, which starts others."""
    env = isolated_environment(tmp_path_factory.mktemp("forks") / "home")
    with run_forks(*MODULES, env={**env, "PYTHONPATH": os.pathsep.join(sys.path)}) as forks:
        yield forks
