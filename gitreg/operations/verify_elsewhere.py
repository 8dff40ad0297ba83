"""Verifying what DVC does not keep by its hash: in git, at an address, in another repository, or as versions of a bucket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gitreg.core.contents import Source
from gitreg.core.entries import Pointer
from gitreg.core.verdicts import Verdict, Verified
from gitreg.errors import ExternalFault, GitregError, NotFound
from gitreg.files.outs import Origin
from gitreg.operations.context import Context
from gitreg.operations.load_contents import load_contents
from gitreg.operations.verify_shelf import Shelf, Wanted

_FETCH_OBJECTS = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"


def check_git(context: Context, named: Verified, pointer: Pointer) -> Verified:
    """Look whether the commit has the bytes itself; of a folder, its list."""
    object_id = (pointer.hash or "").partition(":")[2]
    found = next(iter(context.repository.objects.stat([object_id]))) if object_id else None
    if found is None or found.type or context.repository.mirror is not None:
        return replace(named, verdict=Verdict.OK, where="git", detail="", hint="")
    detail = f"this clone lacks the object {object_id}"
    return replace(named, verdict=Verdict.NO_ANSWER, where="git", detail=detail, hint=_FETCH_OBJECTS)


def describe_import(named: Verified, origin: Origin) -> Verified:
    """Say that the bytes are in another repository, which is not asked."""
    detail = f"imported from {origin.path!r} of another repository, which keeps the bytes"
    return replace(named, verdict=Verdict.UNCHECKED, detail=detail, hint="")


def check_contents(context: Context, named: Verified, remote: str | None, shelve: Callable[[Source], Shelf]) -> Verified:
    """Ask the place of the bytes for each file of them.

    Args:
        context: where.
        named: what is known from the commit.
        remote: the storage to ask in place of the one that is configured.
        shelve: puts all questions to a place on a shelf.
    """
    try:
        loaded = load_contents(context, named.commit, named.path or "", remote=remote)
    except GitregError as error:
        return replace(named, verdict=_judge(error), detail=error.message, hint=error.hint)
    shelf = shelve(loaded.sources[-1])
    wanted = [Wanted(item.key, item.hash, item.size) for item in loaded.contents.items]
    shelf.ask(wanted)
    found = next((finding for want in wanted if (finding := shelf.find(want)).verdict is not Verdict.OK), None)
    sizes = [shelf.size(want.key) for want in wanted]
    row = replace(
        named,
        verdict=Verdict.OK,
        where=shelf.address,
        detail="",
        hint="",
        size=None if None in sizes else sum(size or 0 for size in sizes),
        files=len(wanted) if loaded.contents.is_folder else None,
    )
    if found is not None:
        return replace(row, verdict=found.verdict, detail=found.detail, size=named.size)
    if loaded.contents.verified:
        return row
    return replace(row, verdict=Verdict.UNCHECKED, detail="it is there, but nothing says what the bytes should be")


def _judge(error: GitregError) -> Verdict:
    """Say what it means that nobody can say which bytes there should be."""
    if isinstance(error, NotFound):
        return Verdict.MISSING
    return Verdict.NO_ANSWER if isinstance(error, ExternalFault) else Verdict.UNCHECKED
