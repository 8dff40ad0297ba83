"""The reducer: the events of an artifact in, its state out.

A pure fold. The same set of events gives the same state in whatever order it is handed in, and it never fails: an event that
contradicts the others has no effect and becomes a problem.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from gitreg.core.events import Event, Kind, order
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact, Assignment, State, Version
from gitreg.core.versions import is_prerelease, precedence

Target: TypeAlias = tuple[str, str | None]


@dataclass(slots=True)
class _Lives:
    """Where versions lived: the Registration that each one last lived by, and all versions of each commit, last one last."""

    registration: dict[str, Event] = field(default_factory=dict)
    active: dict[str, bool] = field(default_factory=dict)
    at_commit: dict[str, list[str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def register(self, event: Event, version: str) -> None:
        """Let a version live at the event's commit; one that lives already stays where it is."""
        if not self.active.get(version):
            self.registration[version] = event
            self.active[version] = True
        elif self.registration[version].commit != event.commit:
            self.problems.append(_moved(event, self.registration[version]))
            return
        self.at_commit.setdefault(event.commit, []).append(version)

    def deregister(self, event: Event, version: str) -> None:
        """End a version's life, if it lives at the event's commit."""
        if self.active.get(version) and self.registration[version].commit == event.commit:
            self.active[version] = False
        else:
            self.problems.append(_deregistered_elsewhere(event, self.registration.get(version), active=self.active.get(version)))

    def target(self, event: Event) -> Target:
        """Say what an (un)assignment speaks of: a version at its commit, or the bare commit."""
        versions = self.at_commit.get(event.commit)
        if not versions:
            return event.commit, None
        return event.commit, event.named_version if event.named_version in versions else versions[-1]

    def can_hold(self, target: Target) -> bool:
        """Say whether a target may hold a stage: a bare commit, or a version that is active at that very commit."""
        commit, version = target
        return version is None or (self.active[version] and self.registration[version].commit == commit)


def reduce_events(events: Iterable[Event]) -> State:
    """Compute the state of all artifacts.

    Args:
        events: in any order.

    Returns:
        The state, artifacts sorted by name.
    """
    by_artifact = group_events(events)
    artifacts: dict[str, Artifact] = {}
    problems: list[Problem] = []
    for name in sorted(by_artifact):
        artifacts[name], found = reduce_artifact(name, by_artifact[name])
        problems += found
    return State(artifacts, tuple(problems))


def group_events(events: Iterable[Event]) -> dict[str, list[Event]]:
    """Sort events into artifacts."""
    by_artifact: dict[str, list[Event]] = {}
    for event in events:
        by_artifact.setdefault(event.artifact, []).append(event)
    return by_artifact


def reduce_artifact(name: str, events: Iterable[Event]) -> tuple[Artifact, list[Problem]]:
    """Compute the state of one artifact from its events, in any order."""
    ordered = sorted(events, key=order)
    lives = _fold_versions(ordered)
    stages = {
        stage: holders
        for stage, stack in _fold_stages(ordered, lives).items()
        if (holders := tuple(_assignment(event, target) for target, event in reversed(stack.items()) if lives.can_hold(target)))
    }
    versions = _versions(lives, stages)
    active = [version.version for version in versions if version.active]
    artifact = Artifact(
        name=name,
        versions=versions,
        stages=dict(sorted(stages.items())),
        latest=active[0] if active else None,
        stable=next((version for version in active if not is_prerelease(version)), None),
        deprecated=_is_deprecated(ordered),
        updated_at=ordered[-1].at if ordered else None,
    )
    return artifact, lives.problems


def resolve_events(events: Iterable[Event]) -> list[Event]:
    """Fill in the version that each (un)assignment of one artifact speaks of.

    Args:
        events: all events of one artifact, in any order.

    Returns:
        The events in order, oldest first.
    """
    ordered = sorted(events, key=order)
    lives = _fold_versions(ordered)
    return [event._replace(version=lives.target(event)[1]) if event.stage is not None else event for event in ordered]


def resolve_all(events: Iterable[Event]) -> list[Event]:
    """Fill in the versions as `resolve_events` does, for events of any number of artifacts."""
    return [event for group in group_events(events).values() for event in resolve_events(group)]


def find_version_at(events: Iterable[Event], commit: str) -> str | None:
    """Say which version of one artifact a commit is: the one registered there last, or None for a bare commit."""
    versions = _fold_versions(sorted(events, key=order)).at_commit.get(commit)
    return versions[-1] if versions else None


def find_stage_problems(events: Iterable[Event]) -> list[Problem]:
    """Find (un)assignments of one artifact that do less than they say, and commits that several versions share."""
    ordered = sorted(events, key=order)
    lives = _fold_versions(ordered)
    problems = [
        _shared(ordered[0].artifact, commit, versions) for commit, versions in lives.at_commit.items() if len(set(versions)) > 1
    ]
    stacks: dict[str, dict[Target, Event]] = {}
    for event in ordered:
        if event.stage is None:
            continue
        if event.named_version is not None and event.named_version not in lives.at_commit.get(event.commit, ()):
            problems.append(_never_there(event))
        stack = stacks.setdefault(event.stage, {})
        before = len(stack)
        _move(stack, event, lives.target(event))
        if event.kind is Kind.UNASSIGNMENT and len(stack) == before:
            problems.append(_took_nothing(event))
    return problems


def _fold_versions(ordered: Iterable[Event]) -> _Lives:
    """Fold (de)registrations into the lives of versions."""
    lives = _Lives()
    for event in ordered:
        if event.kind is Kind.REGISTRATION and event.version is not None:
            lives.register(event, event.version)
        elif event.kind is Kind.DEREGISTRATION and event.version is not None:
            lives.deregister(event, event.version)
    return lives


def _fold_stages(ordered: Iterable[Event], lives: _Lives) -> dict[str, dict[Target, Event]]:
    """Fold (un)assignments into the stack of each stage, the last assigned target last."""
    stacks: dict[str, dict[Target, Event]] = {}
    for event in ordered:
        if event.stage is not None:
            _move(stacks.setdefault(event.stage, {}), event, lives.target(event))
    return stacks


def _move(stack: dict[Target, Event], event: Event, target: Target) -> None:
    """Put the target of an Assignment on top of a stack, or take the target of an Unassignment off it."""
    stack.pop(target, None)
    if event.kind is Kind.ASSIGNMENT:
        stack[target] = event


def _versions(lives: _Lives, stages: Mapping[str, tuple[Assignment, ...]]) -> tuple[Version, ...]:
    """Make the versions, greatest first; of equal precedence the later registration first."""
    held: dict[str | None, list[str]] = {}
    for stage in sorted(stages):
        held.setdefault(stages[stage][0].version, []).append(stage)
    newest_first = sorted(lives.registration.items(), key=lambda item: (precedence(item[0]), order(item[1])), reverse=True)
    return tuple(
        Version(
            artifact=event.artifact,
            version=version,
            active=lives.active[version],
            commit=event.commit,
            tag=event.tag,
            registered_at=event.at,
            author=event.author,
            author_email=event.author_email,
            message=event.message,
            stages=tuple(held.get(version, ())),
        )
        for version, event in newest_first
    )


def _assignment(event: Event, target: Target) -> Assignment:
    """Make the value for one target on a stack from the event that last assigned it."""
    return Assignment(
        artifact=event.artifact,
        stage=event.stage or "",
        version=target[1],
        commit=target[0],
        tag=event.tag,
        assigned_at=event.at,
        author=event.author,
        author_email=event.author_email,
        message=event.message,
    )


def _is_deprecated(ordered: list[Event]) -> bool:
    """Say whether the last Registration, Assignment or Deprecation is a Deprecation."""
    for event in reversed(ordered):
        if event.kind in {Kind.REGISTRATION, Kind.ASSIGNMENT}:
            return False
        if event.kind is Kind.DEPRECATION:
            return True
    return False


def _moved(event: Event, living: Event) -> Problem:
    return Problem(
        code="GR301",
        message=f"{event.tag!r} registers {event.version} again on commit {event.commit[:7]}, "
        f"but it is active at {living.commit[:7]} and a version never moves; the tag has no effect",
        tag=event.tag,
        artifact=event.artifact,
        commit=event.commit,
        hint=f"register a new version there: gitreg register '{event.artifact}' {event.commit[:7]}",
    )


def _deregistered_elsewhere(event: Event, living: Event | None, *, active: bool | None) -> Problem:
    if living is None:
        reason = "it was never registered"
    elif not active:
        reason = "it is not active"
    else:
        reason = f"it is active at {living.commit[:7]}"
    return Problem(
        code="GR302",
        message=f"{event.tag!r} deregisters {event.version} on commit {event.commit[:7]}, but {reason}; the tag has no effect",
        tag=event.tag,
        artifact=event.artifact,
        commit=event.commit,
        hint=f"to withdraw it where it is: gitreg deregister '{event.artifact}@{event.version}'" if active else "",
    )


def _shared(artifact: str, commit: str, versions: list[str]) -> Problem:
    listed = ", ".join(dict.fromkeys(versions))
    return Problem(
        code="GR303",
        message=f"versions {listed} of {artifact!r} share commit {commit[:7]}; GTO cannot read this repository any more",
        artifact=artifact,
        commit=commit,
        hint="if nobody uses GTO or DVC Studio here, all is well; else register versions on commits of their own",
    )


def _never_there(event: Event) -> Problem:
    return Problem(
        code="GR307",
        message=f"{event.tag!r} names {event.named_version}, which was never registered on commit {event.commit[:7]}",
        tag=event.tag,
        artifact=event.artifact,
        commit=event.commit,
        hint=f"see what was: gitreg history '{event.artifact}'",
    )


def _took_nothing(event: Event) -> Problem:
    return Problem(
        code="GR308",
        message=f"{event.tag!r} unassigns commit {event.commit[:7]}, which did not hold {event.stage!r}",
        tag=event.tag,
        artifact=event.artifact,
        commit=event.commit,
        hint=f"see what does: gitreg show '{event.artifact}'",
    )
