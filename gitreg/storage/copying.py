"""Copying files: by sharing blocks where the file system can (btrfs, XFS), else byte by byte."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from gitreg.core.contents import Advance

_PIECE: Final = 4 << 20  # bytes
_FICLONE: Final = 0x40049409  # linux/fs.h


def copy_file(source: Path, target: Path, advance: Advance, *, sync: bool = False) -> None:
    """Copy a file over whatever the target holds.

    Args:
        source: where from.
        target: where to; it becomes a file of its own, never a link.
        advance: told of each piece.
        sync: whether the bytes must have reached the disk.

    Raises:
        OSError: the system does not let us.
    """
    with source.open("rb") as reader, target.open("wb") as writer:
        if share_blocks(reader, writer):
            advance(os.fstat(writer.fileno()).st_size)
        else:
            _copy(reader, writer, advance)
        if sync:
            writer.flush()
            os.fsync(writer.fileno())


def append_file(source: Path, target: Path, start: int, advance: Advance) -> None:
    """Copy a file from a place in it to the end of another one, which holds what is before.

    Raises:
        OSError: the system does not let us.
    """
    with source.open("rb") as reader, target.open("ab") as writer:
        reader.seek(start)
        _copy(reader, writer, advance)


def share_blocks(reader: IO[bytes], writer: IO[bytes]) -> bool:
    """Let an empty file have the blocks of another one, copied only when one of the two is written to.

    Returns:
        Whether the file system could.
    """
    if sys.platform != "linux":
        return False
    import fcntl

    with suppress(OSError):
        fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        return True
    return False


def _copy(reader: IO[bytes], writer: IO[bytes], advance: Advance) -> None:
    """Copy the rest of a file, a piece at a time."""
    while piece := reader.read(_PIECE):
        writer.write(piece)
        advance(len(piece))
