"""Lineage: a graph from a version back to what it was made from, or forward to what was made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gitreg.core.facts import Package
from gitreg.core.pipelines import Table, Value
from gitreg.core.problems import Problem


class NodeKind(StrEnum):
    """What a node of the graph stands for."""

    VERSION = "version"
    STAGE = "stage"
    DATA = "data"
    CODE = "code"
    PARAMS = "params"
    METRICS = "metrics"
    OUTPUT = "output"
    IMPORT = "import"
    BASE = "base"
    RUN = "run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node of the graph.

    Attributes:
        id: unique in the graph, and the same in every run.
        label: for a person: ``churn v1.2.0``, ``train``, ``data/cars.csv``.
        facts: hash, size, command, address and the like, by name; of parameters their values.
    """

    id: str
    kind: NodeKind
    label: str
    facts: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An arrow from what was made to what it was made from.

    Attributes:
        kind: ``made-by``, ``reads``, ``imported-from``, ``based-on``, ``same-bytes``, ``run``.
    """

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCommit:
    """A commit between the version before and this one.

    Attributes:
        at: the time of the author, in seconds since 1970.
        subject: the first line of its message.
        files: how many files it changes, of those that matter.
    """

    commit: str
    at: int
    author: str
    author_email: str
    subject: str
    files: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """Where a version comes from; with `reverse`, what was made from it.

    Attributes:
        version: None for a bare commit that holds a stage.
        root: the id of the node of the version.
        active: whether it is registered now; None for a bare commit.
        registered_at: when it was registered, in seconds since 1970; None for a bare commit.
        registered_by, registered_by_email: who did that; None for a bare commit.
        previous: the version before it, whose commits are not listed; None for the first.
        commits: newest first; those that change code since the version before.
        commits_total: how many there are, listed or not; None: the history that is here does not say.
        code: the files and folders that commits were looked for in; none: all but the files of the registry.
        people: author and number of commits, most first.
        params, metrics: as in `gitreg.core.facts.Facts`.
        notes: sentences that a person should read.
    """

    artifact: str
    version: str | None
    commit: str
    root: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    active: bool | None = None
    registered_at: int | None = None
    registered_by: str | None = None
    registered_by_email: str | None = None
    previous: str | None = None
    commits: tuple[CodeCommit, ...] = ()
    commits_total: int | None = 0
    code: tuple[str, ...] = ()
    people: tuple[tuple[str, int], ...] = ()
    packages: tuple[Package, ...] = ()
    params: Table = field(default_factory=dict)
    metrics: Table = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    reverse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """Whether a commit is in the history of versions.

    Attributes:
        version, stage: what was asked about, if it was not the artifact as a whole.
        commit: the full id of the commit that is looked for.
        subject: the first line of its message.
        target: the full id of the commit in whose history it is looked for; None: of any version.
        contained: whether it is there.
        versions: the active versions that have it in their history, greatest first.
        first: the one of them that was registered first; None: there is none.
        first_at: when that was, in seconds since 1970.
    """

    artifact: str
    version: str | None
    stage: str | None
    commit: str
    subject: str
    target: str | None
    contained: bool
    versions: tuple[str, ...] = ()
    first: str | None = None
    first_at: int | None = None
