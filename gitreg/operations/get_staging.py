"""Staging: a folder beside the target where bytes arrive, so that nothing half stands under the final name.

Its name follows from what is fetched, so that a second run finds what the first one left and goes on from there. What it finds
is hashed again before it is believed, since a repository that somebody checked out can hold a folder of that very name.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from gitreg.core.contents import Contents
from gitreg.errors import Refused
from gitreg.files.replace import TEMPORARY_PREFIX

PREFIX: Final = f"{TEMPORARY_PREFIX}get-"
TREE: Final = "tree"
"""The folder in which a folder is put together."""

OLD: Final = "old"
"""Where the old target waits until the new one stands in its place."""

_FOLDER: Final = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def staging_place(target: Path, contents: Contents) -> Path:
    """Say where the staging folder of some contents for a target is."""
    facts = (contents.hash or "", contents.path, *(f"{item.path}\0{item.hash}\0{item.key}" for item in contents.items))
    name = sha256("\n".join((target.name, *facts)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return target.with_name(f"{PREFIX}{name}")


@contextmanager
def hold_staging(place: Path) -> Iterator[Path]:
    """Make the staging folder, or take over what an earlier run left, and wait until no other process works in it.

    Args:
        place: see `staging_place`; its parent exists.

    Yields:
        The folder: ours alone, with plain files in it and perhaps `OLD`.

    Raises:
        Refused: something else has that name.
        OSError: the system does not let us.
    """
    descriptor = _acquire(place)
    try:
        _check_content(place)
        yield place
    finally:
        if descriptor is not None:
            os.close(descriptor)


def discard_staging(place: Path, *, with_old: bool = False) -> None:
    """Delete the staging folder and what is in it; symbolic links are not followed.

    Args:
        place: the folder.
        with_old: whether the old target, which waits there only if all went wrong, is not needed any more.
    """
    if with_old or not os.path.lexists(place / OLD):
        shutil.rmtree(place, ignore_errors=True)


def count_bytes(place: Path) -> int:
    """Add up the bytes that have arrived."""
    return sum(found.st_size for entry in place.iterdir() if stat.S_ISREG((found := entry.lstat()).st_mode))


def open_new(place: Path) -> int:
    """Make an empty file with the permissions that the person's umask leaves; return them.

    Raises:
        OSError: there is something of that name, be it a link, or the system does not let us.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(place, flags, 0o666)
    try:
        return stat.S_IMODE(os.fstat(descriptor).st_mode)
    finally:
        os.close(descriptor)


def _acquire(place: Path) -> int | None:
    """Make or open the folder and lock it; None where folders cannot be opened (Windows)."""
    while True:
        with suppress(FileExistsError):
            place.mkdir(mode=0o700)
        if not hasattr(os, "O_DIRECTORY"):
            return None
        try:
            descriptor = os.open(place, _FOLDER)
        except FileNotFoundError:  # the process that worked in it has just finished
            continue
        except OSError as error:
            raise _refuse(place) from error
        _lock(descriptor)
        if _is_still(place, descriptor):
            return descriptor
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Wait until nobody else holds the folder; where there are no locks, go on without."""
    with suppress(ImportError, OSError):
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _is_still(place: Path, descriptor: int) -> bool:
    """Say whether the folder that we have locked is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(descriptor), place.lstat())
    except FileNotFoundError:
        return False


def _check_content(place: Path) -> None:
    """Make sure that the folder is ours alone and holds nothing that would lead elsewhere.

    Raises:
        Refused: it is not, or does.
    """
    found = place.lstat()
    is_ours = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o077)
    if not is_ours or not stat.S_ISDIR(found.st_mode):
        raise _refuse(place)
    for entry in place.iterdir():
        mode = entry.lstat().st_mode
        if entry.name == TREE and stat.S_ISDIR(mode):
            shutil.rmtree(entry)
        elif not stat.S_ISREG(mode) and entry.name != OLD:
            raise _refuse(place)


def _refuse(place: Path) -> Refused:
    """Say that something is in the way."""
    message = f"{str(place)!r} is in the way, and it was not made by gitreg"
    return Refused(message, hint="look at it, and remove it")
