"""``git daemon``: git's own protocol, without any door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers.git_server import GitServer
from tests.support.servers.process import LOOPBACK, find_git_program, run_server


@contextmanager
def run_git_daemon(folder: Path, root: Path, env: Mapping[str, str]) -> Iterator[GitServer]:
    """Serve the repositories of a folder until the end of the block.

    Args:
        folder: for its log.
        root: the folder of the repositories.
        env: its environment.
    """
    program = find_git_program("git-daemon")
    folder.mkdir(parents=True)
    options = ["--export-all", "--enable=receive-pack", "--enable=upload-archive", "--reuseaddr", "--verbose"]

    def command(port: int) -> list[str]:
        return [program, f"--listen={LOOPBACK}", f"--port={port}", f"--base-path={root}", *options, str(root)]

    with run_server(command, log=folder / "daemon.log", env=env) as process:
        address = f"git://{LOOPBACK}:{process.port}"
        yield GitServer(kind="daemon", root=root, address=address, port=process.port, log=process.log)
