"""The cache of all repositories that were read by their address: where it is, what is in it, and how it stays small."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from gitreg.core.cached import Cache, Cached
from gitreg.errors import UsageFault
from gitreg.git.addresses import Address
from gitreg.git.mirror_folder import MirrorFolder

_LIMIT: Final = 1 << 30
_SIZE = re.compile(r"([0-9]{1,18})\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_UNITS: Final = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_KEY = re.compile(r"[0-9a-f]{32}")


def cache_root() -> Path:
    """Say where the cache is."""
    given = os.environ.get("GITREG_CACHE_DIR")
    if given:
        return Path(given).absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    if shared and Path(shared).is_absolute():  # what is relative is to be ignored, says the standard
        return Path(shared) / "gitreg"
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "gitreg"


def mirror_folder(address: Address) -> MirrorFolder:
    """Say where the repository at an address is kept."""
    return MirrorFolder(cache_root() / "repositories" / address.key)


def read_cache() -> Cache:
    """Look at what is in the cache."""
    found = sorted((_describe(folder) for folder in _folders()), key=lambda found: (-found.used_at, found.address))
    return Cache(folder=str(cache_root()), limit=read_limit(), repositories=tuple(found))


def clear_cache(address: Address | None, *, dry_run: bool = False) -> tuple[Cached, ...]:
    """Remove what is kept of one address, or of all.

    Returns:
        What was removed.
    """
    removed = []
    for folder in _folders():
        if address is None or folder.path.name == address.key:
            removed.append(_describe(folder))
            if not dry_run:
                with folder.alone():
                    folder.remove()
    return tuple(removed)


def make_room() -> None:
    """Remove what was not used for the longest time, until the rest is within the limit."""
    folders = sorted(_folders(), key=lambda folder: folder.used_at, reverse=True)
    left = read_limit()
    for folder in folders:
        left -= folder.size()
        if left < 0:
            with folder.alone():
                folder.remove()


def read_limit() -> int:
    """Read how many bytes the cache may hold.

    Raises:
        UsageFault: ``GITREG_CACHE_LIMIT`` is no size.
    """
    given = os.environ.get("GITREG_CACHE_LIMIT")
    if not given:
        return _LIMIT
    match = _SIZE.fullmatch(given.strip())
    if match is None:
        raise UsageFault(f"GITREG_CACHE_LIMIT is {given!r}, which is no size", hint="write bytes, or 500M, or 2G")
    return int(match[1]) << _UNITS[match[2].upper()]


def _folders() -> Iterator[MirrorFolder]:
    """List the folders of the cache."""
    try:
        paths = sorted(path for path in (cache_root() / "repositories").iterdir() if _KEY.fullmatch(path.name))
    except OSError:
        return
    yield from (MirrorFolder(path) for path in paths if (path / "address").is_file())


def _describe(folder: MirrorFolder) -> Cached:
    """Say what is in a folder of the cache."""
    address = (folder.path / "address").read_text("utf-8", "replace").strip()
    return Cached(address=address, size=folder.size(), tags=len(folder.recall()), used_at=folder.used_at)
