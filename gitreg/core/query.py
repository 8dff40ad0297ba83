r"""Queries: what `search` is asked, as values and as text.

::

    query      = all { "or" all }
    all        = one { ["and"] one }                 side by side means and
    one        = ( "not" | "-" ) one | "(" query ")" | condition
    condition  = word                                in the name, the description, a label or the owner, whatever its case
               | field ":" value                     equal, whatever its case, "*" stands for any text; in a description anywhere
               | field [":"] operator value          with = != < <= > >=
    field      = one of `Field`; metric.NAME, param.NAME and custom.NAME, where NAME may be quoted
    word       = text without blanks, parentheses and quotes; or any text in "..." or '...', with \ before a quote or a \
                 ; NAME@VERSION and NAME#STAGE without quotes mean name:NAME version:VERSION and name:NAME stage:STAGE

`gitreg.core.query_parse.parse_query` reads it, `gitreg.core.query_format.format_query` writes it, and
`gitreg.core.query_match.matches` answers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, TypeAlias


class Field(StrEnum):
    """What a condition is about; `TEXT` stands for a free word."""

    TEXT = "text"
    NAME = "name"
    TYPE = "type"
    LABEL = "label"
    OWNER = "owner"
    STAGE = "stage"
    VERSION = "version"
    TASK = "task"
    FRAMEWORK = "framework"
    LICENSE = "license"
    DESCRIPTION = "description"
    BASE = "base"
    PATH = "path"
    HASH = "hash"
    SIZE = "size"
    DATA = "data"
    PACKAGE = "package"
    METRIC = "metric"
    PARAM = "param"
    CUSTOM = "custom"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    AUTHOR = "author"
    SCHEMA_INPUT = "schema.input"
    SCHEMA_OUTPUT = "schema.output"
    DEPRECATED = "deprecated"
    ACTIVE = "active"
    HAS = "has"


class Operator(StrEnum):
    """How a condition compares; `MATCH` is ``:`` with nothing behind it."""

    MATCH = ":"
    EQUAL = "="
    DIFFERENT = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


class Depth(IntEnum):
    """How much has to be read of a version before a condition can be answered: the deeper, the dearer."""

    REGISTRY = 0
    ENTRY = 1
    POINTER = 2
    FACTS = 3


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        value: what is compared with, as text; it was read once, so that it is known to make sense.
        name: of a metric, a parameter or a key of free metadata, otherwise empty.
    """

    field: Field
    operator: Operator
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """What is not so."""

    part: Query


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of two parts or more."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of two parts or more."""

    parts: tuple[Query, ...]


Query: TypeAlias = Condition | Not | AllOf | AnyOf

NAMED: Final = frozenset({Field.METRIC, Field.PARAM, Field.CUSTOM})
"""Fields that have a name behind a dot."""

ORDERED: Final = frozenset({Field.VERSION, *NAMED, Field.SIZE, Field.REGISTERED, Field.ASSIGNED})
"""Fields whose values are less or greater than others."""

ONLY_MATCHED: Final = frozenset({Field.PACKAGE, Field.HAS, Field.HASH, Field.DATA, Field.DEPRECATED, Field.ACTIVE})
"""Fields that only ``:`` stands behind."""

WORDS: Final = frozenset({"and", "or", "not"})
"""Words that are no text, in lower or upper case."""

_REGISTRY: Final = frozenset({
    Field.NAME, Field.STAGE, Field.VERSION, Field.REGISTERED, Field.ASSIGNED, Field.AUTHOR, Field.DEPRECATED, Field.ACTIVE,
})  # fmt: skip
_FACTS: Final = frozenset({Field.DATA, Field.PACKAGE, Field.METRIC, Field.PARAM})
_DEPTHS: Final = {
    **dict.fromkeys(_REGISTRY, Depth.REGISTRY),
    **dict.fromkeys((Field.SIZE, Field.HASH), Depth.POINTER),
    **dict.fromkeys(_FACTS, Depth.FACTS),
}

FIELDS: Final = frozenset(field.value for field in Field) - {Field.TEXT.value, *NAMED}
"""What may stand before an operator, but for those with a name behind a dot."""

BARE_NAME: Final = r"[^\s()\"'<>=!:]+"
"""What the name of a field is made of that stands without quotes; a pattern."""


def depth_of(condition: Condition) -> Depth:
    """Say how much has to be read for a condition."""
    if condition.field is Field.HAS:
        return depth_of_field(split_field(condition.value)[0] or Field.TEXT)
    return depth_of_field(condition.field)


def depth_of_field(field: Field) -> Depth:
    """Say how much has to be read to know what a version has in a field."""
    return _DEPTHS.get(field, Depth.ENTRY)


def split_field(text: str) -> tuple[Field | None, str]:
    """Split ``metric.auc`` into the field and the name; a field that nobody knows is None."""
    head, _, name = text.partition(".")
    if head.lower() in NAMED:
        return Field(head.lower()), name
    return (Field(text.lower()), "") if text.lower() in FIELDS else (None, "")


def names_value(word: str) -> bool:
    """Say whether a word is the name of a metric, a parameter or free metadata, as it stands before an operator."""
    field, name = split_field(word)
    return field in NAMED and bool(name)


def list_conditions(query: Query) -> Iterator[Condition]:
    """List the conditions of a query, in their order."""
    match query:
        case Condition():
            yield query
        case Not():
            yield from list_conditions(query.part)
        case _:
            for part in query.parts:
                yield from list_conditions(part)
