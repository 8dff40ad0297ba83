"""Prints what was fetched, and where bytes are."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.contents import Fetched, Whereabouts


def answer_fetched(fetched: Fetched, *, json: bool) -> None:
    """Print what has arrived where."""
    from gitreg.render import arrivals

    if json:
        from gitreg.render.json import format_json

        console.write(format_json(arrivals.shape_fetched(fetched)))
    else:
        console.say(arrivals.describe_fetched(fetched))
    for note in fetched.notes:
        console.warn(note)
    _warn_of_deprecated(fetched.artifact, deprecated=fetched.deprecated)


def answer_whereabouts(found: Whereabouts, *, json: bool) -> None:
    """Print the address: one line, for scripts."""
    if json:
        from gitreg.render.arrivals import shape_whereabouts
        from gitreg.render.json import format_json

        console.write(format_json(shape_whereabouts(found)))
    else:
        console.say(found.address)
    if found.signed and found.contents.is_folder and not json:
        console.hint("print a link for each of its files: --json")
    _warn_of_deprecated(found.artifact, deprecated=found.deprecated)


def _warn_of_deprecated(artifact: str, *, deprecated: bool) -> None:
    """Say that an artifact is no longer of use."""
    if deprecated:
        console.warn(f"{artifact!r} is deprecated")
