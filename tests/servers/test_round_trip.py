"""From the machine that made a model to one that has nothing but an address, over every kind of server."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.command import GitregCommand, Result, run_gitreg
from tests.support.dvc import (
    STORE,
    Folder,
    format_dvc_config,
    fresh_clone,
    log_in,
    read_files,
    run_dvc,
    set_up_dvc,
    store_section,
    write_files,
)
from tests.support.environment import isolated_environment
from tests.support.known_hosts import trust_host
from tests.support.repository import Repository
from tests.support.servers.fixtures import WRITABLE_STORAGES, Servers
from tests.support.servers.git_server import GitServer
from tests.support.servers.storage import StorageServer

pytestmark = pytest.mark.slow

FILE = b"weights" * 50_000
FOLDER: Folder = {"a.bin": b"1" * 100_000, "deep/er/b.bin": b"2", "deep/ü.txt": b"", "twin.bin": b"1" * 100_000}


class Consumer:
    """A machine that has never seen the repository, with the credentials of its person."""

    def __init__(self, folder: Path, storage: StorageServer, env: Mapping[str, str]) -> None:
        self.folder = folder / "machine"
        self.folder.mkdir()
        personal = self.folder / "dvc-configuration"
        personal.mkdir()
        section = {**store_section(storage), **storage.local_options}
        (personal / "config").write_text(format_dvc_config({f'remote "{STORE}"': section}))
        if storage.port and urlsplit(storage.url).scheme == "ssh":
            trust_host(self.folder / "home", storage.port)
        self.env = {**isolated_environment(self.folder / "home"), **env, "DVC_GLOBAL_CONFIG_DIR": str(personal)}

    def __call__(self, *args: str) -> Result:
        result = run_gitreg(*args, cwd=self.folder, env=self.env)
        assert result.code == 0, result.stderr
        return result


def publish(repository: Repository, storage: StorageServer) -> None:
    """Add a file and a folder, as a person does."""
    gitreg = GitregCommand(repository)
    set_up_dvc(repository, storage)
    if storage.port and urlsplit(storage.url).scheme == "ssh":
        trust_host(Path(repository.env["HOME"]), storage.port)
    repository.git("push", "--quiet", "origin", "main")
    (repository.path / "model.bin").write_bytes(FILE)
    write_files(repository.path / "data", FOLDER)
    for path, name in (("model.bin", "churn"), ("data", "cars")):
        repository.tick()
        result = gitreg("add", path, "--name", name, "--register", "--version", "v1.0.0", "--push")
        assert result.code == 0, result.stderr


def check_consumer(consumer: Consumer, url: str) -> None:
    """Get both, and ask whether all is there."""
    consumer("get", "churn@v1.0.0", "--repo", url)
    consumer("get", "cars@latest", "--repo", url, "-o", "there/cars")
    assert (consumer.folder / "model.bin").read_bytes() == FILE
    assert read_files(consumer.folder / "there/cars") == dict(FOLDER)
    verified = consumer("verify", "--all", "--deep", "--repo", url)
    assert verified.stdout.count(" ok ") == 2
    assert sorted(place.name for place in consumer.folder.iterdir()) == ["dvc-configuration", "home", "model.bin", "there"]


@pytest.mark.parametrize("storage", [kind for kind in WRITABLE_STORAGES if kind != "versioned-s3"], indirect=True)
def test_what_was_added_arrives_from_every_storage(
    storage: StorageServer, servers: Servers, repository: Repository, tmp_path: Path
) -> None:
    server = servers.git("http")
    name = servers.new_name()
    server.host(repository, name)
    publish(repository, storage)
    check_consumer(Consumer(tmp_path, storage, server.env), server.url(name))
    clone = fresh_clone(repository, tmp_path / "clone", storage)
    run_dvc(clone, "pull", "--quiet")
    assert (clone.path / "model.bin").read_bytes() == FILE
    assert read_files(clone.path / "data") == dict(FOLDER)


def test_what_was_added_arrives_through_every_host_of_git(
    git_server: GitServer, servers: Servers, repository: Repository, tmp_path: Path
) -> None:
    name = servers.new_name()
    git_server.host(repository, name)
    storage = servers.storage("folder")
    publish(repository, storage)
    check_consumer(Consumer(tmp_path, storage, git_server.env), git_server.url(name))


def test_a_host_that_cannot_leave_anything_out_is_read_all_the_same(
    servers: Servers, repository: Repository, tmp_path: Path
) -> None:
    server, name = servers.git("ssh-v0"), servers.new_name()
    server.host(repository, name, filters=False)
    storage = servers.storage("folder")
    publish(repository, storage)
    check_consumer(Consumer(tmp_path, storage, server.env), server.url(name))


def test_what_a_web_server_only_serves_is_fetched_and_verified(servers: Servers, repository: Repository, tmp_path: Path) -> None:
    served = servers.storage("http")
    server, name = servers.git("http"), servers.new_name()
    server.host(repository, name)
    publish(repository, served.writer)
    repository.commit({".dvc/config": format_dvc_config({"core": {"remote": STORE}, f'remote "{STORE}"': store_section(served)})})
    repository.git("push", "--quiet", "origin", "main")  # the old commits still name the folder: the default branch knows better
    served.writer.seen_folder.joinpath("unrelated").write_text("x")
    check_consumer(Consumer(tmp_path, served, server.env), server.url(name))


@pytest.mark.parametrize("storage", ["versioned-s3"], indirect=True)
def test_a_bucket_with_versions_that_dvc_filled_is_read(
    storage: StorageServer, servers: Servers, repository: Repository, tmp_path: Path
) -> None:
    server, name = servers.git("http"), servers.new_name()
    server.host(repository, name)
    set_up_dvc(repository, storage)
    log_in(repository, storage)
    for content in (b"first" * 1000, b"second" * 1000):
        (repository.path / "model.bin").write_bytes(content)
        write_files(repository.path / "data", {**FOLDER, "changing": content})
        run_dvc(repository, "add", "--quiet", "model.bin", "data")
        run_dvc(repository, "push", "--quiet")  # writes the versions into the .dvc files
        repository.tick()
        repository.commit({"artifacts.yaml": "churn:\n  path: model.bin\ncars:\n  path: data\n"})
        repository.git("add", "--all")
        repository.git("commit", "--quiet", "--allow-empty", "-m", "Push")
        repository.git("push", "--quiet", "origin", "main")
        for artifact in ("churn", "cars"):
            result = GitregCommand(repository)("register", artifact, "--push")
            assert result.code == 0, result.stderr
    consumer, url = Consumer(tmp_path, storage, server.env), server.url(name)
    consumer("get", "churn@v0.0.1", "--repo", url)
    consumer("get", "cars@v0.0.1", "--repo", url)
    assert (consumer.folder / "model.bin").read_bytes() == b"first" * 1000
    assert read_files(consumer.folder / "data") == {**FOLDER, "changing": b"first" * 1000}
    assert consumer("verify", "--all", "--repo", url).stdout.count(" ok ") == 4
