"""The log of a bug: all that helps to mend it, in a file that can be pasted."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Final

from gitreg.render.text import escape, format_iso_time
from gitreg.version import __version__

_SECRET: Final = re.compile(r"(://)[^/\s]+@")


def write_log(error: BaseException) -> str:
    """Write the log of a bug.

    Returns:
        Its path, or an empty text where no folder can be written to.
    """
    text = _describe(error)
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor, path = tempfile.mkstemp(prefix=f"{time.strftime('%Y%m%d-%H%M%S')}-", suffix=".log", dir=folder)
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
        except OSError:
            continue
        return path
    return ""


def _folders() -> list[Path]:
    """List where a log may go, best first (https://specifications.freedesktop.org/basedir-spec)."""
    state = os.environ.get("XDG_STATE_HOME", "")
    home = os.environ.get("HOME", "") or os.environ.get("USERPROFILE", "")
    folders = [Path(state) / "gitreg"] if Path(state).is_absolute() else []
    if Path(home).is_absolute():
        folders.append(Path(home) / ".local" / "state" / "gitreg")
    return [*folders, Path(tempfile.gettempdir())]


def _describe(error: BaseException) -> str:
    """Say what happened, where and with what."""
    facts = (
        f"gitreg {__version__}",
        f"python {platform.python_version()} on {platform.platform()}",
        _git_version(),
        f"at {format_iso_time(int(time.time()))}",
        f"command line {sys.argv!r}",
        "",
        "".join(traceback.format_exception(error)),
    )
    return escape(_SECRET.sub(r"\1***@", "\n".join(facts)), lines=True)


def _git_version() -> str:
    """Ask `doctor` which git this is, if it still answers."""
    from gitreg.registry import Registry

    try:
        with Registry() as registry:
            return next(said for said in registry.doctor(offline=True).checked if said.startswith("git "))
    except Exception:  # noqa: BLE001  a log must be written whatever is broken
        return f"git at {shutil.which('git')}"
