"""Parameters that versions were made with: where the files of a commit have others, these were written and not run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Final

from gitreg.core.compare_unread import list_broken, loses_pipeline
from gitreg.core.compare_values import compare_params
from gitreg.core.compared import Kind, Side, ValueRow
from gitreg.core.drift import restore_written
from gitreg.core.equality import are_same
from gitreg.core.facts import Facts, Missing
from gitreg.core.pipelines import Table

RUN_WITH: Final = " (run with)"
"""The end of the names of parameters that a lock says, in place of a file of parameters."""


def compare_runs(sides: Sequence[Side]) -> tuple[ValueRow, ...]:
    """Compare the parameters that pipelines were run with, as far as the files of some side have others."""
    written = [restore_written(side.facts.params, side.facts.drift) for side in sides]
    drifted = {
        (file, name)
        for side, params in zip(sides, written, strict=True)
        for file, values in side.run.items()
        for name, value in values.items()
        if not are_same(params.get(file, {}).get(name, value), value)
    }
    tables = [
        {file: {name: value for name, value in values.items() if (file, name) in drifted} for file, values in side.run.items()}
        for side in sides
    ]
    return tuple(_rename(row) for row in compare_params(tables, [side.facts for side in sides]))


def _rename(row: ValueRow) -> ValueRow:
    """Say what the row is of; a side whose lock does not say it was run with something that nobody knows."""
    is_known = [value is not Missing.MISSING for value in row.values]
    kinds = tuple(
        kind if (known and is_known[0]) or not (known or is_known[0]) else Kind.UNKNOWN
        for kind, known in zip(row.kinds, is_known[1:], strict=True)
    )
    return replace(row, name=f"{row.name}{RUN_WITH}", kinds=kinds)


def compare_written(facts: Sequence[Facts]) -> tuple[ValueRow, ...]:
    """Compare the parameters that files say; what only a lock says, since the file could not be read, is not known of it."""
    rows = compare_params([restore_written(one.params, one.drift) for one in facts], facts)
    broken = [list_broken(one) for one in facts]
    return tuple(
        _forget(row, {number for number, one in enumerate(facts) if _is_of_lock(row, number, one, broken[number])}, facts)
        for row in rows
    )


def _is_of_lock(row: ValueRow, number: int, facts: Facts, broken: Collection[str]) -> bool:
    """Say whether the value of a side stands in for that of a file that could not be read."""
    file = row.files[number]
    run = facts.run.get(file, {}) if file is not None and file in broken else {}
    return row.name in run and are_same(run[row.name], row.values[number])


def compare_made(sides: Sequence[Side]) -> tuple[ValueRow, ...]:
    """Compare the parameters that versions were made with: as pipelines were run with them, and others as files say them."""
    written = [restore_written(side.facts.params, side.facts.drift) for side in sides]
    made = [
        {
            file: {name: side.run.get(file, {}).get(name, value) for name, value in values.items()}
            for file, values in table.items()
        }
        for side, table in zip(sides, written, strict=True)
    ]
    rows = compare_params(made, [side.facts for side in sides])
    return tuple(_judge_made(row, sides, written) for row in rows)


def _judge_made(row: ValueRow, sides: Sequence[Side], written: Sequence[Table]) -> ValueRow:
    """Say of a parameter what is not known of it, or that pipelines that were run have nothing to do with it."""
    places = [(number, file) for number, file in enumerate(row.files) if file is not None]
    silent = {number for number, file in places if row.name not in sides[number].run.get(file, {})}
    if len(silent) == len(places):
        return replace(row, is_beside=all(sides[number].run.get(file) for number, file in places))
    is_drifted = any(not are_same(written[number][file][row.name], row.values[number]) for number, file in places)
    doubtful = {number for number in silent if is_drifted or loses_pipeline(sides[number].facts)}
    changed = {number for number, kind in enumerate(row.kinds, 1) if kind is Kind.CHANGED}
    return _forget(row, doubtful & (changed | {0} if changed else changed), [side.facts for side in sides])


def _forget(row: ValueRow, lost: AbstractSet[int], facts: Sequence[Facts]) -> ValueRow:
    """Forget the values of some sides, which are not known after all; those of one commit are the same nevertheless."""
    if not lost:
        return row
    kinds = tuple(
        Kind.UNKNOWN if lost & {0, number} and one.commit != facts[0].commit else kind
        for number, (one, kind) in enumerate(zip(facts[1:], row.kinds, strict=True), 1)
    )
    values = tuple(Missing.MISSING if number in lost else value for number, value in enumerate(row.values))
    deltas = tuple(None if kind is Kind.UNKNOWN else delta for kind, delta in zip(kinds, row.deltas, strict=True))
    return replace(row, values=values, kinds=kinds, deltas=deltas)
