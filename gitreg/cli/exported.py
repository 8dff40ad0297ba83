"""Prints what was handed on."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.exported import Exported
from gitreg.render import exports


def answer_exported(exported: Exported, *, json: bool) -> None:
    """Print what was written where, and what could not be read."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(exports.shape_exported(exported)))
    elif exported.target is not None:
        console.say(exports.describe_exported(exported))
    for text in exports.describe_problems(exported):
        console.warn(text)
