"""Changes of files that git does not look at, and commits that cannot become HEAD."""

from __future__ import annotations

import pytest

from tests.support.command import GitregCommand
from tests.support.repository import Repository

ENTRIES = "old:\n  type: model\n"


@pytest.fixture
def annotated(repository: Repository) -> Repository:
    """A repository with an entry and a folder."""
    repository.commit({"artifacts.yaml": ENTRIES, "data/file": "1\n"})
    return repository


@pytest.mark.parametrize("command", [("annotate", "new", "--type", "model"), ("remove", "old"), ("init",)])
@pytest.mark.parametrize("commit", [(), ("--commit",)])
def test_a_file_that_a_sparse_checkout_leaves_out_is_not_made_anew(
    annotated: Repository, gitreg: GitregCommand, command: tuple[str, ...], commit: tuple[str, ...]
) -> None:
    annotated.git("sparse-checkout", "set", "--no-cone", "/data/")
    before, head = annotated.files(), annotated.refs()
    result = gitreg(*command, *(commit if command != ("init",) else ()))
    assert (result.code, result.stdout) == (5, "")
    assert "git does not look at artifacts.yaml here" in result.stderr
    assert (annotated.files(), annotated.refs()) == (before, head)


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_changes_that_git_was_told_not_to_see_are_not_committed(annotated: Repository, gitreg: GitregCommand, flag: str) -> None:
    annotated.git("update-index", flag, "artifacts.yaml")
    (annotated.path / "artifacts.yaml").write_text(f"{ENTRIES}# mine\n")
    before, head = annotated.files(), annotated.refs()
    assert gitreg("annotate", "new", "--type", "model", "--commit").code == 5
    assert (annotated.files(), annotated.refs()) == (before, head)
    assert gitreg("annotate", "new", "--type", "model").code == 0


@pytest.mark.parametrize("lock", ["HEAD.lock", "refs/heads/main.lock"])
def test_a_lock_that_was_left_behind_is_not_taken_for_a_moved_head(
    annotated: Repository, gitreg: GitregCommand, lock: str
) -> None:
    (annotated.path / ".git" / lock).touch()
    before, index = annotated.files(), annotated.git("ls-files", "--stage")
    result = gitreg("annotate", "new", "--type", "model", "--commit")
    assert result.code == 7
    assert f"{lock}': File exists" in result.stderr
    assert (annotated.files(), annotated.git("ls-files", "--stage")) == (before, index)


def test_a_commit_is_not_left_unsigned_because_the_configuration_cannot_be_read(
    annotated: Repository, gitreg: GitregCommand
) -> None:
    annotated.git("config", "commit.gpgSign", "maybe")
    head = annotated.git("rev-parse", "HEAD")
    result = gitreg("annotate", "new", "--type", "model", "--commit")
    assert (result.code, annotated.git("rev-parse", "HEAD")) == (7, head)
    assert (annotated.path / "artifacts.yaml").read_text() == ENTRIES
