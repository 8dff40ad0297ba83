"""Views: what a read answers. Values that put state and entries together; the command line and JSON show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from gitreg.core.entries import Entry, Pointer
from gitreg.core.events import Event
from gitreg.core.facts import Facts
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact, Assignment, Version


class Sort(StrEnum):
    """What the artifacts of `show` are sorted by."""

    NAME = "name"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class ArtifactView:
    """An artifact: what the events and what the files say of it.

    Attributes:
        metrics: those that were asked for, of its newest active version.
        unknown: those of them that may be in a file that could not be read.
    """

    artifact: Artifact
    entry: Entry | None = None
    metrics: Mapping[str, Value] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The registry.

    Attributes:
        stages: the columns: the stages that the settings list, in their order, then all others that are held, sorted.
        problems: what is wrong with tags and files; their number is shown.
        metrics: the metrics that were asked for.
        unread: files of versions that would say more of them.
        total: how many artifacts there are, shown or not.
        absent: what was asked for that no artifact has, a sentence each, with what may have been meant.
    """

    artifacts: tuple[ArtifactView, ...]
    stages: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    metrics: tuple[str, ...] = ()
    unread: tuple[Problem, ...] = ()
    total: int = 0
    absent: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArtifactDetail:
    """One artifact with its versions.

    Attributes:
        versions: those to show, greatest first: the active ones, or all.
        commit: the full id of the commit whose files were read: HEAD's, or that of the moment asked for.
        pointer: where the bytes are in that commit, where the artifact has an entry with a path; they may be of no version.
        facts: what the files of each version say, where that was asked for; with the metrics that are to be shown.
    """

    artifact: Artifact
    entry: Entry | None
    versions: tuple[Version, ...]
    commit: str | None = None
    pointer: Pointer | None = None
    problems: tuple[Problem, ...] = ()
    facts: Mapping[str, Facts] | None = None
    metrics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionDetail:
    """One version, or the bare commit that holds a stage (then `version` is None).

    Attributes:
        stage: the stage that was asked for, if the selector named one, and the assignment that holds it.
        entry: what the files of the version's commit say of the artifact.
        pointer: where its bytes are.
        facts: its metrics and parameters, where they were loaded.
    """

    artifact: str
    commit: str
    version: Version | None
    assignment: Assignment | None = None
    entry: Entry | None = None
    pointer: Pointer | None = None
    problems: tuple[Problem, ...] = ()
    facts: Facts | None = None


View: TypeAlias = Overview | ArtifactDetail | VersionDetail


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a selector stands for.

    Attributes:
        tag: the tag that says so: the Registration of a version, the Assignment of a stage.
        deprecated: whether the artifact is no longer of use.
        path: where the artifact's bytes are in that commit, from the repository root, or a URL; None without an entry.
    """

    artifact: str
    version: str | None
    stage: str | None
    commit: str
    tag: str
    deprecated: bool = False
    path: str | None = None


@dataclass(frozen=True, slots=True)
class StageView:
    """A stage and its current holders, sorted by artifact."""

    stage: str
    holders: tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` or `doctor` found, errors first."""

    problems: tuple[Problem, ...]
    checked: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write did, or with `dry_run` would do.

    Attributes:
        created: the events, oldest first.
        pushed: whether the remote has them.
        remote: the remote that was meant.
        notes: sentences that a person should read: what changed besides, what to do next.
        problems: of the files that a new version is made from; None: nobody looked for them.
    """

    created: tuple[Event, ...]
    pushed: bool = False
    remote: str = ""
    dry_run: bool = False
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What a change of a file did, or with `dry_run` would do.

    Attributes:
        file: path from the repository root.
        diff: the change as a unified diff.
        commit: the full id of the commit that holds it, or None.
    """

    file: str
    diff: str
    commit: str | None = None
    pushed: bool = False
    remote: str = ""
    dry_run: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What `add` did, or with `dry_run` would do.

    Attributes:
        artifact: the full name.
        path: of the file or folder, from the repository root.
        hash: as ``algorithm:hex``; that of a folder ends in ``.dir``.
        size: bytes.
        files: number of files of a folder; None for a file.
        edits: the files that were written, or that would be.
        commit: the full id of the commit that holds them, or None.
        pushed: whether the branch is on the remote.
        remote: the remote that was meant.
        storage: the name of the storage that has the bytes, or None.
        uploaded: bytes that the storage lacked, or None where it was not asked.
        written: the version that was registered, or None.
        notes: sentences that a person should read.
    """

    artifact: str
    path: str
    hash: str
    size: int
    files: int | None = None
    edits: tuple[Edited, ...] = ()
    commit: str | None = None
    pushed: bool = False
    remote: str = ""
    storage: str | None = None
    uploaded: int | None = None
    written: Written | None = None
    dry_run: bool = False
    notes: tuple[str, ...] = ()
