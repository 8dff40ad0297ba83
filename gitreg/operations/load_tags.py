"""Loading tags: from refs to events, and to what is known of one artifact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gitreg.core.events import Event
from gitreg.core.new_tags import Known
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_artifact
from gitreg.core.tags import pick_tags
from gitreg.git.repository import Repository


@dataclass(frozen=True, slots=True)
class Tags:
    """Registry tags as they are read: events in no order, the names of all of them, and what is wrong with them."""

    events: list[Event]
    names: frozenset[str]
    problems: list[Problem]


def load_tags(repository: Repository, artifact: str | None = None, *, at: int | None = None) -> Tags:
    """Read the registry tags of this repository.

    Args:
        repository: where.
        artifact: the one whose tags are wanted, or None: all.
        at: leave out events after this time.
    """
    listed, broken = repository.list_tags(artifact)
    return read_listed(repository, listed, artifact=artifact, broken=broken, at=at)


def read_listed(
    repository: Repository,
    listed: Mapping[str, str],
    *,
    artifact: str | None = None,
    broken: Iterable[Problem] = (),
    at: int | None = None,
) -> Tags:
    """Read the registry tags among listed ones: object ids by name."""
    if artifact is not None:
        listed = pick_tags(listed, artifact)
    events, problems = repository.objects.read_events(listed)
    if at is not None:
        events = [event for event in events if event.at <= at]
    return Tags(events, frozenset(listed), [*broken, *problems])


def to_known(artifact: str, tags: Tags) -> Known:
    """Compute what is known of one artifact from its tags."""
    return Known(artifact=reduce_artifact(artifact, tags.events)[0], events=tags.events, taken=tags.names)
