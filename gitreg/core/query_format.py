"""Writing queries: the inverse of `gitreg.core.query_parse`."""

from __future__ import annotations

import re

from gitreg.core.query import BARE_NAME, NAMED, WORDS, AllOf, AnyOf, Condition, Field, Not, Query, names_value
from gitreg.core.query_foreign import find_foreign_value, is_plain_word

_BARE_NAME = re.compile(BARE_NAME)
_BARE_WORD = re.compile(r"[^\s()\"'<>=!:-][^\s()\"'<>=!:]*")
_BARE_VALUE = re.compile(r"[^\s()\"'<>=!:][^\s()\"']*")


def format_query(query: Query) -> str:
    """Write a query; the inverse of `gitreg.core.query_parse.parse_query`."""
    match query:
        case Condition():
            return format_condition(query)
        case Not():
            return f"not {_format_part(query.part)}"
        case AllOf():
            return " ".join(_format_part(part) for part in query.parts)
        case _:
            return " or ".join(_format_part(part) for part in query.parts)


def format_condition(condition: Condition) -> str:
    """Write a condition: ``metric.auc>0.9``."""
    if condition.field is Field.TEXT:
        word = condition.value
        is_bare = _BARE_WORD.fullmatch(word) and word.lower() not in WORDS and is_plain_word(word) and not names_value(word)
        return word if is_bare else quote(word)
    is_bare = _BARE_VALUE.fullmatch(condition.value) and find_foreign_value(condition) is None
    value = condition.value if is_bare else quote(condition.value)
    return f"{format_field(condition.field, condition.name)}{condition.operator}{value}"


def format_field(field: Field, name: str = "") -> str:
    """Write a field, with the name that it may have: ``metric.auc``."""
    if field not in NAMED:
        return field.value
    return f"{field}.{name if _BARE_NAME.fullmatch(name) else quote(name)}"


def quote(text: str) -> str:
    """Put a text between quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _format_part(part: Query) -> str:
    """Write a part of something larger, in parentheses where it has parts itself."""
    return f"({format_query(part)})" if isinstance(part, AllOf | AnyOf) else format_query(part)
