from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import pytest

from gitreg.errors import Conflict, ExternalFault, GitregError, Refused
from tests.operations.picture import Open, changed_files, picture
from tests.support.repository import Repository

POSIX: Final = pytest.mark.skipif(sys.platform == "win32", reason="the hook is a shell script")


@pytest.fixture
def annotated(repository: Repository) -> Repository:
    """A repository with an entry."""
    repository.commit({"artifacts.yaml": "churn:\n  path: old\n", "train.py": "1\n"})
    return repository


def hook(repository: Repository, name: str, script: str) -> None:
    """Install a hook."""
    folder = Path(repository.git("rev-parse", "--git-path", "hooks"))
    place = repository.path / folder / name
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\nunset GIT_DIR GIT_QUARANTINE_PATH\n{script}\n")
    place.chmod(0o755)


def test_the_commit_of_that_file_only_is_published(annotated: Repository, remote: Repository, opened: Open) -> None:
    (annotated.path / "train.py").write_text("2\n")
    edited = opened(annotated).annotate("churn", {"owner": "me"}, push=True)
    assert (edited.pushed, edited.remote, edited.notes) == (True, "origin", ())
    assert remote.git("rev-parse", "refs/heads/main") == annotated.git("rev-parse", "HEAD") == edited.commit
    assert changed_files(remote, "main") == ["M artifacts.yaml"]
    assert annotated.git("status", "--porcelain=v2", "--branch").splitlines()[2:] == [
        "# branch.upstream origin/main",
        "# branch.ab +0 -0",
        annotated.git("status", "--porcelain=v2"),
    ]


def test_a_removal_is_published_the_same_way(annotated: Repository, remote: Repository, opened: Open) -> None:
    assert opened(annotated).remove("churn", push=True).pushed
    assert remote.git("show", "main:artifacts.yaml") == "{}"


@pytest.mark.parametrize(("option", "published"), [(None, True), (False, False)])
def test_settings_may_ask_for_a_push_of_what_is_committed(
    annotated: Repository, remote: Repository, opened: Open, *, option: bool | None, published: bool
) -> None:
    annotated.commit({".gitreg.yaml": "push: true\n"})
    edited = opened(annotated).annotate("churn", {"path": "new"}, commit=True, push=option)
    assert edited.pushed is published
    assert (remote.git("rev-parse", "main") == edited.commit) is published


def test_settings_that_ask_for_a_push_do_not_ask_for_a_commit(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.commit({".gitreg.yaml": "push: true\n"})
    edited = opened(annotated).annotate("churn", {"path": "new"})
    assert (edited.commit, edited.pushed) == (None, False)


def test_a_dry_run_asks_nobody(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.git("remote", "set-url", "origin", "file:///nowhere")
    before = picture(annotated)
    assert opened(annotated).annotate("churn", {"path": "new"}, push=True, dry_run=True).dry_run
    assert picture(annotated) == before


def refuse(repository: Repository, remote: Repository, opened: Open, expected: type[GitregError]) -> GitregError:
    """Try to publish, and see that nothing changed, here and there."""
    before, there = picture(repository), remote.refs()
    with pytest.raises(expected) as caught:
        opened(repository).annotate("churn", {"path": "new"}, push=True)
    assert picture(repository) == before
    assert remote.refs() == there
    return caught.value


def test_a_remote_that_is_ahead_decides_first(annotated: Repository, remote: Repository, opened: Open, tmp_path: Path) -> None:
    other = remote.clone(tmp_path / "other")
    other.commit({"other.py": "1\n"})
    other.git("push", "--quiet")
    error = refuse(annotated, remote, opened, Refused)
    assert error.message == "branch 'main' of 'origin' has commits that this clone lacks"
    assert error.hint == "git pull --rebase origin main, then run it again"


@POSIX
@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_a_hook_of_the_remote_decides_first(annotated: Repository, remote: Repository, opened: Open, name: str) -> None:
    hook(remote, name, "echo 'main is frozen' >&2; exit 1")
    assert refuse(annotated, remote, opened, Refused).message.startswith("'origin' refused the push: main is frozen")


def test_a_remote_that_cannot_be_reached_changes_nothing(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.git("remote", "set-url", "origin", "file:///nowhere/at/all")
    assert "git ls-remote origin" in refuse(annotated, remote, opened, ExternalFault).hint


def test_without_a_remote_nothing_changes(annotated: Repository, opened: Open) -> None:
    error = refuse(annotated, annotated, opened, ExternalFault)
    assert (error.message, error.hint) == ("this repository has no remote", "git remote add origin URL")


def test_another_remote_than_the_one_of_the_settings_is_named(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.commit({".gitreg.yaml": "remote: upstream\n"})
    error = refuse(annotated, remote, opened, ExternalFault)
    assert error.message == "this repository has no remote 'upstream', only origin"


def test_a_detached_head_has_no_branch_to_publish(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.git("checkout", "--quiet", "--detach")
    assert refuse(annotated, remote, opened, Refused).hint == "git switch BRANCH"


def test_a_file_with_changes_of_its_own_is_not_published(annotated: Repository, remote: Repository, opened: Open) -> None:
    (annotated.path / "artifacts.yaml").write_text("churn:\n  path: mine\n")
    refuse(annotated, remote, opened, Conflict)


def test_an_index_that_is_locked_is_noticed_before_anything_is_published(
    annotated: Repository, remote: Repository, opened: Open
) -> None:
    (annotated.path / ".git/index.lock").touch()
    refuse(annotated, remote, opened, ExternalFault)


@POSIX
def test_a_hook_of_this_clone_may_stop_the_push(annotated: Repository, remote: Repository, opened: Open) -> None:
    hook(annotated, "pre-push", "echo 'not on a Friday' >&2; exit 1")
    refuse(annotated, remote, opened, GitregError)


@POSIX
def test_what_is_published_is_told_even_if_this_clone_cannot_follow(
    annotated: Repository, remote: Repository, opened: Open
) -> None:
    hook(annotated, "pre-push", f"echo '# mine' >>'{annotated.path}/artifacts.yaml'")
    before = picture(annotated)
    edited = opened(annotated).annotate("churn", {"owner": "me"}, push=True)
    assert edited.pushed
    [note] = edited.notes
    assert note.startswith("published, but this clone could not follow (artifacts.yaml has changed since it was read)")
    assert note.endswith("bring it with: git pull origin main")
    assert remote.git("rev-parse", "main") == edited.commit
    after = picture(annotated)
    assert (after["head"], after["index"]) == (before["head"], before["index"])


def test_a_branch_that_the_remote_lacks_is_made_there(annotated: Repository, remote: Repository, opened: Open) -> None:
    annotated.git("checkout", "--quiet", "-b", "side")
    edited = opened(annotated).annotate("churn", {"path": "new"}, push=True)
    assert remote.git("rev-parse", "refs/heads/side") == edited.commit
