"""Where the bytes of an out of DVC are looked for: the cache of this clone, then the store that is configured."""

from __future__ import annotations

from collections.abc import Mapping

from gitreg.core.contents import Advance, Source
from gitreg.errors import NotFound
from gitreg.files.outs import Out
from gitreg.operations.context import Context
from gitreg.operations.load_store import load_cache_folder, load_store_settings
from gitreg.storage.folder import Folder
from gitreg.storage.opening import open_store
from gitreg.storage.store import StoreSettings


class Nowhere:
    """The store of a repository that has none: whoever asks it for bytes is told how to set one up.

    Args:
        reason: what to say.
    """

    def __init__(self, reason: NotFound) -> None:
        """Remember what to say."""
        self._reason = reason

    def address(self, key: str) -> str:
        """Name no place."""
        del key
        return "no storage"

    def size(self, key: str) -> int | None:
        """Refuse."""
        del key
        raise self._reason

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Refuse."""
        del key, to, start, advance
        raise self._reason

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Refuse."""
        del key, start, length
        raise self._reason


class Renamed:
    """A place that keeps the same bytes under other keys.

    Args:
        source: the place, of which any part can be read.
        keys: its keys by those that are asked for.
    """

    def __init__(self, source: Folder, keys: Mapping[str, str]) -> None:
        """Remember both."""
        self._source = source
        self._keys = keys

    def address(self, key: str) -> str:
        """Write where the bytes are there."""
        return self._source.address(self._keys.get(key, key))

    def size(self, key: str) -> int | None:
        """Ask for the bytes there."""
        return self._source.size(self._keys.get(key, key))

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Take the bytes from there."""
        self._source.download(self._keys.get(key, key), to, start, advance)

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Read a part from there."""
        return self._source.read_range(self._keys.get(key, key), start, length)


def open_cache(context: Context, path: str) -> Folder | None:
    """Open DVC's cache of this clone; None where there is none."""
    folder = load_cache_folder(context, path)
    return Folder("DVC's cache", folder) if folder is not None and folder.is_dir() else None


def open_last(
    context: Context, commit: str, out: Out, *, remote: str | None, cached: bool
) -> tuple[Source, StoreSettings | None]:
    """Open the store of an out, which is asked after any cache.

    Args:
        context: where.
        commit: the full id.
        out: with its path from the root of the repository.
        remote: the storage that a person asked for.
        cached: whether there is a cache, so that the store may not be needed at all.

    Returns:
        The store and its settings; without a store something that says how to set one up when it is asked.

    Raises:
        NotFound: no storage is configured, and there is no cache either.
    """
    try:
        settings = load_store_settings(context, commit, path=out.path, pinned=out.remote, remote=remote)
    except NotFound as error:
        if not cached:
            raise
        return Nowhere(error), None
    return open_store(settings), settings
