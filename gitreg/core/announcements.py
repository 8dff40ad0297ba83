"""Announcements: what an event changed, as somebody who was not there wants to hear it: from which version to which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gitreg.core.events import Event, order
from gitreg.core.reduce import reduce_artifact, resolve_events
from gitreg.core.state import Artifact, Assignment, find_holder
from gitreg.core.versions import is_version, precedence


class Channel(StrEnum):
    """Whom an announcement is sent to."""

    SLACK = "slack"
    TEAMS = "teams"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Move:
    """What a stage held before an event and after it: a version, the full id of a bare commit, or None."""

    stage: str
    before: str | None
    after: str | None

    @property
    def is_rollback(self) -> bool:
        """Say whether it went to a lower version."""
        if not (self.before and self.after and is_version(self.before) and is_version(self.after)):
            return False
        return precedence(self.after) < precedence(self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An event and what it changed.

    Attributes:
        event: with its version filled in.
        moves: the stages that changed hands, and that of the event first, also where it did not.
        latest_before: the greatest active version before it.
        latest: the same after it.
    """

    event: Event
    moves: tuple[Move, ...] = ()
    latest_before: str | None = None
    latest: str | None = None

    @property
    def previous(self) -> str | None:
        """The version before: of the stage that the event is about, else the greatest one."""
        return self.moves[0].before if self.event.stage is not None else self.latest_before

    @property
    def is_rollback(self) -> bool:
        """Say whether the event took its stage to a lower version."""
        return self.event.stage is not None and self.moves[0].is_rollback


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent to whom.

    Attributes:
        body: the very text.
        content_type: as HTTP calls it.
    """

    channel: Channel
    body: str
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a letter.

    Attributes:
        delivered: whether the other side took it.
        tries: how often it was sent.
        reason: why it was not delivered, as a sentence that holds no address; empty where it was, or in a dry run.
        hint: what helps.
        notes: sentences that a person should read.
    """

    letter: Letter
    delivered: bool = False
    tries: int = 0
    reason: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What `notify` did, or with `dry_run` would do."""

    announcement: Announcement
    deliveries: tuple[Delivery, ...]
    dry_run: bool = False


def make_announcement(event: Event, events: Sequence[Event]) -> Announcement:
    """Find out what an event changed.

    Args:
        event: the one; its version is filled in.
        events: all events of its artifact, in any order. What came later does not count, but for the names of versions: one that
            was registered after its commit was assigned is called by its name here too.
    """
    versions = {known.tag: known.version for known in resolve_events(events)}
    past = [known for known in events if order(known) < order(event)]
    before, _ = reduce_artifact(event.artifact, past)
    after, _ = reduce_artifact(event.artifact, [*past, *(known for known in events if known.tag == event.tag)])
    own = [event.stage] if event.stage is not None else []
    moves = [_move(stage, before, after, versions) for stage in dict.fromkeys([*own, *sorted({*before.stages, *after.stages})])]
    return Announcement(
        event=event,
        moves=tuple(move for move in moves if move.before != move.after or move.stage == event.stage),
        latest_before=before.latest,
        latest=after.latest,
    )


def _move(stage: str, before: Artifact, after: Artifact, versions: Mapping[str, str | None]) -> Move:
    """Say what a stage held before and after."""
    return Move(stage, _name(find_holder(before, stage), versions), _name(find_holder(after, stage), versions))


def _name(holder: Assignment | None, versions: Mapping[str, str | None]) -> str | None:
    """Name what holds a stage."""
    return None if holder is None else holder.version or versions.get(holder.tag) or holder.commit
