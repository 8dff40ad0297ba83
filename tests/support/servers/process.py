"""A server in a process of its own: started on a free port of loopback, and ended for sure."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

LOOPBACK: Final = "127.0.0.1"
_ATTEMPTS: Final = 3  # between finding a free port and taking it somebody else may take it
_PATIENCE: Final = 20.0  # seconds that a server may need to answer
_SYSTEM_FOLDERS: Final = ("/usr/sbin", "/usr/local/sbin", "/sbin")  # where servers are, and not every PATH looks


@dataclass(frozen=True, slots=True)
class Process:
    """A server that runs.

    Attributes:
        port: where it listens, on loopback.
        log: the file of all that it says.
    """

    port: int
    log: Path
    running: subprocess.Popen[bytes]

    @property
    def is_alive(self) -> bool:
        """Say whether it still runs."""
        return self.running.poll() is None


def find_program(name: str, package: str) -> str:
    """Find a program of the system; the test that needs it is skipped where it is not installed.

    Args:
        name: of the program.
        package: what brings it along, in Debian's words.
    """
    folders = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath), *_SYSTEM_FOLDERS])
    found = shutil.which(name, path=folders)
    if found is None:
        pytest.skip(f"NOT TESTED: {name} is not installed (Debian and Ubuntu: apt-get install {package})")
    return found


def find_git_program(name: str) -> str:
    """Find a program that comes with git, such as ``git-http-backend``; the test is skipped where it did not come."""
    folder = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout.strip()
    found = Path(folder) / name
    if not found.is_file():
        pytest.skip(f"NOT TESTED: this git has no {name}")
    return str(found)


def find_free_port() -> int:
    """Find a port of loopback that nobody listens on now."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def run_server(command: Callable[[int], Sequence[str]], *, log: Path, env: Mapping[str, str]) -> Iterator[Process]:
    """Run a server until the end of the block.

    Args:
        command: makes the argument list from the port to listen on.
        log: the file that gets its standard output and error.
        env: its whole environment.
    """
    process = _start(command, log, env)
    try:
        yield process
    finally:
        _end(process)


def _start(command: Callable[[int], Sequence[str]], log: Path, env: Mapping[str, str]) -> Process:
    """Start it, and again on another port if it ends at once."""
    for _ in range(_ATTEMPTS):
        port = find_free_port()
        with log.open("ab") as output:
            running = subprocess.Popen(
                command(port),
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if _PRCTL else None,  # noqa: PLW1509 - it is one system call and takes no lock
            )
        process = Process(port, log, running)
        if _answers(process):
            return process
        _end(process)
    raise AssertionError(f"{command(0)[0]} does not answer:\n{log.read_text(errors='replace')}")


def _answers(process: Process) -> bool:
    """Wait until something listens on the port; False if the server ends instead, or takes too long."""
    latest = time.monotonic() + _PATIENCE
    while time.monotonic() < latest:
        with suppress(OSError), socket.create_connection((LOOPBACK, process.port), timeout=1):
            return process.is_alive
        with suppress(subprocess.TimeoutExpired):
            process.running.wait(0.01)
            return False
    return False


def _end(process: Process) -> None:
    """End it and everything that it has started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.running.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.running.wait(3)
    process.running.wait()


def _load_prctl() -> Callable[..., int] | None:
    """Find the system call by which a process asks to end with its parent; only Linux has it."""
    if sys.platform != "linux":
        return None
    prctl: Callable[..., int] = ctypes.CDLL(None).prctl
    return prctl


_PRCTL: Final = _load_prctl()


def _end_with_parent() -> None:
    """Ask the system to end this process when the tests end, however they end."""
    if _PRCTL is not None:
        _PRCTL(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
