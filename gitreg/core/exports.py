"""Exports: the tables in which the registry leaves gitreg, and what may stand in them.

Names and types of columns only ever get more. ``artifact`` and ``version`` together are the key of a version, in all tables.
Their rows are in the order in which `show` lists versions: artifacts by name, the greatest version of each first. Events are in
the order in which they happened.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

from gitreg.errors import UsageFault

Cell: TypeAlias = str | int | float | bool | tuple[str, ...] | None
"""What a column holds; a time is seconds since 1970, and a list has texts in it."""

_LARGEST: Final = 1 << 63  # beyond what a column of integers takes anywhere
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class ColumnType(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "time"
    LIST = "list"


class Format(StrEnum):
    """How tables are written."""

    JSONL = "jsonl"
    CSV = "csv"
    SQLITE = "sqlite"
    PARQUET = "parquet"


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        meaning: for a person.
        required: whether every row has a value.
    """

    name: str
    type: ColumnType
    meaning: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table.

    Attributes:
        meaning: what one row is.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]


class Row(NamedTuple):
    """A row of a table: its cells in the order of the columns."""

    table: str
    cells: tuple[Cell, ...]


_TEXT, _INTEGER, _NUMBER = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.NUMBER
_BOOLEAN, _TIME, _LIST = ColumnType.BOOLEAN, ColumnType.TIME, ColumnType.LIST

_KEY: Final = (
    Column("artifact", _TEXT, "the full name of the artifact", required=True),
    Column("version", _TEXT, "the version, as it was registered", required=True),
)

TABLES: Final = (
    ExportTable(
        "versions",
        "a version that was ever registered, with what its commit says of it",
        (
            *_KEY,
            Column("commit_id", _TEXT, "the full id of its commit", required=True),
            Column("active", _BOOLEAN, "whether it is not deregistered", required=True),
            Column("latest", _BOOLEAN, "whether it is the greatest active version of the artifact", required=True),
            Column("stable", _BOOLEAN, "whether it is the greatest active one that is no pre-release", required=True),
            Column("deprecated", _BOOLEAN, "whether the artifact is", required=True),
            Column("stages", _LIST, "the stages that it holds now", required=True),
            Column("registered_at", _TIME, "when it was registered", required=True),
            Column("author", _TEXT, "who registered it", required=True),
            Column("author_email", _TEXT, "their address", required=True),
            Column("message", _TEXT, "what they said of it", required=True),
            Column("tag", _TEXT, "the tag that registers it", required=True),
            Column("type", _TEXT, "of the entry: model, dataset, ..."),
            Column("description", _TEXT, "of the entry"),
            Column("labels", _LIST, "of the entry", required=True),
            Column("owner", _TEXT, "of the entry"),
            Column("license", _TEXT, "of the entry: an SPDX expression"),
            Column("framework", _TEXT, "of the entry"),
            Column("task", _TEXT, "of the entry"),
            Column("homepage", _TEXT, "of the entry"),
            Column("base", _TEXT, "of the entry: what it was made from"),
            Column("path", _TEXT, "of the bytes, from the root of the repository, or their address"),
            Column("kind", _TEXT, "who keeps the bytes: dvc, git, lfs, url; or missing"),
            Column("hash", _TEXT, "of the bytes, as algorithm:hex"),
            Column("size", _INTEGER, "bytes"),
            Column("files", _INTEGER, "number of files of a folder"),
            Column("problems", _INTEGER, "what could not be read of its commit, so that more may be missing", required=True),
        ),
    ),
    ExportTable(
        "events",
        "what a tag states",
        (
            Column("event", _TEXT, "registration, deregistration, assignment, unassignment or deprecation", required=True),
            Column("artifact", _TEXT, "the full name of the artifact", required=True),
            Column("version", _TEXT, "the version; empty for a bare commit, and for the artifact as a whole"),
            Column("stage", _TEXT, "the stage"),
            Column("commit_id", _TEXT, "the full id of the commit", required=True),
            Column("tag", _TEXT, "the name of the tag", required=True),
            Column("tag_id", _TEXT, "the full id of the tag's object", required=True),
            Column("happened_at", _TIME, "when", required=True),
            Column("author", _TEXT, "who made the tag", required=True),
            Column("author_email", _TEXT, "their address", required=True),
            Column("message", _TEXT, "what they said", required=True),
        ),
    ),
    ExportTable(
        "metrics",
        "a metric of a version",
        (
            *_KEY,
            Column("file", _TEXT, "the file that says it", required=True),
            Column("name", _TEXT, "its dotted name in the file", required=True),
            Column("value", _NUMBER, "the number; empty where it is none, or not a finite one"),
            Column("text", _TEXT, "the value as text; empty where it is null"),
            Column("goal", _TEXT, "higher or lower, where the entry says so"),
        ),
    ),
    ExportTable(
        "params",
        "a parameter of a version",
        (
            *_KEY,
            Column("file", _TEXT, "the file that says it", required=True),
            Column("name", _TEXT, "its dotted name in the file", required=True),
            Column("value", _NUMBER, "the number; empty where it is none, or not a finite one"),
            Column("text", _TEXT, "the value as text, of a list as JSON; empty where it is null"),
        ),
    ),
    ExportTable(
        "packages",
        "a package that a version was made with",
        (
            *_KEY,
            Column("package", _TEXT, "its name, as PyPI compares names", required=True),
            Column("package_version", _TEXT, "the exact version; empty where the file only limits it"),
            Column("specifier", _TEXT, "what the file allows where it names no exact version", required=True),
            Column("file", _TEXT, "the file that says it", required=True),
        ),
    ),
    ExportTable(
        "data",
        "a file or folder that the pipeline of a version starts from",
        (
            *_KEY,
            Column("path", _TEXT, "from the root of the repository, or its address", required=True),
            Column("hash", _TEXT, "as algorithm:hex"),
            Column("size", _INTEGER, "bytes"),
            Column("files", _INTEGER, "number of files of a folder"),
            Column("repository", _TEXT, "the other repository that it was imported from"),
            Column("repository_commit", _TEXT, "the full id of the commit there"),
        ),
    ),
    ExportTable(
        "lineage",
        "an arrow of the graph of a version, from what was made to what it was made from",
        (
            *_KEY,
            Column("source", _TEXT, "the id of the node that was made", required=True),
            Column("source_kind", _TEXT, "version, stage, data, code, params, metrics, output, import, base, run", required=True),
            Column("source_label", _TEXT, "the node for a person", required=True),
            Column("edge", _TEXT, "made-by, reads, imported-from, based-on, same-bytes or run", required=True),
            Column("target", _TEXT, "the id of the node that it was made from", required=True),
            Column("target_kind", _TEXT, "as source_kind", required=True),
            Column("target_label", _TEXT, "as source_label", required=True),
            Column("target_hash", _TEXT, "the hash of a file or folder, as algorithm:hex"),
        ),
    ),
)  # fmt: skip
"""All tables, in the order in which they are written."""


def choose_tables(names: Iterable[str]) -> tuple[ExportTable, ...]:
    """Choose tables by their names; none, or ``all``: all of them.

    Args:
        names: each one or several with commas between them.

    Raises:
        UsageFault: there is no such table.
    """
    known = {table.name: table for table in TABLES}
    wanted = {word.strip() for name in names for word in name.split(",")} - {""}
    for name in sorted(wanted - {"all", *known}):
        raise UsageFault(f"there is no table {name!r}", hint=f"tables: {', '.join([*known, 'all'])}")
    return tuple(known[name] for name in known if not wanted or wanted & {name, "all"})


def make_row(table: str, *cells: Cell) -> Row:
    """Make a row of what every format can hold: text without half characters, and integers of 64 bits."""
    return Row(table, tuple(map(_clean, cells)))


def number_of(value: object) -> float | None:
    """Take a value as a finite number, if it is one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def text_of(value: object) -> str | None:
    """Write a value as text, as JSON writes it; None for null."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < 1 << 1024 else hex(value)  # Python writes no more digits than it is allowed to
        case _:
            return str(value)


def _clean(cell: Cell) -> Cell:
    """Make a value one that every format can hold."""
    match cell:
        case str():
            return _SURROGATE.sub(lambda found: f"\\x{ord(found[0]) & 0xFF:02x}", cell)
        case bool():
            return cell
        case int():
            return cell if -_LARGEST <= cell < _LARGEST else None
        case tuple():
            return tuple(str(_clean(text)) for text in cell)
        case _:
            return cell
