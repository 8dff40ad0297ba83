"""Readers on readers: a cache of pages, a part of another one, bytes in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from gitreg.core.model_files import Reader

_PAGE: Final = 4 << 10
_MOST_PAGES: Final = 1024
_FIRST: Final = 16  # pages that are asked for first: most headers are in them
_MOST_AHEAD: Final = 64
_NEAR: Final = 16  # pages that are read through: a new question costs more than so many bytes


class Buffered:
    """Asks a slow reader for few and large pieces.

    Whoever reads on is served with pieces that grow; whoever jumps is served with a single page, so that the headers in a large
    file cost little.

    Args:
        reader: the slow one.
    """

    def __init__(self, reader: Reader) -> None:
        """Ask nothing yet."""
        self._reader = reader
        self._pages: OrderedDict[int, bytes] = OrderedDict()
        self._ahead = _FIRST
        self._next = 0

    @property
    def size(self) -> int:
        """Say how many bytes there are."""
        return self._reader.size

    def read(self, start: int, length: int) -> bytes:
        """Read a part from pages that are here, or are brought."""
        length = max(0, min(length, self.size - start))
        if length > _MOST_AHEAD * _PAGE:
            return self._reader.read(start, length)
        first, last = start // _PAGE, (start + length - 1) // _PAGE
        pages = [self._page(number, last) for number in range(first, last + 1)]
        return b"".join(pages)[start - first * _PAGE :][:length]

    def _page(self, number: int, last: int) -> bytes:
        """Give a page, and bring what is missing from it up to the last one that is wanted, and perhaps some more."""
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        is_near = 0 <= number - self._next <= _NEAR
        first = self._next if is_near and self._pages else number
        self._ahead = min(self._ahead * 2, _MOST_AHEAD) if is_near and self._pages else self._ahead if not self._pages else 1
        count = max(last - first + 1, self._ahead)
        data = self._reader.read(first * _PAGE, count * _PAGE)
        for place in range(0, len(data), _PAGE):
            self._pages[first + place // _PAGE] = data[place : place + _PAGE]
        self._next = first + count
        found = self._pages.get(number, b"")
        while len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        return found


class Part:
    """A part of another reader.

    Args:
        reader: the whole.
        start: where the part begins.
        size: bytes; cut off where the whole has fewer.
    """

    def __init__(self, reader: Reader, start: int, size: int) -> None:
        """Remember the part."""
        self._reader = reader
        self._start = start
        self.size = max(0, min(size, reader.size - start))

    def read(self, start: int, length: int) -> bytes:
        """Read a part of the part."""
        return self._reader.read(self._start + start, max(0, min(length, self.size - start)))


class Memory:
    """Bytes that are here.

    Args:
        data: all of them.
    """

    def __init__(self, data: bytes) -> None:
        """Remember them."""
        self._data = data
        self.size = len(data)

    def read(self, start: int, length: int) -> bytes:
        """Cut a part out."""
        return self._data[start : start + max(0, length)]
