"""What the tests write in DVC's place is what DVC writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.dvc import run_dvc, set_up_dvc, track, write_files
from tests.support.repository import Repository
from tests.support.servers.storage import folder_storage

pytestmark = pytest.mark.slow

FOLDER = {"a/b.bin": b"1", "a-b": b"22", "a.txt": b"333", "ü/ö": b"", "A": b"333"}


def test_a_repository_is_set_up_as_dvc_does(repository: Repository, tmp_path: Path) -> None:
    storage = folder_storage(tmp_path / "storage")
    ours = repository.clone(tmp_path / "ours")
    set_up_dvc(ours, storage)
    run_dvc(repository, "init", "--quiet")
    run_dvc(repository, "remote", "add", "--quiet", "--default", "storage", storage.url)
    for name in (".dvc/config", ".dvc/.gitignore"):
        assert (ours.path / name).read_text() == (repository.path / name).read_text()


def test_files_and_folders_are_tracked_as_dvc_does(repository: Repository, tmp_path: Path) -> None:
    storage = folder_storage(tmp_path / "storage")
    set_up_dvc(repository, storage)
    write_files(repository.path, {"model.bin": b"model"})
    write_files(repository.path / "network", FOLDER)
    run_dvc(repository, "add", "--quiet", "model.bin", "network")
    run_dvc(repository, "push", "--quiet")
    ours = repository.clone(tmp_path / "ours")
    track(ours, "model.bin", b"model", store=tmp_path / "objects")
    track(ours, "network", FOLDER, store=tmp_path / "objects")
    for name in ("model.bin.dvc", "network.dvc"):
        assert (ours.path / name).read_text() == (repository.path / name).read_text()
    assert folder_storage(tmp_path / "objects").files() == storage.files()
