"""The fixtures: servers that start when the first test asks for them, and end with the last one. A plugin of pytest."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import pytest

from tests.support.environment import isolated_environment
from tests.support.servers.certificate import Certificate, make_certificate
from tests.support.servers.git_daemon import run_git_daemon
from tests.support.servers.git_http import run_git_http
from tests.support.servers.git_server import GitServer
from tests.support.servers.moto import Moto, run_moto
from tests.support.servers.proxy import Proxy, run_proxy
from tests.support.servers.rclone import Rclone, run_rclone
from tests.support.servers.ssh import Sshd, run_sshd
from tests.support.servers.storage import StorageServer, folder_storage
from tests.support.servers.web import Web, run_web

STORAGES: Final = ("folder", "s3", "versioned-s3", "webdav", "sftp", "ssh", "http", "web")
"""Every kind of place for bytes; ``http`` only reads."""

WRITABLE_STORAGES: Final = tuple(kind for kind in STORAGES if kind != "http")
"""Those to which DVC can push."""

GIT_SERVERS: Final = ("file", "http", "https", "ssh", "ssh-v0", "daemon")
"""Every kind of host of git repositories; ``ssh-v0`` speaks the old protocol only."""

_LOG_TAIL: Final = 4000  # characters of a server's log that the report of a failed test shows

_Server = TypeVar("_Server")


class Servers:
    """The servers of this process of tests.

    Args:
        folder: for all that they have.
    """

    def __init__(self, folder: Path) -> None:
        """Start nothing yet."""
        self._folder = folder
        self._env = isolated_environment(folder / "home")
        self._running: dict[str, object] = {}
        self._ends = ExitStack()
        self._names = 0
        self.git_root = folder / "git"
        self.git_root.mkdir(parents=True)

    def end(self) -> None:
        """End them all."""
        self._ends.close()

    def rclone(self, protocol: str) -> Rclone:
        """Serve ``s3``, ``webdav``, ``sftp`` or ``http``."""
        return self._start(protocol, lambda folder: run_rclone(protocol, folder, self._env))

    @property
    def moto(self) -> Moto:
        """S3 with versions."""
        return self._start("moto", lambda folder: run_moto(folder, self._env))

    def sshd(self, version: int = 2) -> Sshd:
        """OpenSSH, through which this version of git's protocol gets."""
        return self._start(f"sshd-v{version}", lambda folder: run_sshd(folder, self._env, version=version))

    @property
    def web(self) -> Web:
        """The plain web server that several tests share: for trouble use the fixture `web`."""
        return self._start("web", run_web)

    @property
    def certificate(self) -> Certificate:
        """The certificate of all servers that speak TLS."""
        return self._made("certificate", lambda: make_certificate(self._folder / "certificate"))

    def storage(self, kind: str) -> StorageServer:
        """Make an empty place of a kind out of `STORAGES`."""
        self._names += 1
        name = f"store-{self._names}"
        places: dict[str, Callable[[], StorageServer]] = {
            "folder": lambda: folder_storage(self._folder / "folder" / name),
            "versioned-s3": lambda: self.moto.storage(name),
            "ssh": lambda: self.sshd().storage(name),
            "web": lambda: self.web.storage(name),
        }
        return places[kind]() if kind in places else self.rclone(kind).storage(name)

    def git(self, kind: str) -> GitServer:
        """Serve repositories as a kind out of `GIT_SERVERS` does; all of them serve the same folder."""
        servers: dict[str, Callable[[], GitServer]] = {
            "file": lambda: GitServer(kind="file", root=self.git_root, address=self.git_root.as_uri()),
            "http": lambda: self._start("git-http", lambda folder: run_git_http(folder, self.git_root, self._env)),
            "https": self._git_https,
            "ssh": lambda: self.sshd().git_server(self.git_root),
            "ssh-v0": lambda: self.sshd(version=0).git_server(self.git_root),
            "daemon": lambda: self._start("git-daemon", lambda folder: run_git_daemon(folder, self.git_root, self._env)),
        }
        return servers[kind]()

    def new_name(self) -> str:
        """Make up a name that no other test has for its repository."""
        self._names += 1
        return f"repository-{self._names}"

    def logs(self) -> Iterator[Path]:
        """List the logs."""
        yield from sorted(self._folder.glob("*/*.log"))

    def _git_https(self) -> GitServer:
        """Put TLS before the server of http."""
        plain = self.git("http")
        if plain.port is None:
            raise AssertionError("the server of http has no port")
        start = partial(run_proxy, plain.port, self.certificate.context)
        proxy: Proxy = self._made("git-https", lambda: self._ends.enter_context(start()))
        return GitServer(
            kind="https",
            root=plain.root,
            address=f"https://127.0.0.1:{proxy.port}",
            env={"GIT_SSL_CAINFO": str(self.certificate.file)},
            port=proxy.port,
            log=plain.log,
        )

    def _start(self, name: str, run: Callable[[Path], AbstractContextManager[_Server]]) -> _Server:
        """Start a server in a folder of its own, unless it runs already."""
        return self._made(name, lambda: self._ends.enter_context(run(self._folder / name)))

    def _made(self, name: str, make: Callable[[], _Server]) -> _Server:
        """Make something, unless it is there already."""
        if name not in self._running:
            self._running[name] = make()
        return self._running[name]  # type: ignore[return-value]


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """All servers, each of which starts when it is asked for."""
    servers = Servers(tmp_path_factory.mktemp("servers"))
    yield servers
    servers.end()


@pytest.fixture(params=STORAGES)
def storage(request: pytest.FixtureRequest, servers: Servers) -> StorageServer:
    """An empty place for bytes, of every kind unless the test names kinds (``parametrize("storage", [...], indirect=True)``)."""
    return servers.storage(request.param)


@pytest.fixture(params=GIT_SERVERS)
def git_server(request: pytest.FixtureRequest, servers: Servers) -> GitServer:
    """A host of git repositories, of every kind unless the test names kinds."""
    return servers.git(request.param)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """A web server of this test alone, over the folder ``web``."""
    with run_web(tmp_path / "web") as web:
        yield web


@pytest.fixture
def proxies() -> Iterator[Callable[[int], Proxy]]:
    """Makes proxies before ports of loopback."""
    with ExitStack() as ends:
        yield lambda port: ends.enter_context(run_proxy(port))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the end of the servers' logs with a failed test."""
    report = yield
    servers = getattr(item, "funcargs", {}).get("servers")
    if report.failed and isinstance(servers, Servers):
        for log in servers.logs():
            report.sections.append((str(log), log.read_text(errors="replace")[-_LOG_TAIL:]))
    return report
