"""The cache of all repositories that were read by their address: where it is, what is in it, and how it stays small."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gitreg.core.cached import Cache, Cached
from gitreg.errors import ExternalFault, UsageFault
from gitreg.git.addresses import Address
from gitreg.git.mirror_folder import GONE, MirrorFolder

_LIMIT: Final = 1 << 30
_SIZE = re.compile(r"([0-9]{1,18})\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
_UNITS: Final = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}
_KEY = re.compile(r"[0-9a-f]{32}")


def cache_root() -> Path:
    """Say where the cache is.

    Raises:
        UsageFault: nothing says where, and there is no home folder.
    """
    given = os.environ.get("GITREG_CACHE_DIR")
    if given:
        return Path(given).absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    if shared and Path(shared).is_absolute():  # what is relative is to be ignored, says the standard
        return Path(shared) / "gitreg"
    try:
        home = Path.home()
    except RuntimeError as error:  # a user whom the system does not know, as in a container
        raise UsageFault("there is no home folder for the cache", hint="name one: export GITREG_CACHE_DIR=FOLDER") from error
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "gitreg"


def mirror_folder(address: Address) -> MirrorFolder:
    """Say where the repository at an address is kept."""
    return MirrorFolder(cache_root() / "repositories" / address.key)


def read_cache() -> Cache:
    """Look at what is in the cache."""
    found = (found for folder in _folders() if (found := _describe(folder)).address)
    by_use = sorted(found, key=lambda found: (-found.used_at, found.address))
    return Cache(folder=str(cache_root()), limit=read_limit(), repositories=tuple(by_use))


def clear_cache(address: Address | None, *, dry_run: bool = False) -> tuple[Cached, ...]:
    """Remove what is kept of one address, or of all.

    Returns:
        What was removed.
    """
    removed = []
    for folder in _folders():
        if address is None or folder.path.name == address.key:
            found = _describe(folder)
            removed += [found] if found.address else []
            if not dry_run:
                _remove(folder)
    if not dry_run:
        _sweep()
    return tuple(removed)


def make_room() -> None:
    """Remove what was not used for the longest time, until the rest is within the limit."""
    folders = sorted(_folders(), key=lambda folder: folder.used_at, reverse=True)
    left = read_limit()
    for folder in folders:
        left -= folder.size()
        if left < 0:
            with suppress(ExternalFault):  # somebody is at work there
                _remove(folder, wait=False)
    _sweep()


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
    places = (MirrorFolder(path) for path in _list_places() if _KEY.fullmatch(path.name))
    yield from (folder for folder in places if os.path.isfile(folder.path / "address"))  # noqa: PTH113  what cannot be looked at is none


def _list_places() -> list[Path]:
    """List whatever lies where the folders are; nothing, where nobody may look."""
    try:
        return sorted((cache_root() / "repositories").iterdir())
    except OSError:
        return []


def _remove(folder: MirrorFolder, *, wait: bool = True) -> None:
    """Remove a folder, unless somebody else does."""
    try:
        with folder.alone(wait=wait):
            folder.remove()
    except ExternalFault:
        if folder.path.exists():
            raise


def _sweep() -> None:
    """Remove what a process left behind that was killed while it removed something."""
    for path in _list_places():
        if path.name.endswith(GONE):
            shutil.rmtree(path, ignore_errors=True)


def _describe(folder: MirrorFolder) -> Cached:
    """Say what is in a folder of the cache."""
    try:
        address = (folder.path / "address").read_text("utf-8", "replace").strip()
    except OSError:  # removed since it was listed
        address = ""
    return Cached(address=address, size=folder.size(), tags=len(folder.recall()), used_at=folder.used_at)
