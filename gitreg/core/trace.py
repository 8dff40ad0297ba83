"""Tracing: what the files of one commit say of a version becomes a graph of what it was made from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from gitreg.core.fact_sources import Places, makes, related_stages
from gitreg.core.lineage import Node, NodeKind
from gitreg.core.pipelines import Material, Pipeline, Stage, Value
from gitreg.core.trace_nodes import (
    Graph,
    Ingredients,
    Relative,
    import_node,
    is_elsewhere,
    is_import,
    material_node,
    meet,
    run_node,
    stage_id,
    version_node,
)


def build_graph(made: Ingredients) -> Graph:
    """Build the graph of what a version was made from.

    Returns:
        The graph; its first node is that of the version.
    """
    graph = Graph()
    root = version_node(made)
    graph.add(root)
    _Walk(made, graph, root.id).walk()
    _add_parent(graph, root.id, made)
    for run in made.runs:
        node = run_node(run)
        graph.add(node)
        graph.connect(root.id, node.id, "run")
    return graph


def list_code(graph: Graph) -> tuple[str, ...]:
    """List the paths of code in a graph, sorted: what stages read, and the files that say how it is run."""
    code = {str(node.facts["path"]) for node in graph.nodes.values() if node.kind is NodeKind.CODE}
    return tuple(sorted(code | {str(node.facts["file"]) for node in graph.nodes.values() if node.kind is NodeKind.STAGE}))


class _Walk:
    """Follows the pipelines of a commit back from a version."""

    def __init__(self, made: Ingredients, graph: Graph, root: str) -> None:
        """Index what stages make."""
        self._made = made
        self._graph = graph
        self._root = root
        self._stages = [stage for pipeline in made.pipelines for stage in pipeline.stages]
        self._makers = Places((out.path, number) for number, stage in enumerate(self._stages) for out in stage.outs)
        self._numbers = {stage_id(stage): number for number, stage in enumerate(self._stages)}
        self._waiting: deque[int] = deque()

    def walk(self) -> None:
        """Follow what makes the version, and then what measures it."""
        path = self._made.path
        if path is None:
            return
        makers = self._explain(self._root, path)
        self._follow()
        if not makers and self._made.pointer is not None and self._made.pointer.source:
            node = import_node(Material(path=self._made.pointer.source))
            self._graph.add(node)
            self._graph.connect(self._root, node.id, "imported-from")
        for stage in related_stages(path, self._made.pipelines) if makers else ():
            if stage.metrics and stage_id(stage) not in self._graph.nodes:
                self._add_stage(stage)
        self._follow()

    def _follow(self) -> None:
        """Look at stages until there is none left whose deps are not in the graph."""
        while self._waiting:
            stage = self._stages[self._waiting.popleft()]
            for dep in stage.deps:
                if self._graph.full:
                    return
                self._add_dep(stage, dep)

    def _explain(self, node: str, path: str) -> set[int]:
        """Say which stages make what a node stands for, or where it was imported from."""
        makers = self._makers.meeting(path)
        for number in sorted(makers):
            if self._graph.full:
                break
            stage = self._stages[number]
            if is_import(stage):
                for dep in stage.deps:
                    origin = import_node(dep)
                    self._graph.add(origin)
                    self._graph.connect(node, origin.id, "imported-from")
            else:
                self._add_stage(stage)
                self._graph.connect(node, stage_id(stage), "made-by")
        return makers

    def _add_stage(self, stage: Stage) -> None:
        """Add a stage with its parameters and metrics; its deps follow later."""
        facts: dict[str, Value] = {"file": stage.file, "command": "\n".join(stage.commands) or None, "locked": stage.locked}
        if not self._graph.add(Node(id=stage_id(stage), kind=NodeKind.STAGE, label=stage.name, facts=facts)):
            return
        self._waiting.append(self._numbers[stage_id(stage)])
        for file in dict.fromkeys((*stage.params, *stage.params_files)):
            values = stage.params.get(file, {})
            node = Node(id=f"params:{stage.file}:{stage.name}:{file}", kind=NodeKind.PARAMS, label=file, facts=values)
            self._graph.add(node)
            self._graph.connect(stage_id(stage), node.id, "reads")
        by_path = {out.path: out for out in stage.outs}
        for path in stage.metrics:
            node = material_node(by_path.get(path, Material(path=path)), NodeKind.METRICS)
            self._graph.add(node)
            self._graph.connect(node.id, stage_id(stage), "made-by")

    def _add_dep(self, stage: Stage, dep: Material) -> None:
        """Add what a stage reads; a file of parameters is there already."""
        if dep.path in stage.params or dep.path in stage.params_files:
            return
        if self._made.path is not None and meet(dep.path, self._made.path) and not self._reads_itself(stage, dep):
            self._graph.connect(stage_id(stage), self._root, "reads")
            return
        name = f"import:{dep.path}" if is_elsewhere(dep) else f"path:{dep.path}"
        is_new = name not in self._graph.nodes
        if is_new:
            self._graph.add(import_node(dep) if is_elsewhere(dep) else material_node(dep, self._judge(dep)))
        self._graph.connect(stage_id(stage), name, "reads")
        if is_new and name in self._graph.nodes and not is_elsewhere(dep):
            self._explain(name, dep.path)
            _add_relatives(self._graph, name, self._made.relatives.get(dep.path, ()))

    def _reads_itself(self, stage: Stage, dep: Material) -> bool:
        """Say whether a stage reads a folder in which it makes something, or goes on from what it made before."""
        return any(meet(out.path, dep.path) for out in stage.outs)

    def _judge(self, dep: Material) -> NodeKind:
        """Say what a material is."""
        if self._makers.has(dep.path):
            makers = (self._stages[number] for _, found in self._makers.find(dep.path) for number in found)
            return NodeKind.DATA if all(is_import(maker) for maker in makers) else NodeKind.OUTPUT
        return NodeKind.DATA if dep.path in self._made.data else NodeKind.CODE


def list_leaves(path: str | None, pipelines: Iterable[Pipeline]) -> tuple[Material, ...]:
    """List what stages that have to do with a path read, each path once.

    Args:
        path: from the root of the repository, or an address.
        pipelines: all of a commit.
    """
    stages = related_stages(path, pipelines) if makes(path, pipelines) else ()
    return tuple({dep.path: dep for stage in stages for dep in stage.deps}.values())


def _add_parent(graph: Graph, root: str, made: Ingredients) -> None:
    """Add what the entry says that a version was made from."""
    if made.base is None:
        return
    found = made.base_version
    node = version_node(found) if found else Node(id=f"base:{made.base}", kind=NodeKind.BASE, label=made.base)
    graph.add(node)
    graph.connect(root, node.id, "based-on")


def _add_relatives(graph: Graph, node: str, relatives: Iterable[Relative]) -> None:
    """Add the registered versions that have the bytes of a material."""
    for relative in relatives:
        found = version_node(relative)
        graph.add(found)
        graph.connect(node, found.id, "same-bytes")
