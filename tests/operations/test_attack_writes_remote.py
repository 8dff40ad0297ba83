"""Writes against remotes that are no remotes, that are slower than another writer, and that have more than we know."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitreg.git.remote import push_tags
from gitreg.git.repository import Repository as Opened
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def add_hook(repository: Repository, name: str, script: str) -> None:
    """Give a repository a hook."""
    hook = repository.path / ("hooks" if repository.bare else ".git/hooks") / name
    hook.parent.mkdir(parents=True, exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


@pytest.mark.parametrize(
    "command", [("register", "churn", "--push"), ("annotate", "churn", "--type", "model", "--push"), ("push",)]
)
def test_a_repository_inside_the_work_tree_is_no_remote_so_its_hooks_never_run(
    repository: Repository, gitreg: GitregCommand, command: tuple[str, ...]
) -> None:
    evil = Repository.create(repository.path / "vendor" / "evil", bare=True)
    add_hook(evil, "pre-receive", f"touch '{repository.path / 'executed'}'")
    repository.git("remote", "add", "origin", "https://localhost:1/never")
    repository.commit({".gitreg.yaml": "remote: vendor/evil\n"})
    repository.register("churn", "v9.0.0")
    result = gitreg(*command)
    assert (result.code, result.stdout) == (7, "")
    assert "this repository has no remote 'vendor/evil', only origin" in result.stderr
    assert not (repository.path / "executed").exists()
    assert not evil.refs()


def test_a_folder_called_origin_is_no_remote(repository: Repository, gitreg: GitregCommand) -> None:
    evil = Repository.create(repository.path / "origin", bare=True)
    add_hook(evil, "pre-receive", f"touch '{repository.path / 'executed'}'")
    result = gitreg("register", "churn", "--push")
    assert result.code == 7
    assert "this repository has no remote" in result.stderr
    assert not (repository.path / "executed").exists()


@pytest.mark.skipif(os.name == "nt", reason="hooks of the test are shell scripts")
def test_whoever_loses_a_race_inside_a_slow_remote_decides_again(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    add_hook(remote, "pre-receive", "sleep 1")
    clones = [repository.clone(tmp_path / f"clone-{number}") for number in range(2)]
    for clone in clones:
        clone.git("remote", "set-url", "origin", remote.path.as_uri())
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(lambda clone: GitregCommand(clone)("register", "churn", "--same-commit", "--push"), clones))
    assert [result.code for result in results] == [0, 0], results
    assert {"refs/tags/churn@v0.0.1", "refs/tags/churn@v0.0.2"} <= set(remote.refs())


def test_a_tag_in_the_way_on_the_remote_is_a_conflict(repository: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    remote.git("tag", "nlp", "main")
    before = remote.refs()
    result = gitreg("register", "nlp/sent", "--push")
    assert result.code == 4
    assert "'refs/tags/nlp' exists" in result.stderr
    assert remote.refs() == before
    assert not repository.git("tag")


def test_a_hook_that_says_what_git_says_of_a_race_is_still_a_refusal(
    repository: Repository, remote: Repository, gitreg: GitregCommand
) -> None:
    add_hook(remote, "pre-receive", "echo \"error: 'x' exists; cannot create 'y': reference already exists\" >&2; exit 1")
    assert gitreg("register", "churn", "--push").code == 5


@pytest.mark.parametrize("config", ["", "[user]\n\tnickname = Ren\\xe9\n"])
def test_a_clone_without_tags_says_so_whatever_its_configuration_holds(
    repository: Repository, tmp_path: Path, config: str
) -> None:
    clone = repository.clone(tmp_path / "clone", "--no-tags")
    with (clone.path / ".git" / "config").open("ab") as file:
        file.write(config.encode().decode("unicode_escape").encode("latin-1"))
    result = GitregCommand(clone)("register", "churn")
    assert result.code == 6
    assert "without the tags of 'origin'" in result.stderr


def test_the_very_same_event_is_made_once_and_whoever_comes_second_is_told(
    repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    clones = [repository.clone(tmp_path / f"clone-{number}") for number in range(2)]
    for clone in clones:
        clone.git("remote", "set-url", "origin", remote.path.as_uri())
    first = GitregCommand(clones[0])("register", "churn", "--push")
    second = GitregCommand(clones[1])("register", "churn", "--push")
    assert (first.code, second.code) == (0, 5), (first, second)
    tag = remote.refs()["refs/tags/churn@v0.0.1"]
    clones[1].git("fetch", "--quiet", "--no-tags", "origin", "refs/tags/churn@v0.0.1")
    with Opened.open(clones[1].path) as opened:
        assert not push_tags(opened.git, "origin", {"churn@v0.0.1": tag})
        assert push_tags(opened.git, "origin", {"churn@v0.0.1": tag, "churn#prod#1": tag})
