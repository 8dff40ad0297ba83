"""Replacing a file: wholly or not at all, only if nobody else changed it, and never through a symbolic link.

The new bytes go into a temporary file in the same folder, to the disk, and then take the name in one step, so that a full disk or
a kill leaves the old file whole. What a kill can leave behind is the temporary file; its name begins with `TEMPORARY_PREFIX`.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from gitreg.errors import Conflict, ExternalFault, Refused

TEMPORARY_PREFIX: Final = ".gitreg-"

_HINTS: Final = {
    errno.ENOSPC: "free space on the disk, and try again",
    errno.EDQUOT: "free space within your quota, and try again",
    errno.EACCES: "look at the permissions of the folder",
    errno.EPERM: "look at the permissions of the folder",
    errno.EROFS: "the file system is mounted for reading only",
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "a part of the path is a file",
}
# Windows has neither; there a temporary file of this name cannot be a link, since O_EXCL makes it.
_FLAGS: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def replace_file(path: Path, data: bytes, *, expected: bytes | None, root: Path) -> None:
    """Put new bytes in the place of a file.

    Args:
        path: the file, below `root`.
        data: the new bytes.
        expected: the bytes that were read from it; None: there must be no such file.
        root: the folder below which nothing may be a symbolic link.

    Raises:
        Refused: the path leaves `root`, is or passes through a symbolic link, or is no ordinary file.
        Conflict: the file is not what was expected.
        ExternalFault: the operating system does not let us; the old file is whole.
    """
    try:
        _check_chain(path, root)
        _replace(path, data, expected)
    except OSError as error:
        message = f"cannot write {path}: {error.strerror or error}"
        raise ExternalFault(message, hint=_HINTS.get(error.errno or 0, "try again")) from error


def _replace(path: Path, data: bytes, expected: bytes | None) -> None:
    """Write beside the file, compare, and rename."""
    temporary = path.with_name(f"{TEMPORARY_PREFIX}{secrets.token_hex(8)}.tmp")
    try:
        _write(temporary, data, _mode_of(path))
        if _read(path) != expected:
            message = f"{path.name} has changed since it was read" if expected is not None else f"{path.name} exists already"
            raise Conflict(message, hint="look at what changed, and try again")
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()
    _sync_folder(path.parent)


def _check_chain(path: Path, root: Path) -> None:
    """Refuse a path of which a part below the root is a link, or the end something else than a file."""
    if not path.is_relative_to(root) or ".." in path.parts:
        raise Refused(f"{path} is not below {root}", hint="gitreg writes only inside the repository")
    place, mode = root, 0
    for part in path.relative_to(root).parts:
        place /= part
        mode = _lstat_mode(place)
        if stat.S_ISLNK(mode):
            raise Refused(f"{place} is a symbolic link, and gitreg does not write through one", hint="name the real file")
    if mode and not stat.S_ISREG(mode):
        raise Refused(f"{path} is no ordinary file", hint="name a file")


def _lstat_mode(place: Path) -> int:
    """Give the mode of what stands at a place, or 0 where nothing does."""
    try:
        return place.lstat().st_mode
    except FileNotFoundError:
        return 0


def _mode_of(path: Path) -> int | None:
    """Give the permissions of a file, or None where there is none."""
    mode = _lstat_mode(path)
    return stat.S_IMODE(mode) if mode else None


def _read(path: Path) -> bytes | None:
    """Read a file, or give None where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(temporary: Path, data: bytes, mode: int | None) -> None:
    """Write a new file to the disk; without a mode the person's umask decides."""
    descriptor = os.open(temporary, _FLAGS, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    if mode is not None:
        temporary.chmod(mode)


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk; Windows opens no folders, and some network file systems do not sync them."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
