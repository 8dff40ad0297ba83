"""Fixtures and hypothesis profiles for all tests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from gitreg.git.objects import Objects
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.support.command import GitregCommand
from tests.support.repository import Repository

pytest_plugins = ["tests.support.disk", "tests.support.servers.fixtures"]

settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100, database=None)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A repository with one commit."""
    repository = Repository.create(tmp_path / "repository")
    repository.commit({"README.md": "# Example\n"}, "Begin")
    return repository


@pytest.fixture
def objects(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Objects]:
    """The objects of `repository`, read in this process."""
    enter(repository, monkeypatch)
    with Objects(Git(repository.path)) as objects:
        yield objects


@pytest.fixture
def remote(repository: Repository, tmp_path: Path) -> Repository:
    """The bare repository that `repository` has as its origin."""
    return repository.bare_remote(tmp_path / "remote.git")


@pytest.fixture
def gitreg(repository: Repository) -> GitregCommand:
    """The command in `repository`, at its time."""
    return GitregCommand(repository)
