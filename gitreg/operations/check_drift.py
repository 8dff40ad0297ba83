"""Checking whether pipelines were run again after what they read was changed: else a version is not made from its commit."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gitreg.core.drift import COMMIT, report_stale
from gitreg.core.fact_sources import related_stages
from gitreg.core.pipelines import Pipeline, Stage, Table
from gitreg.core.problems import Problem
from gitreg.core.words import format_count
from gitreg.files.pointers import Tree
from gitreg.files.work_tree import WorkTree
from gitreg.git.index import IndexTree
from gitreg.operations.fact_reader import FactKind, parse_file
from gitreg.operations.trace_drift import compare_stages

_MOST_PATHS: Final = 100  # artifacts whose stages are told from those of others
_MOST_TOLD: Final = 5  # of an artifact
_LARGEST: Final = 8 << 20  # bytes of a file that is read, as for answers


def check_drift(
    made: Mapping[tuple[str, ...], Mapping[str, str]], contents: Mapping[str, bytes], tree: Tree
) -> Iterator[Problem]:
    """Find pipelines that were run with something else than there is now.

    Args:
        made: paths that pipelines make, with the names of their artifacts, by the files of these pipelines.
        contents: bytes of each ``dvc.yaml`` by path.
        tree: the files beside them.
    """
    place = "the work tree" if isinstance(tree, WorkTree) else "the index" if isinstance(tree, IndexTree) else COMMIT
    told: set[tuple[str, str]] = set()
    for files, names in made.items():
        pipelines = [_read_locked(file, contents[file], tree) for file in files]
        for name, stages in _list_stages(names, pipelines):
            new = []
            for stage, sentence in compare_stages(stages, tree, _read_params(stages, tree), place):
                lock = posixpath.join(posixpath.dirname(stage.file), "dvc.lock")
                if (lock, sentence) not in told:
                    told.add((lock, sentence))
                    new.append((lock, sentence))
            for lock, sentence in new[:_MOST_TOLD]:
                yield from report_stale([sentence], lock, artifact=name, commit=None)
            if len(new) > _MOST_TOLD:
                more = f"and {format_count(len(new) - _MOST_TOLD, 'more difference')} of this kind"
                yield from report_stale([more], new[-1][0], artifact=name, commit=None)


def _list_stages(names: Mapping[str, str], pipelines: list[Pipeline]) -> Iterator[tuple[str | None, tuple[Stage, ...]]]:
    """List the stages that have to do with each artifact; where there are very many, all stages, of no artifact."""
    if len(names) > _MOST_PATHS:
        yield None, related_stages(None, pipelines)
        return
    for path, name in names.items():
        yield name, related_stages(path, pipelines)


def _read_locked(file: str, data: bytes, tree: Tree) -> Pipeline:
    """Read a pipeline with its lock; what cannot be read is told elsewhere."""
    from gitreg.files.pipelines import read_pipeline

    return read_pipeline(file, data, tree.read(posixpath.join(posixpath.dirname(file), "dvc.lock")))


def _read_params(stages: Iterable[Stage], tree: Tree) -> Table:
    """Read the files of parameters that stages were run with."""
    files = dict.fromkeys(file for stage in stages for file in stage.params if not file.endswith(".py"))
    read = {file: data for file in files if (data := tree.read(file)) is not None and len(data) <= _LARGEST}
    return {file: parse_file(FactKind.PARAMS, file, data).values for file, data in read.items()}
