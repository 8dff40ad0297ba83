"""A cursor goes through a reader from its beginning to its end, and jumps over what nobody wants."""

from __future__ import annotations

from typing import Final

from gitreg.core.model_files import Reader
from gitreg.core.words import format_count
from gitreg.formats.draft import BreaksOff, Damaged

MOST: Final = 16 << 20
"""Bytes that are taken at once."""

_LEAST_WINDOW: Final = 4 << 10
_LARGEST_WINDOW: Final = 64 << 10
_LAST_BIT: Final = 63


def ends_early(wanted: int, position: int, there: int) -> BreaksOff:
    """Say that a file breaks off: how many bytes should follow a place, and how many do."""
    verb = "does" if there == 1 else "do"
    return BreaksOff(f"it ends early: {format_count(wanted, 'byte')} should follow byte {position}, and {there} {verb}")


class Cursor:
    """A place in a reader.

    Args:
        reader: what to go through.
        position: where to begin.
        end: where to stop; None: at the end of the reader. A place behind it is cut off.
    """

    def __init__(self, reader: Reader, position: int = 0, end: int | None = None) -> None:
        """Read nothing yet."""
        self._reader = reader
        self.position = position
        self.end = reader.size if end is None else min(end, reader.size)
        self._window = b""
        self._start = 0
        self._ahead = _LEAST_WINDOW

    @property
    def left(self) -> int:
        """Say how many bytes are left."""
        return self.end - self.position

    def take(self, length: int) -> bytes:
        """Read bytes.

        Raises:
            Damaged: there are not so many, or they are too many to be taken at once.
        """
        place = self.position - self._start
        if place >= 0 and place + length <= len(self._window) and length <= self.left:
            self.position += length
            return self._window[place : place + length]
        return self._take(length)

    def skip(self, length: int) -> None:
        """Jump over bytes.

        Raises:
            Damaged: there are not so many.
        """
        if not 0 <= length <= self.left:
            raise ends_early(length, self.position, self.left)
        self.position += length

    def number(self, length: int, *, signed: bool = False) -> int:
        """Read a number, the least byte first.

        Raises:
            Damaged: the file ends before.
        """
        return int.from_bytes(self.take(length), "little", signed=signed)

    def varint(self) -> int:
        """Read a number as protobuf writes it: seven bits in each byte, the least first.

        Raises:
            Damaged: the file ends before, or the number is too long.
        """
        place = self.position - self._start
        if 0 <= place < len(self._window) and self._window[place] < 0x80 and self.left:  # noqa: PLR2004  a single byte
            self.position += 1
            return self._window[place]
        value = shift = 0
        while shift <= _LAST_BIT:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:  # noqa: PLR2004  the last one
                return value
            shift += 7
        raise Damaged(f"the number at byte {self.position} is too long")

    def line(self, longest: int) -> bytes:
        """Read up to the end of the line, which is taken away.

        Raises:
            Damaged: there is none in so many bytes.
        """
        data = self._reader.read(self.position, min(longest, self.left))
        line, mark, _ = data.partition(b"\n")
        if not mark:
            raise Damaged(f"the line at byte {self.position} has no end")
        self.position += len(line) + 1
        return line

    def _take(self, length: int) -> bytes:
        """Read bytes that are not in the window; whoever reads on gets larger windows."""
        if not 0 <= length <= self.left:
            raise ends_early(length, self.position, max(self.left, 0))
        if length > MOST:
            raise Damaged(f"{length} bytes at byte {self.position} are more than is looked at")
        is_next = 0 <= self.position - self._start <= len(self._window)
        self._ahead = min(self._ahead * 2, _LARGEST_WINDOW) if is_next else _LEAST_WINDOW
        data = self._reader.read(self.position, min(self.left, max(length, self._ahead)))
        if len(data) < length:
            raise ends_early(length, self.position, len(data))
        if length <= _LARGEST_WINDOW:
            self._window, self._start = data, self.position
        self.position += length
        return data[:length]
