"""Values of conditions: numbers, sizes, spans of time, hashes, and texts with ``*``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Final, NamedTuple

from gitreg.core.query import Operator

_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_]{0,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[eE][+-]?[0-9]{1,3})?")
_SIZE = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([kmgtp]i?b|b|)", re.IGNORECASE)
_UNIT = re.compile(r"[kKmMgGtTpP]i?[bB]|B|bytes?")
_TIME = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2})(?::([0-9]{2})(?::([0-9]{2}))?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)?)?",
    re.IGNORECASE,
)
_HASH = re.compile(r"(?:[a-z0-9-]{1,20}:)?[0-9a-f]{4,128}(?:\.dir)?", re.IGNORECASE)
_SPDX_PART = re.compile(r"[^\s()]+")
_SPDX_WORDS: Final = frozenset({"and", "or", "with"})
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_FLAGS: Final = {"yes": True, "true": True, "no": False, "false": False}
_ORDERS: Final[dict[Operator, Callable[..., bool]]] = {
    Operator.LESS: lt,
    Operator.LESS_OR_EQUAL: le,
    Operator.GREATER: gt,
    Operator.GREATER_OR_EQUAL: ge,
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_KILO, _KIBI = 1000, 1024
_DECEMBER: Final = 12


class Span(NamedTuple):
    """A span of time: its first and its last second, since 1970, UTC."""

    first: int
    last: int


def compare(operator: Operator, one: object, other: object) -> bool:
    """Compare two values that have an order."""
    return _ORDERS[operator](one, other)


@lru_cache(maxsize=1000)
def parse_number(text: str) -> float | None:
    """Read a number, or say that a text is none.

    Returns:
        A whole number where it is written as one, so that it is compared exactly.
    """
    if not _NUMBER.fullmatch(text):
        return None
    plain = text.replace("_", "")
    number = float(plain)
    if not math.isfinite(number):
        return None
    return int(plain) if plain.lstrip("+-").isdigit() else number


@lru_cache(maxsize=1000)
def parse_size(text: str) -> int | None:
    """Read a number of bytes: ``500``, ``1.5GB`` (10^9 bytes each), ``1GiB`` (2^30); None for any other text."""
    match = _SIZE.fullmatch(text)
    if match is None:
        return None
    unit = match[2].lower().removesuffix("b")
    factor: int = (_KIBI if unit.endswith("i") else _KILO) ** _POWERS[unit[:1]]
    return round(float(match[1]) * factor)


def is_unit(word: str) -> bool:
    """Say whether a word is a unit of sizes, which may stand behind its number and a blank: ``20 kB``."""
    return _UNIT.fullmatch(word) is not None


@lru_cache(maxsize=1000)
def parse_span(text: str) -> Span | None:
    """Read a year, a month, a day, an hour, a minute or a second; None for a text that is none of them.

    Returns:
        The whole of it: ``2025-01-31T14:05`` is a minute. A time without an offset is UTC.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    if not (year and 1 <= month <= _DECEMBER and 1 <= day <= _days_in(year, month)):
        return None
    begin = _days_before(year, month) + day - 1
    if match[4] is not None:
        return _time(begin * _DAY, match)
    following = begin + 1 if match[3] else _days_before(*_next_month(year, month)) if match[2] else _days_before(year + 1, 1)
    return Span(begin * _DAY, following * _DAY - 1)


def parse_flag(text: str) -> bool | None:
    """Read ``yes`` or ``no``; None for any other text."""
    return _FLAGS.get(text.lower())


def is_hash(text: str) -> bool:
    """Say whether a text can be the beginning of a hash, with or without the algorithm before it."""
    return _HASH.fullmatch(text) is not None


def has_prefix(hashed: str, prefix: str) -> bool:
    """Say whether a hash, written as ``algorithm:hex``, begins with a text; the algorithm may be left out."""
    whole = hashed if ":" in prefix else hashed.rpartition(":")[2]
    return whole.lower().startswith(prefix.lower())


def match_text(pattern: str, text: str) -> bool:
    """Say whether a whole text is like a pattern, whatever its case; ``*`` stands for any text.

    The parts between stars are looked for one after the other, so that no pattern takes long.
    """
    first, *rest = pattern.casefold().split("*")
    folded = text.casefold()
    if not rest:
        return folded == first
    *middle, last = rest
    end = len(folded) - len(last)
    if not (folded.startswith(first) and folded.endswith(last)):
        return False
    position = len(first)
    for part in middle:
        found = folded.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return position <= end


def split_license(expression: str) -> tuple[str, ...]:
    """Split an SPDX expression into the licences and exceptions that it names, and the whole of it."""
    parts = [part for part in _SPDX_PART.findall(expression) if part.lower() not in _SPDX_WORDS]
    return (expression, *parts) if parts != [expression] else (expression,)


def _time(midnight: int, match: re.Match[str]) -> Span | None:
    """Read the time behind a day as a span of an hour, a minute or a second."""
    hour, minute, second, zone = int(match[4]), int(match[5] or 0), int(match[6] or 0), match[7] or "Z"
    offset = 0
    if zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        if not _is_clock(hours, minutes, 0):
            return None
        offset = (hours * 60 + minutes) * (-60 if zone[0] == "-" else 60)
    if not _is_clock(hour, minute, second):
        return None
    at = midnight + (hour * 60 + minute) * 60 + second - offset
    return Span(at, at if match[6] else at + (_MINUTE if match[5] else _HOUR) - 1)


def _is_clock(hour: int, minute: int, second: int) -> bool:
    """Say whether a clock shows such a time."""
    return hour < 24 and minute < 60 and second < 60  # noqa: PLR2004  as many as a clock shows


def _days_before(year: int, month: int) -> int:
    """Count the days from 1970 to the first day of a month.

    Source: https://howardhinnant.github.io/date_algorithms.html#days_from_civil
    """
    shifted = year - (month < 3)  # noqa: PLR2004  years that begin in March end with the leap day
    era, of_era = divmod(shifted, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _next_month(year: int, month: int) -> tuple[int, int]:
    """Say which month follows."""
    return (year + 1, 1) if month == _DECEMBER else (year, month + 1)


def _days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    return _days_before(*_next_month(year, month)) - _days_before(year, month)
