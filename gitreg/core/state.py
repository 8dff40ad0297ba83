"""State: what the events add up to. Values only; `gitreg.core.reduce` computes them.

Versions and assignments are named tuples and not frozen dataclasses, for the same reason as `gitreg.core.events.Event`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from gitreg.core.problems import Problem


class Version(NamedTuple):
    """A version of an artifact, at the commit where it lives or last lived.

    Attributes:
        stages: the stages that this version holds now, sorted.
    """

    artifact: str
    version: str
    active: bool
    commit: str
    tag: str
    registered_at: int
    author: str
    author_email: str
    message: str
    stages: tuple[str, ...] = ()


class Assignment(NamedTuple):
    """A target on the stack of a stage: a version, or a bare commit where `version` is None."""

    artifact: str
    stage: str
    version: str | None
    commit: str
    tag: str
    assigned_at: int
    author: str
    author_email: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """What the registry knows of one artifact.

    Attributes:
        versions: every version ever registered, greatest first.
        stages: for each stage that is held, its stack of targets that could hold it, the current holder first.
        latest: the greatest active version, pre-releases included.
        stable: the greatest active version that is no pre-release.
        updated_at: the time of the last event in seconds since 1970.
    """

    name: str
    versions: tuple[Version, ...] = ()
    stages: Mapping[str, tuple[Assignment, ...]] = field(default_factory=dict)
    latest: str | None = None
    stable: str | None = None
    deprecated: bool = False
    updated_at: int | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All artifacts by name, sorted, and what is wrong with the events."""

    artifacts: Mapping[str, Artifact]
    problems: tuple[Problem, ...] = ()


def find_version(artifact: Artifact, version: str) -> Version | None:
    """Find a version by its exact text."""
    return next((known for known in artifact.versions if known.version == version), None)


def find_holder(artifact: Artifact, stage: str) -> Assignment | None:
    """Find the current holder of a stage."""
    stack = artifact.stages.get(stage)
    return stack[0] if stack else None
