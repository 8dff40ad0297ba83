"""What the real DVC made is read as it is: files, folders, pipelines, imports, and buckets with versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitreg.errors import ExternalFault, Unanswerable
from tests.operations.shelf import FOLDER, MODEL, Open, Shelf
from tests.support.dvc import format_manifest, hash_of, run_dvc, set_up_dvc, track, write_files
from tests.support.repository import Repository
from tests.support.servers.fixtures import Servers
from tests.support.servers.storage import folder_storage
from tests.support.servers.web import Web

pytestmark = pytest.mark.slow

PIPELINE = """\
stages:
  train:
    foreach: [small, large]
    do:
      wdir: work
      cmd: mkdir -p out && echo ${item} > out/${item}.bin && echo ${item} > ${item}.txt
      outs:
      - out/${item}.bin
      - ${item}.txt:
          remote: second
"""


@pytest.fixture
def shelf(repository: Repository, tmp_path: Path, opened: Open) -> Shelf:
    """A repository with a store that is a folder, and nothing in it."""
    shelf = Shelf(repository, folder_storage(tmp_path / "store"), opened, tmp_path / "target")
    shelf.set_up()
    return shelf


def commit_all(repository: Repository) -> None:
    repository.git("add", "--all", ".")
    repository.commit(message="What DVC made")


def forget_cache(repository: Repository) -> None:
    """Look at it as somebody does who has just cloned."""
    cache = repository.path / ".dvc" / "cache"
    if cache.exists():
        cache.rename(repository.path.parent / f"cache-{len(list(repository.path.parent.iterdir()))}")


def test_files_folders_and_pipelines_that_dvc_made(shelf: Shelf, tmp_path: Path) -> None:
    repository = shelf.repository
    run_dvc(repository, "remote", "add", "--quiet", "second", str(tmp_path / "second"))
    write_files(repository.path, {"models/m.bin": MODEL, "dvc.yaml": PIPELINE.encode(), "work/.gitignore": b""})
    write_files(repository.path / "data" / "raw", FOLDER)
    run_dvc(repository, "add", "--quiet", "models/m.bin", "data/raw")
    run_dvc(repository, "add", "--quiet", "--file", "other.dvc", "README.md", check=False)
    run_dvc(repository, "repro", "--quiet")
    run_dvc(repository, "push", "--quiet")
    commit_all(repository)
    places = {
        "m": "models/m.bin",
        "d": "data/raw",
        "c": "data/raw/sub/deep/c.bin",
        "o": "work/out/small.bin",
        "t": "work/large.txt",
    }
    for name, place in places.items():
        shelf.register(name, place)
    forget_cache(repository)
    sources = {name: shelf.get(f"{name}@latest", name).source for name in places}
    raw = {f"d/{path}": data for path, data in FOLDER.items()}
    assert shelf.arrived() == {"m": MODEL, **raw, "c": FOLDER["sub/deep/c.bin"], "o": b"small\n", "t": b"large\n"}
    assert sources["t"].startswith(str(tmp_path / "second"))
    assert sources["o"].startswith(str(tmp_path / "store"))


def test_an_import_of_an_address_is_in_the_store_or_still_at_the_address(shelf: Shelf, web: Web) -> None:
    repository = shelf.repository
    (web.root / "m.bin").write_bytes(MODEL)
    run_dvc(repository, "import-url", "--quiet", f"{web.address}/m.bin", "copied.bin")
    run_dvc(repository, "import-url", "--quiet", "--no-download", f"{web.address}/m.bin", "noted.bin")
    run_dvc(repository, "push", "--quiet")
    commit_all(repository)
    shelf.register("copied", "copied.bin")
    shelf.register("noted", "noted.bin")
    forget_cache(repository)
    assert shelf.get("copied@latest").contents.verified
    noted = shelf.get("noted@latest")
    assert (noted.contents.verified, len(noted.notes), noted.source) == (False, 1, f"{web.address}/m.bin")
    assert shelf.arrived() == {"copied.bin": MODEL, "noted.bin": MODEL}
    (web.root / "m.bin").write_bytes(MODEL + b"longer")
    with pytest.raises(ExternalFault, match="was expected"):
        shelf.get("noted@latest", "again")


def test_an_import_of_another_repository_comes_from_there_at_its_commit(shelf: Shelf, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    set_up_dvc(other, folder_storage(tmp_path / "other-store"))
    write_files(other.path, {"m.bin": MODEL, "plain.txt": b"plain\n"})
    write_files(other.path / "raw", FOLDER)
    run_dvc(other, "add", "--quiet", "m.bin", "raw")
    run_dvc(other, "push", "--quiet")
    commit_all(other)
    for path in ("m.bin", "raw", "plain.txt"):
        run_dvc(shelf.repository, "import", "--quiet", other.path.as_uri(), path, "--out", path)
        shelf.repository.git("add", "--all", ".")
        shelf.register(path.partition(".")[0], path)
    other.commit({"plain.txt": "changed\n"})
    forget_cache(shelf.repository)
    for name in ("m", "raw", "plain"):
        assert shelf.get(f"{name}@latest").contents.verified
    assert shelf.arrived() == {"m.bin": MODEL, "plain.txt": b"plain\n", **{f"raw/{path}": data for path, data in FOLDER.items()}}


def test_an_imported_folder_is_the_one_that_was_imported_or_none(shelf: Shelf, tmp_path: Path) -> None:
    other = Repository.create(tmp_path / "other")
    set_up_dvc(other, folder_storage(tmp_path / "other-store"))
    track(other, "raw", FOLDER, store=tmp_path / "other-store")
    lock = other.git("rev-parse", "HEAD")
    dep = f"deps:\n- path: raw\n  repo:\n    url: {other.path}\n    rev_lock: {lock}\n"
    said = {"right": hash_of(format_manifest(FOLDER)), "wrong": "0" * 32}
    for name, digest in said.items():
        shelf.repository.commit({f"{name}.dvc": f"{dep}outs:\n- md5: {digest}.dir\n  hash: md5\n  path: {name}\n"})
        shelf.register(name, name)
    shelf.get("right@latest")
    with pytest.raises(Unanswerable, match=r"'raw' at commit .* of the other repository is not the folder 'wrong'"):
        shelf.get("wrong@latest")
    assert shelf.arrived() == {f"right/{path}": data for path, data in FOLDER.items()}


def test_a_bucket_with_versions_gives_the_version_of_the_commit(
    repository: Repository, servers: Servers, tmp_path: Path, opened: Open
) -> None:
    shelf = Shelf(repository, servers.storage("versioned-s3"), opened, tmp_path / "target")
    shelf.set_up()
    for model in (MODEL, b"new" * 100):
        write_files(repository.path, {"models/m.bin": model})
        write_files(repository.path / "raw", {**FOLDER, "a.csv": model})
        run_dvc(repository, "add", "--quiet", "models/m.bin", "raw")
        run_dvc(repository, "push", "--quiet")
        commit_all(repository)
        shelf.register("m" if model == MODEL else "n", "models/m.bin")
        shelf.register("old" if model == MODEL else "new", "raw")
    forget_cache(repository)
    for name in ("m", "n", "old", "new"):
        assert "versionId=" in shelf.get(f"{name}@latest", name).source or name in {"old", "new"}
    arrived = shelf.arrived()
    assert (arrived["m"], arrived["n"]) == (MODEL, b"new" * 100)
    assert {path: arrived[f"old/{path}"] for path in FOLDER} == {**FOLDER, "a.csv": MODEL}
    assert arrived["new/a.csv"] == b"new" * 100
