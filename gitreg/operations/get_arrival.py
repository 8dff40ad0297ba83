"""Arrival: what has come in pieces is put together, and takes its place under the final name in one step."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from typing import Final

from gitreg.core.contents import Contents, Item, no_advance
from gitreg.errors import Conflict
from gitreg.operations.get_files import staged_file
from gitreg.operations.get_staging import OLD, TREE, open_new
from gitreg.operations.get_target import is_file, is_free
from gitreg.storage.copying import copy_file

_HERE: Final = -100  # AT_FDCWD of Linux
_SWAP: Final = 2  # RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS


def assemble(contents: Contents, staging: Path) -> Path:
    """Put what has arrived together; return the file or folder that is to take the target's place.

    Raises:
        OSError: the system does not let us.
    """
    if not contents.is_folder:
        item = contents.items[0]
        _allow_to_run(item, staged_file(staging, item))
        return staged_file(staging, item)
    tree = staging / TREE
    tree.mkdir()
    moved: dict[Path, Path] = {}
    for item in contents.items:
        place, source = tree / item.path, staged_file(staging, item)
        place.parent.mkdir(parents=True, exist_ok=True)
        if source in moved:
            open_new(place)
            copy_file(moved[source], place, no_advance)
        else:
            source.rename(place)
            moved[source] = place
        _allow_to_run(item, place)
    return tree


def put_in_place(arrived: Path, target: Path, staging: Path, *, force: bool) -> None:
    """Give what has arrived its final name, in one step.

    Raises:
        Conflict: something has appeared there meanwhile.
        OSError: the system does not let us.
    """
    if is_free(target, is_folder=arrived.is_dir()):
        _put_new(arrived, target)
    elif not force:
        raise _appeared(target)
    elif is_file(target) and is_file(arrived):
        arrived.replace(target)
    elif not exchange(arrived, target):
        target.rename(staging / OLD)
        try:
            _put_new(arrived, target)
        except BaseException:
            (staging / OLD).rename(target)
            raise


def restore_old(target: Path, staging: Path) -> None:
    """Bring back what an earlier run moved away just before it was killed."""
    if os.path.lexists(staging / OLD) and not os.path.lexists(target):
        (staging / OLD).rename(target)


def _put_new(arrived: Path, target: Path) -> None:
    """Rename where nothing is; a file would replace another one, so it gets a second name, which never does."""
    if arrived.is_dir():
        try:
            arrived.rename(target)
        except OSError as error:
            if error.errno in {errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR}:
                raise _appeared(target) from error
            raise
        return
    try:
        target.hardlink_to(arrived)
    except FileExistsError as error:
        raise _appeared(target) from error
    except (OSError, NotImplementedError):  # no such names here, as on FAT
        if os.path.lexists(target):
            raise _appeared(target) from None
        arrived.rename(target)
    else:
        arrived.unlink()


def exchange(one: Path, other: Path) -> bool:
    """Let two names change places in one step, where the system can do that.

    Returns:
        Whether it could.
    """
    import ctypes

    names = os.fsencode(one), os.fsencode(other)
    try:
        system = ctypes.CDLL(None, use_errno=True)
        failed = (
            system.renamex_np(*names, _SWAP)
            if sys.platform == "darwin"
            else system.renameat2(_HERE, names[0], _HERE, names[1], _SWAP)
        )
    except (AttributeError, OSError, TypeError):
        return False
    return not failed


def _appeared(target: Path) -> Conflict:
    """Say that somebody else was faster."""
    return Conflict(f"{str(target)!r} has appeared meanwhile", hint="look at it; replace it: --force")


def _allow_to_run(item: Item, place: Path) -> None:
    """Let whoever may read a program run it."""
    if item.executable:
        mode = stat.S_IMODE(place.stat().st_mode)
        place.chmod(mode | (mode & 0o444) >> 2)
