"""`get` when all is well: from every kind of pointer, to every kind of target."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from gitreg.core.contents import Fetched
from gitreg.errors import Conflict, NotFound, Refused, Unanswerable, UsageFault
from tests.operations.shelf import FOLDER, MODEL, Open, Shelf
from tests.support.dvc import hash_of, put_object, track
from tests.support.repository import Repository
from tests.support.servers.storage import folder_storage


class TestKinds:
    def test_a_file_that_dvc_keeps(self, shelf: Shelf) -> None:
        fetched = shelf.get("churn@latest")
        assert shelf.arrived() == {"churn.onnx": MODEL}
        assert fetched.contents.hash == f"md5:{hash_of(MODEL)}"
        assert (fetched.version, fetched.size, fetched.already, fetched.contents.store) == (
            "v1.0.0",
            len(MODEL),
            False,
            "storage",
        )
        assert fetched.source == str(shelf.storage.seen_folder / "files/md5" / hash_of(MODEL)[:2] / hash_of(MODEL)[2:])

    def test_a_folder_that_dvc_keeps(self, shelf: Shelf) -> None:
        fetched = shelf.get("data@v1.0.0", jobs=3)
        assert shelf.arrived() == {f"raw/{path}": data for path, data in FOLDER.items()}
        assert (fetched.size, len(fetched.contents.items)) == (sum(map(len, FOLDER.values())), 4)

    def test_a_file_and_a_folder_inside_a_folder_that_dvc_keeps(self, shelf: Shelf) -> None:
        shelf.register("one", "data/raw/sub/b.csv")
        shelf.register("part", "data/raw/sub")
        assert shelf.get("one@latest").size == 4
        shelf.get("part@latest")
        assert shelf.arrived() == {"b.csv": b"1,2\n", "sub/b.csv": b"1,2\n", "sub/deep/c.bin": FOLDER["sub/deep/c.bin"]}
        shelf.register("none", "data/raw/none")
        with pytest.raises(NotFound, match=r"no 'none' in the folder 'data/raw'"):
            shelf.get("none@latest")

    def test_the_cache_of_the_clone_comes_first_and_a_damaged_cache_is_passed_over(self, shelf: Shelf) -> None:
        cache = shelf.repository.path / ".dvc" / "cache"
        put_object(cache, hash_of(MODEL), MODEL)
        assert shelf.get("churn@latest", "one").source.startswith(str(cache))
        put_object(cache, hash_of(MODEL), b"x" * len(MODEL))
        assert shelf.get("churn@latest", "two").source.startswith(str(shelf.storage.folder))
        assert shelf.arrived() == {"one": MODEL, "two": MODEL}

    def test_without_any_store_the_cache_is_enough_and_else_it_is_said_how_to_set_one_up(
        self, repository: Repository, tmp_path: Path, opened: Open
    ) -> None:
        shelf = Shelf(repository, folder_storage(tmp_path / "store"), opened, tmp_path / "target")
        shelf.target.mkdir()
        repository.commit({".dvc/config": ""})
        shelf.add("churn", "churn.onnx", MODEL)
        with pytest.raises(NotFound, match="no storage is configured here"):
            shelf.get("churn@latest")
        put_object(repository.path / ".dvc" / "cache", "0" * 32, b"other")
        with pytest.raises(NotFound, match="no storage is configured here"):
            shelf.get("churn@latest")
        put_object(repository.path / ".dvc" / "cache", hash_of(MODEL), MODEL)
        shelf.get("churn@latest")
        assert shelf.arrived() == {"churn.onnx": MODEL}

    def test_bytes_that_git_keeps(self, shelf: Shelf) -> None:
        big = os.urandom(5 << 20)
        shelf.repository.commit({"bin/run.sh": "#!/bin/sh\n", "bin/a/big": big, "note.txt": "a\r\n"})
        shelf.repository.git("update-index", "--chmod=+x", "bin/run.sh")
        shelf.repository.commit()
        shelf.register("tools", "bin")
        shelf.register("note", "note.txt")
        shelf.get("tools@latest")
        assert shelf.get("note@latest").contents.verified
        assert shelf.arrived() == {"bin/run.sh": b"#!/bin/sh\n", "bin/a/big": big, "note.txt": b"a\r\n"}
        modes = [(shelf.target / path).stat().st_mode & 0o777 for path in ("bin/run.sh", "note.txt")]
        umask = os.umask(0)
        os.umask(umask)
        assert modes == [0o777 & ~umask, 0o666 & ~umask]

    def test_a_folder_of_git_with_a_link_or_a_submodule_is_refused(self, shelf: Shelf) -> None:
        (shelf.repository.path / "bin").mkdir()
        (shelf.repository.path / "bin" / "link").symlink_to("/etc/passwd")
        shelf.repository.git("add", "bin")
        shelf.register("tools", "bin")
        with pytest.raises(Refused, match="holds a symbolic link: 'link'"):
            shelf.get("tools@latest")
        shelf.register("link", "bin/link")
        with pytest.raises(NotFound, match="is a symbolic link"):
            shelf.get("link@latest")
        assert shelf.arrived() == {}

    def test_an_object_of_git_lfs_that_is_in_the_clone(self, shelf: Shelf) -> None:
        oid = hashlib.sha256(MODEL).hexdigest()
        place = shelf.repository.path / ".git" / "lfs" / "objects" / oid[:2] / oid[2:4] / oid
        place.parent.mkdir(parents=True)
        place.write_bytes(MODEL)
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(MODEL)}\n"
        shelf.repository.commit({"big.bin": pointer})
        shelf.register("big", "big.bin")
        assert shelf.get("big@latest").contents.hash == f"sha256:{oid}"
        assert shelf.arrived() == {"big.bin": MODEL}

    def test_a_hash_of_dvc_2_takes_line_ends_as_it_did(self, shelf: Shelf) -> None:
        data = b"a\r\nb\r\n"
        digest = hash_of(b"a\nb\n")
        place = shelf.storage.seen_folder / digest[:2] / digest[2:]
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
        shelf.repository.commit({"old.csv.dvc": f"outs:\n- md5: {digest}\n  size: {len(data)}\n  path: old.csv\n"})
        shelf.register("old", "old.csv")
        shelf.get("old@latest")
        assert shelf.arrived() == {"old.csv": data}

    def test_what_has_no_hash_or_an_odd_one_is_not_fetched(self, shelf: Shelf) -> None:
        for name, fields in {"none": "size: 3", "odd": "md5: ../../../etc/passwd\n  hash: md5"}.items():
            shelf.repository.commit({f"{name}.dvc": f"outs:\n- path: {name}\n  {fields}\n"})
            shelf.register(name, name)
            with pytest.raises(Unanswerable):
                shelf.get(f"{name}@latest")
        assert shelf.arrived() == {}

    def test_a_path_that_is_nowhere_is_not_found(self, shelf: Shelf) -> None:
        shelf.register("gone", "models/gone")
        with pytest.raises(NotFound, match=r"'models/gone' is not there: neither git, git-lfs nor DVC knows it"):
            shelf.get("gone@latest")


class TestVersions:
    def test_the_commit_of_the_version_counts_and_not_what_is_checked_out(self, shelf: Shelf) -> None:
        track(shelf.repository, "models/churn.onnx", b"new", store=shelf.storage.seen_folder)
        shelf.repository.register("churn", "v2.0.0")
        shelf.repository.tick()
        shelf.repository.assign("churn", "prod", "churn@v1.0.0^{commit}", version="v1.0.0")
        shelf.get("churn#prod", "old")
        shelf.get("churn@latest", "new")
        assert shelf.arrived() == {"old": MODEL, "new": b"new"}

    def test_a_version_that_was_withdrawn_is_not_delivered(self, shelf: Shelf) -> None:
        shelf.repository.deregister("churn", "v1.0.0")
        with pytest.raises(NotFound, match="deregistered"):
            shelf.get("churn@v1.0.0")

    def test_an_artifact_alone_is_no_version_and_one_without_a_path_has_no_bytes(self, shelf: Shelf) -> None:
        with pytest.raises(UsageFault):
            shelf.get("churn")
        shelf.repository.register("bare", "v1.0.0")
        with pytest.raises(NotFound, match="has no path at commit"):
            shelf.get("bare@latest")


class TestTargets:
    def test_without_a_path_it_is_the_name_in_the_current_folder(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        registry = shelf.open(shelf.repository)
        monkeypatch.chdir(shelf.target)
        assert registry.get("churn@latest").target == "churn.onnx"
        assert shelf.arrived() == {"churn.onnx": MODEL}

    def test_folders_on_the_way_are_made_and_a_slash_means_into(self, shelf: Shelf) -> None:
        shelf.get("churn@latest", "a/b/model")
        shelf.get("churn@latest", "new/")
        (shelf.target / "there").mkdir()
        shelf.get("churn@latest", "there")
        assert set(shelf.arrived()) == {"a/b/model", "new/churn.onnx", "there/churn.onnx"}

    def test_a_hidden_name_is_not_taken_from_a_repository(self, shelf: Shelf) -> None:
        shelf.repository.commit({"x/.bashrc": "rm -rf ~\n"})
        shelf.register("shell", "x/.bashrc")
        shelf.get("shell@latest")
        assert set(shelf.arrived()) == {"shell"}

    def test_the_same_bytes_are_no_conflict_and_nothing_is_written(self, shelf: Shelf) -> None:
        for selector, place in {"churn@latest": "churn.onnx", "data@latest": "raw"}.items():
            assert not shelf.get(selector, place).already
            before = (shelf.target / place).stat()
            assert shelf.get(selector, place).already
            assert shelf.get(selector, place, force=True).already
            assert (shelf.target / place).stat() == before

    @pytest.mark.parametrize(("selector", "name"), [("churn@latest", "m"), ("data@latest", "m")])
    def test_other_bytes_are_replaced_only_by_force(self, shelf: Shelf, selector: str, name: str) -> None:
        shelf.get(selector, "fresh")
        (shelf.target / name).write_bytes(b"mine")
        with pytest.raises(Conflict, match="is there already") as refused:
            shelf.get(selector, name)
        assert "--force" in refused.value.hint
        assert (shelf.target / name).read_bytes() == b"mine"
        shelf.get(selector, name, force=True)
        arrived = shelf.arrived()
        assert {path.replace("fresh", name, 1): data for path, data in arrived.items() if path.startswith("fresh")} == {
            path: data for path, data in arrived.items() if path.startswith(name)
        }

    def test_a_folder_with_one_file_more_or_less_is_another_one(self, shelf: Shelf) -> None:
        shelf.get("data@latest", "raw")
        (shelf.target / "raw" / "mine.txt").write_bytes(b"mine")
        with pytest.raises(Conflict):
            shelf.get("data@latest", "raw")
        shelf.get("data@latest", "raw", force=True)
        (shelf.target / "raw" / "empty").unlink()
        with pytest.raises(Conflict):
            shelf.get("data@latest", "raw")
        shelf.get("data@latest", "raw", force=True)
        assert shelf.arrived() == {f"raw/{path}": data for path, data in FOLDER.items()}

    def test_a_repository_and_the_current_folder_are_never_replaced(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        Repository.create(shelf.target / "repository")
        with pytest.raises(Refused, match="is in use"):
            shelf.get("data@latest", "repository", force=True)
        (shelf.target / "here" / "below").mkdir(parents=True)
        registry = shelf.open(shelf.repository)
        monkeypatch.chdir(shelf.target / "here" / "below")
        with pytest.raises(Refused, match="is in use"):
            registry.get("data@latest", shelf.target / "here", force=True)

    def test_a_folder_with_a_repository_somewhere_in_it_is_never_replaced(self, shelf: Shelf) -> None:
        Repository.create(shelf.target / "data/deep/inner")
        with pytest.raises(Refused, match="is in use"):
            shelf.get("data@latest", "data", force=True)
        assert (shelf.target / "data/deep/inner/.git").is_dir()

    @pytest.mark.parametrize("to", [".git", ".git/hooks/post-checkout", "sub/.GIT/x", ".dvc"])
    def test_nothing_arrives_in_a_folder_of_git_or_dvc(self, shelf: Shelf, to: str) -> None:
        for force in (False, True):
            with pytest.raises(Refused, match="is in a folder of git or DVC"):
                shelf.get("data@latest", to, force=force)
        assert shelf.arrived() == {}

    @pytest.mark.parametrize("selector", ["churn@latest", "data@latest"])
    def test_what_is_neither_file_nor_folder_is_never_replaced(self, shelf: Shelf, selector: str) -> None:
        os.mkfifo(shelf.target / "pipe")
        with pytest.raises(Refused, match="is a device or the like"):
            shelf.get(selector, "pipe", force=True)
        assert (shelf.target / "pipe").is_fifo()

    def test_a_folder_is_not_replaced_by_a_file(self, shelf: Shelf) -> None:
        (shelf.target / "churn.onnx").mkdir()
        with pytest.raises(Conflict):
            shelf.get("churn@latest")
        with pytest.raises(Refused, match="a file does not replace one"):
            shelf.get("churn@latest", force=True)

    def test_an_empty_folder_is_nothing_to_a_folder(self, shelf: Shelf) -> None:
        (shelf.target / "raw").mkdir()
        shelf.get("data@latest", "raw")
        assert len(shelf.arrived()) == len(FOLDER)

    def test_a_dry_run_writes_nothing_and_says_what_would_come_from_where(self, shelf: Shelf) -> None:
        fetched = shelf.get("churn@latest", "a/model", dry_run=True)
        assert (fetched.dry_run, fetched.size, fetched.already) == (True, len(MODEL), False)
        assert shelf.arrived() == {}

    def test_a_copy_is_no_link_into_the_store_or_the_cache(self, shelf: Shelf) -> None:
        put_object(shelf.repository.path / ".dvc" / "cache", hash_of(MODEL), MODEL).chmod(0o444)
        shelf.get("churn@latest", "m")
        (shelf.target / "m").write_bytes(b"mine")
        assert (shelf.target / "m").stat().st_nlink == 1
        assert shelf.get("churn@latest", "n").source.endswith(hash_of(MODEL)[2:])

    def test_another_store_can_be_named(self, shelf: Shelf, tmp_path: Path) -> None:
        put_object(tmp_path / "other", hash_of(MODEL), MODEL)
        fetched: Fetched = shelf.get("churn@latest", "m", remote=str(tmp_path / "other"))
        assert fetched.source.startswith(str(tmp_path / "other"))
        with pytest.raises(NotFound, match="no storage 'none'"):
            shelf.get("churn@latest", "n", remote="none")

    def test_progress_adds_up(self, shelf: Shelf) -> None:
        arrived: list[int] = []
        expected: list[int | None] = []
        shelf.get("data@latest", advance=arrived.append, expect=expected.append)
        distinct = set(FOLDER.values())
        assert sum(arrived) == sum(map(len, distinct))
        assert expected == [sum(map(len, FOLDER.values()))]


def test_a_dash_is_no_place_for_files(shelf: Shelf) -> None:
    with pytest.raises(UsageFault, match="not written to standard output"):
        shelf.open(shelf.repository).get("churn@latest", "-")
