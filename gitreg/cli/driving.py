"""The commands that git starts for single files: the merge driver and the diff driver."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.groups import subcommand
from gitreg.cli.hooking import HOOKS


def _argument(metavar: str, help: str) -> typer.models.ArgumentInfo:
    """Declare an argument that git gives."""
    found: typer.models.ArgumentInfo = typer.Argument(metavar=metavar, help=help, show_default=False)
    return found


@subcommand(
    HOOKS, "merge", "gitreg hooks merge -- %O %A %B %L %P    # in merge.gitreg.driver of git's configuration", hidden=True
)
def merge(
    base: Annotated[str, _argument("BASE", "The file as both sides had it.")],
    ours: Annotated[str, _argument("OURS", "The file as it is here; the result takes its place.")],
    theirs: Annotated[str, _argument("THEIRS", "The file as it is there.")],
    size: Annotated[int, _argument("SIZE", "Characters of a marker.")],
    path: Annotated[str, _argument("PATH", "The path of the file in the repository.")],
    labels: Annotated[list[str] | None, _argument("[BASE OURS THEIRS]", "What stands behind the markers.")] = None,
) -> int:
    """Merge an artifacts.yaml entry by entry, as git asks for.

    Exits with 1 if something is left to decide, which then stands between markers, and with 129 if the file cannot be written:
    that stops the merge, but not in older versions of git, where only what gitreg hooks install sets up is safe then.
    """
    from gitreg.cli import driven

    return driven.merge((base, ours, theirs), size, path, labels or [])


@subcommand(HOOKS, "textconv", "gitreg hooks textconv artifacts.yaml", hidden=True)
def textconv(file: Annotated[str, _argument("FILE", "The file.")]) -> int:
    """Print an artifacts.yaml a field a line, for git diff."""
    from gitreg.cli import driven

    return driven.convert(file)
