"""Tells files from selectors, and prints what a model file says."""

from __future__ import annotations

import os
from pathlib import Path

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.inspected import Inspection
from gitreg.core.selectors import parse_selector
from gitreg.errors import GitregError, NotFound, SyntaxFault


def is_file(target: str, *, asked: bool) -> bool:
    """Say whether a path is meant, and no selector.

    Args:
        target: what was typed.
        asked: whether an option was given that means something for selectors only.

    Raises:
        NotFound: it is neither.
    """
    if not asked and os.path.lexists(target):
        return True
    try:
        parse_selector(target)
    except SyntaxFault as fault:
        if os.sep not in target and "." not in target:
            raise
        raise NotFound(f"there is no file {target!r}, and it is no selector", hint=fault.hint) from fault
    return False


def note_artifact(target: str, repo: str) -> None:
    """Say that an artifact has the name of the file or folder that is looked at, and how to name it; of no repository nothing."""
    from gitreg.registry import Registry

    try:
        parsed = parse_selector(target)
        if parsed.version is not None or parsed.stage is not None or not Path(repo).is_dir():  # an address costs time
            return
        with Registry(repo) as registry:
            registry.show(target)
    except GitregError:
        return
    place = f"./{target}"
    console.note(f"{target!r} is a file or folder here, and an artifact: this is {place!r}")
    console.hint(f"for the artifact: gitreg inspect '{target}@latest'")


def answer_inspection(found: Inspection, *, json: bool) -> None:
    """Print what was found; what could be dangerous stands on standard error too."""
    from gitreg.render import inspections

    if json:
        from gitreg.render.json import format_json

        console.write(format_json(inspections.shape_inspection(found)))
    else:
        show(inspections.render_inspection(found))
    for warning in inspections.warn_of(found):
        console.warn(warning)
