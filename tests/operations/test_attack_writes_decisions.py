"""Decisions that must not be misled: by tags that are not ours, names known to the remote only, impossible times, missing files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import GitregCommand
from tests.support.repository import Repository


def test_a_tag_that_only_looks_similar_stops_no_push(repository: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    repository.tag("churn@nightly")
    assert gitreg("register", "churn", "--push").code == 0
    repository.git("push", "--quiet", "origin", "refs/tags/churn@nightly")
    repository.tick()
    repository.git("tag", "--delete", "churn@nightly")
    repository.tag("churn@nightly", message="Another one")
    assert gitreg("assign", "churn@v0.0.1", "prod", "--push").code == 0
    assert "refs/tags/churn#prod#1" in remote.refs()


def test_a_name_that_differs_only_by_case_from_one_of_the_remote_is_refused(
    repository: Repository, remote: Repository, gitreg: GitregCommand, tmp_path: Path
) -> None:
    other = repository.clone(tmp_path / "other")
    other.git("remote", "set-url", "origin", remote.path.as_uri())
    assert GitregCommand(other)("register", "churn", "--push").code == 0
    result = gitreg("register", "Churn", "--push")
    assert result.code == 4
    assert "differs from 'churn' only by case" in result.stderr
    assert "refs/tags/Churn@v0.0.1" not in remote.refs()


@pytest.mark.parametrize("now", ["253402300799", "99999999999999", "1" * 5000, "-1", "1e9", "\u0663"])
def test_no_tag_is_made_at_a_time_that_cannot_be_read_back(repository: Repository, gitreg: GitregCommand, now: str) -> None:
    result = gitreg("register", "churn", env={"GITREG_NOW": now})
    assert (result.code, result.stdout) == (2, "")
    assert not repository.git("tag")


def test_in_a_partial_clone_without_the_files_a_registration_is_made_only_unchecked(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    repository.git("push", "--quiet", "origin", "main")
    clone = remote.clone(tmp_path / "clone", "--filter=tree:0", "--no-checkout")
    result = GitregCommand(clone)("register", "churn", "--push")
    assert (result.code, result.stdout) == (6, "")
    assert "this partial clone lacks objects" in result.stderr
    assert "git fetch --refetch --no-filter" in result.stderr
    assert "refs/tags/churn@v0.0.1" not in remote.refs()
    result = GitregCommand(clone)("register", "churn", "--push", "--no-data-check")
    assert (result.code, result.stderr) == (0, "")
    assert "refs/tags/churn@v0.0.1" in remote.refs()
