from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.git import forest as module
from gitreg.git.forest import Forest, _find_entry
from gitreg.git.objects import Found, Objects
from gitreg.git.trees import CommitTree
from tests.support.repository import Repository

PATHS = (
    "a.txt",
    "models/a.pkl.dvc",
    "models/nlp/b.dvc",
    "models",
    "models/a.pkl.dvc/x",
    "link",
    "sub",
    "nothing",
    "",
    "./models//nlp",
)


def make_history(repository: Repository) -> list[str]:
    (repository.path / "link").symlink_to("a.txt")
    commits = [repository.git("rev-parse", "HEAD"), repository.commit({"a.txt": "one", "models/a.pkl.dvc": "outs: 1"})]
    repository.git("add", "link")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    commits.append(repository.commit(message="A link and a submodule"))
    commits.append(repository.commit({"models/nlp/b.dvc": "x" * 100_000}))
    return [*commits, repository.commit({"a.txt": None, "models/nlp/b.dvc": ""})]


@pytest.mark.parametrize("ahead", [True, False])
@pytest.mark.parametrize("room", [module._ROOM, 100])
def test_a_forest_says_of_every_commit_what_its_tree_says(
    *, ahead: bool, room: int, repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_ROOM", room)
    commits = make_history(repository)
    forest = Forest(objects)
    if ahead:
        forest.bring(dict.fromkeys(commits, PATHS))
    for commit in commits:
        alone, together = CommitTree(objects, commit), forest.tree(commit)
        for path in PATHS:
            assert together.kind(path) == alone.kind(path)
            assert together.read(path) == alone.read(path)
            assert together.size(path) == alone.size(path)
            assert path in {"", "./models//nlp"} or together.oid(path) == alone.oid(path)


def test_what_was_brought_is_not_asked_for_again(repository: Repository, objects: Objects) -> None:
    commits = make_history(repository)
    forest = Forest(objects)
    forest.bring(dict.fromkeys(commits, PATHS[:3]))
    objects.close()
    small = [forest.tree(commit).read(path) for commit in commits[:3] for path in PATHS[:3]]
    assert small[3:5] == [b"one", b"outs: 1"]
    assert objects._process is None


def test_a_file_that_is_far_too_large_is_not_read(
    repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10)
    tree = Forest(objects).tree(repository.commit({"small.dvc": "x" * 10, "large.dvc": "x" * 11}))
    assert [tree.read("small.dvc"), tree.read("large.dvc"), tree.size("large.dvc")] == [b"x" * 10, None, 11]
    assert tree.read("large.dvc") is None


def test_a_missing_commit_has_no_files_and_a_missing_folder_is_told(repository: Repository, objects: Objects) -> None:
    forest = Forest(objects)
    forest.bring({"1" * 40: ["a"]})
    assert forest.tree("1" * 40).kind("a") is None
    commit = repository.commit({"models/nlp/a.dvc": "outs: 1"})
    oid = repository.git("rev-parse", "HEAD:models")
    (repository.path / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    tree = forest.tree(commit)
    assert [tree.kind("models"), tree.kind("models/nlp/a.dvc"), tree.unread] == ["tree", None, ["models/"]]


def test_a_tree_that_is_no_tree_has_no_files(repository: Repository, objects: Objects) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input="100644 a\0" + "x" * 20)
    assert Forest(objects).look(blob, "a") is None


NAMES = st.one_of(
    st.sampled_from([b"a", b"b", b"100644 a", b"x 100644 a", b"a 40000 b", b"models", b"models.dvc", b"\xff"]),
    st.binary(min_size=1, max_size=6).filter(lambda name: b"\0" not in name and b"/" not in name),
)
# an id may hold anything, also what looks like an entry
IDS = st.one_of(
    st.binary(min_size=20, max_size=20), st.sampled_from([b"100644 a\0".ljust(20, b"1"), b"x" * 8 + b"40000 b\0a100"])
)


ENTRIES = st.lists(st.tuples(st.sampled_from([b"100644", b"100755", b"40000", b"120000", b"160000"]), NAMES, IDS), max_size=8)
LARGEST_WHOLE = pytest.mark.parametrize("largest_whole", [0, 10_000])  # bytes: the bytes are searched, or all entries are read


@LARGEST_WHOLE
@given(entries=ENTRIES)
def test_a_name_is_found_where_it_is_and_nowhere_else(largest_whole: int, entries: list[tuple[bytes, bytes, bytes]]) -> None:
    first = {name: (mode, object_id) for mode, name, object_id in reversed(entries)}
    content = b"".join(b"%b %b\0%b" % entry for entry in entries)
    for name in {*first, b"a", b"b", b"nothing"}:
        found = find_in(content, name, largest_whole)
        assert (found[1] if found else None) == (first[name][1].hex() if name in first else None)
        assert found is None or (found[0] == "tree") == (first[name][0] == b"40000")


def find_in(content: bytes, name: bytes, largest_whole: int) -> tuple[str, str] | None:
    """Find a name in a tree; a larger one than this is searched, and all entries of another one are read."""
    tree = Found(object_id="a" * 40, type="tree", size=len(content), content=content)
    with patch.object(module, "_LARGEST_WHOLE", largest_whole):
        return _find_entry(tree, name.decode("utf-8", "surrogateescape"))


@given(
    entries=ENTRIES,
    mode=st.sampled_from([b"", b"0040000", b"100600", b"9", b"40000"]),
    at=st.integers(0, 8),
    cut=st.integers(0, 60),
    length=st.integers(0, 9),
)
def test_a_small_tree_that_is_broken_or_odd_has_the_names_that_a_large_one_has(
    entries: list[tuple[bytes, bytes, bytes]], mode: bytes, at: int, cut: int, length: int
) -> None:
    entries = [*entries[:at], (mode, b"a", b"x" * 20), *entries[at:]]
    whole = b"".join(b"%b %b\0%b" % entry for entry in entries)
    content = whole[:cut] + whole[cut + length :]
    for name in {name for _, name, _ in entries} | {b"a", b"b"}:
        assert find_in(content, name, 10_000) == find_in(content, name, 0)


def test_what_commits_share_is_read_once(repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = [repository.commit({"models/a.dvc": "a", "other.txt": str(number)}) for number in range(5)]
    asked: list[str] = []
    contents = objects.contents

    def listen(names: Iterator[str], **options: object) -> object:
        wanted = list(names)
        asked.extend(wanted)
        return contents(wanted, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(objects, "contents", listen)
    forest = Forest(objects)
    forest.bring(dict.fromkeys(commits, ("models/a.dvc",)))
    assert all(forest.tree(commit).read("models/a.dvc") == b"a" for commit in commits)
    assert all(one != other for one, other in pairwise(sorted(asked)))
    assert len(asked) == 5 + 5 + 1 + 1  # commits, their roots, the folder, the file


def test_names_are_found_by_a_pattern_and_only_those_of_files(repository: Repository, objects: Objects) -> None:
    pattern = re.compile(rb"uv\.lock|[^/\0]{0,9}requirements[^/\0]{0,9}\.txt")
    names = ["uv.lock", "my-requirements-2.txt", "100644 uv.lock", "xuv.lock", "requirements.txt.dvc", "requirements/base.txt"]
    commit = repository.commit({f"sub/{name}": "x" for name in names} | {"uv.lock/inner": "x"})
    tree = Forest(objects).tree(commit)
    assert tree.find_names("sub", pattern) == ["my-requirements-2.txt", "uv.lock"]
    assert tree.find_names("", pattern) == []
    assert tree.find_names("sub/uv.lock", pattern) == []
    assert tree.find_names("nowhere", pattern) == []
