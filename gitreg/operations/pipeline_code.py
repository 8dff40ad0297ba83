"""The code that pipelines read to make an artifact: what `trace` counts commits in, and `compare` and `diff` call code."""

from __future__ import annotations

from collections.abc import Iterable

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import looks_like_data
from gitreg.core.pipelines import Material
from gitreg.core.trace import build_graph, list_code, list_leaves
from gitreg.core.trace_nodes import Graph, Ingredients
from gitreg.git.forest import Forest, ForestTree
from gitreg.git.objects import Objects
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_pipelines import PipelineSearch


def find_pipeline_code(objects: Objects, commit: str, entries: Iterable[Entry | None]) -> frozenset[str] | None:
    """List the files and folders that the pipelines of one commit read as code to make artifacts.

    Args:
        objects: where.
        commit: the full id.
        entries: of the artifacts at that commit.

    Returns:
        The paths; None where no pipeline makes one of the artifacts, so that nobody says what its code is.
    """
    paths = [entry_path(entry) if entry is not None and entry.path is not None else None for entry in entries]
    pipelines, _ = PipelineSearch(objects).load(commit) if None not in paths else ((), ())
    tree = Forest(objects).tree(commit)
    found: set[str] = set()
    for path in paths:
        leaves = list_leaves(path, pipelines)
        data = {leaf.path for leaf in leaves if is_data(leaf, tree)}
        made = Ingredients(artifact="", version=None, commit=commit, path=path, pipelines=pipelines, data=data)
        code = choose_code(build_graph(made), tree)
        if not code:
            return None
        found.update(code)
    return frozenset(found)


def is_data(material: Material, tree: ForestTree) -> bool:
    """Say whether a material is data: what git does not keep itself, and of the rest what looks like it."""
    match tree.kind(material.path):
        case "blob":
            return looks_like_data(material.path)
        case "tree":
            return any(looks_like_data(name) for name in tree.names(material.path))
        case _:
            return True


def choose_code(graph: Graph, tree: ForestTree) -> tuple[str, ...]:
    """List the code of a graph, as far as the commit has it."""
    return tuple(path for path in list_code(graph) if tree.kind(path) is not None)
