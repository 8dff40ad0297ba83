"""Checking whether pipelines were run again after what they read was changed: else a version is not made from its commit."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gitreg.core.drift import COMMIT, report_stale
from gitreg.core.fact_sources import Places, related_stages
from gitreg.core.pipelines import Pipeline, Stage, name_lock
from gitreg.core.problems import Problem
from gitreg.core.words import format_count
from gitreg.files.pointers import Tree
from gitreg.files.work_tree import WorkTree
from gitreg.git.index import IndexTree
from gitreg.operations.near_pipelines import folders_above
from gitreg.operations.trace_drift import compare_stages, read_params

_MOST_PATHS: Final = 100  # artifacts whose stages are told from those of others
_MOST_TOLD: Final = 5  # of an artifact
_LARGEST: Final = 8 << 20  # bytes of a file that is read, as for answers
_MOST_FOLDERS: Final = 500  # that are looked into for pipelines that make what an artifact is made from


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
    locked = _Locked(contents, tree)
    for files, names in made.items():
        for name, stages in _list_stages(names, files, locked):
            new = []
            for stage, sentence in compare_stages(stages, tree, read_params(stages, tree), place):
                lock = name_lock(stage.file)
                if (lock, sentence) not in told:
                    told.add((lock, sentence))
                    new.append((lock, sentence))
            for lock, sentence in new[:_MOST_TOLD]:
                yield from report_stale([sentence], lock, artifact=name, commit=None)
            if len(new) > _MOST_TOLD:
                more = f"and {format_count(len(new) - _MOST_TOLD, 'more difference')} of this kind"
                yield from report_stale([more], new[-1][0], artifact=name, commit=None)


class _Locked:
    """Pipelines with their locks, each read once.

    Args:
        contents: bytes of each ``dvc.yaml`` by path, as far as they were read before.
        tree: has the locks, and other pipelines.
    """

    def __init__(self, contents: Mapping[str, bytes], tree: Tree) -> None:
        """Know nothing yet."""
        self._contents = contents
        self._tree = tree
        self._read: dict[str, Pipeline | None] = {}

    def read(self, file: str) -> Pipeline | None:
        """Read a pipeline; None where there is none. What cannot be read is told elsewhere."""
        if file not in self._read:
            from gitreg.files.pipelines import read_pipeline

            data = self._contents[file] if file in self._contents else self._tree.read(file)
            is_there = data is not None and len(data) <= _LARGEST
            self._read[file] = read_pipeline(file, data or b"", self._tree.read(name_lock(file))) if is_there else None
        return self._read[file]

    def list_related(self, path: str | None, files: Iterable[str]) -> tuple[Stage, ...]:
        """List the stages that have to do with a path: of some pipelines, and of those of other folders that lead to them.

        Other folders are looked into only where something that is read lies in them: to walk them all takes long.
        """
        known = self._read_all(files)
        seen: dict[str, None] = {}
        while True:
            stages = related_stages(path, known.values())
            folders = [folder for folder in _list_folders(stages) if folder not in seen][: _MOST_FOLDERS - len(seen)]
            seen.update(dict.fromkeys(folders))
            new = self._read_all(file for folder in folders if (file := posixpath.join(folder, "dvc.yaml")) not in known)
            if not new:
                return stages
            known.update(new)

    def _read_all(self, files: Iterable[str]) -> dict[str, Pipeline]:
        """Read those pipelines that there are, by their files."""
        return {file: pipeline for file in files if (pipeline := self.read(file)) is not None}


def _list_folders(stages: Sequence[Stage]) -> Iterator[str]:
    """List the folders of what stages read and none of them makes, from the innermost on, each once."""
    made = Places((out.path, 0) for stage in stages for out in stage.outs)
    read = dict.fromkeys(dep.path for stage in stages for dep in stage.deps if dep.source is None and "://" not in dep.path)
    yield from dict.fromkeys(folder for path in read if not made.has(path) for folder in folders_above(path))


def _list_stages(
    names: Mapping[str, str], files: Sequence[str], locked: _Locked
) -> Iterator[tuple[str | None, tuple[Stage, ...]]]:
    """List the stages that have to do with each artifact; where there are very many, all stages, of no artifact."""
    if len(names) > _MOST_PATHS:
        yield None, locked.list_related(None, files)
        return
    for path, name in names.items():
        yield name, locked.list_related(path, files)
