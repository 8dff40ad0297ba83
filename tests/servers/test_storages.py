"""Every place for bytes of the tests is one that the real DVC pushes to and pulls from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.dvc import fresh_clone, hash_of, object_key, read_files, run_dvc, set_up_dvc, track, write_files
from tests.support.repository import Repository
from tests.support.servers.fixtures import WRITABLE_STORAGES
from tests.support.servers.proxy import Proxy
from tests.support.servers.storage import StorageServer

pytestmark = pytest.mark.slow

MODEL = b"model" * 1000
FOLDER = {"weights.bin": b"weights" * 500, "tokens/a.json": b"{}", "tokens/ü.txt": b"", "tokens/b c.txt": b"text"}


def add_both(repository: Repository) -> None:
    """Add a file and a folder with the real DVC, and commit."""
    write_files(repository.path, {"model.bin": MODEL})
    write_files(repository.path / "network", FOLDER)
    run_dvc(repository, "add", "--quiet", "model.bin", "network")
    repository.git("add", ".")
    repository.commit(message="Add a model and a network")


def check_both(clone: Repository) -> None:
    """Check that a clone has both."""
    assert (clone.path / "model.bin").read_bytes() == MODEL
    assert read_files(clone.path / "network") == FOLDER


def test_dvc_pushes_to_it_and_pulls_from_it(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    set_up_dvc(repository, storage.writer)
    add_both(repository)
    run_dvc(repository, "push", "--quiet")
    repository.git("add", ".")  # with versions in the bucket, DVC notes them in its files
    repository.commit(message="Push")
    set_up_dvc(repository, storage)
    clone = fresh_clone(repository, tmp_path / "clone", storage)
    run_dvc(clone, "pull", "--quiet")
    check_both(clone)


@pytest.mark.parametrize("storage", [kind for kind in WRITABLE_STORAGES if kind != "versioned-s3"], indirect=True)
def test_its_folder_has_the_bytes_as_they_are(repository: Repository, storage: StorageServer) -> None:
    set_up_dvc(repository, storage)
    add_both(repository)
    run_dvc(repository, "push", "--quiet")
    files = storage.files()
    assert files[object_key(hash_of(MODEL))] == MODEL
    assert len(files) == len({MODEL, *FOLDER.values()}) + 1


@pytest.mark.parametrize("storage", ["s3", "webdav", "sftp", "ssh", "http", "web"], indirect=True)
def test_bytes_damaged_behind_its_back_arrive_damaged(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    set_up_dvc(repository, storage)
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    clone = fresh_clone(repository, tmp_path / "clone", storage)
    run_dvc(clone, "pull", "--quiet")
    storage.put(object_key(hash_of(MODEL)), MODEL[:-1])
    again = fresh_clone(repository, tmp_path / "again", storage)
    run_dvc(again, "pull", "--quiet", check=False)
    assert not (again.path / "model.bin").exists() or (again.path / "model.bin").read_bytes() == MODEL[:-1]


@pytest.mark.parametrize("storage", ["s3", "webdav", "sftp", "ssh"], indirect=True)
def test_nobody_gets_in_with_other_credentials(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    key = tmp_path / "no-key"
    key.write_text("no key", encoding="utf-8")
    wrong = {name: str(key) if name == "keyfile" else "wrong" for name in storage.local_options}
    set_up_dvc(repository, storage)
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    clone = fresh_clone(repository, tmp_path / "clone")
    options = [("remote", "modify", "--local", "storage", name, value) for name, value in wrong.items()]
    for option in options:
        run_dvc(clone, *option)
    assert run_dvc(clone, "pull", "--quiet", check=False).code != 0


@pytest.mark.parametrize("storage", ["s3"], indirect=True)
def test_a_proxy_before_it_counts_what_arrives(
    repository: Repository, storage: StorageServer, proxies: Callable[[int], Proxy], tmp_path: Path
) -> None:
    assert storage.port is not None
    proxy = proxies(storage.port)
    set_up_dvc(repository, storage.through(proxy.port))
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    clone = fresh_clone(repository, tmp_path / "clone", storage)
    run_dvc(clone, "pull", "--quiet")
    assert proxy.connections > 0
    assert proxy.received > len(MODEL)
