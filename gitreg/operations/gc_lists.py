"""Lists of folders, read for the hashes in them: what a list names is needed as long as the list is."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from gitreg.core.contents import Contents, Item, Source, no_advance
from gitreg.core.entries import PointerKind
from gitreg.errors import Corrupted, NotFound, Unanswerable
from gitreg.operations.get_files import Loaded, fetch_files, staged_file
from gitreg.storage.manifest import LARGEST

_TOGETHER: Final = 64  # lists that are on the disk at the same time
_JOBS: Final = 8
_HASH: Final = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


class Lists:
    """Reads lists of folders.

    Args:
        store: the place that is cleaned up.
        keys: the keys of everything that is there.
        elsewhere: opens the other places where lists may be; called only if a list is not there.
    """

    def __init__(self, store: Source, keys: Collection[str], elsewhere: Callable[[], Sequence[Source]]) -> None:
        """Remember all."""
        self._store = store
        self._keys = keys
        self._elsewhere = elsewhere
        self._opened: Sequence[Source] | None = None

    def require(self, digests: Iterable[bytes]) -> Iterator[bytes]:
        """Read lists that are needed, and give the hashes in them.

        Args:
            digests: 32 hex digits each.

        Raises:
            Unanswerable: one of them is nowhere, or damaged everywhere.
            ExternalFault: a place does not answer.
        """
        wanted = [digest.decode() for digest in sorted(digests)]
        for start in range(0, len(wanted), _TOGETHER):
            try:
                yield from self._read(wanted[start : start + _TOGETHER])
            except (NotFound, Corrupted) as error:
                message = f"the list of a folder that is needed cannot be read, so what it names is not known: {error.message}"
                hint = "bring it here from where it is: dvc fetch --all-tags --all-branches"
                raise Unanswerable(message, hint=hint) from error

    def try_to_read(self, digests: Iterable[bytes]) -> Iterator[bytes]:
        """Read lists that nothing needs, as far as they are whole, and give the hashes in them."""
        for digest in sorted(digests):
            with suppress(NotFound, Corrupted):
                yield from self._read([digest.decode()])

    def _read(self, digests: Sequence[str]) -> Iterator[bytes]:
        """Fetch lists into a folder of their own, each held against its name, and read them."""
        here = {digest: key for digest in digests if (key := next((key for key in _keys(digest) if key in self._keys), None))}
        groups = {(self._store, *self._others(missing=False)): here} if here else {}
        for digest in digests:
            if digest not in here:
                source, key = self._find(digest)
                groups.setdefault((source,), {})[digest] = key
        for sources, keys in groups.items():
            yield from _fetch(keys, sources)

    def _others(self, *, missing: bool) -> Sequence[Source]:
        """Open the other places, if something is missing here."""
        if self._opened is None and missing:
            self._opened = self._elsewhere()
        return self._opened or ()

    def _find(self, digest: str) -> tuple[Source, str]:
        """Find a list in another place.

        Raises:
            NotFound: it is nowhere.
        """
        others = self._others(missing=True)
        for source in others:
            for key in _keys(digest):
                if source.size(key) is not None:
                    return source, key
        places = " and ".join(source.address("") for source in (self._store, *others))
        raise NotFound(f"{digest}.dir is not in {places}")


def _keys(digest: str) -> tuple[str, str]:
    """Write the keys that DVC 3 and DVC 2 give the list of a folder."""
    place = f"{digest[:2]}/{digest[2:]}.dir"
    return f"files/md5/{place}", place


def _fetch(keys: dict[str, str], sources: tuple[Source, ...]) -> Iterator[bytes]:
    """Fetch lists, several at once."""
    items = tuple(Item(path=digest, hash=f"md5:{digest}", size=None, key=key) for digest, key in keys.items())
    contents = Contents(kind=PointerKind.DVC, path="", items=items, is_folder=True)
    with tempfile.TemporaryDirectory(prefix="gitreg-") as folder:
        fetch_files(Loaded(contents, sources, most=LARGEST), Path(folder), jobs=_JOBS, advance=no_advance)
        for item in items:
            yield from _HASH.findall(staged_file(Path(folder), item).read_bytes())
