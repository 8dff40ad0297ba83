"""What is likely to matter of a comparison, in sentences, first what matters most.

The rules, in this order, each a sentence of its own for each side that is compared with the first one:

1. what could not be read: the rest may be wrong about it;
2. a change of the schema that breaks callers;
3. metrics with a goal that got worse, then those that got better;
4. another licence;
5. data that was changed, added or removed (what only moved is no change, and what is not known is said to be so);
6. parameters;
7. packages: those whose major version differs first; a file that only allows a range says nothing of what was installed;
8. code: commits and files;
9. metrics that changed and have no goal, since they are no cause and nobody said which way is better;
10. other bytes, where nothing above says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from gitreg.core.compared import CodeChange, Comparison, DataRow, Kind, Matter, PackageRow, Point, Trend, ValueRow
from gitreg.core.package_changes import state_package
from gitreg.core.value_texts import format_change, format_value
from gitreg.core.words import format_count

_MOST: Final = 3  # things that a sentence names
_LONGEST: Final = 200  # characters of each


def find_important(comparison: Comparison) -> tuple[Point, ...]:
    """Find what is likely to matter.

    Args:
        comparison: with its rows; what it says of importance is not looked at.
    """
    found: list[Point] = []
    for number in range(1, len(comparison.sides)):
        said = [(matter, text) for matter, rule in _RULES for text in rule(comparison, number)]
        if not said and comparison.same_bytes[number - 1] is False:
            said = [(Matter.BYTES, "the bytes differ, and nothing that was compared says why")]
        found += [Point(matter, number, text) for matter, text in said]
    order = list(Matter)
    return tuple(sorted(found, key=lambda point: (order.index(point.matter), point.side)))


def _say_unread(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 1; of one commit both sides lack the same."""
    if comparison.sides[0].facts.commit == comparison.sides[number].facts.commit:
        return
    for side in (0, number) if number == 1 else (number,):
        files = sorted({problem.file or problem.message for problem in comparison.sides[side].facts.problems})
        if files:
            yield f"not all of {comparison.sides[side].label} could be read: {_name(files)}"


def _say_schema(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 2."""
    breaking = [change.text for change in comparison.schema[number - 1] if change.breaking]
    if breaking:
        yield f"the schema breaks callers: {_name(breaking)}"


def _say_metrics(trend: Trend) -> Callable[[Comparison, int], Iterator[str]]:
    """Rule 3, and rule 9."""

    def say(comparison: Comparison, number: int) -> Iterator[str]:
        rows = [
            row
            for row in comparison.metrics
            if row.kinds[number - 1] not in {Kind.SAME, Kind.UNKNOWN} and row.trends[number - 1] is trend
        ]
        if rows:
            start = "metrics changed" if trend is Trend.UNKNOWN else trend.value
            yield f"{start}: {_name([_describe_value(row, number) for row in rows])}"

    return say


def _say_license(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 4."""
    for row in comparison.fields:
        if row.name == "license" and row.kinds[number - 1] not in {Kind.SAME, Kind.UNKNOWN}:
            old, new = (
                format_value(value) if isinstance(value, str) else "none" for value in (row.values[0], row.values[number])
            )
            yield f"the licence was {old} and is {new}"


def _say_data(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 5."""
    changed = [row for row in comparison.data if row.kinds[number - 1] in {Kind.CHANGED, Kind.ADDED, Kind.REMOVED}]
    if changed:
        yield f"data changed: {_name([_describe_data(row, number) for row in changed])}"
    unknown = [row for row in comparison.data if row.kinds[number - 1] is Kind.UNKNOWN]
    if unknown:
        yield f"whether data changed is not known: {_name([_path_of(row, number) for row in unknown])}"


def _say_params(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 6."""
    rows = [row for row in comparison.params if row.kinds[number - 1] not in {Kind.SAME, Kind.UNKNOWN}]
    if rows:
        yield f"parameters changed: {_name([_describe_value(row, number) for row in rows])}"


def _say_packages(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 7."""
    rows = [row for row in comparison.packages if row.kinds[number - 1] not in {Kind.SAME, Kind.UNKNOWN}]
    major = [row for row in rows if row.kinds[number - 1] is Kind.CHANGED and row.major[number - 1]]
    if major:
        yield f"packages have another major version: {_name([_describe_package(row, number) for row in major])}"
    minor = [row for row in rows if row not in major]
    if minor:
        yield f"packages changed: {_name([_describe_package(row, number) for row in minor])}"


def _say_code(comparison: Comparison, number: int) -> Iterator[str]:
    """Rule 8."""
    code = comparison.sides[number].code
    if code is not None and (code.files or code.ahead or code.behind):
        yield f"code changed: {describe_code(code)}"


def describe_code(code: CodeChange) -> str:
    """Say in a few words how code differs: commits, people and files."""
    commits = [] if code.ahead is None else [format_count(code.ahead, "commit")] if code.ahead or not code.behind else []
    if code.behind:
        commits.append(f"{format_count(code.behind, 'commit')} less")
    people = f" by {format_count(len(code.people), 'person', 'people')}" if code.people else ""
    paths = [file.path if file.kind is Kind.CHANGED else f"{file.path} {file.kind.value}" for file in code.files]
    files = f"{format_count(len(paths), 'file')} ({_name(paths)})" if paths else "no file differs in the end"
    return f"{' and '.join(commits)}{people}, {files}" if commits else files


_RULES: Final[tuple[tuple[Matter, Callable[[Comparison, int], Iterator[str]]], ...]] = (
    (Matter.UNREAD, _say_unread),
    (Matter.SCHEMA, _say_schema),
    (Matter.WORSE, _say_metrics(Trend.WORSE)),
    (Matter.BETTER, _say_metrics(Trend.BETTER)),
    (Matter.LICENSE, _say_license),
    (Matter.DATA, _say_data),
    (Matter.PARAMS, _say_params),
    (Matter.PACKAGES, _say_packages),
    (Matter.CODE, _say_code),
    (Matter.METRICS, _say_metrics(Trend.UNKNOWN)),
)


def _describe_value(row: ValueRow, number: int) -> str:
    """Name a metric or parameter and what happened to it."""
    match row.kinds[number - 1]:
        case Kind.ADDED:
            return f"{row.name} {format_value(row.values[number])} added"
        case Kind.REMOVED:
            return f"{row.name} {format_value(row.values[0])} removed"
        case _:
            return f"{row.name} {format_change(row.values[0], row.values[number], row.deltas[number - 1])}"


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


def _name(texts: Sequence[str]) -> str:
    """Name the first things, and say how many others there are."""
    more = len(texts) - _MOST
    named = (text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..." for text in texts[:_MOST])
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")
