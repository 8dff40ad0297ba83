"""What Tab offers for a query: fields, and behind a field what there is to compare it with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from gitreg.core.findings import parse_sorting
from gitreg.core.query import FIELDS, NAMED, Condition, Field, Operator, split_field
from gitreg.core.query_format import format_condition, format_field
from gitreg.errors import UsageFault

_CONDITION: Final = re.compile(r"([^\s()\"'<>=!:]+)(:|=)")

Words = Callable[[Field], Iterable[str]]
"""Lists what a field is compared with."""


def complete_query(word: str, words: Words) -> list[str]:
    """List what may stand in the place of the last word of a query.

    Args:
        word: what is there of it.
        words: asked for one field at most.
    """
    opened = word[: len(word) - len(word.lstrip("("))]
    rest = word[len(opened) :]
    match = _CONDITION.match(rest)
    if match is not None:
        field, name = split_field(match[1])
        if field is None or field in NAMED or name:
            return []
        return [opened + format_condition(Condition(field, Operator(match[2]), value)) for value in words(field)]
    head = rest.partition(".")[0]
    if "." in rest and head in NAMED:
        return [opened + format_field(Field(head), name) for name in words(Field(head))]
    return [f"{opened}{field}" for field in (*(f"{field}:" for field in FIELDS), *(f"{field}." for field in NAMED))]


def complete_sorting(word: str, words: Words) -> list[str]:
    """List what versions may be sorted by, forwards or with a dash before it backwards.

    Args:
        word: what is there of it.
        words: asked for one field at most.
    """
    dash = "-" if word.startswith("-") else ""
    head, dot, _ = word.removeprefix(dash).partition(".")
    if dot:
        return [f"{dash}{head}.{name}" for name in words(Field(head))] if head in NAMED else []
    return [f"{dash}{field}" for field in (*filter(_is_sortable, FIELDS), *(f"{field}." for field in NAMED))]


def _is_sortable(field: str) -> bool:
    """Say whether versions can be sorted by a field."""
    try:
        parse_sorting(field)
    except UsageFault:
        return False
    return True
