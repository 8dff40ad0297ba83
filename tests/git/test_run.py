from __future__ import annotations

from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import ExternalFault, GitregError, Unanswerable
from gitreg.git.run import Completed, Git, explain, git_environment
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture
def git(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Git:
    enter(repository, monkeypatch)
    return Git(repository.path)


@pytest.mark.parametrize(
    "name",
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX"],
)
def test_what_a_hook_leaves_behind_leads_to_no_other_repository(
    name: str, repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.register("churn", "v1.0.0")
    other = Repository.create(tmp_path / "other")
    enter(repository, monkeypatch)
    monkeypatch.setenv(name, str(other.path / ".git"))
    with Registry(repository.path) as registry:
        assert registry.resolve("churn@latest").version == "v1.0.0"
        assert registry.register("other").created[0].tag == "other@v0.0.1"
    monkeypatch.delenv(name)
    assert other.refs() == {}
    assert "refs/tags/other@v0.0.1" in repository.refs()


def test_inside_a_hook_of_a_server_the_new_objects_are_seen(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(repository, monkeypatch)
    monkeypatch.setenv("GIT_QUARANTINE_PATH", str(tmp_path))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(tmp_path))
    assert git_environment()["GIT_OBJECT_DIRECTORY"] == str(tmp_path)


def test_git_speaks_english_and_asks_nobody(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")
    environment = git_environment()
    assert (environment["LC_ALL"], environment["GIT_TERMINAL_PROMPT"]) == ("C.UTF-8", "0")


def test_a_failure_of_git_is_the_callers_to_judge(git: Git) -> None:
    completed = git.read("rev-parse", "--verify", "--quiet", "nothing")
    assert (completed.code, completed.text) == (1, "")
    assert git.require(git.read("rev-parse", "HEAD")).code == 0
    with pytest.raises(ExternalFault, match="git failed"):
        git.require(git.read("rev-parse", "--verify", "nothing"))


def test_a_replaced_object_is_read_as_its_author_wrote_it(git: Git, repository: Repository) -> None:
    first = repository.tag("churn@v1.0.0", message="What Ann wrote")
    second = repository.tag("other", message="What somebody else wrote")
    repository.git("replace", first, second)
    assert b"What Ann wrote" in git.read("cat-file", "tag", first).stdout


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ("fatal: not a git repository (or any of the parent directories): .git", Unanswerable, "not in a git repository"),
        ("fatal: detected dubious ownership in repository at '/x'", Unanswerable, "belongs to somebody else"),
        ("error: unknown option `--batch-command'\nusage: git cat-file", Unanswerable, "too old"),
        ("error: unable to write file x: No space left on device", ExternalFault, "disk is full"),
        ("fatal: cannot lock ref: Read-only file system", ExternalFault, "could not write"),
        ("error: insufficient permission for adding an object", ExternalFault, "could not write"),
        ("fatal: unexpected line in .git/packed-refs: x", Unanswerable, "damaged"),
        ("fatal: bad object 123", Unanswerable, "damaged"),
        ("fatal: bad config line 1 in file .git/config", Unanswerable, "damaged"),
        ("warning: something\nfatal: nobody knows", ExternalFault, "git failed: nobody knows"),
        ("", ExternalFault, "exit code 3"),
    ],
)
def test_what_git_says_decides_the_class_of_the_error(said: str, error: type[GitregError], words: str) -> None:
    explained = explain(Completed(3, b"", said), Path("/somewhere"))
    assert type(explained) is error
    assert words in explained.message
    assert explained.hint
    assert "\n" not in explained.message


def test_without_git_the_error_says_so(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(repository, monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ExternalFault, match="git is not installed") as caught:
        Registry(repository.path)
    assert "2.36" in caught.value.hint


@pytest.mark.parametrize("place", ["nowhere", "file"])
def test_a_folder_that_is_none_is_no_repository(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    enter(Repository(tmp_path), monkeypatch)
    with pytest.raises(Unanswerable):
        Registry(tmp_path / place)


def test_an_old_git_is_told_by_its_age(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "git").write_text('#!/bin/sh\necho "error: unknown option \\`absolute-git-dir\'" >&2\nexit 129\n')
    (old / "git").chmod(0o755)
    enter(repository, monkeypatch)
    monkeypatch.setenv("PATH", f"{old}:/usr/bin:/bin")
    with pytest.raises(Unanswerable, match="too old"):
        Registry(repository.path)
