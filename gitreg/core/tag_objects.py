"""From the bytes of a tag object to an event, or to the problem that quarantines it.

Only annotated tags that point straight at a commit are events. Everything else that has the name of a registry tag is
quarantined: it is no event, it becomes a problem, and all other tags are read as usual.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gitreg.core.events import LATEST_TIME, Event
from gitreg.core.messages import VERSION_TRAILER, parse_trailers, strip_signature
from gitreg.core.problems import Problem
from gitreg.core.tags import parse_tag

_TAG_OBJECT = re.compile(
    r"object ([0-9a-f]{40,64})\n"
    r"type commit\n"
    r"tag ([^\n]*)\n"
    r"tagger ([^\n<]*)<([^>\n]*)> ([0-9]{1,20}) [+-][0-9]{4,}\n"
    r"(?:[^\n]+\n)*"  # a SHA-256 repository may keep a signature in a header
    r"(?:\n|$)"
)
_OBJECT_ID = re.compile(r"[0-9a-f]{40,64}")


class TagRecord(NamedTuple):
    """What git says of a ref below ``refs/tags/``; a named tuple for the same reason as `Event`.

    Attributes:
        name: the name without ``refs/tags/``.
        object_id: the full id of the object that the ref names.
        object_type: its type, or an empty text if it is missing.
        content: the bytes of the tag object; empty for other objects, and for a tag object that is too large to be read.
        size: of the object in bytes.
    """

    name: str
    object_id: str
    object_type: str
    content: bytes
    size: int = 0


def read_event(record: TagRecord) -> Event | Problem | None:
    """Read one tag.

    Returns:
        The event that it states, if its commit is one (`check_target`); the problem that keeps it from being one; or None for a
        tag that is not ours.
    """
    parsed = parse_tag(record.name)
    if parsed is None:
        return None
    text = record.content.decode("utf-8", "replace")
    match = _TAG_OBJECT.match(text)
    if match is None or record.object_type != "tag":
        return _quarantine(record, parsed.artifact)
    commit, name, author, email, seconds = match.groups()
    at = int(seconds)
    if at > LATEST_TIME or name != record.name:
        return _quarantine(record, parsed.artifact)
    message = strip_signature(text[match.end() :])
    named_version = parse_trailers(message).get(VERSION_TRAILER)
    author = author.removesuffix(" ")
    return Event(*parsed, commit, name, record.object_id, at, author, email, message.rstrip("\n"), named_version)


def check_target(event: Event, target_type: str) -> Problem | None:
    """Quarantine an event whose tag object claims to point at a commit and does not.

    Args:
        event: the event to be.
        target_type: the type of the object that the tag points at, or an empty text if it is missing.
    """
    if target_type == "commit":
        return None
    if target_type:
        code, message, hint = _no_commit(target_type)
    else:
        code, hint = "GR208", "git fetch --unshallow, or fetch from a whole clone"
        message = f"points at commit {event.commit[:7]}, which is missing"
    return _problem(code, event.tag, event.artifact, message, hint)


_FETCH_HINT: Final = "git fetch --force --tags"
_ANEW_HINT: Final = "make the tag anew on a commit, with gitreg"


def _quarantine(record: TagRecord, artifact: str) -> Problem:
    """Say why a tag with the name of a registry tag is no event."""
    code, message, hint = _outside(record) if record.object_type != "tag" else _inside(record)
    return _problem(code, record.name, artifact, message, hint)


def _problem(code: str, tag: str, artifact: str, message: str, hint: str) -> Problem:
    """Make the problem of one tag."""
    return Problem(code=code, message=f"{tag!r} {message}; it is not read", tag=tag, artifact=artifact, hint=hint)


def _outside(record: TagRecord) -> tuple[str, str, str]:
    """Say what is wrong with a ref that names no tag object: code, what the tag does, hint."""
    if not record.object_type:
        # first away with it: git does not fetch while a ref names nothing
        hint = f"git tag -d '{record.name}' && git fetch --tags"
        return "GR207", f"names object {record.object_id[:7]}, which is missing", hint
    if record.object_type == "commit":
        hint = f"if the remote has it annotated: {_FETCH_HINT} (actions/checkout before v6.0.2 makes such tags)"
        return "GR201", "is a lightweight tag, which states no author and no time", hint
    return "GR203", f"is a {record.object_type}, not an annotated tag of a commit", _ANEW_HINT


def _inside(record: TagRecord) -> tuple[str, str, str]:
    """Say what is wrong inside a tag object: code, what the tag does, hint."""
    if record.size > len(record.content):
        return "GR210", "is too large to be read", "a message that long is no message: make the tag anew, with gitreg"
    head = record.content.decode("utf-8", "replace").partition("\n\n")[0]
    fields = {key: value for key, _, value in (line.partition(" ") for line in reversed(head.split("\n")))}
    if fields.get("tag") != record.name:
        hint = f"git fetch --force origin 'refs/tags/{record.name}:refs/tags/{record.name}'"
        return "GR204", f"names a tag object that calls itself {fields.get('tag', '')!r}", hint
    if fields.get("type") != "commit" or not _OBJECT_ID.fullmatch(fields.get("object", "")):
        return _no_commit(fields.get("type", ""))
    name, bracket, date = fields.get("tagger", "").rpartition(">")
    if not bracket or "<" not in name:
        return "GR205", "has no readable tagger, so nobody knows who made it and when", _ANEW_HINT
    return "GR206", f"has an impossible date, {date.strip()[:40]!r}", _ANEW_HINT


def _no_commit(target_type: str) -> tuple[str, str, str]:
    """Say that a tag points at something else than a commit: code, what the tag does, hint."""
    code = "GR202" if target_type == "tag" else "GR203"
    what = f"a {target_type}" if target_type not in {"", "commit"} else "nothing that can be read"
    return code, f"points at {what}, not straight at a commit", _ANEW_HINT
