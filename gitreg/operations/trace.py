"""`trace`: what a version was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gitreg.core.drift import STALE, restore_written
from gitreg.core.entries import DATASET
from gitreg.core.facts import Facts
from gitreg.core.lineage import Lineage
from gitreg.core.pipelines import Pipeline
from gitreg.core.runs import Run, find_runs
from gitreg.core.selectors import Selector
from gitreg.core.trace import build_graph, list_leaves
from gitreg.core.trace_nodes import MOST_NODES, Graph, Ingredients
from gitreg.git.forest import Forest
from gitreg.operations.code_paths import find_missing, refuse_missing
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts
from gitreg.operations.load_pipelines import load_pipelines
from gitreg.operations.pipeline_code import choose_code, is_data
from gitreg.operations.show import choose_time
from gitreg.operations.trace_commits import check_code, load_commits
from gitreg.operations.trace_drift import find_drift
from gitreg.operations.trace_experiments import find_dvclive, find_experiments
from gitreg.operations.trace_relatives import find_parent, find_relatives
from gitreg.operations.trace_tags import Registered, Target, begin_lineage, find_previous, find_target, locate, tell_once


def trace(context: Context, selector: Selector, *, at: str | None, code: Sequence[str] = (), fetched: bool = False) -> Lineage:
    """Find out what a version was made from.

    Args:
        context: where.
        selector: of a version or a stage.
        at: a moment; None: now.
        code: files and folders that commits are looked for in; none: the code that the pipeline read, and where there is no
            pipeline, all but the files of the registry.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: the selector names an artifact alone, or a path of `code` is none.
        NotFound: it stands for nothing, or a path of `code` is at none of the commits.
        Unanswerable: this clone lacks tags.
    """
    wanted = check_code(code)
    registered = Registered(context, at=choose_time(context, at), fetched=fetched)
    target = find_target(context, registered, selector, at=at, fetched=fetched, done="traced")
    facts = next(facts for _, facts in load_facts(context, [Place(target.artifact.name, target.commit)], EVERYTHING))
    pipelines, problems = load_pipelines(context.repository.objects, target.commit)
    graph, notes = _build(context, registered, target, facts, pipelines)
    read = [problem for problem in facts.problems if problem.code != STALE]  # of these the notes tell
    previous = find_previous(target)
    paths = wanted or choose_code(graph, Forest(context.repository.objects).tree(target.commit))
    missing = find_missing(context.repository.objects, [target.commit, *([previous.commit] if previous else [])], wanted)
    refuse_missing(missing if len(missing) < len(wanted) else ())
    changes = load_commits(context, target.commit, previous.commit if previous else None, paths)
    refuse_missing(() if changes.total else missing)  # commits that change it had it for a while
    return replace(
        begin_lineage(target, graph),
        previous=previous.version if previous else None,
        commits=changes.commits,
        commits_total=changes.total,
        code=paths,
        people=changes.people,
        packages=facts.packages,
        params=facts.params,
        metrics=facts.metrics,
        problems=tell_once((*registered.problems, *locate((*read, *problems), target.commit), *changes.problems)),
        notes=tuple(note for note in (*notes, "" if problems else _describe_unmade(graph, facts)) if note),
    )


def _build(
    context: Context, registered: Registered, target: Target, facts: Facts, pipelines: tuple[Pipeline, ...]
) -> tuple[Graph, list[str]]:
    """Build the graph, and say what a person should know of it."""
    objects = context.repository.objects
    forest = Forest(objects)
    tree = forest.tree(target.commit)
    path = entry_path(facts.entry) if facts.entry is not None and facts.entry.path is not None else None
    leaves = list_leaves(path, pipelines)
    relatives, note = find_relatives(context, registered, target.relative, leaves, tree)
    experiments = find_experiments(objects, forest, target.commit, registered.experiments, pipelines)
    made = Ingredients(
        artifact=target.artifact.name,
        version=target.version.version if target.version else None,
        commit=target.commit,
        path=path,
        pointer=facts.pointer,
        base=facts.entry.base if facts.entry is not None else None,
        pipelines=pipelines,
        data={leaf.path for leaf in leaves if is_data(leaf, tree)},
        relatives=relatives,
        base_version=find_parent(registered, target.artifact.name, facts.entry, target.registered_at),
        active=target.active,
        runs=(*_find_runs(target, facts), *find_dvclive(facts.metrics), *experiments),
    )
    graph = build_graph(made)
    full = f"the graph has more than {MOST_NODES} nodes or their arrows, so not all of them are in it" if graph.full else ""
    drift = find_drift(path, pipelines, tree, restore_written(facts.params, facts.drift)) if path is not None and leaves else ()
    return graph, [note, full, *dict.fromkeys((*drift, *facts.stale))]


def _describe_unmade(graph: Graph, facts: Facts) -> str:
    """Say that nobody knows how a version was made; data often comes from elsewhere, and of that it is no news."""
    entry = facts.entry
    if entry is None or entry.path is None or entry.type == DATASET:
        return ""
    root = next(iter(graph.nodes))
    if any(edge.source == root and edge.kind in {"made-by", "imported-from"} for edge in graph.edges):
        return ""
    return f"no pipeline stage of this commit makes {entry.name!r}, so nothing says how it was made"


def _find_runs(target: Target, facts: Facts) -> tuple[Run, ...]:
    """Find the runs that the entry or the tag names."""
    origin = target.version or target.holder
    texts = [origin.message] if origin is not None else []
    if facts.entry is not None and facts.entry.homepage is not None:
        texts.append(facts.entry.homepage)
    return find_runs(texts, facts.entry.custom if facts.entry is not None else None)
