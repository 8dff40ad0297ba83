"""Local files that bytes of a store arrive in."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import IO


def open_at(path: str, start: int) -> IO[bytes]:
    """Open a file to be written from a place on; it is cut off there.

    Raises:
        OSError: the system does not let us.
    """
    file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666), "wb")
    try:
        file.truncate(start)
        file.seek(start)
    except BaseException:
        file.close()
        raise
    return file


def take_range(pieces: Iterable[bytes], start: int, length: int) -> bytes:
    """Take a part out of bytes that come in pieces; no more pieces are asked for than are needed."""
    found = bytearray()
    for piece in pieces:
        found += piece[start : start + length - len(found)]
        start = max(0, start - len(piece))
        if len(found) >= length:
            break
    return bytes(found)
