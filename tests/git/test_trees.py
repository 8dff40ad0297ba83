from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from gitreg.git.objects import Objects
from gitreg.git.run import Git
from gitreg.git.trees import CommitTree
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture
def tree_of(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], CommitTree]]:
    """Opens the tree of a commit."""
    enter(repository, monkeypatch)
    with Objects(Git(repository.path)) as objects:
        yield lambda rev: CommitTree(objects, objects.resolve_commit(rev))


def test_files_of_a_name_are_found_in_every_folder_and_links_are_not(
    repository: Repository, tree_of: Callable[[str], CommitTree]
) -> None:
    (repository.path / "linked").mkdir()
    (repository.path / "linked/dvc.yaml").symlink_to("../dvc.yaml")
    files = {
        "dvc.yaml": "a",
        "a/b c/artifacts.yaml": "b",
        "a/ö/dvc.yaml": "c",
        "dvc.yaml.bak": "d",
        "x/artifacts.yaml/readme": "e",
    }
    repository.commit({**files, "z.txt": "z"})
    repository.git("add", "linked")
    repository.commit(message="A link")
    found = tree_of("HEAD").find(("artifacts.yaml", "dvc.yaml"))
    assert list(found) == ["a/b c/artifacts.yaml", "a/ö/dvc.yaml", "dvc.yaml"]
    assert found["dvc.yaml"] == repository.git("rev-parse", "HEAD:dvc.yaml")


def test_a_path_is_a_file_a_folder_a_link_a_submodule_or_nothing(
    repository: Repository, tree_of: Callable[[str], CommitTree]
) -> None:
    (repository.path / "link").symlink_to("a")
    repository.commit({"a/b.txt": "four"})
    repository.git("add", "link")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    repository.commit(message="A link and a submodule")
    tree = tree_of("HEAD")
    assert [tree.kind(path) for path in ("a/b.txt", "a", "link", "sub", "b", "a/b.txt/c", "link/b.txt", "sub/x")] == [
        "blob", "tree", "link", "commit", None, None, None, None,
    ]  # fmt: skip
    assert (tree.read("a/b.txt"), tree.size("a/b.txt")) == (b"four", 4)
    assert tree.oid("a/b.txt") == repository.git("rev-parse", "HEAD:a/b.txt")
    assert [tree.read(path) for path in ("a", "link", "sub", "nothing")] == [None] * 4
    assert [tree.size(path) for path in ("a", "link", "sub", "nothing")] == [None] * 4


@pytest.mark.parametrize("path", ["../a", "a/../a", "/a", "a\0", "--all", "", ".", "a//b.txt", "./a/b.txt"])
def test_a_path_never_leaves_the_tree(path: str, repository: Repository, tree_of: Callable[[str], CommitTree]) -> None:
    repository.commit({"a/b.txt": "b"})
    expected = {"/a": "tree", "": "tree", ".": "tree", "a//b.txt": "blob", "./a/b.txt": "blob"}.get(path)
    assert tree_of("HEAD").kind(path) == expected


def test_a_file_that_is_far_too_large_is_not_read(repository: Repository, tree_of: Callable[[str], CommitTree]) -> None:
    repository.commit({"large.yaml": b"#" * (9 << 20), "small.yaml": b"#" * (1 << 20)})
    tree = tree_of("HEAD")
    assert (tree.size("large.yaml"), tree.read("large.yaml")) == (9 << 20, None)
    assert len(tree.read("small.yaml") or b"") == 1 << 20


def test_the_files_of_each_commit_are_its_own(repository: Repository, tree_of: Callable[[str], CommitTree]) -> None:
    repository.commit({"a.txt": "old"})
    repository.commit({"a.txt": "new", "b.txt": "b"})
    assert (tree_of("HEAD~1").read("a.txt"), tree_of("HEAD~1").read("b.txt"), tree_of("HEAD").read("a.txt")) == (
        b"old",
        None,
        b"new",
    )


def test_bytes_that_are_no_utf8_in_a_name_do_no_harm(repository: Repository, tree_of: Callable[[str], CommitTree]) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input="x")
    entry = f"100644 blob {blob}\t".encode()
    tree = repository.git("mktree", "-z", input=entry + b"\xff\xfe.txt\0" + entry + b"artifacts.yaml\0")
    commit = repository.git("commit-tree", tree, "-m", "Odd names")
    assert list(tree_of(commit).find(("artifacts.yaml",))) == ["artifacts.yaml"]
