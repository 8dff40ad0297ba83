"""What is likely to matter of a comparison, in sentences, first what matters most.

The rules, in this order, each a sentence of its own for each side that is compared with the first one:

1. what could not be read: the rest may be wrong about it;
2. a change of the schema that breaks callers;
3. metrics with a goal that got worse, then those that got better;
4. another licence;
5. data that was changed, added or removed (what only moved is no change, and what is not known is said to be so); of a dataset,
   its own bytes;
6. parameters that versions were made with; those of a file that the locks of its pipelines do not list come last;
7. packages: those whose major version differs first; a file that only allows a range says nothing of what was installed;
8. code: commits and files;
9. metrics that changed and have no goal, since they are no cause and nobody said which way is better;
10. other bytes, where nothing above says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final, TypeVar

from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import (
    CodeChange,
    Comparison,
    DataRow,
    Delta,
    FieldRow,
    Kind,
    Matter,
    PackageRow,
    Point,
    Trend,
    ValueRow,
)
from gitreg.core.entries import DATASET
from gitreg.core.package_changes import state_package
from gitreg.core.value_texts import format_change, format_share, format_value
from gitreg.core.words import format_count

AnyRow = TypeVar("AnyRow", ValueRow, DataRow, PackageRow, FieldRow)
"""A row of one kind."""

BESIDE: Final = "not in dvc.lock for its stages"
"""What is said of a parameter that pipelines were not run with, while they were run with others of its file."""

_MOST: Final = 3  # things that a sentence names
_LONGEST: Final = 200  # characters of each


def find_important(comparison: Comparison) -> tuple[Point, ...]:
    """Find what is likely to matter.

    Args:
        comparison: with its rows; what it says of importance is not looked at.
    """
    found: list[Point] = []
    for number in range(1, len(comparison.sides)):
        said = [point for rule in _RULES for point in rule(comparison, number)]
        if not said and comparison.same_bytes[number - 1] is False:
            said = [Point(Matter.BYTES, number, "the bytes differ, and nothing that was compared says why")]
        found += said
    order = list(Matter)
    return tuple(sorted(found, key=lambda point: (order.index(point.matter), point.side)))


def format_point(point: Point) -> str:
    """Write a sentence, without a full stop."""
    more = f" and {point.more} more" if point.more else ""
    return f"{point.text}: {', '.join(point.details)}{more}" if point.details else point.text


def _make_point(matter: Matter, number: int, text: str, details: Sequence[str]) -> Point:
    """Name the first things, and say how many others there are."""
    named = tuple(detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}..." for detail in details[:_MOST])
    return Point(matter, number, text, named, max(0, len(details) - _MOST))


def _say_unread(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 1; of one commit both sides lack the same."""
    if comparison.sides[0].facts.commit == comparison.sides[number].facts.commit:
        return
    for side in (0, number):
        files = sorted({problem.file or problem.message for problem in list_unread(comparison.sides[side].facts)})
        if files:
            yield _make_point(Matter.UNREAD, number, f"not all of {comparison.sides[side].label} could be read", files)


def _say_schema(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 2."""
    breaking = [change.text for change in comparison.schema[number - 1] if change.breaking]
    if breaking:
        yield _make_point(Matter.SCHEMA, number, "the schema breaks callers", breaking)


def _say_metrics(comparison: Comparison, number: int, *, matter: Matter, trend: Trend) -> Iterator[Point]:
    """Rule 3, and rule 9."""
    rows = [row for row in _differing(comparison.metrics, number) if row.trends[number - 1] is trend]
    if rows:
        text = "metrics changed" if trend is Trend.UNKNOWN else trend.value
        yield _make_point(matter, number, text, [_describe_value(row, number) for row in rows])


def _say_license(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 4."""
    for row in _differing(comparison.fields, number):
        if row.name == "license":
            old, new = (
                format_value(value) if isinstance(value, str) else "none" for value in (row.values[0], row.values[number])
            )
            yield _make_point(Matter.LICENSE, number, "the licence changed", [f"{old} -> {new}"])


def _say_data(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 5."""
    rows = [row for row in _differing(comparison.data, number) if row.kinds[number - 1] is not Kind.MOVED]
    changed = [*_describe_dataset(comparison, number), *(_describe_data(row, number) for row in rows)]
    if changed:
        yield _make_point(Matter.DATA, number, "data changed", changed)
    unknown = [_path_of(row, number) for row in comparison.data if row.kinds[number - 1] is Kind.UNKNOWN]
    if unknown:
        yield _make_point(Matter.DATA, number, "whether data changed is not known", unknown)


def _say_params(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 6."""
    rows = sorted(_differing(comparison.made, number), key=lambda row: row.is_beside)
    if rows:
        yield _make_point(Matter.PARAMS, number, "parameters changed", [_describe_param(row, number) for row in rows])


def _say_packages(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 7."""
    major: list[str] = []
    others: list[str] = []
    for row in _differing(comparison.packages, number):
        is_major = row.kinds[number - 1] is Kind.CHANGED and row.major[number - 1]
        (major if is_major else others).append(_describe_package(row, number))
    if major:
        yield _make_point(Matter.PACKAGES, number, "packages have another major version", major)
    if others:
        yield _make_point(Matter.PACKAGES, number, "packages changed", others)


def _say_code(comparison: Comparison, number: int) -> Iterator[Point]:
    """Rule 8."""
    code = comparison.sides[number].code
    if code is not None and (code.files or code.ahead or code.behind):
        paths = [file.path if file.kind is Kind.CHANGED else f"{file.path} {file.kind.value}" for file in code.files]
        yield _make_point(Matter.CODE, number, f"code changed, {describe_code(code)}", paths)


def describe_code(code: CodeChange) -> str:
    """Say in a few words how code differs: ``3 commits by 2 people, 2 files``."""
    commits = [format_count(code.ahead, "commit") + (" more" if code.behind else "")] if code.ahead else []
    commits += [f"{format_count(code.behind, 'commit')} fewer"] if code.behind else []
    people = f" by {format_count(len(code.people), 'person', 'people')}" if code.people else ""
    return ", ".join([*([", ".join(commits) + people] if commits else []), format_count(len(code.files), "file")])


_RULES: Final[tuple[Callable[[Comparison, int], Iterator[Point]], ...]] = (
    _say_unread,
    _say_schema,
    partial(_say_metrics, matter=Matter.WORSE, trend=Trend.WORSE),
    partial(_say_metrics, matter=Matter.BETTER, trend=Trend.BETTER),
    _say_license,
    _say_data,
    _say_params,
    _say_packages,
    _say_code,
    partial(_say_metrics, matter=Matter.METRICS, trend=Trend.UNKNOWN),
)


def _differing(rows: Iterable[AnyRow], number: int) -> Iterator[AnyRow]:
    """Pick the rows that are known to differ on a side."""
    return (row for row in rows if row.kinds[number - 1] not in {Kind.SAME, Kind.UNKNOWN})


def _describe_value(row: ValueRow, number: int) -> str:
    """Name a metric or parameter and what happened to it."""
    match row.kinds[number - 1]:
        case Kind.ADDED:
            return f"{row.label} {format_value(row.values[number])} added"
        case Kind.REMOVED:
            return f"{row.label} {format_value(row.values[0])} removed"
        case _:
            return f"{row.label} {format_change(row.values[0], row.values[number], row.deltas[number - 1])}"


def _describe_param(row: ValueRow, number: int) -> str:
    """Name a parameter, and say of one that pipelines were not run with that it may be no cause of anything."""
    return _describe_value(row, number) + (f" ({BESIDE})" if row.is_beside else "")


def _describe_dataset(comparison: Comparison, number: int) -> Iterator[str]:
    """Name the bytes of a dataset that are others: they are the data, and by how much there is more or less of it."""
    facts = comparison.sides[0].facts, comparison.sides[number].facts
    kinds = [one.entry is not None and one.entry.type == DATASET for one in facts]
    is_dataset = any(kinds) if facts[0].artifact == facts[1].artifact else all(kinds)  # a model is no other version of a dataset
    one, other = comparison.pointers[0], comparison.pointers[number]
    if is_dataset and comparison.same_bytes[number - 1] is False and one is not None and other is not None:
        share = ""
        if one.size and other.size is not None and one.size != other.size:
            share = format_share(Delta(other.size - one.size, (other.size - one.size) / one.size))
        yield f"{other.path}{f' ({share} in bytes)' if share else ''}"


def _describe_data(row: DataRow, number: int) -> str:
    """Name data, and what happened to it where its bytes are not just others."""
    kind = row.kinds[number - 1]
    return _path_of(row, number) if kind is Kind.CHANGED else f"{_path_of(row, number)} {kind.value}"


def _path_of(row: DataRow, number: int) -> str:
    """Say where data is on a side, or was on the first one."""
    material = row.materials[number] or row.materials[0]
    return material.path if material is not None else ""


def _describe_package(row: PackageRow, number: int) -> str:
    """Name a package and its versions."""
    old, new = (" and ".join(state_package(packages).texts) for packages in (row.packages[0], row.packages[number]))
    match row.kinds[number - 1]:
        case Kind.ADDED:
            return f"{row.name} {new} added"
        case Kind.REMOVED:
            return f"{row.name} {old} removed"
        case _:
            return f"{row.name} {old} -> {new}"
