"""Moments that a hostile repository or a hasty person names."""

from __future__ import annotations

import pytest

from gitreg.errors import NotFound
from gitreg.registry import Registry
from tests.support.repository import Repository


def commit_dated(repository: Repository, date: str) -> None:
    """Make a commit with any committer date the tip of ``main``."""
    tree = repository.git("rev-parse", "HEAD^{tree}")
    body = f"tree {tree}\nauthor A <a@b.c> 1 +0000\ncommitter A <a@b.c> {date} +0000\n\nA commit\n"
    commit = repository.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", input=body)
    repository.git("update-ref", "refs/heads/main", commit)


@pytest.mark.parametrize("at", ["HEAD", "2026-06-01"])
@pytest.mark.parametrize("digits", [21, 5000])
def test_a_committer_date_of_any_length_stops_nothing(repository: Repository, digits: int, at: str) -> None:
    """As for git, a date that no clock shows is none."""
    commit_dated(repository, "9" * digits)
    with Registry(repository.path) as registry:
        assert registry.show(at=at) is not None
        assert registry.history(since="HEAD") == ()


@pytest.mark.parametrize("rev", ["@{u}", "@{push}", "@{-1}", "main@{upstream}", "--output=x"])
def test_a_revision_that_makes_git_give_up_is_not_found(repository: Repository, rev: str) -> None:
    """The person named something that is not there; git did not fail."""
    with Registry(repository.path) as registry:
        with pytest.raises(NotFound):
            registry.history(at=rev)
        assert registry.history(at="HEAD") == ()
