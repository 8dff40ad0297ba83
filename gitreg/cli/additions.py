"""Prints what `add` did."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.views import Added
from gitreg.render import additions


def answer_added(added: Added, *, json: bool) -> None:
    """Print what `add` did and what to do next."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(additions.shape_added(added)))
    else:
        console.say(*additions.describe_added(added))
    for text in added.notes:
        console.note(text)
    console.hint(additions.advise_added(added))
