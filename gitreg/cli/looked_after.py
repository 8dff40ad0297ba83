"""Prints what was found by the commands that look after the bytes."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.garbage import Garbage
from gitreg.core.verdicts import Verification


def answer_garbage(garbage: Garbage, *, json: bool) -> None:
    """Print what was deleted, or would be, and what stays."""
    from gitreg.render import garbage as rendering

    if json:
        from gitreg.render.json import format_json

        console.write(format_json(rendering.shape_garbage(garbage)))
    else:
        show(rendering.render_garbage(garbage))
    if limits := rendering.describe_limits(garbage):
        console.note(limits)
    console.hint(rendering.advise_garbage(garbage))


def answer_verification(verification: Verification, *, json: bool) -> int:
    """Print a row for each version; return the exit code."""
    from gitreg.render import verdicts

    if json:
        from gitreg.render.json import format_json

        console.write(format_json(verdicts.shape_verification(verification)))
    elif verification.versions:
        show(verdicts.render_verification(verification))
    console.note(verdicts.describe_verification(verification))
    console.hint(verdicts.advise_verification(verification))
    return verdicts.choose_code(verification)
