"""Prints what was handed on."""

from __future__ import annotations

from collections.abc import Callable

from gitreg.cli import console
from gitreg.core.exported import Exported
from gitreg.core.exports import Format
from gitreg.render import exports


def choose_writer(kind: Format) -> Callable[[str], None]:
    """Choose what prints rows, so that none is a command to the host of a job: JSON means the same, in CSV signs get numbers."""
    from gitreg.render.job_log import disarm_json

    disarm = disarm_json if kind is Format.JSONL else console.guard
    return lambda text: console.write(disarm(text))


def answer_exported(exported: Exported, *, json: bool) -> None:
    """Print what was written where, and what could not be read."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(exports.shape_exported(exported)))
    elif exported.target is not None:
        console.say(exports.describe_exported(exported))
    for text in exports.describe_problems(exported):
        console.warn(text)
