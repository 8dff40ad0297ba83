"""Talking through pipes with a git that runs: neither side may wait for the other for ever."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread
from typing import IO, Final

_MOST_COMPLAINTS: Final = 20  # lines
_PIECE: Final = 1 << 20


class Drain(Thread):
    """Reads what git complains of while it runs: git would stop at a full pipe, and a damaged repository can fill one."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        """Start to read."""
        super().__init__(daemon=True)
        self._stream = stream
        self._lines: list[bytes] = []
        if stream is not None:
            self.start()

    def run(self) -> None:
        """Keep the first lines."""
        with suppress(OSError, ValueError):
            for line in self._stream or ():
                if len(self._lines) < _MOST_COMPLAINTS:
                    self._lines.append(line)

    def text(self) -> str:
        """Give what was said, once git has ended."""
        if self._stream is not None:
            self.join()
        return b"".join(self._lines).decode("utf-8", "replace").strip()


def close(stream: IO[bytes] | None) -> None:
    """Close a stream, whether or not somebody is at its other end."""
    if stream is not None:
        with suppress(OSError):
            stream.close()


def write(stream: IO[bytes], requests: bytes) -> None:
    """Write requests; if git has gone, whoever reads the answers finds out."""
    with suppress(OSError):
        stream.write(requests)
        stream.flush()


def skip(stream: IO[bytes], left: int) -> None:
    """Read bytes that nobody wants, a piece at a time."""
    while left:
        left -= len(stream.read(min(left, _PIECE))) or left
