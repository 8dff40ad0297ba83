"""`gc`: deletes from DVC's cache, or from a store, what no ref of the repository needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from gitreg.core.contents import Advance, no_advance
from gitreg.core.garbage import Garbage, Leftover, pile_up
from gitreg.errors import NotFound, Refused, UsageFault
from gitreg.operations.context import Context, now, require_clone
from gitreg.operations.gc_lists import Lists
from gitreg.operations.get_files import run_side_by_side
from gitreg.operations.keep import Needed, find_needed
from gitreg.operations.load_store import load_cache_folder, load_store_settings
from gitreg.operations.moment import head_commit
from gitreg.storage.folder import Folder
from gitreg.storage.opening import open_store
from gitreg.storage.store import Store

DAYS: Final = 14.0
"""The age below which nothing is deleted: whoever has pushed bytes has not always pushed the commit yet."""

_DAY: Final = 24 * 3600
_AT_ONCE: Final = 8
# Where DVC 3 puts objects, and where DVC 2 did. Nothing else is ever touched.
_LIST: Final = ".dir"
_OBJECT: Final = re.compile(r"(?:files/md5/)?([0-9a-f]{2})/([0-9a-f]{30})(\.dir)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """What to collect.

    Attributes:
        remote: the store: its name, an address or a path; None: DVC's cache.
        days: nothing younger is deleted.
        delete: delete, and not only say what.
    """

    remote: str | None = None
    days: float = DAYS
    delete: bool = False


def collect_garbage(context: Context, wanted: Collecting) -> Garbage:
    """Find what nothing needs, and delete it if that is wanted.

    Raises:
        UsageFault: the age is none.
        NotFound: there is no such place.
        Refused: the place keeps bytes in another way than by their hashes.
        Unanswerable: this clone cannot know what is needed, or the list of a folder that is needed cannot be read.
        ExternalFault: the git remote or the place does not answer.
    """
    require_clone(context)
    if not wanted.days >= 0:
        raise UsageFault(f"{wanted.days:g} days is no age", hint="write how old garbage must be: --older-than 14")
    store, elsewhere = _open(context, wanted.remote)
    needed = find_needed(context)  # before the place is listed: what comes meanwhile is too young
    kept = [Leftover(stored.key, stored.size, stored.modified) for stored in store.list("")]
    heaps = _Heaps(kept, oldest=now() - wanted.days * _DAY)
    heaps.sort(needed.hashes, set())
    if heaps.garbage:
        _follow_lists(heaps, needed, Lists(store, {thing.key for thing in kept}, elsewhere))
    garbage = sorted(heaps.garbage, key=lambda thing: (not thing.key.endswith(_LIST), thing.key))
    if wanted.delete:
        _delete(store, garbage)
    return Garbage(
        address=store.address(""),
        refs=needed.refs,
        days=wanted.days,
        objects=tuple(garbage),
        needed=pile_up(heaps.needed),
        young=pile_up(heaps.young),
        foreign=pile_up(heaps.foreign),
        dry_run=not wanted.delete,
    )


class _Heaps:
    """What a place keeps, in heaps.

    Args:
        kept: all of it.
        oldest: the time in seconds since 1970 after which a thing is young.
    """

    def __init__(self, kept: list[Leftover], *, oldest: float) -> None:
        """Begin with one heap."""
        self._kept = kept
        self._oldest = oldest
        self.garbage: list[Leftover] = []
        self.needed: list[Leftover] = []
        self.young: list[Leftover] = []
        self.foreign: list[Leftover] = []

    def sort(self, needed: Collection[bytes], spared: Collection[bytes]) -> None:
        """Put each thing on its heap.

        Args:
            needed: hashes that the repository needs.
            spared: hashes that young lists name.
        """
        self.garbage, self.needed, self.young, self.foreign = [], [], [], []
        for thing in self._kept:
            digest = digest_of(thing.key)
            if digest is None:
                self.foreign.append(thing)
            elif digest in needed:
                self.needed.append(thing)
            elif thing.modified is None or thing.modified > self._oldest or digest in spared:
                self.young.append(thing)
            else:
                self.garbage.append(thing)


def digest_of(key: str) -> bytes | None:
    """Read the 32 hex digits of the hash out of the key of an object; None of what is no object."""
    match = _OBJECT.fullmatch(key)
    return f"{match[1]}{match[2]}".encode() if match else None


def _follow_lists(heaps: _Heaps, needed: Needed, lists: Lists) -> None:
    """Sort again with what the lists name that stay."""
    stored = {digest for thing in heaps.needed if thing.key.endswith(_LIST) and (digest := digest_of(thing.key))}
    needed.hashes.update(lists.require(needed.lists | stored))
    young = {digest for thing in heaps.young if thing.key.endswith(_LIST) and (digest := digest_of(thing.key))}
    heaps.sort(needed.hashes, set(lists.try_to_read(young)))


def _delete(store: Store, garbage: Sequence[Leftover]) -> None:
    """Delete: all lists of folders first, so that no list is ever left whose files are gone."""
    lists = [thing for thing in garbage if thing.key.endswith(_LIST)]
    for heap in (lists, garbage[len(lists) :]):
        run_side_by_side([partial(_delete_one, store, thing.key) for thing in heap], _AT_ONCE, no_advance)


def _delete_one(store: Store, key: str, advance: Advance) -> None:
    """Delete one thing, if nobody has asked to stop."""
    advance(0)
    store.delete(key)


def _open(context: Context, remote: str | None) -> tuple[Store, Callable[[], Sequence[Store]]]:
    """Open the place to clean up, and say how to open the others where lists of folders may be."""
    folder = load_cache_folder(context)
    cache = Folder("DVC's cache", folder) if folder is not None and folder.is_dir() else None
    if remote is None:
        if cache is None:
            raise NotFound("DVC keeps no cache here", hint="to clean up a storage: gitreg gc --remote NAME; see: dvc remote list")
        return cache, lambda: _open_configured(context)
    settings = load_store_settings(context, head_commit(context.repository.objects), remote=remote)
    if settings.version_aware:
        message = f"the storage {settings.name!r} keeps files under their own names, so there are no hashes to tell garbage by"
        raise Refused(message, hint="let the bucket itself expire old versions")
    return open_store(settings), lambda: [cache] if cache is not None else []


def _open_configured(context: Context) -> list[Store]:
    """Open the store that counts where none is named, if there is one."""
    try:
        settings = load_store_settings(context, head_commit(context.repository.objects))
    except NotFound:
        return []
    return [] if settings.version_aware else [open_store(settings)]
