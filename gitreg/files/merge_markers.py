"""What a merge leaves to a person: both texts between markers, as git writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from gitreg.core.merge_entries import Side

_LINES = re.compile(r"[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines of which a person has to choose."""

    base: str
    ours: str
    theirs: str


Piece: TypeAlias = str | Hunk


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """How conflicts are marked.

    Attributes:
        size: how many characters a marker has.
        style: as git's ``merge.conflictStyle``: ``merge``, ``diff3`` or ``zdiff3``.
        ours, base, theirs: what stands behind the markers.
    """

    size: int = 7
    style: str = "merge"
    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


def mark_pieces(pieces: Iterable[Piece], markers: Markers, newline: str) -> str:
    """Write a text with its conflicts."""
    return "".join(piece if isinstance(piece, str) else _mark(piece, markers, newline) for piece in pieces)


def choose_pieces(pieces: Iterable[Piece], side: Side) -> str:
    """Write a text with what one side has in the place of each conflict."""
    return "".join(piece if isinstance(piece, str) else getattr(piece, side) for piece in pieces)


def _mark(hunk: Hunk, markers: Markers, newline: str) -> str:
    """Write a conflict; lines that both sides have stand before and behind it, but for ``diff3``."""
    ours, theirs = _LINES.findall(hunk.ours), _LINES.findall(hunk.theirs)
    begin = _common(ours, theirs) if markers.style != "diff3" else 0
    end = _common(ours[begin:][::-1], theirs[begin:][::-1]) if markers.style != "diff3" else 0
    lines = [*ours[:begin], f"{'<' * markers.size} {markers.ours}{newline}", *ours[begin : len(ours) - end]]
    if markers.style in {"diff3", "zdiff3"}:
        lines += [f"{'|' * markers.size} {markers.base}{newline}", hunk.base]
    lines += [f"{'=' * markers.size}{newline}", *theirs[begin : len(theirs) - end]]
    lines += [f"{'>' * markers.size} {markers.theirs}{newline}", *ours[len(ours) - end :]]
    return "".join(lines)


def _common(one: list[str], other: list[str]) -> int:
    """Count the lines at the beginning that are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (here, there) in pairs if here != there), min(len(one), len(other)))
