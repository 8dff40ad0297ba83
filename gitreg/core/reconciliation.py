"""Reconciliation: what is deployed, held against what the registry says, and what would make them the same.

Events of a registry are lost and overtake each other on their way. What is deployed is the one thing that tells, so a job that
compares it with the registry now and then mends both.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple

from gitreg.core.events import Event, Kind, order
from gitreg.core.problems import Problem
from gitreg.core.reduce import group_events, reduce_artifact, resolve_events
from gitreg.core.state import Assignment, find_holder
from gitreg.core.versions import is_version
from gitreg.errors import SyntaxFault

_ANYWHERE: Final = ""  # no stage is called so
_COMMIT: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_COMMIT: Final = re.compile(r"[0-9a-f]{4,63}")


class Place(NamedTuple):
    """Where something is deployed: the stage of an artifact."""

    artifact: str
    stage: str


class Action(StrEnum):
    """What has to be done where the two differ."""

    DEPLOY = "deploy"
    REPLACE = "replace"
    REMOVE = "remove"
    UNKNOWN = "unknown"


CHANGE_TYPES: Final[Mapping[Action, str]] = {
    Action.DEPLOY: "dev.gitreg.deployment.missing.v1",
    Action.REPLACE: "dev.gitreg.deployment.outdated.v1",
    Action.REMOVE: "dev.gitreg.deployment.obsolete.v1",
    Action.UNKNOWN: "dev.gitreg.deployment.unknown.v1",
}
"""The types of CloudEvents that say where the deployed differs from the registry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    Attributes:
        action: what to do; for ``unknown`` nothing before a person has looked, since the registry never knew what is deployed.
        deployed: the version that is there, or the full id of a bare commit; None: nothing.
        wanted: the version that the registry says, or the full id of a bare commit; None: nothing.
        commit: the full id of the commit of `wanted`, or None.
        event: what the registry says it with: the Assignment of what is wanted, or what took away what is deployed; None where no
            event says anything.
    """

    place: Place
    action: Action
    deployed: str | None
    wanted: str | None
    commit: str | None = None
    event: Event | None = None


class Plan(NamedTuple):
    """What to do, in the order of artifacts and stages, how many places were compared, and what is wrong with events."""

    changes: tuple[Change, ...]
    compared: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """What is different between the deployed and the registry.

    Attributes:
        changes: sorted by artifact and stage.
        compared: how many stages of artifacts were compared.
        at: when, in seconds since 1970.
        problems: what is wrong with tags.
    """

    changes: tuple[Change, ...]
    compared: int
    at: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which stages of which artifacts are compared; an empty collection: all."""

    artifacts: Collection[str] = ()
    stages: Collection[str] = ()

    def has(self, place: Place) -> bool:
        """Say whether a place is compared."""
        return (not self.artifacts or place.artifact in self.artifacts) and (not self.stages or place.stage in self.stages)


def check_deployed(text: str) -> None:
    """Refuse a text that names neither a version nor a commit.

    Args:
        text: what is said to be deployed.

    Raises:
        SyntaxFault: it is ``1.2.0``, ``latest``, the beginning of a commit's id, or anything else.
    """
    if is_version(text) or _COMMIT.fullmatch(text):
        return
    if is_version(f"v{text}"):
        hint = f"write 'v{text}'"
    elif _SHORT_COMMIT.fullmatch(text):
        hint = "write the full id of the commit: git rev-parse"
    else:
        hint = "write a version such as v1.2.0, the full id of a commit, or null where nothing is deployed"
    raise SyntaxFault("version or commit", text, 0, "it is neither", hint=hint)


def plan_reconciliation(
    events: Iterable[Event], deployed: Mapping[Place, str | None], *, scope: Scope, at: int | None = None
) -> Plan:
    """Decide what would make the deployed what the registry says.

    Args:
        events: all events, in any order.
        deployed: what is where; a place that is not named has nothing.
        scope: what is compared.
        at: the time whose state counts; None: now. What was known later is known.
    """
    grouped = group_events(events)
    by_artifact: dict[str, dict[str, str | None]] = {}
    for place, there in deployed.items():
        if scope.has(place):
            by_artifact.setdefault(place.artifact, {})[place.stage] = there
    changes: list[Change] = []
    problems: list[Problem] = []
    compared = 0
    for name in sorted({*grouped, *by_artifact}):
        side = _Side(name, grouped.get(name, []), at)
        held = by_artifact.get(name, {})
        stages = sorted({*held, *(stage for stage in side.artifact.stages if scope.has(Place(name, stage)))})
        compared += len(stages)
        changes += [change for stage in stages if (change := side.compare(Place(name, stage), held.get(stage)))]
        problems += side.problems
    return Plan(tuple(changes), compared, tuple(problems))


class _Side:
    """What the registry says of one artifact.

    Args:
        name: of the artifact.
        events: all that there are, in any order.
        at: the time whose state counts; None: now.
    """

    def __init__(self, name: str, events: Sequence[Event], at: int | None) -> None:
        """Compute the state."""
        self._known = events
        self._past = events if at is None else [event for event in events if event.at <= at]
        self.artifact, self.problems = reduce_artifact(name, self._past)

    def compare(self, place: Place, there: str | None) -> Change | None:
        """Compare one place; None where nothing has to be done."""
        holder = find_holder(self.artifact, place.stage)
        if there in _names(holder):
            return None
        action = self._choose(place.stage, there, holder)
        event = self._by_tag[holder.tag] if holder else None
        if action is Action.REMOVE:
            event = self._find_removal(place.stage, there)
        commit = holder.commit if holder else None
        return Change(place=place, action=action, deployed=there, wanted=_names(holder)[0], commit=commit, event=event)

    def _choose(self, stage: str, there: str | None, holder: Assignment | None) -> Action:
        """Say what to do where the two differ."""
        if there is None:
            return Action.DEPLOY
        if there not in self._names_ever or (holder is None and stage not in self._stages_ever):
            return Action.UNKNOWN
        return Action.REMOVE if holder is None else Action.REPLACE

    def _find_removal(self, stage: str, there: str | None) -> Event | None:
        """Find what took away what is deployed: what is said of it in this stage, of it anywhere, or of the stage."""
        last = self._last
        said = last.get((stage, there)) or last.get((_ANYWHERE, there)) or last.get((stage, None))
        gone = (last.get((_ANYWHERE, version)) for version in self._held.get(stage, ()))
        return said or max((event for event in gone if event), key=order, default=None)

    @cached_property
    def _names_ever(self) -> frozenset[str | None]:
        """All versions and commits that any event is about."""
        return frozenset(text for event in self._known for text in (event.version, event.commit))

    @cached_property
    def _stages_ever(self) -> frozenset[str | None]:
        """All stages that any event is about."""
        return frozenset(event.stage for event in self._known)

    @cached_property
    def _by_tag(self) -> dict[str, Event]:
        """The events that count, oldest first, with their versions filled in."""
        return {event.tag: event for event in resolve_events(self._past)}

    @cached_property
    def _held(self) -> dict[str, set[str | None]]:
        """The versions that each stage ever held."""
        held: dict[str, set[str | None]] = {}
        for event in self._by_tag.values():
            if event.kind is Kind.ASSIGNMENT and event.stage is not None:
                held.setdefault(event.stage, set()).add(event.version)
        return held

    @cached_property
    def _last(self) -> dict[tuple[str, str | None], Event]:
        """The last event that takes something away: a version or a commit from a stage or anywhere, and anything from a stage."""
        last: dict[tuple[str, str | None], Event] = {}
        for event in self._by_tag.values():
            if event.kind is Kind.UNASSIGNMENT and event.stage is not None:
                last |= dict.fromkeys([(event.stage, event.version), (event.stage, event.commit), (event.stage, None)], event)
            elif event.kind is Kind.DEREGISTRATION:
                last |= dict.fromkeys([(_ANYWHERE, event.version), (_ANYWHERE, event.commit)], event)
        return last


def _names(holder: Assignment | None) -> tuple[str | None, ...]:
    """List what may be deployed of a holder, first what it is called; of no holder nothing may be."""
    if holder is None:
        return (None,)
    return (holder.commit,) if holder.version is None else (holder.version, holder.commit)
