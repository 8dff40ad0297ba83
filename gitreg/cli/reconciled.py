"""Prints what is different between the deployed and the registry."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.reconciliation import Reconciliation
from gitreg.core.words import format_count
from gitreg.render import reconciliation as rendered
from gitreg.render.problems import count_serious


def answer_reconciliation(found: Reconciliation, *, source: str | None, json: bool) -> None:
    """Print what there is to do, and what somebody should look at.

    Args:
        found: the differences.
        source: of CloudEvents, if those are wanted.
        json: whether JSON is wanted.
    """
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(rendered.shape_reconciliation(found)))
    elif source is not None:
        from gitreg.render.cloudevents import render_changes

        console.write(render_changes(found, source))
    elif found.changes:
        show(rendered.render_reconciliation(found))
    else:
        console.note(rendered.describe_agreement(found))
    for sentence in rendered.warn_of_unknown(found):
        console.warn(sentence)
    if count := count_serious(found.problems):
        console.warn(f"{format_count(count, 'problem')}; run: gitreg check")
