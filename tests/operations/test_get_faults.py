"""`get` when something is wrong: a clear error, nothing lost, nothing left behind, nothing outside of the target touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gitreg.errors import Conflict, Corrupted, ExternalFault, GitregError, NotFound, Refused, Unanswerable
from tests.operations.shelf import FOLDER, MODEL, Open, Shelf
from tests.support.dvc import Folder, format_manifest, hash_of, put_object
from tests.support.repository import Repository
from tests.support.servers.web import Trouble, Web


class TestObjects:
    @pytest.mark.parametrize(
        ("spoiled", "said"),
        [
            (MODEL[:-1], "102400 bytes was expected, and 102399 bytes was found"),
            (b"", "102400 bytes was expected, and 0 bytes was found"),
            (MODEL + b"x", "102400 bytes was expected"),
            (MODEL[:-1] + b"x", f"md5:{hash_of(MODEL)} was expected, and md5:"),
        ],
        ids=["truncated", "empty", "longer", "corrupted"],
    )
    def test_bytes_that_are_not_those_that_were_registered_do_not_arrive(self, shelf: Shelf, spoiled: bytes, said: str) -> None:
        place = shelf.spoil(MODEL, spoiled)
        with pytest.raises(Corrupted) as refused:
            shelf.get("churn@latest")
        assert str(place) in refused.value.message
        assert said in refused.value.message
        assert refused.value.exit_code == 7
        assert shelf.arrived() == {}

    def test_two_objects_that_were_swapped_do_not_arrive_and_the_rest_of_the_folder_neither(self, shelf: Shelf) -> None:
        deep, first = FOLDER["sub/deep/c.bin"], FOLDER["a.csv"]
        shelf.spoil(deep, first)
        shelf.spoil(first, deep)
        with pytest.raises(Corrupted):
            shelf.get("data@latest", "new/raw")
        assert shelf.arrived() == {}

    def test_an_object_that_is_missing_is_named_and_said_how_to_bring_it(self, shelf: Shelf) -> None:
        place = shelf.spoil(FOLDER["sub/deep/c.bin"], None)
        with pytest.raises(NotFound, match=str(place)) as refused:
            shelf.get("data@latest")
        assert "dvc push" in refused.value.hint
        assert shelf.arrived() == {}

    def test_a_list_that_was_exchanged_is_not_read(self, shelf: Shelf) -> None:
        manifest = format_manifest(FOLDER)
        place = shelf.storage.put(f"files/md5/{hash_of(manifest)[:2]}/{hash_of(manifest)[2:]}.dir", format_manifest({"a": b"1"}))
        with pytest.raises(Corrupted, match=str(place)):
            shelf.get("data@latest")
        assert shelf.arrived() == {}

    def test_a_store_that_is_not_there_is_a_fault_of_the_outside(self, shelf: Shelf) -> None:
        shelf.storage.seen_folder.rename(shelf.storage.seen_folder.with_name("elsewhere"))
        with pytest.raises(ExternalFault, match="is not there"):
            shelf.get("churn@latest")
        assert shelf.arrived() == {}

    def test_with_force_the_old_bytes_stay_until_the_new_ones_are_whole(self, shelf: Shelf) -> None:
        (shelf.target / "churn.onnx").write_bytes(b"old")
        (shelf.target / "raw").mkdir()
        (shelf.target / "raw" / "old").write_bytes(b"old")
        before = shelf.arrived()
        shelf.spoil(MODEL, b"x")
        shelf.spoil(FOLDER["a.csv"], b"x")
        for selector in ("churn@latest", "data@latest"):
            with pytest.raises(Corrupted):
                shelf.get(selector, force=True)
        assert shelf.arrived() == before


HOSTILE = {
    "up": {"../../x": b"1"},
    "up in the middle": {"a/../../x": b"1"},
    "absolute": {"/tmp/x": b"1"},
    "hook": {".git/hooks/post-checkout": b"1"},
    "hook in capitals": {"sub/.GIT/hooks/x": b"1"},
    "backslash": {"..\\x": b"1"},
    "only by case": {"a": b"1", "A": b"2"},
    "file and folder": {"a": b"1", "a/b": b"2"},
    "empty": {"": b"1"},
    "control": {"a\n": b"1"},
}


class TestLists:
    @pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE)
    def test_a_list_that_would_lead_elsewhere_is_not_followed(self, shelf: Shelf, files: Folder) -> None:
        shelf.add("hostile", "hostile", files)
        with pytest.raises(Unanswerable, match="the list of the folder 'hostile' is not followed"):
            shelf.get("hostile@latest", force=True)
        assert shelf.arrived() == {}

    def test_a_list_with_a_file_twice_is_not_followed(self, shelf: Shelf) -> None:
        entry = {"md5": hash_of(MODEL), "relpath": "a"}
        _add_list(shelf, json.dumps([entry, entry]).encode())
        with pytest.raises(Unanswerable, match="is there twice"):
            shelf.get("hostile@latest")
        assert shelf.arrived() == {}

    def test_hashes_in_a_list_lead_nowhere_else_in_the_store(self, shelf: Shelf) -> None:
        _add_list(shelf, json.dumps([{"md5": "../../../../etc/passwd", "relpath": "a"}]).encode())
        with pytest.raises(Unanswerable, match="not a path with an md5"):
            shelf.get("hostile@latest")
        assert shelf.arrived() == {}

    @pytest.mark.slow
    def test_very_many_entries_without_bytes_end_at_the_first_that_is_missing(self, shelf: Shelf) -> None:
        entries = ",".join(f'{{"md5":"{number:032x}","relpath":"d{number % 1000}/f{number}"}}' for number in range(200_000))
        _add_list(shelf, f"[{entries}]".encode())
        with pytest.raises(NotFound):
            shelf.get("hostile@latest")
        assert shelf.arrived() == {}


def _add_list(shelf: Shelf, data: bytes) -> None:
    """Add a folder whose list has any bytes."""
    digest = f"{hash_of(data)}.dir"
    put_object(shelf.storage.seen_folder, digest, data)
    shelf.repository.commit({"hostile.dvc": f"outs:\n- md5: {digest}\n  hash: md5\n  path: hostile\n"})
    shelf.register("hostile", "hostile")


class TestLinks:
    def test_a_target_that_is_a_link_is_refused_even_by_force(self, shelf: Shelf, tmp_path: Path) -> None:
        (tmp_path / "precious").write_bytes(b"precious")
        (tmp_path / "folder").mkdir()
        for name, place in {"file": "precious", "folder": "folder", "nothing": "nowhere"}.items():
            (shelf.target / name).symlink_to(tmp_path / place)
            for selector in ("churn@latest", "data@latest"):
                for path in (name, f"{name}/"):
                    with pytest.raises(Refused, match="is a symbolic link"):
                        shelf.get(selector, path, force=True)
        assert (tmp_path / "precious").read_bytes() == b"precious"
        assert list((tmp_path / "folder").iterdir()) == []
        assert not (tmp_path / "nowhere").exists()

    def test_a_link_inside_of_a_work_tree_is_not_followed_on_the_way(self, shelf: Shelf, tmp_path: Path) -> None:
        """Whoever can commit can commit a link; one above the work tree is the person's own."""
        (tmp_path / "outside").mkdir()
        (shelf.repository.path / "models").mkdir(exist_ok=True)
        (shelf.repository.path / "models" / "link").symlink_to(tmp_path / "outside")
        with pytest.raises(Refused, match="is a symbolic link"):
            shelf.get("churn@latest", shelf.repository.path / "models" / "link" / "m")
        assert list((tmp_path / "outside").iterdir()) == []
        (tmp_path / "home").symlink_to(shelf.target)
        shelf.get("churn@latest", tmp_path / "home" / "m")
        assert shelf.arrived() == {"m": MODEL}

    def test_a_staging_folder_that_somebody_prepared_is_refused_and_left_alone(self, shelf: Shelf, tmp_path: Path) -> None:
        name = _staging_name(shelf)
        (tmp_path / "outside").mkdir()
        for prepare in (_link_to, _folder_with_link, _folder_with_folder, _folder_of_others, _file):
            prepare(shelf.target / name, tmp_path / "outside")
            before = shelf.arrived()
            with pytest.raises(Refused, match="is in the way"):
                shelf.get("churn@latest")
            assert shelf.arrived() == before
            assert list((tmp_path / "outside").iterdir()) == []
            _remove(shelf.target / name)

    def test_bytes_that_somebody_prepared_in_the_staging_folder_are_not_believed(self, shelf: Shelf) -> None:
        name = _staging_name(shelf)
        staged = _stop_in_the_middle(shelf)
        for prepared in (b"x" * len(MODEL), b"x" * 100, b"x" * (len(MODEL) + 1)):
            (shelf.target / name).mkdir(mode=0o700)
            (shelf.target / name / staged).write_bytes(prepared)
            shelf.get("churn@latest", "churn.onnx")
            assert shelf.arrived() == {"churn.onnx": MODEL}
            (shelf.target / "churn.onnx").unlink()


def _staging_name(shelf: Shelf) -> str:
    """Find out what the staging folder of the model is called."""
    seen: list[str] = []
    shelf.get("churn@latest", advance=lambda _: seen.extend(path.name for path in shelf.target.iterdir()))
    (shelf.target / "churn.onnx").unlink()
    return seen[0]


def _stop_in_the_middle(shelf: Shelf) -> str:
    """Find out what the model is called in the staging folder."""
    seen: list[str] = []
    shelf.get("churn@latest", advance=lambda _: seen.extend(path.name for path in shelf.target.glob(".gitreg-get-*/*")))
    (shelf.target / "churn.onnx").unlink()
    return seen[0]


def _link_to(place: Path, outside: Path) -> None:
    place.symlink_to(outside)


def _folder_with_link(place: Path, outside: Path) -> None:
    place.mkdir(mode=0o700)
    (place / "x").symlink_to(outside)


def _folder_with_folder(place: Path, _outside: Path) -> None:
    (place / "x").mkdir(parents=True)
    place.chmod(0o700)


def _folder_of_others(place: Path, _outside: Path) -> None:
    place.mkdir()
    place.chmod(0o777)


def _file(place: Path, _outside: Path) -> None:
    place.touch()


def _remove(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        for below in place.iterdir():
            below.rmdir() if below.is_dir() and not below.is_symlink() else below.unlink()
        place.rmdir()
    else:
        place.unlink()


@pytest.fixture
def far(repository: Repository, web: Web, tmp_path: Path, opened: Open) -> Shelf:
    """A file and a folder on a web server."""
    shelf = Shelf(repository, web.storage("store"), opened, tmp_path / "target")
    shelf.set_up()
    shelf.add("churn", "models/churn.onnx", MODEL)
    shelf.add("data", "data/raw", FOLDER)
    return shelf


class TestConnections:
    def test_bytes_come_from_a_web_server(self, far: Shelf) -> None:
        far.get("churn@latest")
        far.get("data@latest")
        assert far.arrived() == {"churn.onnx": MODEL, **{f"raw/{path}": data for path, data in FOLDER.items()}}

    def test_a_connection_that_drops_now_and_then_is_taken_up_again(self, far: Shelf, web: Web) -> None:
        web.trouble(Trouble(drop_after=40_000), times=2)
        far.get("churn@latest")
        assert far.arrived() == {"churn.onnx": MODEL}
        assert [request.range for request in web.requests if request.method == "GET"] == [None, "bytes=40000-", "bytes=80000-"]

    def test_a_dropped_connection_leaves_what_came_and_the_next_run_goes_on_there(self, far: Shelf, web: Web) -> None:
        web.trouble(Trouble(drop_after=70_000))
        web.trouble(Trouble(status=503))
        with pytest.raises(ExternalFault) as refused:
            far.get("churn@latest")
        assert "run it again to go on where it stopped" in refused.value.hint
        assert [path.name[:12] for path in far.target.iterdir()] == [".gitreg-get-"]
        far.get("churn@latest")
        assert far.arrived() == {"churn.onnx": MODEL}
        assert web.requests[-1].range == "bytes=70000-"

    def test_files_of_a_folder_that_came_whole_are_not_fetched_again(self, far: Shelf, web: Web) -> None:
        place = hash_of(FOLDER["sub/deep/c.bin"])[2:]
        web.trouble(Trouble(status=503), path=place)
        with pytest.raises(ExternalFault):
            far.get("data@latest", jobs=1)
        assert set(far.arrived()) & {"raw"} == set()
        before = len(web.requests)
        far.get("data@latest", jobs=1)
        assert far.arrived() == {f"raw/{path}": data for path, data in FOLDER.items()}
        fetched = [
            request.path for request in web.requests[before:] if request.method == "GET" and not request.path.endswith(".dir")
        ]
        assert all(place in path or hash_of(b"")[2:] in path for path in fetched)

    def test_a_body_that_is_shorter_longer_or_another_one_is_refused(self, far: Shelf, web: Web) -> None:
        for trouble in (Trouble(truncate_to=10), Trouble(replace_with=b"x" * len(MODEL)), Trouble(replace_with=MODEL * 2)):
            web.trouble(trouble)
            with pytest.raises(Corrupted, match=r"http://127\.0\.0\.1"):
                far.get("churn@latest")
            assert far.arrived() == {}

    def test_a_server_that_knows_no_ranges_begins_anew(self, far: Shelf, web: Web) -> None:
        web.trouble(Trouble(drop_after=70_000))
        web.trouble(Trouble(status=503))
        with pytest.raises(ExternalFault):
            far.get("churn@latest")
        web.trouble(Trouble(without_ranges=True), times=2)
        far.get("churn@latest")
        assert far.arrived() == {"churn.onnx": MODEL}

    def test_an_address_in_an_entry_has_nothing_to_be_checked_by_and_that_is_said(self, far: Shelf, web: Web) -> None:
        (web.root / "plain.bin").write_bytes(MODEL)
        far.register("plain", f"{web.address}/plain.bin")
        fetched = far.get("plain@latest")
        assert (far.arrived(), fetched.size) == ({"plain": MODEL}, len(MODEL))
        assert (fetched.contents.verified, fetched.notes) == (
            False,
            ("nothing says what these bytes should be, so nothing was checked",),
        )
        with pytest.raises(Conflict):
            far.get("plain@latest")

    def test_nobody_who_fails_leaves_a_lock(self, far: Shelf, web: Web) -> None:
        for trouble in (Trouble(status=404), Trouble(status=403), Trouble(replace_with=b"x")):
            web.trouble(trouble)
            with pytest.raises(GitregError):
                far.get("churn@latest", "deep/below/m")
        assert far.arrived() == {}
        assert list(far.target.iterdir()) == []
