"""The state of one artifact, computed slowly and straight from the rules; the reducer is held against it.

Every question is answered anew from all events. Nothing here is shared with the reducer but the values and the event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, cmp_to_key
from typing import TypeAlias

import semver

from gitreg.core.events import Event, Kind
from gitreg.core.state import Artifact, Assignment, Version

Target: TypeAlias = tuple[str, str | None]
Finding: TypeAlias = tuple[str, str | None, str | None]


class Reference:
    """One artifact, whose events stand in `events` by time, then counter, then tag name."""

    def __init__(self, name: str, events: Sequence[Event]) -> None:
        self.name = name
        self.events = sorted(events, key=lambda event: (event.at, 0 if event.counter is None else event.counter, event.tag))
        self.standing: Callable[[str, int], list[Target]] = cache(self._standing)

    def life(self, version: str, until: int) -> Event | None:
        """The Registration by which a version is active just before event number `until`.

        A version is active when its last Registration or Deregistration that counts is a Registration. A second Registration of
        an active version does not count; a Deregistration counts only on the commit where the version is active.
        """
        living: Event | None = None
        for event in self.events[:until]:
            if event.version != version:
                continue
            if event.kind is Kind.REGISTRATION and living is None:
                living = event
            if event.kind is Kind.DEREGISTRATION and living is not None and living.commit == event.commit:
                living = None
        return living

    def births(self) -> list[Event]:
        """The Registrations that made a version active, in order."""
        return [
            event
            for number, event in enumerate(self.events)
            if event.kind is Kind.REGISTRATION and event.version is not None and self.life(event.version, number) is None
        ]

    def target(self, event: Event) -> Target:
        """What an (un)assignment speaks of.

        The version at its commit: the one that the trailer names if it was ever registered there, else the one registered last
        on that commit, whenever that was; with no version on that commit, the bare commit.
        """
        there = [
            other.version
            for number, other in enumerate(self.events)
            if other.kind is Kind.REGISTRATION and other.version is not None and other.commit == event.commit
            if (life := self.life(other.version, number)) is None or life.commit == other.commit
        ]
        if event.named_version in there:
            return event.commit, event.named_version
        return event.commit, there[-1] if there else None

    def assignments(self, stage: str, until: int) -> dict[Target, int]:
        """For each target, the number of the event that assigned the stage to it last, before event number `until`."""
        return {
            self.target(event): number
            for number, event in enumerate(self.events[:until])
            if event.kind is Kind.ASSIGNMENT and event.stage == stage
        }

    def _standing(self, stage: str, until: int) -> list[Target]:
        """The targets that are not unassigned since they were assigned last, the one assigned last at the end."""
        last = self.assignments(stage, until)
        return [
            target
            for target in sorted(last, key=lambda target: last[target])
            if not any(
                self.taken(number) == target
                for number, event in enumerate(self.events[:until])
                if number > last[target] and event.kind is Kind.UNASSIGNMENT and event.stage == stage
            )
        ]

    def taken(self, number: int) -> Target | None:
        """The target that an Unassignment takes off: its own commit's target, if that is on the stack."""
        event = self.events[number]
        own = self.target(event)
        return own if own in self.standing(event.stage or "", number) else None

    def is_active_at(self, target: Target) -> bool:
        """Whether a target may hold a stage: a bare commit may, and a version that is active on that commit."""
        commit, version = target
        if version is None:
            return True
        living = self.life(version, len(self.events))
        return living is not None and living.commit == commit

    def stack(self, stage: str) -> tuple[Assignment, ...]:
        """The targets that could hold a stage, the current holder first."""
        last = self.assignments(stage, len(self.events))
        standing = [target for target in self.standing(stage, len(self.events)) if self.is_active_at(target)]
        return tuple(self._assignment(self.events[last[target]], target) for target in reversed(standing))

    def stages(self) -> dict[str, tuple[Assignment, ...]]:
        """Every stage that is held."""
        names = sorted({event.stage for event in self.events if event.stage is not None})
        return {stage: stack for stage in names if (stack := self.stack(stage))}

    def versions(self) -> list[Version]:
        """Every version ever registered, the greatest first; of equal precedence, the one registered later first."""
        by_version = {birth.version: birth for birth in self.births() if birth.version is not None}
        oldest_first = sorted(by_version, key=lambda version: self.events.index(by_version[version]))
        greatest_last = sorted(oldest_first, key=cmp_to_key(_compare))
        return [self._version(by_version[version], version) for version in reversed(greatest_last)]

    def artifact(self) -> Artifact:
        """The state."""
        active = [version.version for version in self.versions() if version.active]
        last_words = [event.kind for event in self.events if event.kind in {Kind.REGISTRATION, Kind.ASSIGNMENT, Kind.DEPRECATION}]
        return Artifact(
            name=self.name,
            versions=tuple(self.versions()),
            stages=self.stages(),
            latest=active[0] if active else None,
            stable=next((version for version in active if semver.Version.parse(version[1:]).prerelease is None), None),
            deprecated=last_words[-1:] == [Kind.DEPRECATION],
            updated_at=self.events[-1].at if self.events else None,
        )

    def version_problems(self) -> list[Finding]:
        """The code, tag and commit of each (de)registration without effect."""
        found: list[Finding] = []
        for number, event in enumerate(self.events):
            living = self.life(event.version, number) if event.version is not None else None
            if event.kind is Kind.REGISTRATION and living is not None and living.commit != event.commit:
                found.append(("GR301", event.tag, event.commit))
            if event.kind is Kind.DEREGISTRATION and (living is None or living.commit != event.commit):
                found.append(("GR302", event.tag, event.commit))
        return found

    def stage_problems(self) -> set[Finding]:
        """The code, tag and commit of each shared commit, wrong trailer and idle Unassignment."""
        found: set[Finding] = set()
        there = {(birth.commit, birth.version) for birth in self.births()}
        for number, event in enumerate(self.events):
            if len({version for commit, version in there if commit == event.commit}) > 1:
                found.add(("GR303", None, event.commit))
            if event.stage is not None and event.named_version is not None and (event.commit, event.named_version) not in there:
                found.add(("GR307", event.tag, event.commit))
            if event.kind is Kind.UNASSIGNMENT and self.taken(number) is None:
                found.add(("GR308", event.tag, event.commit))
        return found

    def _assignment(self, event: Event, target: Target) -> Assignment:
        return Assignment(
            artifact=self.name,
            stage=event.stage or "",
            version=target[1],
            commit=event.commit,
            tag=event.tag,
            assigned_at=event.at,
            author=event.author,
            author_email=event.author_email,
            message=event.message,
        )

    def _version(self, birth: Event, version: str) -> Version:
        return Version(
            artifact=self.name,
            version=version,
            active=self.life(version, len(self.events)) is not None,
            commit=birth.commit,
            tag=birth.tag,
            registered_at=birth.at,
            author=birth.author,
            author_email=birth.author_email,
            message=birth.message,
            stages=tuple(stage for stage, stack in self.stages().items() if stack[0].version == version),
        )


def _compare(one: str, other: str) -> int:
    return semver.Version.parse(one[1:]).compare(other[1:])
