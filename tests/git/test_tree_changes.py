from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.errors import Unanswerable
from gitreg.git import tree_changes
from gitreg.git.objects import Objects
from gitreg.git.run import Git
from gitreg.git.tree_changes import TreeChange, compare_trees
from tests.support.repository import Repository


def compare(repository: Repository, old: str, new: str) -> list[tuple[str, str]]:
    """Compare two commits; each path with A, D or M, as git writes it."""
    with Objects(Git(repository.path)) as objects:
        changes = compare_trees(objects, repository.git("rev-parse", old), repository.git("rev-parse", new))
    return [(change.path, "A" if change.old is None else "D" if change.new is None else "M") for change in changes]


def ask_git(repository: Repository, old: str, new: str) -> list[tuple[str, str]]:
    """Let git compare two commits."""
    words = repository.git("diff-tree", "-r", "-z", "--no-renames", "--name-status", old, new).split("\0")[:-1]
    return sorted((path, "M" if mark == "T" else mark) for mark, path in zip(words[::2], words[1::2], strict=True))


def test_files_differ_as_git_says(repository: Repository) -> None:
    repository.commit({"a": "1", "b/c": "1", "b/d/e": "1", "same/x": "1", "gone/y": "1", "file": "1", "folder/z": "1"})
    (repository.path / "link").symlink_to("a")
    repository.git("add", "link")
    repository.commit({"é\n": "1"})
    repository.git("rm", "-rq", "gone", "file", "folder", "link")
    repository.commit({"a": "2", "b/d/e": "2", "b/d/new": "1", "file/now/folder": "1", "folder": "now a file", "link": "no link"})
    assert compare(repository, "HEAD~1", "HEAD") == ask_git(repository, "HEAD~1", "HEAD")
    assert compare(repository, "HEAD", "HEAD~1") == ask_git(repository, "HEAD", "HEAD~1")
    assert compare(repository, "HEAD~3", "HEAD") == ask_git(repository, "HEAD~3", "HEAD")
    assert compare(repository, "HEAD", "HEAD") == []


def test_of_a_repository_with_sha256_too(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    repository.path.mkdir()
    repository.git("init", "--quiet", "--object-format=sha256")
    repository.commit({"a": "1", "b/c": "1"})
    repository.commit({"b/c": "2"})
    assert compare(repository, "HEAD~1", "HEAD") == [("b/c", "M")]


def test_a_missing_folder_and_too_many_files_are_errors(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"b/c": "1"})
    repository.commit({"b/c": "2", "d": "1"})
    tree = repository.git("rev-parse", "HEAD:b")
    (repository.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    with pytest.raises(Unanswerable, match="missing or damaged"):
        compare(repository, "HEAD~1", "HEAD")
    monkeypatch.setattr(tree_changes, "_MOST", 1)
    with pytest.raises(Unanswerable, match="more than 1 files"):
        compare(repository, "HEAD~1", "HEAD")


def test_a_path_that_no_system_opens_is_left_out(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit({"b/c/d": "1"})
    monkeypatch.setattr(tree_changes, "_LONGEST_PATH", 3)
    assert compare(repository, "HEAD~1", "HEAD") == []
    assert TreeChange("a", None, "1") < TreeChange("b", None, "1")
