"""Before a version is published: does its storage have the bytes? A version without bytes helps nobody, and is for ever."""

from __future__ import annotations

from collections.abc import Iterable
from shlex import quote
from typing import Final

from gitreg.core.entries import PointerKind
from gitreg.core.verdicts import BAD, Verdict, Verified
from gitreg.errors import ExternalFault, Refused
from gitreg.operations.context import Context
from gitreg.operations.load_pointers import Place
from gitreg.operations.verify_places import Verifier, Verifying

_SKIP: Final = "publish it without its bytes: --no-data-check"


def check_bytes(context: Context, places: Iterable[Place]) -> dict[Place, Verified]:
    """Refuse versions whose bytes are not where they should be.

    What git keeps is in the commit, and of an artifact without an entry, or without a path in it, there is nothing to check.

    Args:
        context: where.
        places: artifacts at the commits that are to be versions.

    Returns:
        What was found out of each.

    Raises:
        Refused: bytes are missing or others, an entry points at nothing, or a file that says where they are cannot be read.
        ExternalFault: a storage does not answer, or needs what is not installed.
    """
    found = Verifier(context, Verifying()).verify(places)
    for verified in found.values():
        if verified.verdict in BAD:
            raise _refuse(verified)
        if verified.verdict is Verdict.NO_ANSWER and verified.kind in {None, PointerKind.MISSING}:
            place = f"{verified.artifact!r} at commit {verified.commit[:7]}"
            raise Refused(f"nobody knows where the bytes of {place} are: {verified.detail}", hint=_join(verified.hint, _SKIP))
        if verified.verdict is Verdict.NO_ANSWER:
            message = f"whether the bytes of {verified.artifact!r} are there cannot be checked: {verified.detail}"
            raise ExternalFault(message, hint=_join(verified.hint, _SKIP))
    return found


def _refuse(verified: Verified) -> Refused:
    """Say what is missing and which command helps."""
    place = f"{verified.artifact!r} at commit {verified.commit[:7]}"
    path = verified.path or ""
    if verified.kind is PointerKind.MISSING:
        hint = f"track it: gitreg add {quote(path)} --name {verified.artifact} --push"
        return Refused(f"the entry of {place} points at nothing: {verified.detail}", hint=_join(hint, _SKIP))
    if verified.where is None:
        return Refused(f"the bytes of {place} are in no storage: {verified.detail}", hint=_join(verified.hint, _SKIP))
    hint = f"put them there: dvc push {quote(path)}, or gitreg add {quote(path)} --name {verified.artifact} --push"
    return Refused(f"the storage does not have the bytes of {place}: {verified.detail}", hint=_join(hint, _SKIP))


def _join(*hints: str) -> str:
    """Put hints into one sentence."""
    return "; or ".join(hint for hint in hints if hint)
