"""Bringing objects of DVC's cache to a store: what it lacks, several at once, and the list of a folder after its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault
from gitreg.storage.caching import Cache
from gitreg.storage.store import Store, object_key

_AT_ONCE: Final = 8

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """How many objects a store has got, and how many bytes."""

    objects: int
    size: int


def upload_objects(store: Store, cache: Cache, objects: Mapping[str, int], advance: Advance) -> Uploaded:
    """Bring objects to a store.

    Args:
        store: where to.
        cache: where from.
        objects: their sizes by digest.
        advance: told of each piece, and of what is there already.

    Raises:
        ExternalFault: the store does not take them, or has not all bytes of one of them afterwards.
    """
    lists = [digest for digest in objects if digest.endswith(".dir")]
    files = [digest for digest in objects if not digest.endswith(".dir")]
    missing = [digest for group in (files, lists) for digest in _upload_missing(store, cache, group, objects, advance)]
    return Uploaded(len(missing), sum(objects[digest] for digest in missing))


def _upload_missing(
    store: Store, cache: Cache, digests: Iterable[str], objects: Mapping[str, int], advance: Advance
) -> list[str]:
    """Upload what is not there with the right size, and look again afterwards."""
    asked = list(digests)
    missing = _find_missing(store, asked, objects)
    advance(sum(objects[digest] for digest in asked) - sum(objects[digest] for digest in missing))
    _at_once(lambda digest: store.upload(str(cache.path(digest)), _key(digest), advance), missing)
    lost = _find_missing(store, missing, objects)
    if lost:
        message = f"{store.address(_key(lost[0]))} has not the bytes that were sent there"
        raise ExternalFault(message, hint="run it again; if it stays, look at the storage")
    return missing


def _find_missing(store: Store, digests: Iterable[str], objects: Mapping[str, int]) -> list[str]:
    """Choose what a store has not, or not with the right size."""
    asked = list(digests)
    sizes = _at_once(lambda digest: store.size(_key(digest)), asked)
    return [digest for digest, size in zip(asked, sizes, strict=True) if size != objects[digest]]


def _at_once(act: Callable[[str], _Answer], digests: list[str]) -> list[_Answer]:
    """Do something for each, several at once; the first failure ends it."""
    with ThreadPoolExecutor(min(_AT_ONCE, len(digests) or 1)) as pool:
        try:
            return list(pool.map(act, digests))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _key(digest: str) -> str:
    """Write the key of an object."""
    return object_key(f"md5:{digest}")
