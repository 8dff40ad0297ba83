from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from gitreg import Registry
from gitreg.core.verdicts import Verdict, Verified
from gitreg.errors import ExternalFault, NotFound, Unanswerable, UsageFault
from gitreg.operations import verify_places, verify_shelf
from gitreg.operations.verify_shelf import Finding, Shelf, Wanted
from gitreg.storage.folder import Folder
from gitreg.storage.store import Stored
from tests.support.dvc import STORE, format_dvc_config, format_manifest, hash_of, object_key, put_object, set_up_dvc, track
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]
MODEL: Final = b"the bytes of the model"
FOLDER: Final = {"a": b"a", "b/c": b"c", "b/d": b"d"}


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """The storage of `repository`, a folder, with nothing in it."""
    place = tmp_path / "store"
    place.mkdir()
    sections = {"core": {"remote": STORE}, f'remote "{STORE}"': {"url": str(place)}}
    repository.commit({".dvc/config": format_dvc_config(sections), "artifacts.yaml": "churn:\n  path: models/churn.bin\n"})
    return place


def place_of(store: Path, content: bytes) -> Path:
    return store / object_key(hash_of(content))


def register_model(repository: Repository, store: Path | None, content: bytes = MODEL, version: str = "v1.0.0") -> None:
    track(repository, "models/churn.bin", content, store=store)
    repository.register("churn", version)


def register_folder(repository: Repository, store: Path | None, path: str = "data") -> None:
    repository.commit({"artifacts.yaml": f"data:\n  path: {path}\n"})
    track(repository, "data", FOLDER, store=store)
    repository.register("data", "v1.0.0")


def only(rows: Sequence[Verified]) -> Verified:
    assert len(rows) == 1
    return rows[0]


def verify(opened: Open, repository: Repository, selector: str | None = None, *, deep: bool = False) -> Verified:
    return only(opened(repository).verify(selector, deep=deep).versions)


# ---- files ----


@pytest.mark.parametrize("deep", [False, True])
def test_bytes_that_are_there_are_well(deep: bool, repository: Repository, store: Path, opened: Open) -> None:  # noqa: FBT001
    register_model(repository, store)
    row = verify(opened, repository, deep=deep)
    assert (row.artifact, row.version, row.verdict, row.size, row.where) == (
        "churn",
        "v1.0.0",
        Verdict.OK,
        len(MODEL),
        str(store),
    )
    assert (row.detail, row.hint) == ("", "")


def test_bytes_that_nobody_pushed_are_missing(repository: Repository, store: Path, opened: Open) -> None:
    register_model(repository, None)
    row = verify(opened, repository)
    assert (row.verdict, row.where) == (Verdict.MISSING, str(store))
    assert object_key(hash_of(MODEL)) in row.detail
    assert "dvc push" in row.hint


def test_bytes_in_the_cache_alone_are_missing(repository: Repository, store: Path, opened: Open) -> None:
    register_model(repository, repository.path / ".dvc/cache")
    assert verify(opened, repository).verdict is Verdict.MISSING


@pytest.mark.parametrize("content", [MODEL[:-1], b"", MODEL + b"!"])
def test_bytes_of_another_size_are_others(content: bytes, repository: Repository, store: Path, opened: Open) -> None:
    register_model(repository, store)
    put_object(store, hash_of(MODEL), content)
    assert verify(opened, repository).verdict is Verdict.WRONG_SIZE


def test_bytes_of_the_same_size_are_told_apart_by_their_hash(repository: Repository, store: Path, opened: Open) -> None:
    register_model(repository, store)
    put_object(store, hash_of(MODEL), MODEL[::-1])
    assert verify(opened, repository).verdict is Verdict.OK
    assert verify(opened, repository, deep=True).verdict is Verdict.WRONG_HASH


def test_a_hash_of_dvc_2_is_looked_for_where_dvc_2_put_it(repository: Repository, store: Path, opened: Open) -> None:
    text = b"line\r\nline\r\n"
    digest = hash_of(text.replace(b"\r\n", b"\n"))
    repository.commit({"models/churn.bin.dvc": f"outs:\n- md5: {digest}\n  size: {len(text)}\n  path: churn.bin\n"})
    repository.register("churn", "v1.0.0")
    assert verify(opened, repository).verdict is Verdict.MISSING
    (store / digest[:2]).mkdir()
    (store / digest[:2] / digest[2:]).write_bytes(text)
    assert verify(opened, repository, deep=True).verdict is Verdict.OK


# ---- folders ----


@pytest.mark.parametrize("path", ["data", "data/b", "data/b/c", "data/a"])
@pytest.mark.parametrize("deep", [False, True])
def test_a_folder_is_well_if_its_list_and_all_its_files_are(
    path: str, repository: Repository, store: Path, opened: Open, *, deep: bool
) -> None:
    register_folder(repository, store, path)
    row = verify(opened, repository, deep=deep)
    expected = {"data": 3, "data/b": 2, "data/b/c": 1, "data/a": 1}[path]
    assert (row.verdict, row.files, row.size) == (Verdict.OK, expected, expected)


def test_a_file_of_a_folder_that_is_missing_is_named(repository: Repository, store: Path, opened: Open) -> None:
    register_folder(repository, store)
    place_of(store, b"c").unlink()
    place_of(store, b"d").unlink()
    row = verify(opened, repository)
    assert row.verdict is Verdict.MISSING
    assert "2 of 3 files" in row.detail


def test_what_is_not_asked_for_of_a_folder_may_be_missing(repository: Repository, store: Path, opened: Open) -> None:
    register_folder(repository, store, "data/a")
    place_of(store, b"c").unlink()
    assert verify(opened, repository).verdict is Verdict.OK


def test_a_path_that_is_not_in_the_folder_is_missing(repository: Repository, store: Path, opened: Open) -> None:
    register_folder(repository, store, "data/nothing")
    row = verify(opened, repository)
    assert (row.verdict, "'nothing'" in row.detail) == (Verdict.MISSING, True)


def test_the_files_of_a_folder_together_have_the_size_that_the_pointer_says(
    repository: Repository, store: Path, opened: Open
) -> None:
    register_folder(repository, store)
    put_object(store, hash_of(b"c"), b"ccc")
    assert verify(opened, repository).verdict is Verdict.WRONG_SIZE
    assert verify(opened, repository, deep=True).verdict is Verdict.WRONG_HASH


@pytest.mark.parametrize(("manifest", "verdict"), [
    (None, Verdict.MISSING),
    (b"", Verdict.WRONG_HASH),
    (format_manifest({"a": b"x"}), Verdict.WRONG_HASH),
])  # fmt: skip
def test_a_list_that_is_not_the_one_that_was_registered_is_not_followed(
    manifest: bytes | None, verdict: Verdict, repository: Repository, store: Path, opened: Open
) -> None:
    register_folder(repository, store)
    digest = f"{hash_of(format_manifest(FOLDER))}.dir"
    (store / object_key(digest)).unlink()
    if manifest is not None:
        put_object(store, digest, manifest)
    assert verify(opened, repository).verdict is verdict


@pytest.mark.parametrize("path", ["../../x", "/etc/passwd", ".git/hooks/x", "a/../b"])
def test_a_list_that_leads_out_of_its_folder_is_told(path: str, repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "data", {path: b"x"}, store=store)
    repository.commit({"artifacts.yaml": "data:\n  path: data\n"})
    repository.register("data", "v1.0.0")
    row = verify(opened, repository)
    assert (row.verdict, "not followed" in row.detail) == (Verdict.WRONG_LIST, True)


def test_lists_are_held_a_few_at_a_time(
    repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_places, "_LISTS_TOGETHER", 2)
    repository.commit({"artifacts.yaml": "data:\n  path: data\n"})
    for number in range(5):
        track(repository, "data", {"a": str(number).encode(), "b": b"shared"}, store=store)
        repository.register("data", f"v{number}.0.0")
    place_of(store, b"3").unlink()
    rows = opened(repository).verify("data").versions
    assert [row.version for row in rows if row.verdict is Verdict.MISSING] == ["v3.0.0"]


# ---- other places ----


def test_what_git_keeps_is_well(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.bin\ncode:\n  path: models\n", "models/churn.bin": MODEL})
    repository.register("churn", "v1.0.0")
    repository.register("code", "v1.0.0")
    rows = opened(repository).verify().versions
    assert [(row.verdict, row.where, row.size) for row in rows] == [(Verdict.OK, "git", len(MODEL)), (Verdict.OK, "git", None)]


def test_what_git_should_have_and_has_not_is_no_answer(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.bin\n", "models/churn.bin": MODEL})
    repository.register("churn", "v1.0.0")
    oid = repository.git("rev-parse", "HEAD:models/churn.bin")
    (repository.path / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    row = verify(opened, repository)
    assert (row.verdict, oid in row.detail) == (Verdict.NO_ANSWER, True)


def test_what_nobody_here_can_check_is_not_called_well(repository: Repository, store: Path, opened: Open) -> None:
    lfs = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    repo = f"  repo:\n    url: https://h.example/r\n    rev_lock: {'b' * 40}\n"
    imported = f"deps:\n- path: x\n{repo}outs:\n- md5: {'c' * 32}\n  hash: md5\n  path: i\n"
    repository.commit({"artifacts.yaml": "lfs:\n  path: l\nimported:\n  path: i\n", "l": lfs, "i.dvc": imported})
    for name in ("lfs", "imported"):
        repository.register(name, "v1.0.0")
    rows = opened(repository).verify().versions
    assert [(row.artifact, row.verdict) for row in rows] == [("imported", Verdict.UNCHECKED), ("lfs", Verdict.UNCHECKED)]
    assert all(row.detail for row in rows)


def test_without_entry_or_path_there_is_nothing_and_a_path_to_nothing_is_missing(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "empty: {}\nlost:\n  path: lost.bin\n"})
    for name in ("none", "empty", "lost"):
        repository.register(name, "v1.0.0")
    rows = {row.artifact: row for row in opened(repository).verify().versions}
    assert {name: row.verdict for name, row in rows.items()} == {
        "none": Verdict.NOTHING, "empty": Verdict.NOTHING, "lost": Verdict.MISSING,
    }  # fmt: skip
    assert [rows[name].annotated for name in ("none", "empty")] == [False, True]


def test_without_a_storage_the_bytes_are_missing_and_the_hint_says_how_to_get_one(repository: Repository, opened: Open) -> None:
    set_up_dvc(repository)
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.bin\n"})
    register_model(repository, None)
    row = verify(opened, repository)
    assert (row.verdict, row.detail) == (Verdict.MISSING, "no storage is configured here")
    assert "gitreg init --storage" in row.hint


def test_a_storage_that_is_not_there_gives_no_answer(repository: Repository, store: Path, opened: Open) -> None:
    register_model(repository, store)
    register_folder(repository, store)
    shutil.rmtree(store)
    rows = opened(repository).verify().versions
    assert [row.verdict for row in rows] == [Verdict.NO_ANSWER, Verdict.NO_ANSWER]
    assert all("is not there" in row.detail for row in rows)


def test_a_kind_of_storage_that_nobody_knows_gives_no_answer(repository: Repository, opened: Open) -> None:
    config = format_dvc_config({"core": {"remote": "x"}, 'remote "x"': {"url": "nonsense://a/b"}})
    repository.commit({".dvc/config": config, "artifacts.yaml": "churn:\n  path: models/churn.bin\n"})
    register_model(repository, None)
    assert verify(opened, repository).verdict is Verdict.NO_ANSWER


def test_an_entry_that_cannot_be_read_is_no_answer(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: ["})
    repository.register("churn", "v1.0.0")
    row = verify(opened, repository)
    assert (row.verdict, row.detail[:15]) == (Verdict.NO_ANSWER, "artifacts.yaml:")


def test_a_hash_that_could_lead_anywhere_is_not_asked_for(repository: Repository, store: Path, opened: Open) -> None:
    repository.commit({"models/churn.bin.dvc": "outs:\n- md5: ../../../etc/passwd\n  hash: md5\n  path: churn.bin\n"})
    repository.register("churn", "v1.0.0")
    row = verify(opened, repository)
    assert (row.verdict, row.where) == (Verdict.MISSING, None)


# ---- what is verified ----


def test_an_artifact_stands_for_its_active_versions(repository: Repository, store: Path, opened: Open) -> None:
    for number in (1, 2, 3):
        register_model(repository, store, str(number).encode(), f"v{number}.0.0")
    repository.deregister("churn", "v2.0.0")
    repository.register("other", "v1.0.0")
    registry = opened(repository)
    assert [row.version for row in registry.verify("churn").versions] == ["v3.0.0", "v1.0.0"]
    assert only(registry.verify("churn@v1.0.0").versions).commit != only(registry.verify("churn@latest").versions).commit
    assert [row.artifact for row in registry.verify().versions] == ["churn", "churn", "other"]
    for selector in ("churn@v2.0.0", "nobody", "churn#prod"):
        with pytest.raises(NotFound):
            registry.verify(selector)


def test_a_stage_stands_for_its_holder_also_for_a_bare_commit(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "models/churn.bin", MODEL, store=store)
    repository.assign("churn", "prod")
    row = verify(opened, repository, "churn#prod")
    assert (row.version, row.verdict) == (None, Verdict.OK)


def test_no_question_at_once_is_no_way_to_ask(repository: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault, match="too few"):
        opened(repository).verify(jobs=0)


def test_a_shallow_clone_must_not_ask_for_everything(repository: Repository, opened: Open, tmp_path: Path) -> None:
    with pytest.raises(Unanswerable, match="shallow"):
        opened(repository.clone(tmp_path / "clone", "--depth=1")).verify()


def test_another_storage_may_be_asked(repository: Repository, store: Path, opened: Open, tmp_path: Path) -> None:
    register_model(repository, None)
    put_object(tmp_path / "backup", hash_of(MODEL), MODEL)
    row = only(opened(repository).verify(remote=str(tmp_path / "backup")).versions)
    assert (row.verdict, row.where) == (Verdict.OK, str(tmp_path / "backup"))


def test_each_out_is_looked_for_in_the_storage_that_it_is_pinned_to(
    repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    config = (repository.path / ".dvc/config").read_text() + format_dvc_config(
        {'remote "vault"': {"url": str(tmp_path / "vault")}}
    )
    repository.commit({".dvc/config": config})
    track(repository, "models/churn.bin", MODEL, store=tmp_path / "vault", remote="vault")
    repository.register("churn", "v1.0.0")
    register_model(repository, store, b"elsewhere", "v2.0.0")
    rows = opened(repository).verify().versions
    assert [(row.verdict, row.where) for row in rows] == [(Verdict.OK, str(store)), (Verdict.OK, str(tmp_path / "vault"))]


def test_a_commit_is_asked_about_the_storage_that_its_own_configuration_names_where_nothing_else_does(
    repository: Repository, opened: Open, tmp_path: Path
) -> None:
    for number in (1, 2):
        place = tmp_path / f"store-{number}"
        config = format_dvc_config({"core": {"remote": "x"}, 'remote "x"': {"url": str(place)}})
        repository.commit({".dvc/config": config, "artifacts.yaml": "churn:\n  path: models/churn.bin\n"})
        register_model(repository, place, str(number).encode(), f"v{number}.0.0")
    repository.commit({".dvc/config": None})
    (repository.path / ".dvc").rmdir()
    rows = opened(repository).verify().versions
    assert [row.where for row in rows] == [str(tmp_path / "store-2"), str(tmp_path / "store-1")]


# ---- how ----


def test_each_distinct_object_is_asked_for_once(
    repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_folder(repository, store)
    for number in range(1, 4):
        repository.commit({"note.txt": str(number)})
        repository.register("data", f"v1.{number}.0")
    asked: Counter[str] = Counter()
    size = Folder.size

    def count(folder: Folder, key: str) -> int | None:
        asked[key] += 1
        return size(folder, key)

    monkeypatch.setattr(Folder, "size", count)
    verification = opened(repository).verify()
    assert [row.verdict for row in verification.versions] == [Verdict.OK] * 4
    assert set(asked.values()) == {1}
    assert verification.objects == len(asked) == 4


class Remote:
    """A store that is no folder of this machine; it counts what it is asked."""

    name = "remote"

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.asked: list[str] = []
        self.fails = False
        self.most = 0

    def address(self, key: str) -> str:
        return f"s3://bucket/{key}"

    def size(self, key: str) -> int | None:
        self.asked.append(key)
        if self.fails:
            raise ExternalFault("the bucket does not answer")
        return len(self.objects[key]) if key in self.objects else None

    def list(self, prefix: str) -> Iterator[Stored]:
        self.asked.append(f"list {prefix}")
        return (Stored(key, len(data), None) for key, data in self.objects.items())

    def download(self, key: str, to: str, start: int, advance: Callable[[int], None]) -> None:
        del start
        Path(to).write_bytes(self.objects[key])
        self.most = max(self.most, len(list(Path(to).parent.iterdir())))
        advance(len(self.objects[key]))


def shelve(remote: Remote, *, deep: bool = False, jobs: int = 2) -> Shelf:
    return Shelf(remote, remote.list, deep=deep, jobs=jobs, advance=lambda _count: None)


def test_many_questions_are_one_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_shelf, "_MANY", 3)
    remote = Remote({"files/md5/a": b"1", "files/md5/b": b"22"})
    shelf = shelve(remote)
    shelf.ask([Wanted("files/md5/a", None, 1), Wanted("files/md5/b", None, 1)])
    assert sorted(remote.asked) == ["files/md5/a", "files/md5/b"]
    wanted = [Wanted(f"files/md5/{name}", None, 1) for name in "abcde"]
    shelf.ask(wanted)
    assert remote.asked[2:] == ["list files"]
    assert [shelf.find(want).verdict for want in wanted] == [Verdict.OK, Verdict.WRONG_SIZE, *[Verdict.MISSING] * 3]


def test_where_nothing_can_be_listed_each_object_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_shelf, "_MANY", 1)
    remote = Remote({"a": b"1"})

    def refuse(_prefix: str) -> Iterator[Stored]:
        raise ExternalFault("there are no lists here")

    shelf = Shelf(remote, refuse, deep=False, jobs=1, advance=lambda _count: None)
    shelf.ask([Wanted("a", None, 1)])
    assert (remote.asked, shelf.find(Wanted("a", None, 1)).verdict) == (["a"], Verdict.OK)


def test_a_place_that_fails_once_is_not_asked_again() -> None:
    remote = Remote({})
    remote.fails = True
    shelf = shelve(remote, jobs=1)
    shelf.ask([Wanted("a", None, None), Wanted("b", None, None)])
    shelf.ask([Wanted("c", None, None)])
    assert remote.asked == ["a"]
    assert shelf.find(Wanted("b", None, None)) == Finding(Verdict.NO_ANSWER, "the bucket does not answer")


def test_to_hash_what_is_far_away_takes_little_room_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    contents = {f"files/md5/{number}": str(number).encode() for number in range(20)}
    remote = Remote(dict(contents))
    shelf = shelve(remote, deep=True)
    wanted = [Wanted(key, f"md5:{hash_of(data)}", len(data)) for key, data in contents.items()]
    wanted[7] = wanted[7]._replace(hash=f"md5:{'0' * 32}")
    shelf.ask(wanted)
    verdicts = [shelf.find(want).verdict for want in wanted]
    assert (verdicts.count(Verdict.OK), verdicts[7]) == (19, Verdict.WRONG_HASH)
    assert remote.most <= 2
    assert list(tmp_path.iterdir()) == []
