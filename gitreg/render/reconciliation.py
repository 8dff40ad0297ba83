"""What `reconcile` found: as a table, sentences and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from gitreg.core.reconciliation import Action, Change, Reconciliation
from gitreg.core.words import format_count
from gitreg.render.blocks import Column, Fit, Table
from gitreg.render.json_values import Shape, shape_event
from gitreg.render.problems import count_serious
from gitreg.render.text import format_commit, format_iso_time, format_time

_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")


def render_reconciliation(reconciliation: Reconciliation) -> Table:
    """Show the differences: one row for each."""
    columns = (
        Column("action"),
        Column("artifact", Fit.FOLD),
        Column("stage"),
        Column("from"),
        Column("to"),
        Column("since"),
        Column("tag", Fit.FOLD),
    )
    rows = tuple(_row(change) for change in reconciliation.changes)
    narrow = Table(columns=columns, rows=tuple((*row[:5], row[5].partition(" ")[0], row[6]) for row in rows))
    return Table(columns=columns, rows=rows, narrow=narrow)


def describe_agreement(reconciliation: Reconciliation) -> str:
    """Say that nothing is different."""
    if not reconciliation.compared:
        return "nothing to do: nothing of that is deployed, and the registry says that nothing should be"
    return f"nothing to do: {format_count(reconciliation.compared, 'stage')} compared, and all as the registry says"


def warn_of_unknown(reconciliation: Reconciliation) -> Iterator[str]:
    """Say what is deployed that the registry never knew."""
    for change in reconciliation.changes:
        if change.action is Action.UNKNOWN:
            place = f"{change.place.artifact}#{change.place.stage}"
            yield f"{_shorten(change.deployed)} is deployed as '{place}', which the registry never knew: find out why first"


def shape_reconciliation(reconciliation: Reconciliation) -> Shape:
    """Shape what `reconcile` answers."""
    return {
        "changes": [shape_change(change) for change in reconciliation.changes],
        "compared": reconciliation.compared,
        "problems": count_serious(reconciliation.problems),
    }


def shape_change(change: Change) -> Shape:
    """Shape one difference."""
    event = change.event
    return {
        "action": change.action.value,
        "artifact": change.place.artifact,
        "stage": change.place.stage,
        "from": change.deployed,
        "to": change.wanted,
        "commit": change.commit,
        "tag": event.tag if event else None,
        "since": format_iso_time(event.at) if event else None,
        "event": shape_event(event) if event else None,
    }


def _row(change: Change) -> tuple[str, ...]:
    """Write one row."""
    event = change.event
    return (
        change.action.value,
        change.place.artifact,
        change.place.stage,
        _shorten(change.deployed),
        _shorten(change.wanted),
        format_time(event.at) if event else "",
        event.tag if event else "",
    )


def _shorten(text: str | None) -> str:
    """Write a version, or the beginning of a commit's id."""
    return format_commit(text) if text and _COMMIT.fullmatch(text) else text or ""
