"""Files of a commit that its entries and pipelines name as something else than code: artifacts, metrics, parameters, outs.

An entry names files below its own folder, and a pipeline mostly does, so only the files of registry and pipelines in the folders
of the paths in question are read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import DEFAULT_PARAMS
from gitreg.git.forest import Forest, ForestTree
from gitreg.operations.fact_files import list_references
from gitreg.operations.load_entries import ENTRY_FILES, entry_path, parse_entry_files
from gitreg.operations.near_pipelines import folders_above

_MOST_FOLDERS: Final = 500  # that are looked into, the outermost first
_LOCK: Final = "dvc.lock"


def list_named_files(forest: Forest, commit: str, paths: Iterable[str]) -> set[str]:
    """List what the entries and pipelines near some paths name as something else than code: files, and folders as a whole.

    Args:
        forest: the trees of the commits.
        commit: the full id.
        paths: from the root of the repository.
    """
    folders = {folder for path in paths for folder in folders_above(posixpath.dirname(path))}
    chosen = sorted(folders, key=lambda folder: (folder.count("/") if folder else -1, folder))[:_MOST_FOLDERS]
    names = [posixpath.join(folder, name) for folder in chosen for name in (*ENTRY_FILES, _LOCK)]
    forest.bring({commit: names})
    tree = forest.tree(commit)
    contents = {name: data for name in names if not name.endswith(_LOCK) and (data := tree.read(name)) is not None}
    entries, _ = parse_entry_files(contents)
    named = {path for entry in entries.values() for path in _list_of_entry(entry)}
    for file, data in contents.items():
        if posixpath.basename(file) != ENTRY_FILES[0]:
            named.update(_list_of_pipeline(tree, file, data))
    return named


def _list_of_entry(entry: Entry) -> Iterator[str]:
    """List what an entry names."""
    if entry.path is not None and "://" not in entry.path:
        yield entry_path(entry)
    for references in (entry.metrics, entry.params):
        yield from (path for path, _ in list_references(entry, references))


def _list_of_pipeline(tree: ForestTree, file: str, data: bytes) -> Iterator[str]:
    """List what the stages of a pipeline make, measure and are set by."""
    from gitreg.files.pipelines import read_pipeline

    folder = posixpath.dirname(file)
    pipeline = read_pipeline(file, data, tree.read(posixpath.join(folder, _LOCK)))
    yield from (posixpath.join(folder, DEFAULT_PARAMS), *pipeline.metrics, *pipeline.params)
    for stage in pipeline.stages:
        yield from (*(out.path for out in stage.outs), *stage.metrics, *stage.params, *stage.params_files)
