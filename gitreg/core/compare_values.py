"""Metrics and parameters of several sides: which of them are the same thing, and what happened to each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gitreg.core.compare_unread import OF_PIPELINES, is_unread, judge
from gitreg.core.compared import Delta, Kind, Trend, ValueRow
from gitreg.core.entries import Entry
from gitreg.core.equality import are_same
from gitreg.core.facts import Facts, Missing
from gitreg.core.pipelines import Table, Value

HIGHER: Final = "higher"
LOWER: Final = "lower"


def compare_metrics(facts: Sequence[Facts], goals: Mapping[str, str]) -> tuple[ValueRow, ...]:
    """Compare metrics; of goals there are ``higher`` and ``lower`` by name, or by ``FILE:NAME``."""
    endings = [_list_endings(one.entry.metrics if one.entry else ()) for one in facts]
    return _compare_tables([one.metrics for one in facts], facts, endings, goals)


def may_have_metric(facts: Facts, files: Iterable[str]) -> bool:
    """Say whether there may be a metric that was not found: in one of the files that others have it in, or whose name is lost."""
    return is_unread(facts, files, _list_endings(facts.entry.metrics if facts.entry else ()))


def compare_params(tables: Sequence[Table], facts: Sequence[Facts]) -> tuple[ValueRow, ...]:
    """Compare parameters: those of the tables, which each side has."""
    endings = [_list_endings(one.entry.params if one.entry else ()) for one in facts]
    return _compare_tables(tables, facts, endings, {})


def _list_endings(declared: Sequence[object]) -> tuple[str, ...]:
    """List the endings of files that say which files values are in, where the entry does not say so itself."""
    return () if declared else OF_PIPELINES


def _compare_tables(
    tables: Sequence[Table], facts: Sequence[Facts], endings: Sequence[tuple[str, ...]], goals: Mapping[str, str]
) -> tuple[ValueRow, ...]:
    """Compare metrics or parameters.

    A name that each side has in one file at most is one thing, whichever file that is; another one is compared file by file.

    Args:
        tables: of each side.
        facts: of each side: what could not be read is not known to be missing.
        endings: of each side: of files that may name more files.
        goals: ``higher`` or ``lower`` by name, or by ``FILE:NAME``.
    """
    files_by_name: dict[str, list[list[str]]] = {}
    for number, table in enumerate(tables):
        for file in sorted(table):
            for name in table[file]:
                files_by_name.setdefault(name, [[] for _ in tables])[number].append(file)
    rows = []
    for name, found in files_by_name.items():
        if all(len(files) <= 1 for files in found):
            spread: list[tuple[str | None, ...]] = [tuple(files[0] if files else None for files in found)]
        else:
            listed = sorted({file for files in found for file in files})
            spread = [tuple(file if file in files else None for files in found) for file in listed]
        for files in spread:
            unread = [
                is_unread(one, {file for file in files if file is not None}, more)
                for one, more in zip(facts, endings, strict=True)
            ]
            row = _make_value_row(name, files, tables, unread, goals)
            rows.append(row if len(spread) == 1 else replace(row, file=next(file for file in files if file is not None)))
    return tuple(sorted(rows, key=lambda row: (row.name, [file or "" for file in row.files])))


def _make_value_row(
    name: str, files: tuple[str | None, ...], tables: Sequence[Table], unread: Sequence[bool], goals: Mapping[str, str]
) -> ValueRow:
    """Compare one metric or parameter."""
    places = sorted({file for file in files if file is not None})
    goal = next((goals[key] for key in (name, *(f"{file}:{name}" for file in places)) if key in goals), None)
    pairs = zip(tables, files, strict=True)
    values = tuple(Missing.MISSING if file is None else table[file][name] for table, file in pairs)
    kinds = tuple(
        judge(values[0] is not Missing.MISSING, value is not Missing.MISSING, unread[0], lost, same=are_same(values[0], value))
        for value, lost in zip(values[1:], unread[1:], strict=True)
    )
    deltas = tuple(_subtract(values[0], value) for value in values[1:])
    trends = tuple(
        None if kind is Kind.SAME else _judge_trend(values[0], value, goal) for value, kind in zip(values[1:], kinds, strict=True)
    )
    return ValueRow(name=name, files=files, values=values, kinds=kinds, deltas=deltas, trends=trends, goal=goal)


def merge_goals(entries: Iterable[Entry | None]) -> dict[str, str]:
    """Put together which way is better, as entries say it; where they disagree, nobody knows."""
    said: dict[str, set[str]] = {}
    for entry in entries:
        for name, goal in entry.goals.items() if entry else ():
            said.setdefault(name, set()).add(goal)
    return {name: next(iter(goals)) for name, goals in said.items() if len(goals) == 1 and goals <= {HIGHER, LOWER}}


def _is_number(value: Value | Missing) -> bool:
    """Say whether a value is a number, and not infinite or NaN."""
    return isinstance(value, int | float) and not isinstance(value, bool) and (isinstance(value, int) or math.isfinite(value))


def _subtract(one: Value | Missing, other: Value | Missing) -> Delta | None:
    """Say how far the second number is from the first; None where there are no two numbers, or none that can be told."""
    if not (_is_number(one) and _is_number(other)):
        return None
    assert isinstance(one, int | float)  # noqa: S101  they are numbers
    assert isinstance(other, int | float)  # noqa: S101
    try:
        absolute = other - one
        relative = absolute / abs(one) if one else None
    except OverflowError:
        return None
    is_finite = isinstance(absolute, int) or math.isfinite(absolute)
    return Delta(absolute, relative if relative is None or math.isfinite(relative) else None) if is_finite else None


def _judge_trend(one: Value | Missing, other: Value | Missing, goal: str | None) -> Trend:
    """Say whether a metric got better: infinities count, and a number is better than NaN."""
    if goal is None or not (_is_real(one) and _is_real(other)):
        return Trend.UNKNOWN
    assert isinstance(one, int | float)  # noqa: S101  they are numbers
    assert isinstance(other, int | float)  # noqa: S101
    if math.isnan(one) or math.isnan(other):
        return Trend.BETTER if math.isnan(one) else Trend.WORSE
    return Trend.BETTER if (other > one) == (goal == HIGHER) else Trend.WORSE


def _is_real(value: Value | Missing) -> bool:
    """Say whether a value is of a type of numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)
