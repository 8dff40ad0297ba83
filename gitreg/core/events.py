"""Events: the fact that one tag states, and the order of facts."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

LATEST_TIME: Final = 253_402_300_799  # 9999-12-31T23:59:59Z: the last second that calendars here can show


class Kind(StrEnum):
    """What an event does; the values are those of the JSON key ``event``."""

    REGISTRATION = "registration"
    DEREGISTRATION = "deregistration"
    ASSIGNMENT = "assignment"
    UNASSIGNMENT = "unassignment"
    DEPRECATION = "deprecation"


class Event(NamedTuple):
    """One fact of the registry.

    A named tuple and not a frozen dataclass, since a registry may have 100,000 of them and making one costs a third.

    Attributes:
        kind: what happened.
        artifact: the full name of the artifact.
        version: the version in the tag's name; for (un)assignments None until `gitreg.core.reduce.resolve_events` fills it in.
        stage: the stage in the tag's name.
        counter: the counter in the tag's name.
        commit: the full id of the commit that the tag points at.
        tag: the name of the tag, without ``refs/tags/``.
        tag_id: the full id of the tag object.
        at: the tagger's time in seconds since 1970, UTC.
        author: the tagger's name.
        author_email: the tagger's address.
        message: the tag's message without signature and without the final newline.
        named_version: what the trailer ``Gitreg-Version:`` names.
    """

    kind: Kind
    artifact: str
    version: str | None
    stage: str | None
    counter: int | None
    commit: str
    tag: str
    tag_id: str
    at: int
    author: str
    author_email: str
    message: str
    named_version: str | None = None


def order(event: Event) -> tuple[int, int, str]:
    """Compute the key that orders the events of one artifact: time, counter or 0, tag name."""
    return event.at, event.counter or 0, event.tag
