"""Every place for bytes of the tests is one that the real DVC pushes to and pulls from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.dvc import fresh_clone, hash_of, object_key, read_files, run_dvc, set_up_dvc, track, write_files
from tests.support.repository import Repository
from tests.support.servers.proxy import Proxy
from tests.support.servers.storage import StorageServer

pytestmark = pytest.mark.slow

MODEL = b"model" * 1000
FOLDER = {"weights.bin": b"weights" * 500, "tokens/a.json": b"{}", "tokens/ü.txt": b"", "tokens/b c.txt": b"text"}


def test_dvc_pushes_to_it_and_pulls_from_it(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    set_up_dvc(repository, storage.writer)
    write_files(repository.path, {"model.bin": MODEL})
    write_files(repository.path / "network", FOLDER)
    run_dvc(repository, "add", "--quiet", "model.bin", "network")
    run_dvc(repository, "push", "--quiet")
    repository.git("add", ".")  # with versions in the bucket, the push notes them in the files of DVC
    repository.commit(message="Add a model and a network")
    if storage.folder is not None:
        files = storage.files()
        assert files[object_key(hash_of(MODEL))] == MODEL
        assert len(files) == len({MODEL, *FOLDER.values()}) + 1
    set_up_dvc(repository, storage)
    clone = fresh_clone(repository, tmp_path / "clone", storage)
    run_dvc(clone, "pull", "--quiet")
    assert (clone.path / "model.bin").read_bytes() == MODEL
    assert read_files(clone.path / "network") == FOLDER


@pytest.mark.parametrize("storage", ["s3", "webdav", "sftp"], indirect=True)
def test_what_changes_behind_its_back_is_seen_at_once(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    set_up_dvc(repository, storage)
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    run_dvc(fresh_clone(repository, tmp_path / "clone", storage), "pull", "--quiet")
    (storage.seen_folder / object_key(hash_of(MODEL))).unlink()
    assert run_dvc(fresh_clone(repository, tmp_path / "again", storage), "pull", "--quiet", check=False).code != 0


@pytest.mark.parametrize("storage", ["s3", "webdav", "sftp", "ssh"], indirect=True)
def test_nobody_gets_in_with_other_credentials(repository: Repository, storage: StorageServer, tmp_path: Path) -> None:
    wrong = replace(storage, local_options=dict.fromkeys(storage.local_options, __file__))
    set_up_dvc(repository, storage)
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    clone = fresh_clone(repository, tmp_path / "clone", wrong)
    assert run_dvc(clone, "pull", "--quiet", check=False).code != 0


@pytest.mark.parametrize("storage", ["s3", "web"], indirect=True)
def test_a_proxy_before_it_counts_what_arrives(
    repository: Repository, storage: StorageServer, proxies: Callable[[int], Proxy], tmp_path: Path
) -> None:
    assert storage.port is not None
    proxy = proxies(storage.port)
    set_up_dvc(repository, storage.through(proxy.port))
    track(repository, "model.bin", MODEL, store=storage.seen_folder)
    run_dvc(fresh_clone(repository, tmp_path / "clone", storage), "pull", "--quiet")
    assert proxy.connections > 0
    assert len(MODEL) < proxy.received < 3 * len(MODEL)
