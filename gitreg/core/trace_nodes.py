"""What a graph of lineage is built of: what is known of a version, and the nodes that this becomes."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gitreg.core.entries import Pointer
from gitreg.core.lineage import Edge, Node, NodeKind
from gitreg.core.pipelines import Material, Pipeline, Stage, Value
from gitreg.core.runs import Run

MOST_NODES: Final = 5_000
"""Nodes of a graph: more than anybody looks at."""

MOST_EDGES: Final = 20_000
"""Arrows between them."""


class Relative(NamedTuple):
    """A registered version that a version has something to do with.

    Attributes:
        version: empty for a bare commit that holds a stage.
        active: whether it is registered now, and not only once was.
    """

    artifact: str
    version: str
    commit: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What is known of a version at its commit.

    Attributes:
        version: None for a bare commit.
        path: of its bytes, from the root of the repository, or an address.
        base: what its entry says that it was made from.
        pipelines: all of the commit.
        data: paths that are data, and not code.
        relatives: registered versions with the same bytes, by the path of a material.
        base_version: the registered version that `base` means.
        active: whether the version is registered now.
    """

    artifact: str
    version: str | None
    commit: str
    path: str | None = None
    pointer: Pointer | None = None
    base: str | None = None
    pipelines: tuple[Pipeline, ...] = ()
    data: Collection[str] = ()
    relatives: Mapping[str, tuple[Relative, ...]] = field(default_factory=dict)
    base_version: Relative | None = None
    runs: tuple[Run, ...] = ()
    active: bool = True


@dataclass(slots=True)
class Graph:
    """A graph that grows.

    Attributes:
        full: whether something was left out, since nobody would look at it.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: dict[Edge, None] = field(default_factory=dict)
    full: bool = False

    def add(self, node: Node) -> bool:
        """Add a node, unless it is there or there are too many; say whether it is new."""
        if node.id in self.nodes:
            return False
        if len(self.nodes) >= MOST_NODES:
            self.full = True
            return False
        self.nodes[node.id] = node
        return True

    def connect(self, source: str, target: str, kind: str) -> None:
        """Add an arrow between nodes that are there."""
        if len(self.edges) >= MOST_EDGES:
            self.full = True
        elif source in self.nodes and target in self.nodes and source != target:
            self.edges[Edge(source=source, target=target, kind=kind)] = None


def version_id(artifact: str, version: str | None, commit: str) -> str:
    """Name the node of a version, or of a bare commit."""
    return f"version:{artifact}@{version or commit}"


def version_node(relative: Relative | Ingredients) -> Node:
    """Make the node of a version."""
    artifact, version, commit = relative.artifact, relative.version, relative.commit
    label = f"{artifact} {version}" if version else f"{artifact} commit {commit[:7]}"
    active = relative.active if version else None
    facts: dict[str, Value] = {"artifact": artifact, "version": version or None, "commit": commit, "active": active}
    if isinstance(relative, Ingredients):
        pointer = relative.pointer
        facts |= {
            "path": relative.path,
            "hash": pointer.hash if pointer else None,
            "size": pointer.size if pointer else None,
            "files": pointer.files if pointer else None,
        }
    return Node(id=version_id(artifact, version, commit), kind=NodeKind.VERSION, label=label, facts=facts)


def material_node(material: Material, kind: NodeKind) -> Node:
    """Make the node of a file or folder."""
    facts: dict[str, Value] = {
        "path": material.path,
        "hash": material.hash,
        "size": material.size,
        "files": material.files,
    }
    return Node(id=f"path:{material.path}", kind=kind, label=material.path, facts=facts)


def import_node(material: Material) -> Node:
    """Make the node of what is elsewhere."""
    source = material.source
    facts: dict[str, Value] = {
        "url": source.repository if source else material.path,
        "commit": source.commit if source else None,
        "path": source.path if source else None,
        "hash": material.hash,
        "size": material.size,
    }
    return Node(id=f"import:{material.path}", kind=NodeKind.IMPORT, label=material.path, facts=facts)


def run_node(run: Run) -> Node:
    """Make the node of an experiment."""
    facts: dict[str, Value] = {"tool": run.kind, "url": run.url, "commit": run.commit, "relation": run.relation}
    return Node(id=f"run:{run.kind}:{run.name}", kind=NodeKind.RUN, label=run.name, facts=facts)


def stage_id(stage: Stage) -> str:
    """Name the node of a stage."""
    return f"stage:{stage.file}:{stage.name}"


def is_import(stage: Stage) -> bool:
    """Say whether a stage only brings something from elsewhere."""
    return stage.file.endswith(".dvc") and not stage.commands


def is_elsewhere(material: Material) -> bool:
    """Say whether a material is outside of the repository."""
    return material.source is not None or "://" in material.path


def meet(one: str, other: str) -> bool:
    """Say whether one of two paths is the other one, or in it."""
    return one == other or one.startswith(f"{posixpath.normpath(other)}/") or other.startswith(f"{posixpath.normpath(one)}/")
