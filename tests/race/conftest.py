"""Fixtures for races: a bare remote and real clones of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.support.repository import Repository

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
