"""From decisions to tags: their names, counters, times and messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.events import LATEST_TIME, Event, Kind
from gitreg.core.messages import format_message
from gitreg.core.state import Artifact
from gitreg.core.tags import LONGEST_TAG, TagName, format_tag, parse_tag
from gitreg.core.words import format_count
from gitreg.errors import Refused, UsageFault

CLOCK_TOLERANCE: Final = 300  # seconds by which an artifact's last event may lie ahead of this machine's clock

_LONGEST_PART: Final = 250  # a file name has 255 bytes, and git appends ".lock" while it writes
_ALWAYS_COUNTED: Final = frozenset({Kind.ASSIGNMENT, Kind.UNASSIGNMENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one artifact when something is decided.

    Attributes:
        artifact: its state.
        events: its events, in any order.
        taken: the names of all its tags, those that are quarantined too.
    """

    artifact: Artifact
    events: Sequence[Event] = ()
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An event to be: everything but its name, time and author."""

    kind: Kind
    artifact: str
    commit: str
    version: str | None = None
    stage: str | None = None
    subject: str
    trailers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTag:
    """A tag to be made.

    Attributes:
        name: without ``refs/tags/``.
        at: seconds since 1970.
        message: with a final newline.
    """

    decision: Decision
    name: str
    counter: int | None
    at: int
    message: str

    @property
    def commit(self) -> str:
        """The commit that it will point at."""
        return self.decision.commit


def name_tags(known: Known, decisions: Sequence[Decision], *, at: int, text: str = "") -> tuple[NewTag, ...]:
    """Give each decision a free name, a time and a message.

    Args:
        known: what is known of the artifact.
        decisions: in the order in which they shall count.
        at: the time of the first one; each further one comes a second later, so that every reader sees the same order.
        text: what the person said with ``-m``; it becomes the message of each.
    """
    counter = 1 + highest_counter(known.taken)
    tags: list[NewTag] = []
    for offset, decision in enumerate(decisions):
        simple = TagName(decision.kind, decision.artifact, decision.version, decision.stage)
        if decision.kind in _ALWAYS_COUNTED:
            simple = simple._replace(version=None)
        is_counted = decision.kind in _ALWAYS_COUNTED or format_tag(simple) in known.taken
        name = simple._replace(counter=counter) if is_counted else simple
        message = format_message(decision.subject, text, decision.trailers)
        _check_length(format_tag(name))
        tags.append(NewTag(decision=decision, name=format_tag(name), counter=name.counter, at=at + offset, message=message))
        counter += is_counted
    return tuple(tags)


def _check_length(name: str) -> None:
    """Refuse a name of which a part does not fit into a file name, since a loose ref is a file, and one too long to be read.

    Raises:
        UsageFault: it does not, or is.
    """
    if len(name) > LONGEST_TAG:
        message = f"the tag would have {len(name)} characters, and gitreg reads {LONGEST_TAG}"
        raise UsageFault(message, hint="choose a shorter name")
    longest = max(name.split("/"), key=len)
    if len(longest) > _LONGEST_PART:
        message = f"the tag would have a part of {len(longest)} characters, and git can keep {_LONGEST_PART}"
        raise UsageFault(message, hint="choose a shorter name, version or stage")


def choose_time(known: Known, *, now: int, accept_clock: bool) -> int:
    """Choose the time of the next tag: now, but after the artifact's last event.

    Raises:
        Refused: the last event lies more than `CLOCK_TOLERANCE` in the future, so one of two clocks is wrong.
    """
    last = max((event.at for event in known.events), default=0)
    if last > now + CLOCK_TOLERANCE and not accept_clock:
        ahead = format_count(last - now, "second")
        message = f"the last event of {known.artifact.name!r} lies {ahead} in the future, so a clock is wrong"
        raise Refused(
            message, hint="check the time of this machine: gitreg doctor; to write after that event all the same: --accept-clock"
        )
    if last >= LATEST_TIME - len(known.taken):
        message = f"the last event of {known.artifact.name!r} lies at the end of time, so nothing can come after it"
        raise Refused(message, hint="delete that tag, here and on the remote")
    return max(now, last + 1)


def highest_counter(names: Iterable[str]) -> int:
    """Find the highest counter on any tag, or 0."""
    return max((tag.counter or 0 for name in names if (tag := parse_tag(name))), default=0)


def used_versions(names: Iterable[str]) -> set[str]:
    """Collect every version that a tag ever named."""
    return {tag.version for name in names if (tag := parse_tag(name)) and tag.version}


def to_event(tag: NewTag, *, tag_id: str, author: str, author_email: str) -> Event:
    """Make the event that a tag states once it is written."""
    decision = tag.decision
    return Event(
        kind=decision.kind,
        artifact=decision.artifact,
        version=decision.version,
        stage=decision.stage,
        counter=tag.counter,
        commit=decision.commit,
        tag=tag.name,
        tag_id=tag_id,
        at=tag.at,
        author=author,
        author_email=author_email,
        message=tag.message.rstrip("\n"),
        named_version=decision.version if decision.stage is not None else None,
    )
