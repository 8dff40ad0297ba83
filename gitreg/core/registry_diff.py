"""What changed in a registry between two revisions: the artifacts that were added, removed, renamed or changed, and how.

Laws: two sides that are equal differ in nothing; to swap the sides swaps added and removed, and turns better into worse. What
could not be read on a side is *unknown*: it is neither removed nor added.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from gitreg.core.compared import CodeChange, Comparison, FieldRow
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact


class Change(StrEnum):
    """What happened to an artifact; UNKNOWN where a side could not be read."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One of the two sides.

    Attributes:
        text: for a person: ``main``, ``the work tree``, ``nothing`` where there is no commit yet.
        commit: the full id; None for files that nobody committed, and for nothing.
        how: why this one, where nobody named it: ``merge base with origin/main``.
    """

    text: str
    commit: str | None
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What holds the stage that all is compared with.

    Attributes:
        label: ``prod v1.2.0``, or with the beginning of a commit where that holds it; empty where nothing does.
        comparison: of the holder with HEAD's side; None where nothing holds it, or there is nothing to compare.
    """

    stage: str
    version: str | None = None
    commit: str | None = None
    label: str = ""
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactChange:
    """An artifact that is not the same on both sides.

    Attributes:
        name: that of the side where it is; where it was renamed, the new one.
        before: its name at BASE; None where it is not there, or nobody can know.
        after: its name on HEAD's side.
        comparison: of the two sides.
        declared: what the entry says of where facts are and which way is better, and who keeps the bytes and how: of this a
            comparison shows the effects alone. Only what differs, or may.
        state: versions and stages by the registry's tags; None where that is not known.
        held: what is in the stage that was asked for.
        registered: the active version that has what is on HEAD's side already, where one is known to.
    """

    name: str
    kind: Change
    before: str | None
    after: str | None
    comparison: Comparison
    declared: tuple[FieldRow, ...] = ()
    state: Artifact | None = None
    held: Held | None = None
    registered: str | None = None


class Finding(NamedTuple):
    """A problem that `check` finds on HEAD's side, and whether BASE does not have it."""

    problem: Problem
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryDiff:
    """What changed.

    Attributes:
        stage: the stage that was asked for.
        artifacts: those that are not the same, by name.
        code: how the rest of the files differs; None where that was not looked into.
        findings: what is wrong on HEAD's side with the files and artifacts that changed, what is new first.
        problems: what could not be read, on either side.
        notes: what must be known to read the rest, a sentence each.
        unknown: why versions and stages are not known, or not all of them, a sentence each.
    """

    base: Revision
    head: Revision
    stage: str | None = None
    artifacts: tuple[ArtifactChange, ...] = ()
    code: CodeChange | None = None
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
