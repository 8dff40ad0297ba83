"""What is sent to Slack, Teams and webhooks. Whatever a repository holds is text there: no mention, no link, no formatting.

Slack takes ``&``, ``<`` and ``>`` as signs everywhere (https://docs.slack.dev/messaging/formatting-message-text) and formats no
``plain_text``. Teams reads Markdown in a ``TextBlock`` and none in the ``TextRun`` of a ``RichTextBlock``
(https://adaptivecards.io/explorer/TextRun.html).
"""

from __future__ import annotations

import json
import re
from typing import Final

from gitreg.core.announcements import Announcement, Channel, Move
from gitreg.core.events import Kind
from gitreg.core.messages import strip_trailers
from gitreg.core.origins import Origin
from gitreg.render.cloudevents import format_cloudevent, shape_cloudevent
from gitreg.render.feed import describe_event
from gitreg.render.json_values import Shape
from gitreg.render.text import escape, format_commit, format_time

CONTENT_TYPES: Final = {
    Channel.SLACK: "application/json",
    Channel.TEAMS: "application/json",
    Channel.WEBHOOK: "application/cloudevents+json",
}

_LONGEST: Final = 300  # characters of a value: a field of Slack holds 2000, of which a sign takes five
_LONGEST_MESSAGE: Final = 500  # and a section 3000
_MOST_OTHERS: Final = 3  # stages that changed hands, too; Slack shows ten fields
_COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")
_SLACK_SIGNS: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_TEAMS_FUNCTION: Final = re.compile(r"\{(?=\{)")  # {{DATE(...)}} would be computed


def render_body(channel: Channel, announcement: Announcement, origin: Origin) -> str:
    """Write what is sent, as JSON in ASCII."""
    match channel:
        case Channel.SLACK:
            return json.dumps(_shape_slack(announcement, origin))
        case Channel.TEAMS:
            return json.dumps(_shape_teams(announcement, origin))
        case Channel.WEBHOOK:
            return format_cloudevent(_shape_webhook(announcement, origin))


def describe_announcement(announcement: Announcement) -> str:
    """Say in one line what changed: ``churn#prod: v1.1.0 -> v1.2.0``."""
    event = announcement.event
    if event.stage is None:
        before = announcement.latest_before
        is_news = event.kind is Kind.REGISTRATION and before is not None and before != event.version
        return describe_event(event) + (f" (the latest before: {before})" if is_news else "")
    move = announcement.moves[0]
    if move.before == move.after:
        return f"{event.artifact}#{event.stage}: {_name(move.after)}, as before"
    return f"{event.artifact}#{_describe_move(move)}"


def _describe_move(move: Move) -> str:
    """Say how one stage changed hands."""
    return f"{move.stage}: {_name(move.before)} -> {_name(move.after)}{' (rollback)' if move.is_rollback else ''}"


def _name(text: str | None) -> str:
    """Write a version, or the beginning of a commit's id."""
    return "nothing" if text is None else format_commit(text) if _COMMIT.fullmatch(text) else text


def _list_facts(announcement: Announcement, origin: Origin) -> list[tuple[str, str]]:
    """List what else is worth knowing."""
    event = announcement.event
    others = [_describe_move(move) for move in announcement.moves if move.stage != event.stage]
    pairs = [
        *(("Also", other) for other in others[:_MOST_OTHERS]),
        ("By", event.author),
        ("When", format_time(event.at)),
        ("Tag", event.tag),
        ("Commit", format_commit(event.commit)),
        ("Registry", "" if origin.source.startswith("urn:") else origin.source),
    ]
    return [(name, _cut(value, _LONGEST)) for name, value in pairs if value.strip()]


def _message(announcement: Announcement) -> str:
    """Take what the person said, without what gitreg says below."""
    return _cut(strip_trailers(announcement.event.message).strip(), _LONGEST_MESSAGE)


def _cut(text: str, most: int) -> str:
    """Make a text harmless, and cut it where it is too long for a chat."""
    safe = escape(text[: most + 1], lines=True)
    return safe if len(safe) <= most else f"{safe[:most]}..."


def _shape_slack(announcement: Announcement, origin: Origin) -> Shape:
    """Shape a message of Slack (https://docs.slack.dev/reference/block-kit)."""
    title = _quote_slack(_cut(describe_announcement(announcement), _LONGEST))
    page = origin.tag_page(announcement.event.tag)
    heading = {"type": "mrkdwn", "text": f"*<{page}|{title}>*", "verbatim": True} if page else _slack_text(title)
    fields = [_slack_text(f"{name}: {_quote_slack(value)}") for name, value in _list_facts(announcement, origin)]
    blocks: list[Shape] = [{"type": "section", "text": heading}, {"type": "section", "fields": fields}]
    if message := _message(announcement):
        blocks.append({"type": "section", "text": _slack_text(_quote_slack(message))})
    return {"text": title, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _slack_text(text: str) -> Shape:
    """Shape a text that is not formatted."""
    return {"type": "plain_text", "text": text, "emoji": False}


def _quote_slack(text: str) -> str:
    """Write the signs of Slack as what they look like."""
    return text.translate(_SLACK_SIGNS)


def _shape_teams(announcement: Announcement, origin: Origin) -> Shape:
    """Shape an Adaptive Card as a workflow of Teams takes it."""
    title = _cut(describe_announcement(announcement), _LONGEST)
    message = _message(announcement)
    facts = [*_list_facts(announcement, origin), *([("Message", message)] if message else [])]
    page = origin.tag_page(announcement.event.tag)
    card: Shape = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            _teams_line(_teams_run(title, weight="Bolder", size="Medium")),
            *(_teams_line(_teams_run(f"{name}: ", weight="Bolder"), _teams_run(value)) for name, value in facts),
        ],
        "msteams": {"width": "Full"},
    }
    if page:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open the tag", "url": page}]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _teams_line(*runs: Shape) -> Shape:
    """Shape a paragraph."""
    return {"type": "RichTextBlock", "inlines": list(runs), "spacing": "Small"}


def _teams_run(text: str, **look: str) -> Shape:
    """Shape a piece of text that means nothing but itself."""
    return {"type": "TextRun", "text": _TEAMS_FUNCTION.sub("{\u200b", text), **look}


def _shape_webhook(announcement: Announcement, origin: Origin) -> Shape:
    """Shape the CloudEvent, with what was before as extensions of it."""
    shape = shape_cloudevent(announcement.event, origin.source)
    if announcement.previous is not None:
        shape["previousversion"] = announcement.previous
    if announcement.event.stage is not None:
        shape["rollback"] = announcement.is_rollback
    return shape
