"""Does a condition make sense? Asked once while a query is read, so that whoever answers it need not ask again."""

from __future__ import annotations

from typing import Final, NamedTuple

from gitreg.core.query import NAMED, ONLY_MATCHED, ORDERED, Condition, Field, Operator, split_field
from gitreg.core.query_packages import parse_requirement
from gitreg.core.query_values import is_hash, parse_flag, parse_number, parse_size, parse_span
from gitreg.core.versions import is_version

_EQUALITIES: Final = frozenset({Operator.MATCH, Operator.EQUAL, Operator.DIFFERENT})
_TIMES: Final = frozenset({Field.REGISTERED, Field.ASSIGNED})
_FLAGS: Final = frozenset({Field.DEPRECATED, Field.ACTIVE})
_HAVABLE: Final = frozenset(Field) - {Field.TEXT, Field.HAS, *_FLAGS, Field.NAME}
_TIMES_HINT: Final = (
    "a year, month, day, hour, minute or second: 2025, 2025-01, 2025-01-31, 2025-01-31T14, 2025-01-31T14:05 (UTC) or "
    "2025-01-31T14:05:30+01:00"
)


class Objection(NamedTuple):
    """What is wrong with a condition.

    Attributes:
        expected: what would have made sense.
        is_value: whether it is about the value, and not about the operator.
    """

    expected: str
    hint: str
    is_value: bool = True


def check_condition(condition: Condition) -> Objection | None:
    """Say what makes no sense in a condition, or None."""
    return _check_operator(condition) or _check_value(condition)


def _check_operator(condition: Condition) -> Objection | None:
    """Say whether the values of a field can be compared in this way."""
    field, operator = condition.field, condition.operator
    if field in ONLY_MATCHED and operator is not Operator.MATCH:
        hint = (
            "such as package:'tensorflow<2.12'" if field is Field.PACKAGE else f"to turn it round: not {field}:{condition.value}"
        )
        return Objection(f"{field} is followed by ':' alone", hint, is_value=False)
    if operator in _EQUALITIES or field in ORDERED:
        return None
    return Objection(f"{field} is neither less nor greater than anything", f"such as {field}:TEXT", is_value=False)


def _check_value(condition: Condition) -> Objection | None:  # noqa: PLR0911  one for each kind of value
    """Say whether a value is one that the field can have."""
    field, value = condition.field, condition.value
    is_order = condition.operator not in _EQUALITIES
    if not value:
        return Objection("a value is expected here", "a text of nothing is like none")
    if field is Field.SIZE and parse_size(value) is None:
        return Objection("a size is expected here", "such as 500kB, 1.5GB (1 GB is 10^9 bytes) or 1GiB (2^30)")
    if field in _TIMES and parse_span(value) is None:
        return Objection("a date or time is expected here", _TIMES_HINT)
    if field in _FLAGS and parse_flag(value) is None:
        return Objection("yes or no is expected here", f"{field}:yes")
    if field is Field.HASH and not is_hash(value):
        return Objection("the beginning of a hash is expected here", "four hexadecimal digits or more, such as md5:1a2b")
    if field is Field.PACKAGE and parse_requirement(value) is None:
        return Objection(
            "a package is expected here", "such as tensorflow, 'tensorflow<2.12', 'numpy==1.26.*' or 'numpy>=1.20,<2'"
        )
    if field is Field.VERSION and (is_version(f"v{value}") or (is_order and not is_version(value))):
        return Objection("a version is expected here", f"write v{value}" if is_version(f"v{value}") else "such as v1.2.0")
    if field in NAMED and is_order and parse_number(value) is None:
        return Objection("a number is expected here", "such as 0.9, 1e-3 or 1_000")
    return _check_has(value) if field is Field.HAS else None


def _check_has(value: str) -> Objection | None:
    """Say whether a version may have a field or not."""
    field, _ = split_field(value)
    return (
        None
        if field in _HAVABLE
        else Objection("a field is expected here", "such as has:license, has:metric.auc or has:schema.input")
    )
