"""What a comparison says: sides, rows with a value of each side, and what is likely to matter.

The first side is what all others are compared with. A side is no version: it is facts of a commit under a label, so that
revisions, branches and work trees can be compared with the same code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gitreg.core.entries import Pointer
from gitreg.core.facts import Facts, Missing, Package
from gitreg.core.lineage import CodeCommit
from gitreg.core.pipelines import Material, Table, Value
from gitreg.core.problems import Problem
from gitreg.core.schema_changes import SchemaChange


class Kind(StrEnum):
    """What happened to one thing from the first side to another one; UNKNOWN where a side could not be read or does not say."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    UNKNOWN = "unknown"


class Trend(StrEnum):
    """Whether a metric got better; UNKNOWN where the entry has no goal for it, or the values are no numbers."""

    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"


class Matter(StrEnum):
    """Why a difference is likely to matter, what matters most first."""

    UNREAD = "unread"
    SCHEMA = "schema"
    WORSE = "worse"
    BETTER = "better"
    LICENSE = "license"
    DATA = "data"
    PARAMS = "params"
    PACKAGES = "packages"
    CODE = "code"
    METRICS = "metrics"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that two commits do not share: ADDED, REMOVED or CHANGED on the way from the first one."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeChange:
    """How the code of a side differs from that of the first one.

    Attributes:
        ahead: commits that the side has and the first one lacks, of those that change `files`; None: not known here.
        behind: the other way round.
        commits: the newest of those that are ahead.
        people: who made all those commits, and how many each, most first.
        files: those that differ in the end, by path.
    """

    ahead: int | None = 0
    behind: int | None = 0
    commits: tuple[CodeCommit, ...] = ()
    people: tuple[tuple[str, int], ...] = ()
    files: tuple[FileChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What is compared.

    Attributes:
        label: for a person, such as ``churn v1.2.0``.
        version: None for a bare commit, or where a revision is meant.
        code: how its code differs from that of the first side; None for the first one, and where nobody asked.
        run: the parameters that its pipeline was run with, as its lock says.
        notes: what must be known to read the rest, a sentence each.
    """

    label: str
    facts: Facts
    version: str | None = None
    code: CodeChange | None = None
    run: Table = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """How far one number is from another: absolute, and as a share of the first one where that is not zero."""

    absolute: int | float
    relative: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """A metric or parameter.

    Attributes:
        name: its dotted name.
        files: where each side has it; None where it has none.
        values: of each side.
        kinds, deltas, trends: for each side but the first, compared with that one.
        goal: ``higher`` or ``lower``, where the entries say it and do not disagree.
        file: the only file that the row is of, where another one has the name too; None: the name says enough.
        is_beside: of a parameter: pipelines were run with others of its file, and their locks do not list it.
    """

    name: str
    files: tuple[str | None, ...]
    values: tuple[Value | Missing, ...]
    kinds: tuple[Kind, ...]
    deltas: tuple[Delta | None, ...]
    trends: tuple[Trend | None, ...]
    goal: str | None = None
    file: str | None = None
    is_beside: bool = False

    @property
    def label(self) -> str:
        """The name, and with the file in front where two files have it."""
        return self.name if self.file is None else f"{self.file}:{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRow:
    """A file or folder that the pipelines start from; None where a side has none. One that moved is one row."""

    materials: tuple[Material | None, ...]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageRow:
    """A package.

    Attributes:
        packages: all that the files of each side say of it.
        major: for each side but the first, whether the first number of the version differs (of ``0.x`` the second one); None
            where a side names no exact version.
    """

    name: str
    packages: tuple[tuple[Package, ...], ...]
    kinds: tuple[Kind, ...]
    major: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A field of the entry, or of where the bytes are; None where a side has nothing there."""

    name: str
    values: tuple[object, ...]
    kinds: tuple[Kind, ...]


Row: TypeAlias = ValueRow | DataRow | PackageRow | FieldRow


@dataclass(frozen=True, slots=True)
class Point:
    """What is likely to matter of one side.

    Attributes:
        side: its number; that of the first side, which is never it, is 0.
        text: the beginning of a sentence, of our own words and labels: ``data changed``.
        details: its end, one text for each of the first few things.
        more: how many things it does not name.
    """

    matter: Matter
    side: int
    text: str
    details: tuple[str, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Sides, side by side.

    Attributes:
        metrics, params, data, packages, fields: a row for each thing that any side has, also for what is the same on all.
            Parameters are those that files say, and behind them those that pipelines were run with where files have others.
        made: a row for each parameter that files say, in the order of `params`, with the values that versions were made with.
        schema: its changes, for each side but the first.
        pointers: where the bytes of each side are.
        same_bytes: for each side but the first, whether its bytes are those of the first one; None where nobody can say.
        important: what is likely to matter, first what matters most.
        problems: of what could not be read; their `commit` says on which side.
        notes: what must be known to read the rest, a sentence each that begins with the label of its side.
        hints: what entries could say so that this says more, a sentence each.
    """

    sides: tuple[Side, ...]
    metrics: tuple[ValueRow, ...] = ()
    params: tuple[ValueRow, ...] = ()
    made: tuple[ValueRow, ...] = ()
    schema: tuple[tuple[SchemaChange, ...], ...] = ()
    data: tuple[DataRow, ...] = ()
    packages: tuple[PackageRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    pointers: tuple[Pointer | None, ...] = ()
    same_bytes: tuple[bool | None, ...] = ()
    important: tuple[Point, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def is_same(row: Row) -> bool:
    """Say whether a row has the same on all sides."""
    return all(kind is Kind.SAME for kind in row.kinds)


def pair_params(comparison: Comparison) -> list[tuple[ValueRow, ValueRow]]:
    """Put each parameter as versions were made with it beside what files say."""
    return list(zip(comparison.made, comparison.params, strict=False))  # behind these are those that pipelines were run with


def has_no_differences(comparison: Comparison) -> bool:
    """Say whether all sides are alike in all that was compared."""
    values = (*comparison.metrics, *comparison.params, *comparison.made)
    rows: tuple[Row, ...] = (*values, *comparison.data, *comparison.packages, *comparison.fields)
    codes = [side.code for side in comparison.sides if side.code is not None]
    return (
        all(is_same(row) for row in rows)
        and not any(comparison.schema)
        and all(comparison.same_bytes)
        and not any(code.files or code.ahead or code.behind for code in codes)
    )
