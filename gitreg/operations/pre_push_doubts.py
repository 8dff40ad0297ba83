"""What the hook before a push doubts: tags that may be pushed, and hardly say what somebody meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gitreg.core.events import Event, Kind
from gitreg.core.near_tags import find_near_miss
from gitreg.core.pushed import PushedRef
from gitreg.core.select import no_artifact
from gitreg.core.tags import parse_tag
from gitreg.errors import GitregError
from gitreg.operations.context import Context
from gitreg.operations.load_entries import load_entries, load_entry
from gitreg.operations.moment import head_commit


def describe_doubts(
    context: Context, refs: Iterable[PushedRef], events: Sequence[Event], known: Sequence[Event]
) -> Iterator[str]:
    """Say of tags that are pushed what a person may not have meant.

    Args:
        context: where they come from.
        refs: all refs of the push.
        events: what the registry tags among them state.
        known: the events of their artifacts that this clone has, with or without those.
    """
    yield from _describe_near_misses(context, refs)
    yield from _describe_unknown(context, events, known)
    yield from _describe_bare(events, known)


def _describe_near_misses(context: Context, refs: Iterable[PushedRef]) -> Iterator[str]:
    """Name the tags that are nearly those of an artifact that there is, and that nobody reads."""
    new = (ref.tag for ref in refs if ref.tag and ref.object_id is not None and ref.before is None)
    misses = [(tag, miss) for tag in new if (miss := find_near_miss(tag))]
    artifacts = _list_artifacts(context) if misses else set()
    for tag, miss in misses:
        if miss.artifact in artifacts:
            yield f"{tag!r} is no registry tag, so it says nothing of {miss.artifact!r}: {miss.reason}"


def _describe_unknown(context: Context, events: Sequence[Event], known: Iterable[Event]) -> Iterator[str]:
    """Name the artifacts that get their first tags and have no entry: nobody may ever have heard of them."""
    pushed = {event.tag for event in events}
    before = {event.artifact for event in known if event.tag not in pushed}
    first = {event.artifact: event for event in reversed(events) if event.artifact not in before}
    for artifact, event in sorted(first.items()):
        if not _has_entry(context, event.commit, artifact):
            hint = no_artifact(artifact, _list_artifacts(context) - {artifact}).hint
            meant = f"; {hint}" if hint.startswith("did you mean") else ""
            yield f"{event.tag!r} is the first tag of {artifact!r}, which has no entry at {event.commit[:7]}{meant}"


def _describe_bare(events: Iterable[Event], known: Sequence[Event]) -> Iterator[str]:
    """Name the assignments of commits that are no version of an artifact that has versions."""
    versions = {(event.artifact, event.commit) for event in (*events, *known) if event.kind is Kind.REGISTRATION}
    artifacts = {artifact for artifact, _ in versions}
    for event in events:
        place = event.artifact, event.commit
        if event.kind is Kind.ASSIGNMENT and event.artifact in artifacts and place not in versions:
            yield f"{event.tag!r} gives {event.stage!r} to {event.commit[:7]}, which is no version of {event.artifact!r}"


def _has_entry(context: Context, commit: str, artifact: str) -> bool:
    """Say whether a commit has an entry of an artifact, or may have one that cannot be read."""
    try:
        entry, problems = load_entry(context.repository.objects, commit, artifact)
    except GitregError:
        return True
    return entry is not None or bool(problems)


def _list_artifacts(context: Context) -> set[str]:
    """List the artifacts that there are by registry tags and by entries at HEAD, as far as these can be read."""
    objects = context.repository.objects
    tagged = {tag.artifact for name in context.repository.list_tags()[0] if (tag := parse_tag(name))}
    try:
        return tagged | set(load_entries(objects, head_commit(objects))[0])
    except GitregError:
        return tagged
