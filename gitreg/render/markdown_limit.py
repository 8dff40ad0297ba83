"""Markdown that is never longer than a comment may be: whole rows are left out, and a line says how many and where they are.

GitHub takes 65,536 characters of a comment, GitLab 1,000,000.
Source: https://docs.gitlab.com/administration/instance_limits/#size-of-comments-and-descriptions-of-issues-merge-requests-and-epics
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gitreg.core.words import format_count
from gitreg.render.markdown import quote_markdown

MOST_BYTES: Final = 60_000
"""Bytes of UTF-8 that a comment of any forge takes, with room for what others put around it."""

_FIRST: Final = 5  # rows of each part that come before further rows of any other


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a text: what stays, and below it rows of which some may be left out.

    Attributes:
        kept: a heading, or a verdict; it ends with a newline.
        titles: lines above the rows, such as those of a table, left out where there is no row.
        rows: lines of a table or list, first what matters most; each ends with a newline.
        tail: lines below the rows, left out with them.
        more: rows that are left out already.
        rank: the lower, the sooner it gets room; of one rank the upper one does.
    """

    kept: str = ""
    titles: str = ""
    rows: tuple[str, ...] = ()
    tail: str = ""
    more: int = 0
    rank: int = 0


def limit_markdown(parts: Sequence[Part], *, command: str = "", limit: int = MOST_BYTES) -> str:
    """Put parts below each other, and leave out so many rows that all is short enough.

    Of each part a few rows are taken before further ones of any other, so that a long part hides no other one.

    Args:
        parts: from top to bottom.
        command: what prints all of it; empty: the same without ``--md``.
        limit: bytes of UTF-8; a line of some hundred bytes that says what is left out stays in any case.

    Returns:
        The text, which is all of it where that is short enough.
    """
    every = _Taken(kept=[True] * len(parts), rows=[len(part.rows) for part in parts])
    whole = _join(parts, every)
    if _measure(whole) <= limit and not any(part.more for part in parts):
        return whole
    taken = _choose(parts, limit - _measure(_close(parts, _Taken.nothing(parts), command, limit)))
    return _join(parts, taken) + _close(parts, taken, command, limit)


@dataclass(frozen=True, slots=True)
class _Taken:
    """What is taken of each part: whether what stays does, and how many rows."""

    kept: list[bool]
    rows: list[int]

    @classmethod
    def nothing(cls, parts: Sequence[Part]) -> _Taken:
        """Take nothing yet."""
        return cls([False] * len(parts), [0] * len(parts))


def _choose(parts: Sequence[Part], room: int) -> _Taken:
    """Choose what fits: what stays, then the first rows of each part, then the others."""
    taken = _Taken.nothing(parts)
    ranked = sorted(enumerate(parts), key=lambda item: item[1].rank)
    for number, part in ranked:
        size = _measure(part.kept) + 1  # for the blank line below
        taken.kept[number] = size <= room
        room -= size if size <= room else 0
    for most in (_FIRST, None):
        for number, part in ranked:
            room = _take_rows(part, taken, number, most, room) if taken.kept[number] else room
    return taken


def _take_rows(part: Part, taken: _Taken, number: int, most: int | None, room: int) -> int:
    """Take further rows of a part, up to the first that does not fit; return the room that is left."""
    for row in part.rows[taken.rows[number] : most]:
        size = _measure(row) + (0 if taken.rows[number] else _measure(part.titles) + _measure(part.tail) + 1)
        if size > room:
            break
        taken.rows[number] += 1
        room -= size
    return room


def _join(parts: Sequence[Part], taken: _Taken) -> str:
    """Put what is taken below each other, with a blank line between."""
    blocks = []
    for part, is_kept, count in zip(parts, taken.kept, taken.rows, strict=True):
        blocks += [part.kept] if part.kept and is_kept else []
        blocks += [part.titles + "".join(part.rows[:count]) + part.tail] if count else []
    return "\n".join(blocks)


def _close(parts: Sequence[Part], taken: _Taken, command: str, limit: int) -> str:
    """Say what is left out, and what prints it."""
    rows = sum(len(part.rows) + part.more for part in parts) - sum(taken.rows)
    headings = sum(bool(part.kept) and not is_kept for part, is_kept in zip(parts, taken.kept, strict=True))
    left = [format_count(rows, "row"), *([format_count(headings, "heading")] if headings else [])]
    whole = quote_markdown(command) or "the same command without `--md`"
    return f"\nLeft out, to stay below {limit:,} bytes: {' and '.join(left)}. All of it: {whole}\n"


def _measure(text: str) -> int:
    """Count the bytes of a text in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))
