from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg import Registry
from gitreg.errors import ExternalFault, GitregError, NotFound, Refused, Unanswerable, UsageFault
from gitreg.operations import keep
from gitreg.storage.folder import Folder
from tests.support.dvc import STORE, format_dvc_config, format_manifest, hash_of, object_key, put_object, run_dvc, track
from tests.support.repository import Repository

DAY: Final = 24 * 3600
Open: TypeAlias = Callable[[Repository], Registry]


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """The storage of `repository`, a folder; everything in it is a month old, for whoever asks the registry."""
    place = tmp_path / "store"
    place.mkdir()
    set_store(repository, place)
    repository.now = int(time.time()) + 30 * DAY
    return place


def set_store(repository: Repository, place: Path, **options: str) -> None:
    sections = {"core": {"remote": STORE}, f'remote "{STORE}"': {"url": str(place), **options}}
    repository.commit({".dvc/config": format_dvc_config(sections), ".dvc/.gitignore": "/cache\n/config.local\n/tmp\n"}, "DVC")


def kept(store: Path) -> set[str]:
    return {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}


def keys(*contents: bytes) -> set[str]:
    return {object_key(hash_of(content)) for content in contents}


def collect(opened: Open, repository: Repository, *, delete: bool = True) -> set[str]:
    """Clean the storage up; return the keys of the garbage."""
    garbage = opened(repository).gc(remote=STORE, delete=delete)
    return {thing.key for thing in garbage.objects}


def test_what_no_ref_needs_is_deleted_and_every_tag_is_kept(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "model.bin", b"registered", store=store)
    repository.register("model", "v1.0.0")
    repository.deregister("model", "v1.0.0")
    track(repository, "model.bin", b"never registered", store=store)
    track(repository, "model.bin", b"now", store=store)
    assert collect(opened, repository) == keys(b"never registered")
    assert kept(store) == keys(b"registered", b"now")


def test_a_dry_run_is_the_default(repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    garbage = opened(repository).gc(remote=STORE)
    assert (garbage.dry_run, [thing.key for thing in garbage.objects]) == (True, list(keys(b"lost")))
    assert kept(store) == keys(b"lost")


NEEDED: Final = b"needed"
POINTER: Final = f"outs:\n- md5: {hash_of(NEEDED)}\n  hash: md5\n  path: model.bin\n"
FILE: Final = "model.bin.dvc"


def leave(repository: Repository, name: str = FILE) -> str:
    """Make a commit that names the bytes and that nothing names, and return its id."""
    commit = repository.commit({name: POINTER})
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    repository.git("update-ref", "-d", "ORIG_HEAD")
    return commit


def name_by_tag_of_tag(repository: Repository) -> None:
    repository.tag("one", leave(repository))
    repository.tag("two", "one")
    repository.git("tag", "-d", "one")


def stash(repository: Repository, *, add: bool = True, older: bool = False) -> None:
    (repository.path / FILE).write_text(POINTER)
    if add:
        repository.git("add", FILE)
    repository.git("stash", "push", "--quiet", "--include-untracked")
    if older:
        (repository.path / "README.md").write_text("other")
        repository.git("stash", "push", "--quiet")


def stage(repository: Repository) -> None:
    (repository.path / FILE).write_text(POINTER)
    repository.git("add", FILE)
    (repository.path / FILE).write_text("")


def stage_conflict(repository: Repository) -> None:
    blob = repository.git("hash-object", "-w", "--stdin", input=POINTER)
    repository.git("update-index", "--index-info", input=f"100644 {blob} 2\t{FILE}\n")


def add_work_tree(repository: Repository, *, head: bool) -> None:
    other = repository.path.parent / "other"
    repository.git("worktree", "add", "--quiet", "--detach", str(other), leave(repository) if head else "HEAD")
    if not head:
        (other / FILE).write_text(POINTER)


def name_by(ref: str) -> Callable[[Repository], object]:
    return lambda repository: repository.git("update-ref", ref, leave(repository))


PLACES: Final[Mapping[str, Callable[[Repository], object]]] = {
    "branch": name_by("refs/heads/other"),
    "remote branch": name_by("refs/remotes/origin/other"),
    "experiment": name_by("refs/exps/ab/cdef/one"),
    "notes": name_by("refs/notes/commits"),
    "ORIG_HEAD": name_by("ORIG_HEAD"),
    "detached HEAD": lambda repository: repository.git("checkout", "--quiet", "--detach", leave(repository)),
    "tag": lambda repository: repository.tag("anything", leave(repository)),
    "nested": lambda repository: repository.tag("anything", leave(repository, "a/b/model.bin.dvc")),
    "dvc.lock": lambda repository: repository.tag("anything", leave(repository, "pipeline/dvc.lock")),
    "tag of a tag": name_by_tag_of_tag,
    "tag of a tree": lambda repository: repository.tag("tree", f"{leave(repository)}^{{tree}}"),
    "tag of a file": lambda repository: repository.tag("file", f"{leave(repository)}:{FILE}"),
    "stash": stash,
    "older stash": lambda repository: stash(repository, older=True),
    "stashed file that git does not know": lambda repository: stash(repository, add=False),
    "index": stage,
    "conflict": stage_conflict,
    "work tree": lambda repository: (repository.path / FILE).write_text(POINTER),
    "HEAD of another work tree": lambda repository: add_work_tree(repository, head=True),
    "files of another work tree": lambda repository: add_work_tree(repository, head=False),
}


@pytest.mark.parametrize("place", PLACES)
def test_each_place_that_can_name_bytes_is_asked(place: str, repository: Repository, store: Path, opened: Open) -> None:
    for content in (b"lost", NEEDED):
        put_object(store, hash_of(content), content)
    PLACES[place](repository)
    assert collect(opened, repository) == keys(b"lost")
    assert kept(store) == keys(NEEDED)


def test_the_files_of_a_folder_that_is_needed_are_kept(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "data", {"a": b"a1", "b/c": b"c"}, store=store)
    track(repository, "data", {"a": b"a2", "b/c": b"c"}, store=store)
    old = format_manifest({"a": b"a1", "b/c": b"c"})
    assert collect(opened, repository) == {object_key(f"{hash_of(old)}.dir"), *keys(b"a1")}
    assert kept(store) >= keys(b"a2", b"c")


def test_a_needed_list_that_is_not_in_the_storage_is_read_from_the_cache(
    repository: Repository, store: Path, opened: Open
) -> None:
    track(repository, "data", {"a": b"a"}, store=store)
    manifest = f"{hash_of(format_manifest({'a': b'a'}))}.dir"
    put_object(store, hash_of(b"lost"), b"lost")
    cached = repository.path / ".dvc/cache" / object_key(manifest)
    cached.parent.mkdir(parents=True)
    shutil.move(store / object_key(manifest), cached)
    assert collect(opened, repository) == keys(b"lost")
    assert kept(store) == keys(b"a")


def test_a_needed_list_of_dvc_2_is_read_where_dvc_2_put_it(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "data", {"a": b"a"}, store=store)
    put_object(store, hash_of(b"lost"), b"lost")
    shutil.move(store / "files/md5", store / "md5")
    for folder in (store / "md5").iterdir():
        shutil.move(folder, store)
    assert collect(opened, repository) == {object_key(hash_of(b"lost")).removeprefix("files/md5/")}
    assert len(kept(store)) == 2


@pytest.mark.parametrize("damage", ["missing", "cut", "exchanged", "a link out"])
def test_a_needed_list_that_cannot_be_read_stops_everything(
    damage: str, repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    track(repository, "data", {"a": b"a", "b": b"b"}, store=store)
    put_object(store, hash_of(b"lost"), b"lost")
    place = store / object_key(f"{hash_of(format_manifest({'a': b'a', 'b': b'b'}))}.dir")
    content = place.read_bytes()
    place.unlink()
    match damage:
        case "cut":
            place.write_bytes(content[:-20])
        case "exchanged":
            place.write_bytes(format_manifest({"a": b"a", "b": b"lost"}))
        case "a link out":
            place.symlink_to(tmp_path / "nowhere")
    before = kept(store)
    with pytest.raises(Unanswerable, match="list of a folder") as caught:
        collect(opened, repository)
    assert caught.value.hint
    assert kept(store) == before


def test_without_garbage_no_list_is_read(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "data", {"a": b"a"}, store=None)
    track(repository, "model.bin", b"model", store=store)
    assert collect(opened, repository) == set()


def test_what_is_young_is_spared_and_so_is_what_a_young_list_names(repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(b"old"), b"old")
    put_object(store, hash_of(b"named by the young list"), b"named by the young list")
    manifest = format_manifest({"a": b"named by the young list"})
    young = put_object(store, f"{hash_of(manifest)}.dir", manifest)
    damaged = put_object(store, f"{'a' * 32}.dir", b"no list")
    for place in (young, damaged):
        os.utime(place, (repository.now, repository.now - 13 * DAY))
    assert collect(opened, repository) == keys(b"old")
    garbage = opened(repository).gc(remote=STORE)
    assert (garbage.young.count, garbage.needed.count) == (3, 0)
    assert len(opened(repository).gc(remote=STORE, older_than=0).objects) == 3


def test_what_has_no_known_time_is_young(
    repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    listed = Folder.list

    def list_without_times(folder: Folder, prefix: str) -> Iterator[object]:
        return (type(stored)(stored.key, stored.size, None) for stored in listed(folder, prefix))

    monkeypatch.setattr(Folder, "list", list_without_times)
    assert collect(opened, repository) == set()


def test_what_is_no_object_is_never_touched(repository: Repository, store: Path, opened: Open, tmp_path: Path) -> None:
    foreign = {
        ".gitreg-0123456789abcdef.tmp", "files/md5/ab/.gitreg-0123456789abcdef.tmp", "files/md5/ab/tmp12345", "README.md", f"files/sha256/ab/{'c' * 62}",
        f"files/md5/ab/{'c' * 30}.dir.unpacked/a", f"files/md5/ab/{'c' * 30}.bak", f"files/md5/ab/{'C' * 30}", f"files/md5/abc/{'c' * 30}",
        f"runs/ab/{'c' * 62}/{'d' * 64}", f"x/ab/{'c' * 30}", f"ab/{'c' * 38}", f"files/md5/{'c' * 30}",
    }  # fmt: skip
    for name in foreign:
        (store / name).parent.mkdir(parents=True, exist_ok=True)
        (store / name).write_text("mine")
    outside = put_object(tmp_path / "outside", hash_of(b"outside"), b"outside")
    (store / "files/md5/ff").symlink_to(outside.parent)
    (store / "files/md5/ee").mkdir()
    (store / f"files/md5/ee/{'e' * 30}").symlink_to(outside)
    put_object(store, hash_of(b"lost"), b"lost")
    garbage = opened(repository).gc(remote=STORE, delete=True)
    assert {thing.key for thing in garbage.objects} == keys(b"lost")
    assert (garbage.foreign.count, garbage.foreign.size) == (len(foreign), 4 * len(foreign))
    assert outside.exists()
    assert kept(store) >= foreign


def test_the_cache_is_cleaned_up_where_no_storage_is_named(repository: Repository, store: Path, opened: Open) -> None:
    track(repository, "model.bin", b"model", store=repository.path / ".dvc/cache")
    put_object(repository.path / ".dvc/cache", hash_of(b"lost"), b"lost")
    garbage = opened(repository).gc(delete=True)
    assert {thing.key for thing in garbage.objects} == keys(b"lost")
    assert garbage.address == str(repository.path / ".dvc/cache")
    assert kept(repository.path / ".dvc/cache") == keys(b"model")


def test_a_cache_that_is_a_symbolic_link_is_cleaned_up_where_it_is(
    repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (repository.path / ".dvc/cache").symlink_to(tmp_path / "elsewhere")
    put_object(tmp_path / "elsewhere", hash_of(b"lost"), b"lost")
    assert len(opened(repository).gc(delete=True).objects) == 1
    assert kept(tmp_path / "elsewhere") == set()


def test_lists_for_the_cache_come_from_the_storage(repository: Repository, store: Path, opened: Open) -> None:
    cache = repository.path / ".dvc/cache"
    track(repository, "data", {"a": b"a"}, store=store)
    for content in (b"a", b"lost"):
        put_object(cache, hash_of(content), content)
    opened(repository).gc(delete=True)
    assert kept(cache) == keys(b"a")


class Broken(BaseException):
    """What stops a process from outside."""


@pytest.mark.parametrize("after", range(7))
def test_stopped_anywhere_it_leaves_no_list_whose_files_are_gone_and_goes_on_next_time(
    after: int, repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    track(repository, "data", {"a": b"a1", "b": b"b1"}, store=store)
    track(repository, "data", {"a": b"a2", "b": b"b2"}, store=store)
    track(repository, "data", {"a": b"kept"}, store=store)
    delete, deleted = Folder.delete, list[str]()

    def delete_some(folder: Folder, key: str) -> None:
        if len(deleted) >= after:
            raise Broken
        deleted.append(key)
        delete(folder, key)

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "delete", delete_some)
        if after < 6:
            with pytest.raises(Broken):
                collect(opened, repository)
        else:
            collect(opened, repository)
    for key in kept(store):
        if key.endswith(".dir"):
            assert all((store / object_key(file["md5"])).exists() for file in json.loads((store / key).read_bytes()))
    collect(opened, repository)
    assert len(kept(store)) == 2


def test_a_file_that_cannot_be_deleted_is_told(
    repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_object(store, hash_of(b"lost"), b"lost")

    def fail(path: Path, *, missing_ok: bool) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", fail)
    with pytest.raises(ExternalFault, match="Permission denied"):
        collect(opened, repository)


# ---- who must not ask ----


def refuse(opened: Open, repository: Repository, store: Path, kind: type[GitregError], match: str) -> None:
    before = kept(store)
    with pytest.raises(kind, match=match) as caught:
        collect(opened, repository)
    assert caught.value.hint
    assert kept(store) == before


@pytest.mark.parametrize(("arguments", "match"), [(("--depth=1",), "shallow"), (("--filter=blob:none",), "partial clone")])
def test_a_clone_that_is_not_whole_must_not_ask(
    arguments: tuple[str, ...], match: str, repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    track(repository, "model.bin", b"one", store=store)
    put_object(store, hash_of(b"lost"), b"lost")
    repository.git("config", "uploadpack.allowFilter", "true")
    clone = repository.clone(tmp_path / "clone", *arguments)
    refuse(opened, clone, store, Unanswerable, match)


@pytest.mark.parametrize("ref", ["refs/heads/other", "refs/tags/other", "refs/exps/ab/cd/one", "refs/heads/main"])
def test_a_clone_that_is_behind_its_remote_must_not_ask(
    ref: str, repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    clone = repository.clone(tmp_path / "clone")
    track(repository, "model.bin", b"new", store=store)
    repository.git("update-ref", ref, "HEAD")
    if ref != "refs/heads/main":
        repository.git("reset", "--quiet", "--hard", "HEAD~1")
    refuse(opened, clone, store, Unanswerable, re.escape(repr(ref)))
    clone.git("fetch", "--quiet", "--tags", "origin", "refs/exps/*:refs/exps/*", "+refs/heads/*:refs/remotes/origin/*")
    assert collect(opened, clone) == keys(b"lost")


def test_a_clone_that_is_behind_another_remote_than_its_fork_must_not_ask(
    repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    fork = repository.clone(tmp_path / "fork")
    track(repository, "model.bin", b"new", store=store)
    repository.tag("model@v1.0.0")
    clone = fork.clone(tmp_path / "clone")
    clone.git("remote", "add", "upstream", repository.path.as_uri())
    refuse(opened, clone, store, Unanswerable, "'upstream' has 2 refs whose commits are not here")
    clone.git("fetch", "--quiet", "--tags", "upstream")
    assert collect(opened, clone) == set()


def test_what_a_branch_of_the_remote_was_reset_to_is_needed_too(
    repository: Repository, store: Path, opened: Open, tmp_path: Path
) -> None:
    track(repository, "model.bin", b"old", store=store)
    track(repository, "model.bin", b"new", store=store)
    clone = repository.clone(tmp_path / "clone")
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert collect(opened, clone) == set()


def test_where_the_remote_does_not_answer_nobody_knows(repository: Repository, store: Path, opened: Open, tmp_path: Path) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    repository.git("remote", "add", "origin", (tmp_path / "nowhere.git").as_uri())
    refuse(opened, repository, store, ExternalFault, "did not answer")


@pytest.mark.parametrize("what", ["HEAD^{tree}", "HEAD:models", "HEAD:models/model.bin.dvc", "HEAD~1"])
def test_a_missing_object_stops_everything(what: str, repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    track(repository, "models/model.bin", b"model", store=store)
    repository.tag("here")
    oid = repository.git("rev-parse", what)
    if what == "HEAD~1":
        repository.tag("before", oid)
    else:
        repository.commit({"models/model.bin.dvc": "now: another"})
    (repository.path / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    refuse(opened, repository, store, Unanswerable, oid)


@pytest.mark.parametrize(
    "content", [b"\0GITCRYPT\0abc", b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "a".encode("utf-16")]
)
def test_a_pointer_file_that_is_no_text_stops_everything(
    content: bytes, repository: Repository, store: Path, opened: Open
) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    repository.commit({"model.bin.dvc": content})
    refuse(opened, repository, store, Unanswerable, "no text")


def test_a_file_of_the_work_tree_that_cannot_be_read_stops_everything(
    repository: Repository, store: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    (repository.path / "model.bin.dvc").write_text("x" * 100)
    monkeypatch.setattr(keep, "_LARGEST", 99)
    refuse(opened, repository, store, Unanswerable, "too large")


def test_a_broken_ref_stops_everything(repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(b"lost"), b"lost")
    (repository.path / ".git/refs/heads/broken").write_text("")
    refuse(opened, repository, store, Unanswerable, "refs/heads/broken")


def test_a_storage_that_keeps_names_has_no_garbage(repository: Repository, store: Path, opened: Open) -> None:
    set_store(repository, store, version_aware="true")
    refuse(opened, repository, store, Refused, "under their own names")


def test_a_storage_that_is_not_there_is_no_empty_one(repository: Repository, store: Path, opened: Open) -> None:
    store.rmdir()
    with pytest.raises(ExternalFault, match="is not there"):
        collect(opened, repository)


def test_without_a_cache_there_is_nothing_to_clean_up(repository: Repository, opened: Open) -> None:
    with pytest.raises(NotFound, match="no cache"):
        opened(repository).gc()


@pytest.mark.parametrize("days", [-1, float("nan")])
def test_an_age_is_a_number_that_is_not_negative(days: float, repository: Repository, store: Path, opened: Open) -> None:
    with pytest.raises(UsageFault, match="no age"):
        opened(repository).gc(remote=STORE, older_than=days)


# ---- what others wrote ----


@pytest.mark.parametrize("content", [
    "outs: [\n  - md5: {}\n", "&a outs: &b\n- md5: &c {}\n- *b\n", "{}", "x: '{}'\r\n", "# {}.dir.bak\n", "md5:{}", "\xef\xbb\xbfouts: [{{md5: {}}}]",
    "schema: '2.0'\nstages:\n  a: &x\n    outs:\n    - {{path: a, md5: {}}}\n  b:\n    <<: *x\n", "outs:\n- md5: {}\n" + "#" * 5_000_000,
])  # fmt: skip
def test_a_hash_in_any_text_is_kept(content: str, repository: Repository, store: Path, opened: Open) -> None:
    for data in (b"needed", b"lost"):
        put_object(store, hash_of(data), data)
    text = content.format(hash_of(b"needed"))
    if ".dir" in text:
        manifest = format_manifest({"a": b"needed"})
        put_object(store, f"{hash_of(manifest)}.dir", manifest)
        text = f"# {hash_of(manifest)}.dir.bak\n"
    repository.commit({"dvc.lock": text})
    assert collect(opened, repository) == keys(b"lost")


def test_a_folder_with_thousands_of_files_is_walked(repository: Repository, store: Path, opened: Open) -> None:
    lines = []
    for number in range(3000):
        blob = f"outs:\n- md5: {hash_of(str(number).encode())}\n"
        lines.append(f"M 100644 inline {number % 7}/file-{number}.dvc\ndata {len(blob)}\n{blob}\n")
    head = repository.git("rev-parse", "HEAD")
    commit = f"commit refs/heads/main\ncommitter a <a> 1 +0000\ndata 0\n\nfrom {head}\n{''.join(lines)}"
    repository.git("fast-import", "--quiet", input=commit)
    for content in (b"2999", b"3000"):
        put_object(store, hash_of(content), content)
    repository.git("reset", "--quiet", "--hard")
    assert collect(opened, repository) == keys(b"3000")


# ---- the law ----

NAMES: Final = ("a.bin", "models/b.bin", "models/deep/c.bin", "data")
CONTENT = st.one_of(
    st.sampled_from([b"1", b"2", b"3", b"4"]),
    st.dictionaries(st.sampled_from(["x", "y", "z/w"]), st.sampled_from([b"1", b"2", b"5", b"6"]), min_size=1, max_size=3),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(NAMES), CONTENT, st.sampled_from(["nothing", "tag", "branch", "back", "stash", "drop a tag", "remove"])
    ),
    min_size=1,
    max_size=7,
)


def needed_by(repository: Repository, rev: str, store: Path) -> Iterator[str]:
    """Name every object that the .dvc files of a commit lead to, by a way of our own."""
    for path in repository.git("ls-tree", "-r", "--name-only", rev).splitlines():
        if path.endswith(".dvc"):
            digest = re.findall(r"md5: (\S+)", repository.git("show", f"{rev}:{path}"))[0]
            yield object_key(digest)
            if digest.endswith(".dir"):
                yield from (object_key(file["md5"]) for file in json.loads((store / object_key(digest)).read_bytes()))


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_that_a_ref_needs_is_ever_deleted(
    steps: list[tuple[str, bytes | Mapping[str, bytes], str]], tmp_path_factory: pytest.TempPathFactory, opened: Open
) -> None:
    folder = tmp_path_factory.mktemp("law")
    repository, store = Repository.create(folder / "repository"), folder / "store"
    store.mkdir()
    set_store(repository, store)
    repository.now = int(time.time()) + 30 * DAY
    for number, (name, content, step) in enumerate(steps):
        track(repository, name, content, store=store)
        match step:
            case "tag":
                repository.tag(f"tag-{number}")
            case "branch":
                repository.git("branch", f"branch-{number}")
            case "back":
                repository.git("checkout", "--quiet", "-B", "main", "HEAD~1")
            case "stash":
                (repository.path / f"{name}.dvc").write_text(f"outs:\n- md5: {hash_of(b'7')}\n")
                put_object(store, hash_of(b"7"), b"7")
                repository.git("stash", "push", "--quiet")
            case "drop a tag" if tags := repository.git("tag").splitlines():
                repository.git("tag", "-d", tags[0])
            case "remove":
                repository.commit({f"{name}.dvc": None})
    put_object(store, hash_of(b"lost"), b"lost")
    tips = [ref for ref in repository.refs() if ref != "refs/stash"]
    needed = {key for tip in [*tips, "HEAD"] for key in needed_by(repository, tip, store)}
    stashed = keys(b"7") if "refs/stash" in repository.refs() else set()
    collect(opened, repository)
    assert kept(store) >= needed | stashed
    assert not kept(store) & keys(b"lost")
    assert stashed or kept(store) == needed  # the commits that a stash is made of need their own


@pytest.mark.slow
def test_dvc_pulls_every_version_afterwards(repository: Repository, store: Path, opened: Open, tmp_path: Path) -> None:
    contents: list[bytes | dict[str, bytes]] = [b"one", b"two", {"a": b"one", "b/c": b"three"}, {"a": b"two"}]
    for number, content in enumerate(contents):
        track(repository, "model", content, store=store)
        if number != 1:
            repository.tag(f"v{number}")
    assert collect(opened, repository) == set()  # of v1, which has no tag, a folder that is kept names the bytes
    track(repository, "model", b"gone", store=store)
    track(repository, "model", b"last", store=store)
    assert collect(opened, repository) == keys(b"gone")
    clone = repository.clone(tmp_path / "clone")
    for tag in ("v0", "v2", "v3", "main"):
        clone.git("checkout", "--quiet", tag)
        run_dvc(clone, "pull", "--force")
