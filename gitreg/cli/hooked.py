"""Prints what was tied to git, and why a push is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gitreg.cli import console
from gitreg.cli.answers import answer_edited
from gitreg.core.hooks import Hooked
from gitreg.core.pushed import PushReport
from gitreg.core.views import Edited
from gitreg.core.words import format_count
from gitreg.render.hooks import describe_hooked, shape_hooked

_MOST_OBJECTIONS: Final = 10


def answer_hooked(hooked: Hooked, *, json: bool) -> None:
    """Print what was tied or untied."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(shape_hooked(hooked)))
    else:
        console.say(*describe_hooked(hooked))
    for text in hooked.notes:
        console.note(text)


def answer_begun(edits: Sequence[Edited], hooked: Hooked | None, *, json: bool) -> None:
    """Print what `init` wrote, and what it tied to git, if it was asked to."""
    if console.WISHES.quiet and not json and not any(edit.dry_run for edit in edits):
        return  # what was done is no data; a dry run is asked for what it says
    if hooked is None or not json:
        answer_edited(edits, json=json)
    else:
        from gitreg.render.json import format_json, shape_edited

        console.write(format_json({**shape_edited(*edits), "hooks": shape_hooked(hooked)}))
    if hooked is not None and not json:
        console.say(*describe_hooked(hooked))


def answer_push(report: PushReport) -> int:
    """Say why a push must not happen; return the code that stops git."""
    for text in report.notes[:_MOST_OBJECTIONS]:
        console.warn(text)
    for objection in report.objections[:_MOST_OBJECTIONS]:
        console.complain("error", objection.message)
        if objection.hint:
            console.complain("hint", objection.hint)
    if not report.objections:
        return 0
    left = len(report.objections) - _MOST_OBJECTIONS
    more = f"; {format_count(left, 'more reason')} like these" if left > 0 else ""
    console.complain("error", f"gitreg stopped the push, and nothing was pushed{more}")
    console.complain("hint", "to push without this check: git push --no-verify")
    return 1
