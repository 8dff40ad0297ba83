"""Events made by hand, for tests of the core."""

from __future__ import annotations

from typing import Final

from gitreg.core.events import Event
from gitreg.core.tags import parse_tag
from tests.support.environment import EMAIL, NAME, START

# Commits that a test can tell apart at a glance.
A: Final = "a" * 40
B: Final = "b" * 40
C: Final = "c" * 40


def make_event(tag: str, commit: str = A, at: int = START, *, named: str | None = None, message: str = "") -> Event:
    """Make the event that a tag states.

    Args:
        tag: its name, from which kind, artifact, version, stage and counter follow.
        commit: the full id of its commit.
        at: its time in seconds since 1970.
        named: what its trailer ``Gitreg-Version:`` names.
        message: its message without that trailer.
    """
    parsed = parse_tag(tag)
    if parsed is None:
        raise AssertionError(f"{tag!r} is no registry tag")
    return Event(
        kind=parsed.kind,
        artifact=parsed.artifact,
        version=parsed.version,
        stage=parsed.stage,
        counter=parsed.counter,
        commit=commit,
        tag=tag,
        tag_id=f"{sum(map(ord, tag)):040x}",
        at=at,
        author=NAME,
        author_email=EMAIL,
        message=message or f"About {tag}",
        named_version=named,
    )


def tell(*facts: tuple[str, str] | tuple[str, str, str]) -> list[Event]:
    """Make events, each a minute later than the one before, from tag, commit and perhaps the version that the trailer names."""
    return [
        make_event(tag, commit, START + 60 * minute, named=named[0] if named else None)
        for minute, (tag, commit, *named) in enumerate(facts)
    ]
