from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitreg.core.entries import PointerKind
from gitreg.files import outs
from gitreg.files.pointers import find_pointer
from gitreg.files.yaml import parse_yaml
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree
from gitreg.operations import find_entries
from gitreg.operations import load_pointers as module
from gitreg.operations.load_entries import load_entry, load_pointer, parse_entry_files
from gitreg.operations.load_pointers import Located, Place, load_pointers
from tests.support.dvc import hash_of, run_dvc
from tests.support.repository import Repository

ENTRIES = "a:\n  path: models/a.bin\nb:\n  path: models/folder/b.bin\nc:\n  path: s3://bucket/c\nd: {}\n"
LOCK = "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n    - {path: models/a.bin, hash: md5, md5: %s, size: 3}\n"


def pointer_file(number: int, path: str) -> str:
    return f"outs:\n- md5: {number:032x}\n  size: {number}\n  hash: md5\n  path: {path}\n"


def one_by_one(objects: Objects, places: list[Place]) -> dict[Place, Located]:
    found = {}
    for place in places:
        entry, problems = load_entry(objects, place.commit, place.artifact)
        found[place] = Located(entry, load_pointer(objects, place.commit, entry), tuple(problems))
    return found


FILES = st.fixed_dictionaries(
    {},
    optional={
        "artifacts.yaml": st.sampled_from([ENTRIES, "a:\n  path: other.bin\n", "a: [broken", ""]),
        "nested/artifacts.yaml": st.just("e:\n  path: e.bin\n"),
        "dvc.yaml": st.just("artifacts:\n  a:\n    path: models/a.bin\n    type: model\n"),
        "models/a.bin.dvc": st.builds(pointer_file, st.integers(1, 3), st.just("a.bin")),
        "models/folder.dvc": st.sampled_from([pointer_file(7, "folder"), "outs: [", "wdir: ..\nouts: [{path: models/folder}]"]),
        "models/a.bin": st.sampled_from(
            ["bytes", f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"]
        ),
        "nested/e.bin": st.just("e"),
        "dvc.lock": st.builds(lambda number: LOCK % f"{number:032x}", st.integers(1, 3)),
        "other.bin": st.just("other"),
        "pipelines/x/dvc.lock": st.sampled_from([LOCK.replace("models/", "../../models/") % ("5" * 32), "stages: [models", ""]),
    },
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(FILES, min_size=1, max_size=6))
def test_many_at_once_is_the_same_as_one_by_one(history: list[dict[str, str]], repository: Repository, objects: Objects) -> None:
    places = []
    for files in history:
        repository.git("rm", "-rq", "--ignore-unmatch", ".")
        commit = repository.commit(dict(files))
        places += [Place(artifact, commit) for artifact in ("a", "b", "c", "d", "nested:e", "f")]
    found = {place: replace(located, out=None, configuration=(), causes=()) for place, located in load_pointers(objects, places)}
    assert found == one_by_one(objects, places)


def test_each_kind_of_pointer_is_found(repository: Repository, objects: Objects) -> None:
    commit = repository.commit(
        {"artifacts.yaml": ENTRIES, "models/a.bin": "four", "models/folder.dvc": pointer_file(7, "folder")}
    )
    found = {place.artifact: located for place, located in load_pointers(objects, [Place(name, commit) for name in "abcde"])}
    assert [(name, located.pointer and located.pointer.kind) for name, located in found.items()] == [
        ("a", PointerKind.GIT), ("b", PointerKind.DVC), ("c", PointerKind.URL), ("d", None), ("e", None),
    ]  # fmt: skip
    assert found["d"].entry is not None
    assert found["e"].entry is None


def test_more_commits_than_are_asked_for_at_once_come_in_their_order(
    repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TOGETHER", 2)
    monkeypatch.setattr(find_entries, "_MOST_PARSED", 1)
    repository.commit({"artifacts.yaml": ENTRIES})
    commits = [repository.commit({"models/a.bin.dvc": pointer_file(number, "a.bin")}) for number in range(1, 8)]
    found = list(load_pointers(objects, [Place("a", commit) for commit in commits]))
    assert [place.commit for place, _ in found] == commits
    assert [located.pointer.size for _, located in found if located.pointer] == list(range(1, 8))


def test_each_distinct_file_is_parsed_once(repository: Repository, objects: Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []
    parse = parse_yaml

    def listen(data: bytes, file: str, *, forgiving: bool = False) -> object:
        parsed.append(data)
        return parse(data, file, forgiving=forgiving)

    entries: list[dict[str, bytes]] = []
    parse_files = parse_entry_files

    def listen_too(contents: dict[str, bytes]) -> object:
        entries.append(contents)
        return parse_files(contents)

    monkeypatch.setattr(outs, "parse_yaml", listen)
    monkeypatch.setattr(find_entries, "parse_entry_files", listen_too)
    outs.parse_outs.cache_clear()
    repository.commit({"artifacts.yaml": ENTRIES, "models/folder.dvc": pointer_file(7, "folder")})
    commits = [repository.commit({"models/a.bin.dvc": pointer_file(number // 2, "a.bin")}) for number in range(10)]
    list(load_pointers(objects, [Place(name, commit) for commit in commits for name in "ab"]))
    assert len(parsed) == 5 + 1
    assert len(entries) == 1


def test_a_pointer_file_of_a_hundred_megabytes_is_not_read_and_takes_no_memory(repository: Repository, objects: Objects) -> None:
    repository.commit({"artifacts.yaml": ENTRIES, "models/a.bin.dvc": pointer_file(1, "a.bin")})
    before = repository.git("rev-parse", "HEAD")
    after = repository.commit({"models/a.bin.dvc": b"#" * (100 << 20)})
    tracemalloc.start()
    try:
        found = {
            place.commit: located.pointer for place, located in load_pointers(objects, [Place("a", before), Place("a", after)])
        }
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 16 << 20
    assert [(pointer.kind, pointer.size) for pointer in found.values() if pointer] == [
        (PointerKind.DVC, 1), (PointerKind.MISSING, None),
    ]  # fmt: skip


def test_a_broken_file_hides_no_other_version(repository: Repository, objects: Objects) -> None:
    broken = repository.commit({"artifacts.yaml": "a: [", "models/a.bin.dvc": pointer_file(1, "a.bin")})
    whole = repository.commit({"artifacts.yaml": ENTRIES})
    found = {place.commit: located for place, located in load_pointers(objects, [Place("a", broken), Place("a", whole)])}
    assert found[broken].pointer is None
    assert [problem.code for problem in found[broken].problems] == ["GR101"]
    assert found[whole].pointer is not None


def test_what_a_pipeline_of_dvc_wrote_above_its_folder_has_its_bytes(repository: Repository, objects: Objects) -> None:
    run_dvc(repository, "init")
    stage = "    cmd: echo weights > {0}\n    wdir: {1}\n    outs: [{0}]\n"
    repository.commit({
        "pipelines/a/dvc.yaml": "stages:\n  one:\n" + stage.format("models/one.bin", "../.."),
        "pipelines/b/dvc.yaml": "stages:\n  two:\n" + stage.format("../../models/two.bin", "."),
        "models/.gitignore": "*.bin\n",
    })  # fmt: skip
    run_dvc(repository, "repro", "--all-pipelines")
    repository.git("add", "--all")
    tree = CommitTree(objects, repository.commit())
    digest = hash_of(b"weights\n")
    for name in ("one", "two"):
        found = find_pointer(f"models/{name}.bin", tree)
        assert (found.kind, found.hash, found.stage) == (PointerKind.DVC, f"md5:{digest}", name)
