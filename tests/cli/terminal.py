"""What a person sees: one run as one text, and a terminal of a given width."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import gitreg
from tests.support.command import Result
from tests.support.repository import Repository

COMMAND: Final = (sys.executable, "-m", "gitreg")
_PACKAGE_PARENT: Final = str(Path(gitreg.__file__).parent.parent)


def experience(result: Result) -> str:
    """Write a run as one text for a snapshot: exit code, standard output, standard error."""
    return f"\nexit {result.code}\n{result.stdout}" + (f"---- stderr\n{result.stderr}" if result.stderr else "")


def experience_anywhere(result: Result) -> str:
    """Write a run as one text without the ids of commits, which follow from where the temporary folder is."""
    return re.sub(r"\b[0-9a-f]{7}\b", "COMMIT", experience(result))


def environment_of(repository: Repository, **more: str) -> dict[str, str]:
    """Make the environment of a process of gitreg at the repository's time."""
    return {"PYTHONPATH": _PACKAGE_PARENT, "TERM": "xterm-256color", **repository.env, "GITREG_NOW": str(repository.now), **more}


def run_in_terminal(repository: Repository, *args: str, columns: int = 80, env: Mapping[str, str] | None = None) -> str:
    """Run gitreg in a terminal; return everything that appears there."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [*COMMAND, *args],
        cwd=repository.path,
        env={**environment_of(repository), **(env or {})},
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
    )
    os.close(terminal)
    shown = read_terminal(controller, 60)
    process.wait()
    os.close(controller)
    return shown


def read_terminal(controller: int, seconds: float) -> str:
    """Read what appears in a terminal until its last process ends."""
    shown = b""
    while select.select([controller], [], [], seconds)[0]:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # what Linux says at the end
            break
        if not piece:
            break
        shown += piece
    return shown.decode("utf-8", "backslashreplace").replace("\r\n", "\n")
