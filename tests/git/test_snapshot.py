from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gitreg.errors import ExternalFault, NotFound
from gitreg.git import work_blobs
from gitreg.git.loose import LooseObjects, open_beside
from gitreg.git.repository import Repository as Opened
from gitreg.git.snapshot import Snapshot, take_snapshot
from tests.git.inside import enter
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository

ATTACK = "sh -c 'touch {}'"


@contextmanager
def snapshot_of(repository: Repository, *, staged: bool = False) -> Iterator[tuple[Snapshot, Opened]]:
    """Take a snapshot, and give it with the repository that can read it."""
    with Opened.open(repository.path) as opened, open_beside(opened) as (beside, objects):
        try:
            head = beside.objects.resolve_commit("HEAD")
        except NotFound:
            head = None
        root = opened.location.work_tree
        assert root is not None
        yield take_snapshot(beside, objects, root, head, staged=staged), beside


def list_files(snapshot: Snapshot, opened: Opened) -> dict[str, str]:
    """List mode and content of each file of a snapshot; git itself says whether its objects are whole."""
    assert opened.git.read("fsck", "--strict", "--no-dangling", snapshot.commit).stderr == ""
    listed = opened.git.require(opened.git.read("ls-tree", "-r", "-z", snapshot.commit)).stdout.decode("utf-8", "surrogateescape")
    found = {}
    for line in filter(None, listed.split("\0")):
        facts, _, path = line.partition("\t")
        mode, kind, blob = facts.split(" ")
        shown = opened.git.read("cat-file", "blob", blob).stdout.decode("utf-8", "replace") if kind == "blob" else blob
        found[path] = f"{mode[:3]} {shown}"
    return found


def contents(repository: Repository, *, staged: bool = False) -> dict[str, str]:
    with snapshot_of(repository, staged=staged) as (snapshot, opened):
        return list_files(snapshot, opened)


@pytest.fixture
def work(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository with some files, which this process sees as the tests want it."""
    repository.commit({"a.txt": "a\n", "folder/b.txt": "b\n", "folder/deep/c.txt": "c\n"}, "Files")
    enter(repository, monkeypatch)
    return repository


BEFORE = {"README.md": "100 # Example\n", "a.txt": "100 a\n", "folder/b.txt": "100 b\n", "folder/deep/c.txt": "100 c\n"}


def test_a_work_tree_without_a_change_is_head(work: Repository) -> None:
    for staged in (False, True):
        with snapshot_of(work, staged=staged) as (snapshot, _):
            assert snapshot == Snapshot(commit=work.git("rev-parse", "HEAD"), is_head=True)


def test_everything_that_differs_is_in_it(work: Repository) -> None:
    (work.path / "a.txt").write_text("changed\n")
    (work.path / "folder/b.txt").unlink()
    (work.path / "new\nline `x`.txt").write_text("n")
    (work.path / "folder/link").symlink_to("/etc/passwd")
    (work.path / "folder/deep/c.txt").chmod(0o755)
    assert contents(work) == {
        "README.md": "100 # Example\n",
        "a.txt": "100 changed\n",
        "folder/deep/c.txt": "100 c\n",
        "folder/link": "120 /etc/passwd",
        "new\nline `x`.txt": "100 n",
    }
    assert contents(work, staged=True) == BEFORE


def test_the_index_is_taken_as_it_is(work: Repository) -> None:
    (work.path / "a.txt").write_text("staged\n")
    work.git("add", "a.txt")
    (work.path / "a.txt").write_text("later\n")
    (work.path / "named.txt").write_text("x")
    work.git("add", "--intent-to-add", "named.txt")
    assert contents(work, staged=True) == {**BEFORE, "a.txt": "100 staged\n"}
    assert contents(work) == {**BEFORE, "a.txt": "100 later\n", "named.txt": "100 x"}


def test_a_change_in_the_same_second_and_of_the_same_size_is_seen(work: Repository) -> None:
    for text in ("x\n", "y\n", "z\n"):
        found = (work.path / "a.txt").stat()
        (work.path / "a.txt").write_text(text)
        os.utime(work.path / "a.txt", ns=(found.st_atime_ns, found.st_mtime_ns))
        assert contents(work)["a.txt"] == f"100 {text}"


def test_nothing_is_written_to_the_repository(work: Repository) -> None:
    def picture() -> dict[str, tuple[int, int]]:
        return {
            str(path): ((found := path.lstat()).st_mtime_ns, found.st_size) for path in sorted((work.path / ".git").rglob("*"))
        }

    (work.path / "a.txt").write_text("changed\n")
    (work.path / "new.txt").write_text("new\n")
    before = picture()
    for staged in (False, True):
        contents(work, staged=staged)
    assert picture() == before


def test_the_same_files_make_the_same_commit(work: Repository) -> None:
    (work.path / "a.txt").write_text("changed\n")
    found = []
    for _ in range(2):
        with snapshot_of(work) as (snapshot, _opened):
            found.append(snapshot.commit)
    assert len(set(found)) == 1


def test_no_filter_hook_or_monitor_of_the_repository_runs(work: Repository, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for key in (
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "core.fsmonitor",
        "filter.lfs.clean",
        "filter.lfs.process",
    ):
        work.git("config", key, ATTACK.format(ran))
    work.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    (tmp_path / "hooks").mkdir()
    for hook in ("post-index-change", "reference-transaction"):
        (tmp_path / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (tmp_path / "hooks" / hook).chmod(0o755)
    (work.path / ".gitattributes").write_text("*.txt filter=evil\n*.bin filter=lfs\n")
    (work.path / "a.txt").write_text("changed\n")
    (work.path / "m.bin").write_text("x" * 2000)
    for staged in (False, True):
        with snapshot_of(work, staged=staged) as (snapshot, opened):
            found = list_files(snapshot, opened)
            if not staged:
                assert found["a.txt"] == "100 a\n"  # as the index has it: only that program knows what it would be now
                assert snapshot.notes == ("a.txt goes through the filter 'evil', which is not run, so it counts as it was",)
                assert found["m.bin"].startswith("100 version https://git-lfs.github.com/spec/v1\noid sha256:")
    assert not ran.exists()


def test_a_pointer_of_git_lfs_that_was_not_replaced_stays_one(work: Repository) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    for name, content in ((".gitattributes", "*.bin filter=lfs\n"), ("m.bin", pointer), ("empty.bin", "")):
        (work.path / name).write_text(content)
    found = contents(work)
    assert (found["m.bin"], found["empty.bin"]) == (f"100 {pointer}", "100 ")


def test_line_ends_of_windows_are_no_change(work: Repository) -> None:
    (work.path / "a.txt").write_bytes(b"a\r\n")  # as `core.autocrlf` checks it out
    (work.path / "folder/b.txt").write_bytes(b"b\r\nmore\r\n")
    assert contents(work) == {**BEFORE, "folder/b.txt": "100 b\r\nmore\r\n"}
    (work.path / ".gitattributes").write_text("*.txt text=auto eol=crlf\n")
    assert contents(work)["folder/b.txt"] == "100 b\nmore\n"


def test_the_id_that_git_writes_into_a_file_is_no_change(work: Repository) -> None:
    work.commit({".gitattributes": "*.txt ident\n", "a.txt": "$Id$ and $Id\n$Id$\n"}, "Ident")
    (work.path / "a.txt").unlink()
    work.git("checkout", "--", "a.txt")
    assert "$Id: " in (work.path / "a.txt").read_text()
    (work.path / "a.txt").touch()
    assert contents(work)["a.txt"] == "100 $Id$ and $Id\n$Id$\n"


def test_what_is_large_is_hashed_and_not_copied(work: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_blobs, "_LARGEST", 1000)
    (work.path / "large.bin").write_bytes(b"x" * 2000)
    work.git("add", "--intent-to-add", "large.bin")
    blob = work.git("hash-object", "large.bin")
    with snapshot_of(work) as (snapshot, opened):
        assert snapshot.sizes == {blob: 2000}
        assert opened.git.read("rev-parse", f"{snapshot.commit}:large.bin").text == blob
        assert opened.git.read("cat-file", "-e", blob).code != 0


def test_files_that_nobody_added_are_looked_at_up_to_a_limit(work: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_blobs, "_LARGEST", 1000)
    monkeypatch.setattr(work_blobs, "_MOST_HASHED", 3000)
    for name in ("one.bin", "two.bin"):
        (work.path / name).write_bytes(b"x" * 2000)
    with Opened.open(work.path) as opened, open_beside(opened) as (beside, objects):
        blobs = work_blobs.WorkBlobs(opened.git, objects, _left=3000)
        found = {name: ((work.path / name).lstat(), None) for name in ("one.bin", "two.bin")}
        assert list(blobs.take(found)) == ["one.bin"]
        assert blobs.notes[0].endswith("1 of them")
        assert beside.objects is not opened.objects


def test_what_stands_in_a_file_that_cannot_be_read_is_not_known(work: Repository) -> None:
    (work.path / "a.txt").write_text("secret\n")
    (work.path / "a.txt").chmod(0)
    with powers_of_anybody(), snapshot_of(work) as (snapshot, _):
        assert snapshot.notes == ("a.txt cannot be read, so what is there is not known: Permission denied",)


def test_what_is_no_file_any_more_is_gone(work: Repository) -> None:
    (work.path / "a.txt").unlink()
    (work.path / "a.txt").mkdir()
    (work.path / "a.txt/inside").write_text("i")
    (work.path / "folder").rename(work.path / "elsewhere")
    (work.path / "folder").symlink_to("elsewhere")
    os.mkfifo(work.path / "pipe")
    assert contents(work) == {
        "README.md": "100 # Example\n",
        "a.txt/inside": "100 i",
        "elsewhere/b.txt": "100 b\n",
        "elsewhere/deep/c.txt": "100 c\n",
        "folder": "120 elsewhere",
    }


def test_submodules_and_repositories_within_stay_what_the_index_says(work: Repository, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    commit = other.commit({"x": "1"})
    work.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other.path.as_uri(), "sub")
    work.commit(None, "Add a submodule")
    Repository.create(work.path / "nested").commit({"y": "1"})
    (work.path / "a.txt").write_text("changed\n")
    found = contents(work)
    assert found["sub"] == f"160 {commit}"
    assert "nested/y" not in found


def test_files_that_git_does_not_look_at_are_as_the_index_says(work: Repository) -> None:
    work.git("update-index", "--skip-worktree", "a.txt")
    work.git("update-index", "--assume-unchanged", "folder/b.txt")
    (work.path / "a.txt").unlink()
    (work.path / "folder/b.txt").write_text("changed\n")
    assert contents(work) == BEFORE


def test_of_a_conflict_the_work_tree_counts(work: Repository) -> None:
    work.git("checkout", "--quiet", "-b", "other")
    work.commit({"a.txt": "other\n"})
    work.git("checkout", "--quiet", "main")
    work.commit({"a.txt": "mine\n"})
    work.git("merge", "other", check=False)
    for staged in (False, True):
        with snapshot_of(work, staged=staged) as (snapshot, opened):
            assert "<<<<<<<" in list_files(snapshot, opened)["a.txt"]
            assert snapshot.notes == ("a merge is not finished, so what stands in the work tree counts of a.txt",)


def test_without_a_commit_all_files_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, algorithm in enumerate(("sha1", "sha256")):
        empty = Repository(tmp_path / f"empty {number} \"'")
        empty.path.mkdir()
        empty.git("init", "--quiet", "--initial-branch=main", f"--object-format={algorithm}")
        enter(empty, monkeypatch)
        assert contents(empty) == {}
        (empty.path / "a").write_text("a")
        assert contents(empty) == {"a": "100 a"}
        assert contents(empty, staged=True) == {}
        empty.git("add", "a")
        assert contents(empty, staged=True) == {"a": "100 a"}


def test_a_linked_work_tree_has_its_own_files(work: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "linked")
    linked = Repository(tmp_path / "linked")
    (linked.path / "a.txt").write_text("linked\n")
    enter(linked, monkeypatch)
    assert contents(linked) == {**BEFORE, "a.txt": "100 linked\n"}


@pytest.mark.parametrize("kind", ["file", "link"])
def test_where_there_is_no_room_nobody_says_that_nothing_changed(work: Repository, kind: str) -> None:
    folder = work.path.parent / "folder-of-objects"
    folder.mkdir()
    (work.path / "a.txt").unlink()
    if kind == "link":
        (work.path / "a.txt").symlink_to("README.md")
    else:
        (work.path / "a.txt").write_text("changed\n")
    folder.chmod(0o500)
    with Opened.open(work.path) as opened, powers_of_anybody(), pytest.raises(ExternalFault) as caught:
        take_snapshot(opened, LooseObjects(folder, "sha1"), work.path, work.git("rev-parse", "HEAD"), staged=False)
    assert caught.value.message == f"files cannot be copied to {str(folder.parent)!r}: Permission denied"
    assert caught.value.hint == "free some space there, or name another folder: TMPDIR=FOLDER gitreg diff"
