from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import pytest

from gitreg import Registry
from gitreg.errors import ExternalFault, GitregError, Refused
from gitreg.git.run import Git
from tests.support.dvc import STORE, format_dvc_config, hash_of, put_object, set_up_dvc, track
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]
MODEL: Final = b"the bytes of the model"
ENTRY: Final = {"artifacts.yaml": "churn:\n  path: models/churn.bin\n"}


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """The storage of `repository`, which has a remote and, without its bytes, a model."""
    place = tmp_path / "store"
    place.mkdir()
    sections = {"core": {"remote": STORE}, f'remote "{STORE}"': {"url": str(place)}}
    repository.commit({".dvc/config": format_dvc_config(sections), **ENTRY})
    track(repository, "models/churn.bin", MODEL)
    repository.bare_remote(tmp_path / "remote.git")
    return place


WRITES: Final[dict[str, Callable[[Registry], object]]] = {
    "register": lambda registry: registry.register("churn", push=True),
    "register, to see": lambda registry: registry.register("churn", push=True, dry_run=True),
    "assign --register": lambda registry: registry.register_and_assign("churn", "prod", push=True),
    "push": lambda registry: (registry.register("churn"), registry.push("churn")),
    "push, to see": lambda registry: (registry.register("churn", push=False), registry.push(dry_run=True)),
}
UNCHECKED: Final[dict[str, Callable[[Registry], object]]] = {
    "register": lambda registry: registry.register("churn", push=True, data_check=False),
    "assign --register": lambda registry: registry.register_and_assign("churn", "prod", push=True, data_check=False),
    "push": lambda registry: (registry.register("churn"), registry.push(data_check=False)),
}


def refuse(registry: Registry, write: str, kind: type[GitregError], match: str) -> str:
    with pytest.raises(kind, match=match) as caught:
        WRITES[write](registry)
    assert "--no-data-check" in caught.value.hint
    return caught.value.hint


def published(repository: Repository) -> list[str]:
    remote = Repository(repository.path.parent / "remote.git")
    return [ref for ref in remote.refs() if ref.startswith("refs/tags/")]


@pytest.mark.parametrize("write", WRITES)
def test_a_version_whose_bytes_are_nowhere_is_not_published(
    write: str, repository: Repository, store: Path, opened: Open
) -> None:
    before = repository.git("count-objects", "-v")
    hint = refuse(opened(repository), write, Refused, "does not have the bytes of 'churn'")
    assert "dvc push models/churn.bin" in hint
    assert "gitreg add models/churn.bin --name churn --push" in hint
    assert published(repository) == []
    assert "push" in write or repository.git("count-objects", "-v") == before


@pytest.mark.parametrize("write", WRITES)
def test_a_version_whose_bytes_are_there_is_published(write: str, repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(MODEL), MODEL)
    WRITES[write](opened(repository))
    assert bool(published(repository)) is ("to see" not in write)


@pytest.mark.parametrize("write", UNCHECKED)
def test_who_does_not_want_to_know_is_not_asked(write: str, repository: Repository, store: Path, opened: Open) -> None:
    UNCHECKED[write](opened(repository))
    assert published(repository)


def test_bytes_of_another_size_are_no_bytes_of_the_version(repository: Repository, store: Path, opened: Open) -> None:
    put_object(store, hash_of(MODEL), MODEL[:-1])
    refuse(opened(repository), "register", Refused, "has 21 bytes and not 22")


def test_a_folder_needs_all_its_files(repository: Repository, store: Path, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: data\n"})
    track(repository, "data", {"a": b"a", "b": b"b"}, store=store)
    opened(repository).register("churn", push=True, dry_run=True)
    (store / "files/md5" / hash_of(b"b")[:2] / hash_of(b"b")[2:]).unlink()
    refuse(opened(repository), "register", Refused, "1 of 2 files")


def test_an_entry_that_points_at_nothing_is_not_published(repository: Repository, store: Path, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: models/lost.bin\n"})
    hint = refuse(opened(repository), "register", Refused, "points at nothing")
    assert "gitreg add models/lost.bin --name churn" in hint


def test_without_a_storage_the_hint_says_how_to_get_one(repository: Repository, opened: Open, tmp_path: Path) -> None:
    set_up_dvc(repository)
    repository.commit(ENTRY)
    track(repository, "models/churn.bin", MODEL)
    repository.bare_remote(tmp_path / "remote.git")
    assert "gitreg init --storage" in refuse(opened(repository), "register", Refused, "no storage is configured")


@pytest.mark.parametrize("url", ["nonsense://a/b", "nowhere"])
def test_a_storage_that_cannot_be_asked_stops_the_version(url: str, repository: Repository, store: Path, opened: Open) -> None:
    sections = {"core": {"remote": STORE}, f'remote "{STORE}"': {"url": url}}
    repository.commit({".dvc/config": format_dvc_config(sections)})
    refuse(opened(repository), "register", ExternalFault, "cannot be checked")


@pytest.mark.parametrize("files", [{}, {"artifacts.yaml": "churn: {}\n"}, {**ENTRY, "models/churn.bin": MODEL}])
def test_where_nothing_is_kept_elsewhere_nothing_is_asked_and_no_process_is_started(
    files: dict[str, bytes | str], repository: Repository, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit(files)
    repository.bare_remote(tmp_path / "remote.git")
    started: list[str] = []
    run, start = Git._run, Git.start

    def note_run(git: Git, arguments: tuple[str, ...], *rest: object) -> object:
        started.append(next(word for word in arguments if word[0] != "-" and "=" not in word))
        return run(git, arguments, *rest)  # type: ignore[arg-type]

    def note_start(git: Git, *arguments: str, **rest: object) -> object:
        started.append(arguments[0])
        return start(git, *arguments, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Git, "_run", note_run)
    monkeypatch.setattr(Git, "start", note_start)
    opened(repository).register("churn", push=True, dry_run=True)
    checked = list(started)
    started.clear()
    opened(repository).register("churn", push=True, data_check=False, dry_run=True)
    assert sorted(checked) == sorted([*started, *(["cat-file"] if "cat-file" not in started else [])])
    assert published(repository) == []


def test_a_version_that_is_withdrawn_at_once_needs_no_bytes(repository: Repository, store: Path, opened: Open) -> None:
    registry = opened(repository)
    registry.register("churn", version="v1.0.0")
    repository.tick()
    opened(repository).deregister("churn@v1.0.0")
    opened(repository).push()
    assert len(published(repository)) == 2


def test_what_stays_in_this_clone_needs_no_bytes(repository: Repository, store: Path, opened: Open) -> None:
    assert opened(repository).register("churn").created


def test_a_stage_of_a_version_that_is_published_already_is_not_held_up(repository: Repository, store: Path, opened: Open) -> None:
    opened(repository).register("churn", push=True, data_check=False)
    repository.tick()
    opened(repository).assign("churn@latest", "prod", push=True)
    assert len(published(repository)) == 2


def test_an_entry_that_is_in_no_commit_yet_is_told_before_a_version_goes_without_it(
    repository: Repository, opened: Open, tmp_path: Path
) -> None:
    remote = repository.bare_remote(tmp_path / "remote.git")
    (repository.path / "artifacts.yaml").write_text("churn:\n  type: model\n")
    with pytest.raises(Refused, match=r"stands in artifacts\.yaml and in no commit") as raised:
        opened(repository).register("churn", push=True)
    assert "git add artifacts.yaml && git commit" in raised.value.hint
    assert "refs/tags/churn@v0.0.1" not in remote.refs()
    written = opened(repository).register("churn", push=False)
    assert "for the next version: git add artifacts.yaml && git commit" in written.notes[-1]
