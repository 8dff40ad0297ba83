"""Markdown that does nothing but show: whatever a value holds, it is neither a link nor a mention, neither HTML nor another cell.

A value is a code span, which GitHub and GitLab look for nothing in. What could end the span or the cell of a table (a backtick, a
pipe, a backslash) is written as a number, in ``<code>``. Source: https://github.github.com/gfm and https://spec.commonmark.org
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from gitreg.render.text import escape

_ENDS_SPAN: Final = re.compile(r"[`|\\]")
_SIGN: Final = re.compile(r"(?<=www)\.|[!-+/:-@\[-`{-~]", re.IGNORECASE)  # a comma, a dot and a dash mean nothing in a line
_LINKING: Final = frozenset("@#!~%&$^")  # a forge makes links of words behind these, also where they stand as numbers


def quote_markdown(text: str) -> str:
    """Write a value as code; an empty one is nothing.

    Args:
        text: anything, from a repository or a person.
    """
    safe = escape(text)
    if not safe.strip():
        return ""
    return f"<code>{_number(safe)}</code>" if _ENDS_SPAN.search(safe) else f"`{safe}`"


def escape_markdown(text: str) -> str:
    """Write a text that is no value, such as a heading, as the text that it is.

    Args:
        text: anything, from a repository or a person.
    """
    return _number(escape(text))


def format_markdown_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table.

    Args:
        titles: of the columns, escaped.
        rows: their cells, escaped.
    """
    return "".join(map(format_markdown_row, [titles, ["---"] * len(titles), *rows]))


def format_markdown_row(cells: Sequence[str]) -> str:
    """Write a row of a table.

    Args:
        cells: escaped.
    """
    return f"| {' | '.join(cells)} |\n"


def _number(text: str) -> str:
    """Write signs as numbers, which have no meaning in Markdown, and keep apart from what follows what a forge would link."""
    return _SIGN.sub(lambda match: f"&#{ord(match[0])};" + ("<!-- -->" if match[0] in _LINKING else ""), text)
