"""Prints where a version comes from."""

from __future__ import annotations

import sys
from typing import Final

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.lineage import Containment, Lineage
from gitreg.core.words import format_count
from gitreg.errors import UsageFault

_MOST_TOLD: Final = 5  # problems


def choose_format(**flags: bool) -> str:
    """Choose what is printed: a tree, if no flag is given.

    Raises:
        UsageFault: more than one flag is given.
    """
    given = [name for name, value in flags.items() if value]
    if len(given) > 1:
        raise UsageFault(f"only one of {', '.join(f'--{name}' for name in given)} can be printed", hint="run it once for each")
    return given[0] if given else "tree"


def refuse_with_contains(**options: object) -> None:
    """Refuse options that mean nothing with ``--contains``.

    Raises:
        UsageFault: one is given.
    """
    for name, value in options.items():
        if value:
            raise UsageFault(f"--{name} means nothing with --contains", hint="leave one of them out")


def answer_lineage(lineage: Lineage, form: str) -> None:
    """Print a lineage as a tree, JSON or a graph; what a person should know stands on standard error."""
    match form:
        case "json":
            from gitreg.render.json import format_json
            from gitreg.render.lineage_json import shape_lineage

            console.write(format_json(shape_lineage(lineage)))
        case "dot":
            from gitreg.render.lineage_graphs import format_dot

            console.write(console.guard(format_dot(lineage)))
        case "mermaid":
            from gitreg.render.lineage_graphs import format_mermaid

            console.write(console.guard(format_mermaid(lineage)))
        case _:
            from gitreg.render.lineage import render_lineage

            show(render_lineage(lineage, branches=console.is_terminal(sys.stdout)))
    for note in lineage.notes:
        console.note(note)
    if form == "tree" and lineage.reverse and not lineage.edges:
        console.note("no version in this registry was made from it, as far as their files say")
    _warn(lineage)


def answer_containment(found: Containment, *, json: bool) -> int:
    """Print whether a commit is in a history; return the exit code: 1 for no."""
    from gitreg.render.lineage import describe_containment, describe_first

    if json:
        from gitreg.render.json import format_json
        from gitreg.render.lineage_json import shape_containment

        console.write(format_json(shape_containment(found)))
    else:
        console.say(describe_containment(found))
        if found.target is not None or found.first is not None:
            console.note(describe_first(found))
    if not found.contained:
        console.hint("the same change under another id is not found; look for it: git log --grep or git cherry")
    return 0 if found.contained else 1


def _warn(lineage: Lineage) -> None:
    """Say what could not be read."""
    from gitreg.render.problems import count_serious
    from gitreg.render.text import format_commit

    for problem in lineage.problems[:_MOST_TOLD]:
        where = f" at commit {format_commit(problem.commit)}" if problem.commit else ""
        place = f"{problem.file}{where}: " if problem.file else ""
        console.warn(f"{place}{problem.message}")
        if not problem.file:  # what a file says of itself is told by check, with its hint
            console.hint(problem.hint or "")
    left = count_serious(lineage.problems[_MOST_TOLD:])
    if left:
        console.warn(f"{format_count(left, 'more problem')}; see all of them: --json")
