"""A registry opened in this very process, in the environment and at the time of a test's repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitreg import Registry
from tests.support.repository import Repository


def enter(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process the environment and the time of a repository, and nothing else."""
    environment = {**repository.env, "GITREG_NOW": str(repository.now)}
    for name in set(os.environ) - set(environment):
        if name.startswith(("GIT", "XDG_")):
            monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def open_registry(repository: Repository, monkeypatch: pytest.MonkeyPatch, *, path: Path | None = None) -> Registry:
    """Open the registry of a repository; open it anew when the clock has moved.

    Args:
        repository: whose environment and time count.
        monkeypatch: puts this process back as it was.
        path: another folder than the repository's root.
    """
    enter(repository, monkeypatch)
    return Registry(path or repository.path)
