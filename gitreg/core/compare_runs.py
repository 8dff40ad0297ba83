"""Parameters that pipelines were run with, where the files of a commit have others: then these say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gitreg.core.compare_values import compare_tables
from gitreg.core.compared import Kind, Side, ValueRow
from gitreg.core.drift import restore_written
from gitreg.core.equality import are_same
from gitreg.core.facts import Missing

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
    return tuple(_rename(row) for row in compare_tables(tables, [side.facts for side in sides], {}))


def _rename(row: ValueRow) -> ValueRow:
    """Say what the row is of; a side whose lock does not say it was run with something that nobody knows."""
    is_known = [value is not Missing.MISSING for value in row.values]
    kinds = tuple(
        kind if (known and is_known[0]) or not (known or is_known[0]) else Kind.UNKNOWN
        for kind, known in zip(row.kinds, is_known[1:], strict=True)
    )
    return replace(row, name=f"{row.name}{RUN_WITH}", kinds=kinds)
