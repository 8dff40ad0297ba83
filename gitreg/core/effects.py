"""Effects: what events change besides what they say, for a person to read before or after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from gitreg.core.events import Event, Kind
from gitreg.core.new_tags import Known
from gitreg.core.reduce import reduce_artifact
from gitreg.core.state import Artifact, Assignment, find_holder


def describe_effects(known: Known, made: Sequence[Event], existing: Iterable[str] = ()) -> Iterator[str]:
    """Say what new events of one artifact change besides what they say.

    Args:
        known: what was known of the artifact before.
        made: the new events.
        existing: the names of all artifacts, where this one is new; a typing error is best found before others build on it.

    Yields:
        Sentences without a full stop.
    """
    after, _ = reduce_artifact(known.artifact.name, [*known.events, *made])
    if known.artifact.deprecated and not after.deprecated:
        yield f"{after.name!r} was deprecated, and is in use again"
    if close := get_close_matches(after.name, set(existing) - {after.name}, n=1):
        yield f"{after.name!r} is a new artifact; there is {close[0]!r} already"
    yield from _describe_new_stages(known, made)
    yield from _describe_moves(known.artifact, after, made)


def _describe_new_stages(known: Known, made: Sequence[Event]) -> Iterator[str]:
    """Name stages that the artifact never had, beside those that it had."""
    had = sorted({event.stage for event in known.events if event.stage})
    for event in made:
        if had and event.kind is Kind.ASSIGNMENT and event.stage not in had:
            yield f"{event.stage!r} is a new stage of {event.artifact!r}, beside {', '.join(had)}"


def _describe_moves(before: Artifact, after: Artifact, made: Sequence[Event]) -> Iterator[str]:
    """Name stages that change hands though no new event says so."""
    said = {(event.stage, event.kind is Kind.ASSIGNMENT) for event in made}
    for stage in {**before.stages, **after.stages}:
        old, new = find_holder(before, stage), find_holder(after, stage)
        if _target(old) == _target(new) or (stage, new is not None) in said:
            continue
        yield f"{stage!r} goes to {new.version or new.commit[:7]}" if new else f"nothing holds {stage!r} any more"


def _target(holder: Assignment | None) -> tuple[str, str | None] | None:
    """Say what a holder is, whoever assigned it."""
    return (holder.commit, holder.version) if holder else None
