"""What `notify` did: as sentences and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from gitreg.core.announcements import Delivery, Move, Notified
from gitreg.core.words import format_count
from gitreg.render.job_log import disarm_json
from gitreg.render.json_values import Shape, shape_event
from gitreg.render.notifications import describe_announcement


def describe_notified(notified: Notified) -> Iterator[str]:
    """Say who was told what."""
    for delivery in notified.deliveries:
        if delivery.delivered:
            tries = f" ({format_count(delivery.tries, 'try', 'tries')})" if delivery.tries > 1 else ""
            yield f"Told {delivery.letter.channel}: {describe_announcement(notified.announcement)}{tries}"


def render_bodies(notified: Notified) -> str:
    """Write what would be sent: one JSON document after the other."""
    return "".join(f"{disarm_json(json.dumps(json.loads(one.letter.body), indent=2))}\n" for one in notified.deliveries)


def shape_notified(notified: Notified) -> Shape:
    """Shape what `notify` answers."""
    announcement = notified.announcement
    return {
        "dry_run": notified.dry_run,
        "event": shape_event(announcement.event),
        "previous": announcement.previous,
        "rollback": announcement.is_rollback,
        "moves": [_shape_move(move) for move in announcement.moves],
        "notifications": [_shape_delivery(delivery, dry_run=notified.dry_run) for delivery in notified.deliveries],
    }


def _shape_move(move: Move) -> Shape:
    """Shape a stage that changed hands."""
    return {"stage": move.stage, "from": move.before, "to": move.after}


def _shape_delivery(delivery: Delivery, *, dry_run: bool) -> Shape:
    """Shape what became of one letter."""
    return {
        "to": delivery.letter.channel.value,
        "delivered": delivery.delivered,
        "tries": delivery.tries,
        "reason": delivery.reason or None,
        "body": json.loads(delivery.letter.body) if dry_run else None,
    }
