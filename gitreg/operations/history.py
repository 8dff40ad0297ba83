"""`history` and `check-ref`: events."""

from __future__ import annotations

from dataclasses import dataclass

from gitreg.core.events import Event, Kind, order
from gitreg.core.reduce import reduce_artifact, resolve_all
from gitreg.core.select import no_artifact
from gitreg.core.selectors import Selector
from gitreg.errors import NotFound
from gitreg.operations.context import Context
from gitreg.operations.load_entries import load_entries
from gitreg.operations.load_tags import load_tags
from gitreg.operations.moment import find_since, find_time, head_commit
from gitreg.operations.show import deny, select
from gitreg.operations.wholeness import require_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which events `history` lists: from `since` to `at`, of one kind, the youngest `limit`."""

    at: str | None = None
    since: str | None = None
    kind: Kind | None = None
    limit: int | None = None


def list_history(context: Context, selector: Selector | None, *, span: Span, fetched: bool = False) -> tuple[Event, ...]:
    """List events, newest first.

    Raises:
        NotFound: the artifact, version or stage is not known.
    """
    if not fetched:
        require_whole(context.repository.location)
    objects = context.repository.objects
    at = None if span.at is None else find_time(objects, span.at)
    since = None if span.since is None else find_since(objects, span.since)
    tags = load_tags(context.repository, selector.artifact if selector else None, at=at)
    if selector is not None and not tags.events:
        _require_known(context, selector, fetched=fetched)
    events = resolve_all(tags.events)
    if selector is not None:
        events = _select(context, selector, events, fetched=fetched)
    chosen = [
        event for event in events if (since is None or event.at >= since) and (span.kind is None or event.kind is span.kind)
    ]
    chosen.sort(key=lambda event: (order(event), event.artifact), reverse=True)
    return tuple(chosen[: span.limit])


def _require_known(context: Context, selector: Selector, *, fetched: bool) -> None:
    """Refuse an artifact without events, unless it has an entry."""
    objects = context.repository.objects
    entries, _ = load_entries(objects, head_commit(objects))
    if selector.artifact not in entries:
        deny(context, no_artifact(selector.artifact, entries), fetched=fetched)


def _select(context: Context, selector: Selector, events: list[Event], *, fetched: bool) -> list[Event]:
    """Keep the events of a version or a stage."""
    if selector.stage is not None:
        found = [event for event in events if event.stage == selector.stage]
        if not found:
            deny(context, NotFound(f"{selector.stage!r} was never assigned to {selector.artifact!r}"), fetched=fetched)
        return found
    if selector.version is None:
        return events
    artifact, _ = reduce_artifact(selector.artifact, events)
    version, _ = select(context, artifact, selector, at=None, fetched=fetched)
    return [event for event in events if version is not None and event.version == version.version]
