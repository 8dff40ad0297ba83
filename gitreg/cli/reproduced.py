"""Prints what was checked out to be made again."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.reproduction import Reproduced
from gitreg.render import reproduction


def answer_reproduced(reproduced: Reproduced, *, json: bool) -> None:
    """Print what was made, what may differ, and what to do next."""
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(reproduction.shape_reproduced(reproduced)))
    else:
        console.say(reproduction.describe_reproduced(reproduced))
    for note in reproduced.reproduction.notes:
        console.note(note)
    for problem in reproduced.reproduction.problems:
        console.warn(f"{problem.file}: {problem.message}" if problem.file else problem.message)
    console.hint(reproduction.advise_reproduced(reproduced))
