"""`url`: where the bytes of a version are."""

from __future__ import annotations

from typing import Final, cast

from gitreg.core.contents import Address, Contents, Source, Whereabouts
from gitreg.core.entries import PointerKind
from gitreg.core.selectors import Selector
from gitreg.errors import Refused, UsageFault
from gitreg.operations.context import Context
from gitreg.operations.get import find_path
from gitreg.operations.load_contents import load_contents
from gitreg.storage.store import Store

WEEK: Final = 7 * 24 * 3600
"""Seconds that a link lasts at most: S3 makes none that last longer."""


def find_whereabouts(
    context: Context,
    selector: Selector,
    *,
    at: str | None,
    remote: str | None = None,
    seconds: int | None = None,
    fetched: bool = False,
) -> Whereabouts:
    """Say where the bytes of a version are, or make links that anybody can read them with.

    Args:
        context: where.
        selector: of a version or a stage.
        at: a moment; None: now.
        remote: the storage to name in place of the one that is configured.
        seconds: how long links last; None: plain addresses.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: the selector names an artifact alone, or `seconds` is out of bounds.
        NotFound: it stands for nothing, or the artifact has no path there.
        Refused: the place makes no such links.
    """
    if seconds is not None and not 1 <= seconds <= WEEK:
        raise UsageFault(f"a link cannot last {seconds} seconds", hint=f"give --expires a number from 1 to {WEEK}")
    resolution, path = find_path(context, selector, at=at, fetched=fetched)
    loaded = load_contents(context, resolution.commit, path, remote=remote)
    contents, source = loaded.contents, loaded.sources[-1]
    files = tuple(Address(item=item, address=_sign(source, contents, item.key, seconds)) for item in contents.items)
    return Whereabouts(
        artifact=resolution.artifact,
        version=resolution.version,
        commit=resolution.commit,
        contents=contents,
        address=_address(resolution.commit, contents, source) if seconds is None or contents.is_folder else files[0].address,
        files=files,
        signed=seconds is not None,
        seconds=seconds,
        deprecated=resolution.deprecated,
    )


def _address(commit: str, contents: Contents, source: Source) -> str:
    """Write where the whole is; what git keeps is named as git understands it: ``git show COMMIT:PATH``."""
    if contents.kind is PointerKind.GIT:
        return f"{commit}:{'' if contents.path == '.' else contents.path}"
    return source.address("" if contents.is_folder else contents.items[0].key)


def _sign(source: Source, contents: Contents, key: str, seconds: int | None) -> str:
    """Write the address of a file, or make a link.

    Raises:
        Refused: the place makes none.
    """
    if seconds is None:
        return source.address(key)
    store = _as_store(source, contents)
    link = store.sign(key, seconds) if store is not None else None
    if link is None:
        message = f"{source.address(key)} is in a place that makes no links which last for a time"
        raise Refused(message, hint="leave --sign out for the plain address; S3, Google Cloud Storage and Azure make such links")
    return link


def _as_store(source: Source, contents: Contents) -> Store | None:
    """Take a source that is a store: git and git-lfs are none."""
    is_store = contents.kind in {PointerKind.DVC, PointerKind.URL} and hasattr(source, "sign")
    return cast("Store", source) if is_store else None
