"""Loading contents that DVC imported: their bytes are where they came from, and seldom in this repository's own store."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeAlias

from gitreg.core.contents import Contents, Item
from gitreg.core.entries import PointerKind
from gitreg.errors import Refused, Unanswerable
from gitreg.files.outs import Origin, Out
from gitreg.git.addresses import parse_address
from gitreg.git.repository import Repository
from gitreg.operations.context import Context
from gitreg.operations.get_files import Loaded
from gitreg.operations.load_url_contents import place_address
from gitreg.storage.keys import join_version
from gitreg.storage.manifest import Listed, format_manifest, hash_manifest
from gitreg.storage.opening import open_store

ONLY_SIZE: Final = "nothing says what these bytes should be, so at most their size was checked"

_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

Follow: TypeAlias = Callable[[Context, str, str], Loaded]
"""Loads the contents of a path at a commit of another repository."""


def load_import(context: Context, commit: str, out: Out, origin: Origin, follow: Follow) -> Loaded | None:
    """Find the bytes of an import where they came from.

    Args:
        context: where.
        commit: the full id.
        out: with its path from the root of the repository.
        origin: where it came from.
        follow: looks into another repository.

    Returns:
        The contents; None where DVC keeps a copy in this repository's own store, as it does of an address.

    Raises:
        Unanswerable: the other repository is not named by a commit, or has another folder there.
        Refused: it is a folder of this machine, and the import was not read in a clone.
    """
    if origin.repository is not None:
        return _load_from_repository(context, out, origin, follow)
    return None if out.hash is not None or out.listed is not None else _load_from_address(context, commit, out, origin)


def _load_from_address(context: Context, commit: str, out: Out, origin: Origin) -> Loaded:
    """Open the address that was noted and never copied (``import-url --no-download``)."""
    settings, key = place_address(context, commit, origin.path)
    if key:
        key = join_version(key, origin.version_id)
    else:
        settings = replace(settings, url=join_version(settings.url, origin.version_id))
    item = Item(path="", hash=None, size=origin.size, key=key, executable=out.executable)
    contents = Contents(kind=PointerKind.DVC, path=out.path, items=(item,), is_folder=False)
    return Loaded(contents, (open_store(settings),), (ONLY_SIZE,))


def _load_from_repository(context: Context, out: Out, origin: Origin, follow: Follow) -> Loaded:
    """Look into the other repository at the commit that DVC resolved, with that repository's own stores."""
    if origin.commit is None or not _COMMIT.fullmatch(origin.commit):
        message = f"{out.path!r} was imported from another repository, and nothing says from which commit"
        raise Unanswerable(message, hint=f"bring it up to date: dvc update {out.path}.dvc")
    other = _open(context, origin)
    try:
        loaded = follow(Context(other), origin.commit, origin.path)
    finally:
        other.close()
    contents = loaded.contents
    _check_folder(contents, out, origin)
    if not contents.is_folder and out.hash is not None and not out.hash.endswith(".dir"):
        items = (replace(contents.items[0], hash=out.hash, size=out.size, executable=out.executable),)
        contents = replace(contents, items=items)
    contents = replace(contents, kind=PointerKind.DVC, path=out.path, hash=out.hash)
    return replace(loaded, contents=contents)


def _check_folder(contents: Contents, out: Out, origin: Origin) -> None:
    """Refuse a folder that is another one than was imported; what git keeps there, its commit vouches for.

    Raises:
        Unanswerable: it is.
    """
    hashes = [(item.path, *(item.hash or "").partition(":")[::2]) for item in contents.items]
    algorithm, _, expected = (out.hash or "").partition(":")
    is_list = algorithm == "md5" and expected.endswith(".dir")
    if not is_list or contents.hash == out.hash or (contents.is_folder and any(kind != "md5" for _, kind, _ in hashes)):
        return
    listed = [Listed(path, digest) for path, _, digest in hashes]
    if not contents.is_folder or hash_manifest(format_manifest(listed)) != expected:
        message = f"{origin.path!r} at commit {(origin.commit or '')[:7]} of the other repository is not the folder {out.path!r}"
        raise Unanswerable(message, hint=f"bring it up to date: dvc update {out.path}.dvc")


def _open(context: Context, origin: Origin) -> Repository:
    """Open the other repository: by its address, or as a folder where we are in a clone that knows the folder.

    Raises:
        Refused: it is a folder, and there is no clone.
    """
    place = origin.repository or ""
    address = parse_address(place)
    root = context.repository.location.work_tree
    if address is not None and (address.scheme != "file" or root is not None):
        return Repository.open_address(address)
    if root is None:
        message = f"{origin.path!r} was imported from {place!r}, a folder of the machine where that was done"
        raise Refused(message, hint="get it in a clone there, or import it by an address")
    return Repository.open(root / place)
