"""Compressed bytes: unpacked from the beginning on, a piece at a time, and never more than is agreed.

A few kilobytes can unpack to terabytes; whoever reads here gets the first of them and a sentence.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any, Final

from gitreg.core.model_files import Reader
from gitreg.formats.draft import Damaged

MOST: Final = 256 << 20
"""Bytes that are unpacked."""

_PIECE: Final = 64 << 10
_WINDOW: Final = 1 << 20
_LZMA_MEMORY: Final = 24 << 20
_MAGIC: Final = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x5d\x00\x00", "xz"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
)
_ZLIB: Final = frozenset({b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"})


def find_packing(head: bytes) -> str | None:
    """Say how bytes are compressed, by the first of them; None where they are not."""
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), None)
    return found or ("zlib" if head[:2] in _ZLIB else None)


class Unpacked:
    """Compressed bytes as they would be unpacked, from the beginning to the end; going back more than a little is refused.

    Args:
        reader: the compressed bytes.
        packing: ``zlib``, ``gzip``, ``deflate``, ``bz2`` or ``xz``.
        size: bytes that there should be; None: nobody knows.

    Raises:
        Damaged: nobody here can unpack them.
    """

    def __init__(self, reader: Reader, packing: str, size: int | None = None) -> None:
        """Unpack nothing yet."""
        self._reader = reader
        self._unpack = _make_unpacker(packing)
        self.size = MOST if size is None else min(size, MOST)
        self._place = 0
        self._window = b""
        self._start = 0
        self._ended = False

    def read(self, start: int, length: int) -> bytes:
        """Read a part that is not far behind what was read last.

        Raises:
            Damaged: it is, or the bytes cannot be unpacked.
        """
        if start < self._start:
            raise Damaged("compressed bytes cannot be read twice")
        stop = min(start + max(0, length), self.size)
        parts: list[bytes] = []
        while True:
            here = max(start, self._start)
            parts.append(self._window[here - self._start : max(0, stop - self._start)])
            if self._start + len(self._window) >= stop or self._ended:
                return b"".join(parts)
            start = max(start, self._start + len(self._window))
            self._next()

    def _next(self) -> None:
        """Unpack the next piece."""
        piece = b""
        if self._unpack.needs_input:
            piece = self._reader.read(self._place, _PIECE)
            self._place += len(piece)
        self._start += len(self._window)
        try:
            self._window = self._unpack.take(piece)
        except (EOFError, MemoryError, OSError, ValueError, zlib.error) as error:
            raise Damaged("it cannot be unpacked") from error
        except Exception as error:
            if type(error).__name__ != "LZMAError":
                raise
            raise Damaged("it cannot be unpacked") from error
        self._ended = self._unpack.ended or (not piece and not self._window)


class _Zlib:
    """Unpacks what zlib, gzip and zip pack.

    Args:
        bits: how the beginning looks, as zlib numbers it.
    """

    def __init__(self, bits: int) -> None:
        """Unpack nothing yet."""
        self._unpacker = zlib.decompressobj(bits)

    @property
    def needs_input(self) -> bool:
        """Say whether all that was given is unpacked."""
        return not self._unpacker.unconsumed_tail

    @property
    def ended(self) -> bool:
        """Say whether the end was met."""
        return self._unpacker.eof

    def take(self, piece: bytes) -> bytes:
        """Unpack the next bytes."""
        return self._unpacker.decompress(piece or self._unpacker.unconsumed_tail, _WINDOW)


class _Other:
    """Unpacks what bz2 and xz pack.

    Args:
        unpacker: of the module.
    """

    def __init__(self, unpacker: Any) -> None:  # noqa: ANN401  two classes that share what is needed
        """Unpack nothing yet."""
        self._unpacker = unpacker

    @property
    def needs_input(self) -> bool:
        """Say whether all that was given is unpacked."""
        return bool(self._unpacker.needs_input)

    @property
    def ended(self) -> bool:
        """Say whether the end was met."""
        return bool(self._unpacker.eof)

    def take(self, piece: bytes) -> bytes:
        """Unpack the next bytes."""
        return bytes(self._unpacker.decompress(piece, _WINDOW))


def _make_bz2() -> _Other:
    """Make what unpacks bz2."""
    from bz2 import BZ2Decompressor

    return _Other(BZ2Decompressor())


def _make_xz() -> _Other:
    """Make what unpacks xz; a file may ask for gigabytes of memory, and gets little."""
    from lzma import FORMAT_AUTO, LZMADecompressor

    return _Other(LZMADecompressor(FORMAT_AUTO, memlimit=_LZMA_MEMORY))


_UNPACKERS: Final[dict[str, Callable[[], _Zlib | _Other]]] = {
    "bz2": _make_bz2,
    "deflate": lambda: _Zlib(-zlib.MAX_WBITS),
    "gzip": lambda: _Zlib(16 + zlib.MAX_WBITS),
    "xz": _make_xz,
    "zlib": lambda: _Zlib(zlib.MAX_WBITS),
}


def _make_unpacker(packing: str) -> _Zlib | _Other:
    """Make what unpacks.

    Raises:
        Damaged: nobody here can.
    """
    if packing not in _UNPACKERS:
        raise Damaged(f"it is compressed with {packing}, which is not unpacked here")
    return _UNPACKERS[packing]()
