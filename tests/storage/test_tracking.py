"""What goes into DVC's cache is what DVC itself would put there; it is whole and on the disk, or it is not there at all."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg.core.contents import no_advance
from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.storage import caching, tracking
from gitreg.storage.caching import Cache
from gitreg.storage.tracking import Tracked, survey, track
from gitreg.storage.tracking_rules import load_rules
from tests.support.dvc import format_manifest, hash_of, read_files, run_dvc, set_up_dvc, write_files
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository

LARGE: Final = tracking._SMALL + 12345
NAMES: Final = st.text("aZ0_-.éß漢 [!#'\"", min_size=1, max_size=6).filter(
    lambda name: name.strip(" .") and name == name.strip(" .")
)
TREES: Final = st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.binary(max_size=40), max_size=8)


def take(path: Path, cache: Path, expected: str | None = None) -> Tracked:
    return track(path, survey(path), Cache(cache), expected=expected)


def objects(cache: Path) -> dict[str, bytes]:
    return read_files(cache)


@pytest.mark.slow
@given(tree=TREES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_folder_becomes_the_same_objects_and_the_same_facts_as_with_dvc(tree: dict[str, bytes], tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "a", ignore_errors=True)
    repository = Repository.create(tmp_path / "a" / "repository")
    set_up_dvc(repository)
    folder = repository.path / "data"
    folder.mkdir()
    try:
        write_files(folder, tree)
        tracked = take(folder, tmp_path / "a" / "cache")
    except (OSError, Refused):  # a file where another one needs a folder, or names that differ by case only
        return
    run_dvc(repository, "add", "data")
    assert objects(tmp_path / "a" / "cache") == objects(repository.path / ".dvc" / "cache")
    said = (repository.path / "data.dvc").read_text()
    assert f"md5: {tracked.digest}\n  size: {tracked.size}\n  nfiles: {tracked.files}\n" in said


@pytest.mark.parametrize("size", [0, 1, tracking._SMALL, tracking._SMALL + 1, LARGE])
def test_a_file_is_in_the_cache_under_its_hash_and_read_only(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    (tmp_path / "model").write_bytes(content)
    tracked = take(tmp_path / "model", tmp_path / "cache")
    assert tracked == Tracked(digest=hash_of(content), size=size, objects={hash_of(content): size})
    assert objects(tmp_path / "cache") == {f"files/md5/{tracked.digest[:2]}/{tracked.digest[2:]}": content}
    assert stat.S_IMODE(Cache(tmp_path / "cache").path(tracked.digest).stat().st_mode) == 0o444


def test_a_folder_with_large_and_small_files_and_doubles_is_taken_in_whole(tmp_path: Path) -> None:
    large = os.urandom(LARGE)
    files = {
        "a/large": large,
        "b/large": large,
        "one": b"1",
        "two": b"1",
        "empty": b"",
        **{f"n{n}": b"%d" % n for n in range(40)},
    }
    write_files(tmp_path / "data", files)
    tracked = take(tmp_path / "data", tmp_path / "cache")
    manifest = format_manifest(files)
    assert tracked.digest == f"{hash_of(manifest)}.dir"
    assert (tracked.size, tracked.files) == (sum(map(len, files.values())), len(files))
    assert list(tracked.objects)[-1] == tracked.digest
    assert set(objects(tmp_path / "cache").values()) == {*files.values(), manifest}


def test_the_umask_of_a_person_does_not_keep_others_from_reading(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"model")
    before = os.umask(0o077)
    try:
        tracked = take(tmp_path / "model", tmp_path / "cache")
    finally:
        os.umask(before)
    assert stat.S_IMODE(Cache(tmp_path / "cache").path(tracked.digest).stat().st_mode) == 0o444


def test_an_executable_file_is_noted_as_such(tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    assert take(tmp_path / "run", tmp_path / "cache").executable


@pytest.mark.parametrize("size", [3, LARGE])
def test_an_object_that_is_there_is_not_written_again(size: int, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(os.urandom(size))
    first = take(tmp_path / "model", tmp_path / "cache")
    before = Cache(tmp_path / "cache").path(first.digest).stat()
    for expected in (None, first.digest, "0" * 32):
        assert take(tmp_path / "model", tmp_path / "cache", expected) == first
        after = Cache(tmp_path / "cache").path(first.digest).stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("size", [3, LARGE])
def test_an_object_that_was_cut_off_is_replaced(size: int, tmp_path: Path) -> None:
    content = os.urandom(size)
    (tmp_path / "model").write_bytes(content)
    place = Cache(tmp_path / "cache").path(hash_of(content))
    place.parent.mkdir(parents=True)
    place.write_bytes(content[:1])
    place.chmod(0o444)
    take(tmp_path / "model", tmp_path / "cache", hash_of(content))
    assert place.read_bytes() == content


def test_an_object_that_is_used_again_counts_as_new_and_its_bytes_as_old(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"model")
    place = Cache(tmp_path / "cache").path(take(tmp_path / "model", tmp_path / "cache").digest)
    os.utime(place, (0, 0))
    before = place.stat()
    while place.stat().st_ctime_ns == before.st_ctime_ns:  # the clock of some file systems is slow
        take(tmp_path / "model", tmp_path / "cache")
    assert (place.stat().st_mtime, stat.S_IMODE(place.stat().st_mode)) == (0, 0o444)


@pytest.mark.parametrize("size", [5, LARGE])
def test_an_object_that_somebody_deletes_while_it_is_used_again_is_a_conflict(size: int, tmp_path: Path) -> None:
    write_files(tmp_path / "data", {"a": os.urandom(size), "z": b"z"})
    tracked = take(tmp_path / "data", tmp_path / "cache")

    def clean_up(_count: int) -> None:
        for place in (tmp_path / "cache/files").rglob("*"):
            if place.is_file():
                place.unlink()

    with pytest.raises(Conflict, match="somebody has cleaned up"):
        track(
            tmp_path / "data",
            survey(tmp_path / "data"),
            Cache(tmp_path / "cache"),
            expected=tracked.digest,
            advance=clean_up,
        )
    assert take(tmp_path / "data", tmp_path / "cache") == tracked
    assert len(objects(tmp_path / "cache")) == 3


def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path) -> None:
    write_files(tmp_path / "data", {"a": b"1", "b/c": os.urandom(LARGE)})
    parts = survey(tmp_path / "data")
    dry = track(tmp_path / "data", parts, Cache(tmp_path / "cache"), dry_run=True)
    assert not (tmp_path / "cache").exists()
    assert track(tmp_path / "data", parts, Cache(tmp_path / "cache")) == dry


def test_every_byte_is_told_once(tmp_path: Path) -> None:
    write_files(tmp_path / "data", {"a": b"1", "b/c": os.urandom(LARGE)})
    for expected in (None, take(tmp_path / "data", tmp_path / "other").digest):
        told: list[int] = []
        track(tmp_path / "data", survey(tmp_path / "data"), Cache(tmp_path / "other"), expected=expected, advance=told.append)
        assert sum(told) == LARGE + 1


def test_links_to_files_are_followed_as_dvc_does(tmp_path: Path) -> None:
    write_files(tmp_path, {"data/a": b"1", "else": b"2"})
    (tmp_path / "data/inside").symlink_to("a")
    (tmp_path / "data/outside").symlink_to("../else")
    assert (
        take(tmp_path / "data", tmp_path / "cache").digest
        == f"{hash_of(format_manifest({'a': b'1', 'inside': b'1', 'outside': b'2'}))}.dir"
    )


def link_to_folder(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "odd").symlink_to("sub")


def link_to_nothing(folder: Path) -> None:
    (folder / "odd").symlink_to("nowhere")


def make_socket(folder: Path) -> None:
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("odd")


def make_pipe(folder: Path) -> None:
    os.mkfifo(folder / "odd")


def name_with_backslash(folder: Path) -> None:
    (folder / "o\\dd").touch()


def name_without_utf8(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff"))).touch()


def names_that_differ_by_case(folder: Path) -> None:
    (folder / "Odd").touch()
    (folder / "odd").touch()


def name_of_a_device(folder: Path) -> None:
    (folder / "aux.bin").touch()


def folder_of_git(folder: Path) -> None:
    (folder / "sub/.git").mkdir(parents=True)


def folder_of_dvc(folder: Path) -> None:
    (folder / "sub/.dvc").mkdir(parents=True)


def rules_of_dvc(folder: Path) -> None:
    (folder / ".dvcignore").touch()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (link_to_folder, "odd is a symbolic link to a folder"),
        (link_to_nothing, "odd cannot be read: No such file"),
        (make_socket, "odd is no ordinary file"),
        (make_pipe, "odd is no ordinary file"),
        (name_with_backslash, "has characters that no file should have"),
        (name_without_utf8, "has characters that no file should have"),
        (names_that_differ_by_case, "differs from another one only by case"),
        (name_of_a_device, "is a name that Windows keeps for itself"),
        (folder_of_git, "holds a folder '.git', which DVC does not track"),
        (folder_of_dvc, "holds a folder '.dvc', which DVC does not track"),
        (rules_of_dvc, "holds a .dvcignore, and DVC tracks no folder that does"),
    ],
)
def test_what_dvc_would_not_bring_back_is_refused_before_anything_is_written(
    make: object, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path / "data", {"a": b"1"})
    assert callable(make)
    make(tmp_path / "data")
    with pytest.raises(Refused) as caught:
        survey(tmp_path / "data")
    assert reason in caught.value.message
    assert caught.value.hint


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    write_files(tmp_path / "data", {"a": b"1"})
    (tmp_path / "data/a").chmod(0)
    with powers_of_anybody(), pytest.raises(Refused, match="cannot be read"):
        take(tmp_path / "data", tmp_path / "cache")


@pytest.mark.parametrize("size", [1000, LARGE])
def test_a_file_that_grows_or_shrinks_after_the_survey_is_a_conflict(size: int, tmp_path: Path) -> None:
    for other in (size - 1, size + 1):
        (tmp_path / "model").write_bytes(os.urandom(size))
        parts = survey(tmp_path / "model")
        (tmp_path / "model").write_bytes(os.urandom(other))
        with pytest.raises(Conflict, match="changed while it was read"):
            track(tmp_path / "model", parts, Cache(tmp_path / "cache"))
        assert objects(tmp_path / "cache") == {}
        assert list((tmp_path / "cache").iterdir()) == []


def test_a_file_that_is_written_to_while_it_is_read_is_a_conflict(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(os.urandom(LARGE))

    def meddle(_count: int) -> None:
        with model.open("r+b") as file:
            file.write(os.urandom(10))
        os.utime(model, (1, 1))

    with pytest.raises(Conflict, match="changed while it was read"):
        track(model, survey(model), Cache(tmp_path / "cache"), advance=meddle)
    assert objects(tmp_path / "cache") == {}


def test_what_a_killed_run_left_behind_is_swept_and_a_run_at_work_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "cache/.gitreg-dead.tmp").mkdir(parents=True)
    (tmp_path / "cache/.gitreg-dead.tmp/half").write_bytes(b"half")
    (tmp_path / "model").write_bytes(b"model")
    with Cache(tmp_path / "cache").taking() as intake:
        intake.put(b"other", hash_of(b"other"))
        take(tmp_path / "model", tmp_path / "cache")
        assert len(list((tmp_path / "cache").glob(".gitreg-*"))) == 1
    assert sorted(objects(tmp_path / "cache").values()) == [b"model", b"other"]


def test_a_failure_leaves_no_object(tmp_path: Path) -> None:
    def fail() -> None:
        with Cache(tmp_path).taking() as intake:
            intake.put(b"other", hash_of(b"other"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [place.name for place in tmp_path.iterdir()] == ["home"]


def test_a_cache_that_cannot_be_written_is_a_fault_of_the_outside(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"model")
    (tmp_path / "cache").write_bytes(b"a file in its place")
    with pytest.raises(ExternalFault, match="DVC's cache cannot be written"):
        take(tmp_path / "model", tmp_path / "cache")


@pytest.mark.parametrize("count", [1, 3 * caching._FEW])
def test_bytes_are_on_the_disk_before_they_have_a_name(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real_replace, real_fsync, real_sync_all = Path.replace, os.fsync, caching._sync_all

    def replace(self: Path, target: Path) -> Path:
        done.append("name")
        return real_replace(self, target)

    def fsync(descriptor: int) -> None:
        done.append("sync")
        real_fsync(descriptor)

    def sync_all(folder: Path) -> bool:
        done.append("sync")
        return real_sync_all(folder)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(caching, "_sync_all", sync_all)
    with Cache(tmp_path).taking() as intake:
        for number in range(count):
            intake.put(b"%d" % number, hash_of(b"%d" % number))
    assert done[0] == "sync"
    assert done[-1] == "sync"
    assert done.count("name") == count


def test_without_rules_nothing_of_dvc_is_asked(tmp_path: Path) -> None:
    write_files(tmp_path, {".dvcignore": b"# nothing\n\n", "data/a": b"1"})
    assert load_rules(tmp_path, tmp_path / "data") is None


@pytest.mark.slow
def test_what_dvcignore_leaves_out_is_left_out_as_by_dvc(repository: Repository, tmp_path: Path) -> None:
    set_up_dvc(repository)
    root = repository.path
    write_files(root, {
        ".dvcignore": b"*.log\n!keep.log\n/sub/data/cache/\n", "sub/.dvcignore": b"secret*\n",
        "sub/data/a": b"1", "sub/data/x.log": b"2", "sub/data/keep.log": b"3", "sub/data/cache/c": b"4", "sub/data/deep/secret.txt": b"5",
        "sub/data/deep/d": b"6",
    })  # fmt: skip
    folder = root / "sub/data"
    tracked = track(folder, survey(folder, load_rules(root, folder)), Cache(tmp_path / "cache"))
    run_dvc(repository, "add", "sub/data")
    assert f"md5: {tracked.digest}\n" in (root / "sub/data.dvc").read_text()
    assert objects(tmp_path / "cache") == objects(root / ".dvc/cache")
    with pytest.raises(Refused, match="ignored by"):
        load_rules(root, root / "sub/data/x.log")


def test_a_copy_by_shared_blocks_has_the_same_hash(tmp_path: Path) -> None:
    content = os.urandom(LARGE)
    (tmp_path / "taken").write_bytes(content)
    with (tmp_path / "taken").open("rb", buffering=0) as file:
        assert caching._hash_shared(file, no_advance) == (hash_of(content), LARGE)
