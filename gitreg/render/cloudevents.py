"""CloudEvents 1.0 in JSON (https://github.com/cloudevents/spec), one a line.

The id of an event is that of its tag object, so whoever gets it twice can tell. What `reconcile` finds is another matter: a
difference that is there again an hour later is to be mended again, so its id holds the time at which it was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256

from gitreg.core.event_formats import EVENT_TYPES
from gitreg.core.events import Event
from gitreg.core.reconciliation import CHANGE_TYPES, Change, Reconciliation
from gitreg.render.job_log import disarm_json
from gitreg.render.json_values import Shape, shape_event
from gitreg.render.reconciliation import shape_change
from gitreg.render.text import format_iso_time


def render_cloudevents(events: Iterable[Event], source: str) -> str:
    """Write events, the oldest first: in the order in which they are to be carried out.

    Args:
        events: as `history` lists them, newest first.
        source: of all of them: what names the registry.
    """
    return "".join(f"{format_cloudevent(shape_cloudevent(event, source))}\n" for event in reversed(list(events)))


def render_changes(reconciliation: Reconciliation, source: str) -> str:
    """Write what `reconcile` found."""
    found = (_shape_change(change, reconciliation.at, source) for change in reconciliation.changes)
    return "".join(f"{format_cloudevent(shape)}\n" for shape in found)


def shape_cloudevent(event: Event, source: str) -> Shape:
    """Shape the event that a tag states."""
    return {
        "specversion": "1.0",
        "id": event.tag_id,
        "source": source,
        "type": EVENT_TYPES[event.kind],
        "subject": event.tag,
        "time": format_iso_time(event.at),
        "datacontenttype": "application/json",
        "data": shape_event(event),
    }


def format_cloudevent(shape: Shape) -> str:
    """Write one as a line of JSON: sorted keys, ASCII only."""
    return disarm_json(json.dumps(shape, ensure_ascii=True, sort_keys=True, allow_nan=False))


def _shape_change(change: Change, at: int, source: str) -> Shape:
    """Shape one difference."""
    facts = [*change.place, change.action, change.deployed, change.wanted, change.event.tag_id if change.event else None, at]
    return {
        "specversion": "1.0",
        "id": sha256(json.dumps(facts).encode()).hexdigest(),
        "source": source,
        "type": CHANGE_TYPES[change.action],
        "subject": f"{change.place.artifact}#{change.place.stage}",
        "time": format_iso_time(at),
        "datacontenttype": "application/json",
        "data": shape_change(change),
    }
