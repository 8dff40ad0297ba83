from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.errors import Conflict, ExternalFault, Raced, Refused
from gitreg.git.remote import fetch_tags, list_remote_tags, list_remotes, push_branch, push_tags
from gitreg.git.run import Git
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture(params=["file address", "path"])
def git(request: pytest.FixtureRequest, repository: Repository, remote: Repository, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A clone whose remote is named by an address or by a path."""
    if request.param == "path":
        repository.git("remote", "set-url", "origin", str(remote.path))
    enter(repository, monkeypatch)
    return Git(repository.path)


def tags_of(repository: Repository) -> dict[str, str]:
    """List the tags of a repository with the ids of their objects."""
    return {ref.removeprefix("refs/tags/"): made for ref, made in repository.refs().items() if ref.startswith("refs/tags/")}


def refuse(remote: Repository, hook: str, script: str = "exit 1") -> None:
    """Let a remote refuse."""
    path = remote.path / "hooks" / hook
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def make(repository: Repository, *names: str) -> dict[str, str]:
    """Make tag objects without names."""
    made = {name: repository.tag(name) for name in names}
    for name in names:
        repository.git("tag", "--delete", name)
    return made


def test_the_tags_of_a_remote_are_listed_by_the_ids_of_their_objects(git: Git, repository: Repository) -> None:
    made = {name: repository.tag(name) for name in ("churn@v1.0.0", "churn#prod#1", "other@v1.0.0")}
    repository.git("push", "--quiet", "--tags")
    assert list_remotes(git) == ("origin",)
    assert list_remote_tags(git, "origin") == made
    patterns = ("refs/tags/churn@*", "refs/tags/churn#*")
    assert set(list_remote_tags(git, "origin", patterns)) == {"churn@v1.0.0", "churn#prod#1"}


def test_tags_are_fetched_with_their_commits_and_named_only_if_asked(
    git: Git, repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = remote.clone(tmp_path / "other")
    commit = other.commit(message="Elsewhere")
    tag = other.tag("churn@v1.0.0")
    other.git("push", "--quiet", "--tags")
    fetch_tags(git, "origin", ["churn@v1.0.0"], named=False)
    assert tags_of(repository) == {}
    assert (repository.git("cat-file", "-t", tag), repository.git("cat-file", "-t", commit)) == ("tag", "commit")
    fetch_tags(git, "origin", ["churn@v1.0.0"], named=True)
    assert tags_of(repository) == {"churn@v1.0.0": tag}
    fetch_tags(git, "origin", [], named=True)
    assert not (repository.path / ".git/FETCH_HEAD").exists()


def test_a_name_that_is_taken_here_is_never_moved_by_a_fetch(
    git: Git, repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    other = remote.clone(tmp_path / "other")
    other.tag("churn@v1.0.0", message="Theirs")
    other.git("push", "--quiet", "--tags")
    ours = repository.tag("churn@v1.0.0", message="Ours")
    with pytest.raises(ExternalFault):
        fetch_tags(git, "origin", ["churn@v1.0.0"], named=True)
    assert tags_of(repository) == {"churn@v1.0.0": ours}


def test_tag_objects_are_pushed_without_a_name_here(git: Git, repository: Repository, remote: Repository) -> None:
    made = make(repository, "churn@v1.0.0", "churn#prod#1")
    assert push_tags(git, "origin", made)
    assert (tags_of(remote), tags_of(repository)) == (made, {})
    assert not push_tags(git, "origin", made)  # the very same objects are no news


def test_a_name_that_is_taken_there_is_a_race_and_nothing_is_pushed(git: Git, repository: Repository, remote: Repository) -> None:
    theirs = make(repository, "churn@v1.0.0")
    push_tags(git, "origin", theirs)
    repository.tick()
    with pytest.raises(Raced):
        push_tags(git, "origin", make(repository, "churn@v1.0.0", "churn#prod#1"))
    assert tags_of(remote) == theirs


def test_a_name_that_the_remote_cannot_keep_beside_another_is_a_conflict(
    git: Git, repository: Repository, remote: Repository
) -> None:
    theirs = make(repository, "churn#prod")
    push_tags(git, "origin", theirs)
    with pytest.raises(Conflict, match="beside"):
        push_tags(git, "origin", make(repository, "churn#prod/eu"))
    assert tags_of(remote) == theirs


@pytest.mark.parametrize("hook", ["pre-receive", "update"])
def test_a_hook_that_refuses_is_heard(hook: str, git: Git, repository: Repository, remote: Repository) -> None:
    refuse(remote, hook, "echo 'see https://ann:secret@host/rules' >&2; exit 1")
    with pytest.raises(Refused) as caught:
        push_tags(git, "origin", make(repository, "churn@v1.0.0"))
    assert "see https://host/rules" in caught.value.message
    assert caught.value.exit_code == 5
    assert tags_of(remote) == {}


def test_of_two_tags_of_which_one_is_refused_none_is_pushed(git: Git, repository: Repository, remote: Repository) -> None:
    refuse(remote, "update", 'case "$1" in *prod*) exit 1;; esac')
    with pytest.raises(Refused):
        push_tags(git, "origin", make(repository, "churn@v1.0.0", "churn#prod#1"))
    assert tags_of(remote) == {}


def test_a_local_hook_that_refuses_a_push_is_heard_too(git: Git, repository: Repository, remote: Repository) -> None:
    hook = repository.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'not from here' >&2; exit 1\n")
    hook.chmod(0o755)
    with pytest.raises((Refused, ExternalFault)):
        push_tags(git, "origin", make(repository, "churn@v1.0.0"))
    assert tags_of(remote) == {}


def test_a_branch_is_pushed_forward_only(git: Git, repository: Repository, remote: Repository, tmp_path: Path) -> None:
    commit = repository.commit(message="Ours")
    push_branch(git, "origin", commit, "main")
    assert remote.refs()["refs/heads/main"] == commit
    other = remote.clone(tmp_path / "other")
    theirs = other.commit(message="Theirs")
    other.git("push", "--quiet")
    with pytest.raises(Refused, match="commits that this clone lacks") as caught:
        push_branch(git, "origin", repository.commit(message="Ours again"), "main")
    assert "git pull --rebase" in caught.value.hint
    assert remote.refs()["refs/heads/main"] == theirs


@pytest.mark.parametrize("name", ["upstream", "../remote.git", "--upload-pack=touch x", "-x", "ext::sh -c date"])
def test_a_remote_that_nobody_configured_is_never_asked(name: str, git: Git, repository: Repository) -> None:
    with pytest.raises(ExternalFault, match="no remote"):
        list_remote_tags(git, name)
    with pytest.raises(ExternalFault, match="no remote"):
        push_branch(git, name, "HEAD", "main")
    assert not (repository.path / "x").exists()


def test_a_remote_whose_address_runs_a_program_is_not_asked(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("remote", "add", "origin", f"ext::sh -c touch% {repository.path}/ran")
    repository.git("config", "protocol.ext.allow", "always")
    enter(repository, monkeypatch)
    with pytest.raises(ExternalFault):
        list_remote_tags(Git(repository.path), "origin")
    assert not (repository.path / "ran").exists()


@pytest.mark.parametrize("address", ["https://ann:secret@localhost:1/x.git", "/nowhere/at/all", "file:///nowhere"])
def test_a_remote_that_does_not_answer_is_told_without_secrets(
    address: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.git("remote", "add", "origin", address)
    enter(repository, monkeypatch)
    with pytest.raises(ExternalFault) as caught:
        list_remote_tags(Git(repository.path), "origin")
    assert "secret" not in caught.value.message
    assert caught.value.hint == "check the connection and your access: git ls-remote origin"
