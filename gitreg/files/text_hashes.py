"""Hashes of a file that git keeps and DVC has hashed where it was made."""

from __future__ import annotations

import hashlib
from typing import Final

LARGEST_HASHED: Final = 1 << 20
"""Bytes of a file that is read for its hashes alone."""

_LFS: Final = b"version https://git-lfs.github.com/spec/"  # of a file that git-lfs keeps git has but a pointer


def list_hashes(data: bytes) -> tuple[str, ...]:
    """List the hashes that DVC may have for a file.

    Of a text there are several: it may have stood on a disk with the line ends of Windows.

    Args:
        data: the bytes that git has.

    Returns:
        Each as ``md5:`` and hexadecimal digits; nothing where git does not have the file itself.
    """
    if data.startswith(_LFS):
        return ()
    lines = data.replace(b"\r\n", b"\n")
    texts = dict.fromkeys((data, lines, lines.replace(b"\n", b"\r\n")))
    return tuple(map(_hash, texts))


def has_hash(data: bytes, digest: str) -> bool:
    """Say whether a file may have had a hash; of one that git does not have itself nobody knows better."""
    return _hash(data) == digest or digest in list_hashes(data) or data.startswith(_LFS)


def _hash(data: bytes) -> str:
    """Hash bytes as DVC does."""
    return f"md5:{hashlib.md5(data, usedforsecurity=False).hexdigest()}"
