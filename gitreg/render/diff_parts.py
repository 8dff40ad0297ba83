"""Parts of a text that may not be longer than so many bytes: of each the first rows, of what matters most first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from gitreg.core.words import format_count

_ROOM_TO_TELL: Final = 80  # bytes in which a part says how much of it is missing


class Part(NamedTuple):
    """A part.

    Attributes:
        head: what stands above the rows.
        rows: lines, of which the last ones may be left out.
        tail: what stands below them.
        rank: the lower, the more it matters; parts of rank 0 are always there.
        noun: what a row is of.
        more: rows that there are besides.
    """

    head: str
    rows: tuple[str, ...] = ()
    tail: str = ""
    rank: int = 0
    noun: str = ""
    more: int = 0


def fit_parts(parts: Iterable[Part], most: int) -> str:
    """Put parts together, one blank line between two, with as many rows as fit.

    Args:
        parts: from top to bottom.
        most: bytes.
    """
    listed = list(parts)
    left = most - _ROOM_TO_TELL
    texts: dict[int, str] = {}
    for number in sorted(range(len(listed)), key=lambda number: listed[number].rank):
        text = _fit(listed[number], left)
        if text is not None:
            texts[number] = text
            left -= len(text.encode()) + 1
    missing = len(listed) - len(texts)
    shown = [texts[number] for number in sorted(texts)]
    if missing:
        shown.insert(-1, f"{format_count(missing, 'more part')} did not fit here: `gitreg diff` shows all.\n")
    return "\n".join(shown)


def _fit(part: Part, left: int) -> str | None:
    """Write a part into what is left of the bytes; None where it does not fit."""
    left -= len(part.head.encode()) + len(part.tail.encode()) + _ROOM_TO_TELL
    rows = []
    for row in part.rows:
        left -= len(row.encode())
        if left < 0:
            break
        rows.append(row)
    if part.rank and not rows:
        return None
    rest = len(part.rows) - len(rows) + part.more
    told = f"\nand {format_count(rest, f'more {part.noun}')}\n" if rest else ""
    return f"{part.head}{''.join(rows)}{told}{part.tail}"
