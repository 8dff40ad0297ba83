"""Rows of the tables that `export` writes; the columns stand in `gitreg.core.exports.TABLES`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, TypeAlias

from gitreg.core.events import Event
from gitreg.core.exports import Cell, Row, make_row, number_of, text_of
from gitreg.core.facts import Facts
from gitreg.core.lineage import Node, NodeKind
from gitreg.core.pipelines import Pipeline, Table
from gitreg.core.problems import Problem
from gitreg.core.runs import find_runs
from gitreg.core.state import Artifact, Version
from gitreg.core.trace import build_graph, list_leaves
from gitreg.core.trace_nodes import Graph, Ingredients
from gitreg.operations.context import Context
from gitreg.operations.export_relatives import Relatives
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_facts import Place, Wanted, load_facts
from gitreg.operations.load_pipelines import PipelineSearch

_TOGETHER: Final = 128  # versions whose files are read in one go

Found: TypeAlias = tuple[Version, Sequence[Problem], Iterable[Row]]
"""A version, what could not be read of it, and its rows."""


def list_event_rows(events: Iterable[Event]) -> Iterator[Row]:
    """List the rows of events, oldest first."""
    for event in sorted(events, key=lambda event: (event.at, event.artifact, event.counter or 0, event.tag)):
        yield make_row(
            "events",
            event.kind.value,
            event.artifact,
            event.version,
            event.stage,
            event.commit,
            event.tag,
            event.tag_id,
            event.at,
            event.author,
            event.author_email,
            event.message,
        )


def list_fact_rows(
    context: Context, relatives: Relatives, versions: Iterable[Version], tables: Collection[str]
) -> Iterator[Found]:
    """List the rows of versions; of many commits no more is held than of a few.

    Args:
        context: where.
        relatives: all versions.
        versions: in the order of the rows.
        tables: names of those that are wanted.
    """
    if not set(tables) - {"events"}:
        return
    has_lineage = "lineage" in tables
    wanted = Wanted(
        metrics="metrics" in tables or has_lineage,
        params="params" in tables,
        packages="packages" in tables,
        data="data" in tables or has_lineage,
        pointer="versions" in tables or has_lineage,
    )
    pipelines = PipelineSearch(context.repository.objects)
    rest = iter(versions)
    while batch := list(islice(rest, _TOGETHER)):
        found = dict(load_facts(context, [Place(version.artifact, version.commit) for version in batch], wanted))
        if has_lineage:
            pipelines.bring(dict.fromkeys(version.commit for version in batch))
        if "data" in tables:
            relatives.bring_sources((place.commit, facts.data) for place, facts in found.items())
        for version in batch:
            facts = found[Place(version.artifact, version.commit)]
            made, problems = pipelines.load(version.commit) if has_lineage else ((), [])
            known = tuple(dict.fromkeys((*facts.problems, *problems)))
            yield version, known, _list_rows(relatives, version, facts, made, tables)
        gc.collect(0)  # the command line never does, and the nodes of YAML that was read hold each other


def _list_rows(
    relatives: Relatives, version: Version, facts: Facts, pipelines: tuple[Pipeline, ...], tables: Collection[str]
) -> Iterator[Row]:
    """List the rows of one version."""
    lists: dict[str, Callable[[], Iterable[Row]]] = {
        "versions": lambda: [_version_row(relatives.artifact(version.artifact), version, facts)],
        "metrics": lambda: _list_metrics(version, facts),
        "params": lambda: _list_params(version, facts),
        "packages": lambda: _list_packages(version, facts),
        "data": lambda: _list_data(relatives, version, facts),
        "lineage": lambda: _list_edges(version, _build(relatives, version, facts, pipelines)),
    }
    for name, rows in lists.items():
        if name in tables:
            yield from rows()


def _version_row(artifact: Artifact, version: Version, facts: Facts) -> Row:
    """Make the row of a version."""
    entry, pointer = facts.entry, facts.pointer
    said: tuple[Cell, ...] = (None, None, (), None, None, None, None, None, None)
    if entry is not None:
        said = (
            entry.type,
            entry.description,
            entry.labels,
            entry.owner,
            entry.license,
            entry.framework,
            entry.task,
            entry.homepage,
            entry.base,
        )
    kept: tuple[Cell, ...] = (
        (pointer.path, pointer.kind.value, pointer.hash, pointer.size, pointer.files) if pointer else (None,) * 5
    )
    return make_row(
        "versions",
        version.artifact,
        version.version,
        version.commit,
        version.active,
        version.version == artifact.latest,
        version.version == artifact.stable,
        artifact.deprecated,
        version.stages,
        version.registered_at,
        version.author,
        version.author_email,
        version.message,
        version.tag,
        *said,
        *kept,
        len(facts.problems),
    )


def _list_metrics(version: Version, facts: Facts) -> Iterator[Row]:
    """List the metrics of a version."""
    goals = facts.entry.goals if facts.entry is not None else {}
    for file, name, value, text in _list_values(facts.metrics):
        yield make_row("metrics", version.artifact, version.version, file, name, value, text, goals.get(name))


def _list_params(version: Version, facts: Facts) -> Iterator[Row]:
    """List the parameters of a version."""
    for values in _list_values(facts.params):
        yield make_row("params", version.artifact, version.version, *values)


def _list_packages(version: Version, facts: Facts) -> Iterator[Row]:
    """List the packages of a version."""
    for found in facts.packages:
        cells = found.name, found.version, found.specifier, found.file
        yield make_row("packages", version.artifact, version.version, *cells)


def _list_data(relatives: Relatives, version: Version, facts: Facts) -> Iterator[Row]:
    """List the data of a version."""
    for found in facts.data:
        source = relatives.find_source(version, found)
        cells = found.path, found.hash, found.size, found.files, *((source.repository, source.commit) if source else (None, None))
        yield make_row("data", version.artifact, version.version, *cells)


def _list_values(table: Table) -> Iterator[tuple[str, str, float | None, str | None]]:
    """List metrics or parameters: file, name, number and text."""
    for file, values in table.items():
        for name, value in values.items():
            yield file, name, number_of(value), text_of(value)


def _build(relatives: Relatives, version: Version, facts: Facts, pipelines: tuple[Pipeline, ...]) -> Graph:
    """Build the graph of a version."""
    entry = facts.entry
    path = entry_path(entry) if entry is not None and entry.path is not None else None
    texts = [version.message, *([entry.homepage] if entry is not None and entry.homepage else [])]
    return build_graph(
        Ingredients(
            artifact=version.artifact,
            version=version.version,
            commit=version.commit,
            path=path,
            pointer=facts.pointer,
            base=entry.base if entry is not None else None,
            pipelines=pipelines,
            data={material.path for material in facts.data},
            relatives=relatives.find_same(version, list_leaves(path, pipelines)),
            base_version=relatives.find_parent(version, entry),
            active=version.active,
            runs=find_runs(texts, entry.custom if entry is not None else None),
        )
    )


def _list_edges(version: Version, graph: Graph) -> Iterator[Row]:
    """List the arrows of a graph."""
    for edge in graph.edges:
        source, target = graph.nodes[edge.source], graph.nodes[edge.target]
        cells = *_name(source), edge.kind, *_name(target), _hash_of(target)
        yield make_row("lineage", version.artifact, version.version, *cells)


def _name(node: Node) -> tuple[str, str, str]:
    """Name a node."""
    return node.id, node.kind.value, node.label


def _hash_of(node: Node) -> str | None:
    """Give the hash of a node that has one; of parameters the facts are values."""
    found = node.facts.get("hash") if node.kind is not NodeKind.PARAMS else None
    return found if isinstance(found, str) else None
