"""Keys of stored files: relative paths with ``/`` between their parts, which never lead out of a store."""

from __future__ import annotations

import re
from typing import Final

from gitreg.errors import Refused

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_VERSION: Final = "?versionId="
_LONGEST: Final = 4096


def check_key(key: str) -> str:
    """Give a key back if it leads nowhere else.

    Args:
        key: relative; empty for the address of the store itself, where that is a file.

    Raises:
        Refused: it is absolute, leads up, or holds what no name of a file should hold.
    """
    odd = any(part in {"", ".", ".."} for part in key.split("/")) or "\\" in key or _CONTROL.search(key)
    if key and (odd or len(key) > _LONGEST):
        raise Refused(f"{key!r} is no key of a stored file", hint="ask whoever made it")
    return key


def split_version(key: str) -> tuple[str, str | None]:
    """Split the id of a version from a key of a store that keeps versions: ``PATH?versionId=ID``.

    Returns:
        The key without it, and the id or None.
    """
    path, mark, version = key.rpartition(_VERSION)
    return (path, version or None) if mark else (key, None)


def join_version(path: str, version: str | None) -> str:
    """Write the key of a version of a file, which `split_version` reads."""
    return f"{path}{_VERSION}{version}" if version else path
