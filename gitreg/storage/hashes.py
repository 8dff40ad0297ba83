"""Hashes of files, as DVC and git-lfs reckon them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from gitreg.errors import Unanswerable

PIECE: Final = 1 << 20
"""Bytes that are hashed at a time; the pieces matter for ``md5-dos2unix``, which looks at each of them by itself."""

_SAMPLE: Final = 512
_TEXT: Final = bytes(range(32, 127)) + b"\n\r\t\f\b"
_MOST_ODD: Final = 0.30


class Hasher:
    """A hash in the making.

    Args:
        algorithm: ``md5``, ``sha256`` or another one of `hashlib`; ``md5-dos2unix``, which DVC 2 used, counts the line end
            of Windows as that of Unix in what looks like text (``dvc_data/hashfile/hash.py`` and ``istextfile.py``).

    Raises:
        Unanswerable: there is no such algorithm.
    """

    def __init__(self, algorithm: str) -> None:
        """Begin."""
        self._is_old = algorithm == "md5-dos2unix"
        name = "md5" if self._is_old else algorithm
        if name not in hashlib.algorithms_available or name.startswith("shake"):
            raise Unanswerable(f"the hash {algorithm!r} cannot be checked", hint="gitreg knows md5, sha256 and their like")
        self._hash = hashlib.new(name, usedforsecurity=False)

    def update(self, piece: bytes) -> None:
        """Take in the next bytes: `PIECE` of them, less only at the end."""
        self._hash.update(piece.replace(b"\r\n", b"\n") if self._is_old and _is_text(piece[:_SAMPLE]) else piece)

    def hexdigest(self) -> str:
        """Give the hash of all that was taken in."""
        return self._hash.hexdigest()


def hash_file(path: Path, algorithm: str) -> str:
    """Hash a file.

    Returns:
        The hash in hex, without the name of the algorithm.

    Raises:
        Unanswerable: there is no such algorithm.
        OSError: the file cannot be read.
    """
    hasher = Hasher(algorithm)
    with path.open("rb", buffering=0) as file:
        while piece := file.read(PIECE):
            hasher.update(piece)
    return hasher.hexdigest()


def _is_text(sample: bytes) -> bool:
    """Guess whether bytes are text, as DVC 2 does."""
    if not sample:
        return True
    return b"\0" not in sample and len(sample.translate(None, _TEXT)) / len(sample) <= _MOST_ODD
