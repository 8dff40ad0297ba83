"""A folder that goes with the process: also where that is ended by a signal, and, of one that was killed, with the next run.

Whoever works in such a folder holds a lock on it. The system takes the lock from a process that is gone, however it ended, so
a folder of ours that nobody holds is a leftover.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Final

from gitreg.errors import ExternalFault

PREFIX: Final = "gitreg-objects-"
_ENDING: Final = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_YOUNG: Final = 60  # seconds: between making a folder and locking it there is a moment
_MOST: Final = 100  # leftovers that one run removes


@contextmanager
def open_passing_folder() -> Iterator[Path]:
    """Make an empty folder, ours alone, that is removed at the end, and remove what killed processes have left.

    Raises:
        ExternalFault: the system does not let us.
    """
    parent = _choose_parent()
    remove_leftovers(parent)
    folder = parent / f"{PREFIX}{os.urandom(8).hex()}"
    before = _remove_when_ended(folder)
    descriptor = None
    try:
        _make(folder)
        descriptor = _hold(folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)
        for number in before:
            signal.signal(number, signal.SIG_DFL)


def blame_disk(folder: Path, error: OSError) -> ExternalFault:
    """Say that what is not committed cannot be written down to be compared."""
    message = f"files cannot be copied to {str(folder)!r}: {error.strerror}"
    return ExternalFault(message, hint="free some space there, or name another folder: TMPDIR=FOLDER gitreg diff")


def _choose_parent() -> Path:
    """Choose the folder for temporary files; there may be none that can be written to."""
    try:
        return Path(tempfile.gettempdir())
    except OSError as error:
        raise blame_disk(Path(os.environ.get("TMPDIR", "/tmp")), error) from error  # noqa: S108  it names the folder, and uses none


def _make(folder: Path) -> None:
    """Make a folder that only we may look into."""
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise blame_disk(folder.parent, error) from error


def remove_leftovers(parent: Path) -> None:
    """Remove folders of this kind that nobody holds any more: real ones, ours alone, and not made this very moment."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in islice((entry for entry in entries if entry.name.startswith(PREFIX)), _MOST):
            with suppress(OSError):
                _remove_leftover(parent / entry.name)


def _remove_leftover(folder: Path) -> None:
    """Remove one folder if it is a leftover.

    Raises:
        OSError: it is no folder, or not ours.
    """
    found = folder.lstat()
    is_ours = (
        stat.S_ISDIR(found.st_mode) and hasattr(os, "geteuid") and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    )
    if not is_ours or time.time() - found.st_mtime < _YOUNG:
        return
    descriptor = _hold(folder)
    if descriptor is not None:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


def _hold(folder: Path) -> int | None:
    """Lock a folder until the descriptor is closed; None where somebody else has, or where there are no such locks."""
    try:
        import fcntl

        descriptor = os.open(folder, _FOLDER)
    except (ImportError, OSError):
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_when_ended(folder: Path) -> list[signal.Signals]:
    """Remove a folder when a signal ends this process; signals that somebody else takes care of are left to them."""
    if threading.current_thread() is not threading.main_thread():
        return []
    owner = os.getpid()

    def end(number: int, _: FrameType | None) -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    taken = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, end)
    return taken
