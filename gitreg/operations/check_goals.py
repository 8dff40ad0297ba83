"""Checking whether goals are of metrics that there are: one that is of none counts for nothing, and nobody would notice."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import list_metric_files, related_stages, select_values
from gitreg.core.goals import describe_idle, find_idle_goals
from gitreg.core.pipelines import Table
from gitreg.core.problems import Problem
from gitreg.files.paths import is_template, is_url
from gitreg.files.pointers import Tree
from gitreg.operations.fact_files import FileList
from gitreg.operations.fact_reader import FactKind, parse_file
from gitreg.operations.load_entries import entry_path
from gitreg.operations.near_pipelines import PIPELINE_FILES, folders_above

_LARGEST: Final = 1 << 20  # bytes of a file of metrics: a hook before each commit does not wait for more


def check_goals(entries: Iterable[Entry], tree: Tree) -> Iterator[Problem]:
    """Find goals that are of no metric; where not all metrics can be read, nothing is said.

    Args:
        entries: whose goals are looked at.
        tree: the files beside them.
    """
    for entry in entries:
        metrics = _read_metrics(entry, tree) if entry.goals else None
        for goal in find_idle_goals(entry.goals, metrics or {}):
            hint = (
                f"write {goal.meant!r} in its place" if goal.meant else f"see which it has: gitreg show '{entry.name}' --metrics"
            )
            yield Problem(
                code="GR403",
                message=describe_idle(goal, entry.name),
                file=entry.file,
                line=entry.line,
                column=1,
                artifact=entry.name,
                hint=hint,
            )


def _read_metrics(entry: Entry, tree: Tree) -> Table | None:
    """Read the metrics of an entry; None where one of their files is not there, or is not understood."""
    listed = FileList(tree)
    files = listed.list_declared(entry, entry.metrics) if entry.metrics else listed.list_files(_list_made(entry, listed))
    if listed.problems:
        return None
    table = {}
    for file in files:
        data = tree.read(file.path)
        said = parse_file(FactKind.METRICS, file.path, data) if data is not None and len(data) <= _LARGEST else None
        if said is None or said.problem is not None:
            return None
        table[file.path] = select_values(said.values, file.keys)
    return table


def _list_made(entry: Entry, listed: FileList) -> Sequence[str]:
    """List the files of metrics that the pipelines near an artifact name."""
    path = entry_path(entry) if entry.path is not None and not is_template(entry.path) and not is_url(entry.path) else None
    folders = folders_above(posixpath.dirname(path or entry.file))
    pipelines = listed.read_pipelines(posixpath.join(folder, name) for folder in folders for name in PIPELINE_FILES)
    return list_metric_files(pipelines, related_stages(path, pipelines))
