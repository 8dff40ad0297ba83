"""Where the bytes of an out of DVC are looked for: the cache of this clone, then the store that is configured."""

from __future__ import annotations

from gitreg.core.contents import Advance, Source
from gitreg.errors import NotFound
from gitreg.files.outs import Out
from gitreg.operations.context import Context
from gitreg.operations.load_store import load_cache_folder, load_store_settings
from gitreg.storage.folder import Folder
from gitreg.storage.opening import open_store


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


def open_sources(context: Context, commit: str, out: Out, *, remote: str | None) -> tuple[tuple[Source, ...], str | None]:
    """Open the places that may have the bytes of an out, in the order in which they are asked.

    Args:
        context: where.
        commit: the full id.
        out: with its path from the root of the repository.
        remote: the storage that a person asked for; then no cache is looked at.

    Returns:
        The places, and the name of the store, if there is one.

    Raises:
        NotFound: no storage is configured, and there is no cache either.
    """
    folder = load_cache_folder(context, out.path) if remote is None else None
    caches = (Folder("DVC's cache", folder),) if folder is not None and folder.is_dir() else ()
    try:
        settings = load_store_settings(context, commit, path=out.path, pinned=out.remote, remote=remote)
    except NotFound as error:
        if not caches or remote is not None:
            raise
        return (*caches, Nowhere(error)), None
    return (*caches, open_store(settings)), settings.name
