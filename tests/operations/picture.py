"""Pictures of repositories: what must be the same before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from gitreg import Registry
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]
"""What the fixture `opened` is."""


def picture(repository: Repository) -> dict[str, object]:
    """Take down all that a person has in a clone: HEAD, refs, index, files with their modes."""
    return {
        "head": (repository.path / repository.git("rev-parse", "--git-path", "HEAD")).read_text(),
        "refs": repository.refs(),
        "index": index(repository),
        "files": repository.files(),
        "modes": {name: (repository.path / name).lstat().st_mode for name in repository.files()},
    }


def index(repository: Repository) -> dict[str, str]:
    """List the index: mode, blob and stage by path."""
    lines = repository.git("ls-files", "--stage", "-z").split("\0")
    return {path: facts for facts, _, path in (line.partition("\t") for line in lines if line)}


def changed_files(repository: Repository, rev: str = "HEAD") -> list[str]:
    """List the files that a commit changes, each behind ``A``, ``M`` or ``D``."""
    return repository.git("diff-tree", "-r", "--root", "--no-commit-id", "--name-status", rev).replace("\t", " ").splitlines()
