"""Prints who was told what."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.announcements import Notified
from gitreg.errors import ExternalFault
from gitreg.render import notified as rendered


def answer_notified(notified: Notified, *, strict: bool, json: bool) -> int:
    """Print who was told, and warn of who was not.

    Returns:
        7 if somebody was not, and that counts.
    """
    if json:
        from gitreg.render.json import format_json

        console.write(format_json(rendered.shape_notified(notified)))
    elif notified.dry_run:
        console.write(rendered.render_bodies(notified))
    else:
        console.say(*rendered.describe_notified(notified))
    for delivery in notified.deliveries:
        for text in delivery.notes:
            console.note(text)
        if delivery.reason:
            console.complain("error" if strict else "warning", f"{delivery.letter.channel} was not told: {delivery.reason}")
            console.hint(delivery.hint)
    return ExternalFault.exit_code if strict and any(delivery.reason for delivery in notified.deliveries) else 0
