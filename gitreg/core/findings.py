"""Findings: what a search answers, with the columns that its query names, and their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gitreg.core.candidates import Candidate
from gitreg.core.drift import describe_drift
from gitreg.core.facts import Package
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from gitreg.core.query import (
    NAMED,
    Condition,
    Field,
    Query,
    list_conditions,
    split_field,
)
from gitreg.core.query_absent import Absent
from gitreg.core.query_custom import find_custom
from gitreg.core.query_facts import find_data, find_packages, find_values
from gitreg.core.query_format import format_field
from gitreg.core.query_match import texts_of
from gitreg.core.query_packages import parse_requirement
from gitreg.core.versions import precedence
from gitreg.core.words import format_count
from gitreg.errors import UsageFault

_MOST_NOTES: Final = 10


@dataclass(frozen=True, slots=True)
class QueryColumn:
    """A field that a query names.

    Attributes:
        name: of the metric, the parameter, the key or the package; for data what was asked for.
    """

    field: Field
    name: str = ""

    @property
    def title(self) -> str:
        """Name the column: ``license``, ``metric.auc``, ``package:numpy``."""
        return format_field(self.field, self.name) if self.field not in _ASKED else f"{self.field}:{self.name}"


@dataclass(frozen=True, slots=True)
class Sorting:
    """What findings are sorted by."""

    column: QueryColumn
    is_reversed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A candidate that a search found.

    Attributes:
        values: what it has in each column of the search.
        reasons: why nobody can know whether it is meant; empty for one that is.
    """

    candidate: Candidate
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a search found.

    Attributes:
        query: as gitreg understood it.
        columns: the fields that the query names, in its order.
        matches: those that are meant; no more than were wanted.
        unknown: those of which nobody can know; no more than were wanted.
        matched, doubtful: how many there are of each, listed or not.
        searched: how many candidates there were.
        problems: of tags.
        absent: what the query asks for that nothing has that was looked at, where nothing is meant.
        notes: what must be known of parameters that are listed, a sentence each.
    """

    query: str
    columns: tuple[QueryColumn, ...] = ()
    matches: tuple[Finding, ...] = ()
    unknown: tuple[Finding, ...] = ()
    matched: int = 0
    doubtful: int = 0
    searched: int = 0
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    absent: tuple[Absent, ...] = ()


def list_notes(findings: Iterable[Finding], columns: Sequence[QueryColumn]) -> tuple[str, ...]:
    """Say which versions that are listed were not made from what the files of their commits say, of very many the first."""
    names = {column.name for column in columns if column.field is Field.PARAM}
    notes: list[str] = []
    for finding in findings:
        candidate = finding.candidate
        if candidate.facts is None:
            continue
        asked = [one for one in candidate.facts.drift if not names.isdisjoint({one.name, f"{one.file}:{one.name}"})]
        label = f"{candidate.artifact} {candidate.version or candidate.commit[:7]}"
        notes += [f"{label}: {text}" for text in (*describe_drift(asked), *candidate.facts.stale)]
    left = len(notes) - _MOST_NOTES
    return (*notes[:_MOST_NOTES], *([f"{format_count(left, 'more note')} of this kind"] if left > 0 else []))


def parse_sorting(text: str) -> Sorting:
    """Read what findings are to be sorted by: ``registered``, ``metric.auc``, ``-size``.

    Raises:
        UsageFault: it is no field that has an order.
    """
    field, name = split_field(text.removeprefix("-"))
    if field is None or field not in _SORTABLE or (field in NAMED) is not bool(name):
        message = f"nothing can be sorted by {text!r}"
        raise UsageFault(message, hint="such as: --sort registered, --sort metric.auc, --sort -size")
    return Sorting(QueryColumn(field, name), text.startswith("-"))


def list_columns(query: Query) -> tuple[QueryColumn, ...]:
    """List the columns that a query names, but for those that every table has."""
    found = (_column_of(condition) for condition in list_conditions(query))
    columns = {column.title: column for column in found if column.field not in _EVERYWHERE}
    return tuple(columns.values())


def list_values(column: QueryColumn, candidate: Candidate) -> tuple[Value, ...]:
    """List what a candidate has in a column; times in seconds since 1970."""
    pointer = candidate.pointer
    match column.field:
        case Field.METRIC | Field.PARAM:
            return find_values(column.field, column.name, candidate)
        case Field.PACKAGE:
            requirement = parse_requirement(column.name)
            return tuple(map(_format_package, find_packages(requirement, candidate) if requirement else ()))
        case Field.DATA:
            return tuple(f"{found.path} {found.hash or ''}".strip() for found in find_data(column.name, candidate))
        case Field.SIZE | Field.HASH:
            found = (pointer.size if column.field is Field.SIZE else pointer.hash) if pointer else None
            return () if found is None else (found,)
        case Field.REGISTERED:
            return () if candidate.registered_at is None else (candidate.registered_at,)
        case Field.ASSIGNED:
            return candidate.assigned_at
        case _:
            return _list_texts(column, candidate)


def _list_texts(column: QueryColumn, candidate: Candidate) -> tuple[Value, ...]:
    """List what tags and the entry say."""
    if column.field is Field.CUSTOM:
        return find_custom(column.name, candidate)
    if column.field is Field.LICENSE:
        return (candidate.entry.license,) if candidate.entry and candidate.entry.license else ()
    return texts_of(column.field, candidate)


def sort_findings(findings: Iterable[Finding], sorting: Sorting | None) -> list[Finding]:
    """Sort by name and greatest version; or by a column, what has nothing in it last."""
    ordered = sorted(findings, key=_by_version, reverse=True)
    ordered.sort(key=lambda finding: finding.candidate.artifact)
    if sorting is None:
        return ordered
    column = sorting.column
    keys: list[tuple[Any, ...]]
    if column.field is Field.VERSION:
        keys = [(_by_version(finding),) if finding.candidate.version else () for finding in ordered]
    else:
        keys = [tuple(map(_by_value, list_values(column, finding.candidate)[:1])) for finding in ordered]
    pairs = list(zip(keys, ordered, strict=True))
    with_value = sorted((pair for pair in pairs if pair[0]), key=lambda pair: pair[0], reverse=sorting.is_reversed)
    return [finding for _, finding in with_value] + [finding for key, finding in pairs if not key]


def _column_of(condition: Condition) -> QueryColumn:
    """Find the column that a condition is about."""
    match condition.field:
        case Field.PACKAGE:
            requirement = parse_requirement(condition.value)
            return QueryColumn(Field.PACKAGE, requirement.name if requirement else "")
        case Field.DATA:
            return QueryColumn(Field.DATA, condition.value)
        case Field.HAS:
            field, name = split_field(condition.value)
            is_wide = field in {Field.DATA, Field.PACKAGE} or (field in NAMED and not name)
            return QueryColumn(Field.TEXT if field is None or is_wide else field, name)
        case _:
            return QueryColumn(condition.field, condition.name)


def _format_package(package: Package) -> str:
    """Write what a file says of a package: its version, or what it allows."""
    return package.version or package.specifier or "any version"


def _by_version(finding: Finding) -> tuple[object, ...]:
    """Order by version, bare commits below."""
    version = finding.candidate.version
    return (1, precedence(version), version) if version is not None else (0, finding.candidate.commit)


def _by_value(value: Value) -> tuple[int, float, str]:
    """Order numbers before texts."""
    return (0, value, "") if isinstance(value, int | float) and value == value else (1, 0, str(value))  # noqa: PLR0124  no NaN


_EVERYWHERE: Final = frozenset({Field.TEXT, Field.NAME, Field.VERSION, Field.STAGE, Field.ACTIVE, Field.DEPRECATED})
_ASKED: Final = frozenset({Field.PACKAGE, Field.DATA})
_SORTABLE: Final = frozenset(Field) - {
    Field.TEXT, Field.HAS, Field.DATA, Field.PACKAGE, Field.DESCRIPTION, Field.ACTIVE, Field.DEPRECATED,
}  # fmt: skip
