"""What changed between two commits, as far as entries of artifacts can have to do with it.

Of an artifact something else is found only where one of these changed: a file or folder that its entry names, or what DVC keeps
there; a pipeline, or a file that a pipeline names; a file of packages in a folder above. All else need not be looked into.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import DEFAULT_PARAMS
from gitreg.core.pipelines import Pipeline
from gitreg.files.outs import parse_outs
from gitreg.git.objects import Objects
from gitreg.git.tree_changes import TreeChange
from gitreg.operations.context import GTO_SETTINGS_FILE, SETTINGS_FILE
from gitreg.operations.fact_files import PACKAGE_NAMES
from gitreg.operations.load_entries import entry_path

SETTINGS_FILES: Final = frozenset({SETTINGS_FILE, GTO_SETTINGS_FILE})
"""Files that every entry is held against."""

_PIPELINES: Final = frozenset({"dvc.yaml", "dvc.lock"})
_LARGEST: Final = 1 << 20  # bytes of a .dvc file that is looked into; of a larger one all in its folder counts


@dataclass(slots=True)
class Touched:
    """What changed.

    Attributes:
        everything: whether any artifact may be affected.
        paths: of files and folders, also of those that DVC keeps.
        above: the folders that those are in.
        packages: folders whose files of packages changed.
    """

    everything: bool = False
    paths: set[str] = field(default_factory=set)
    above: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)

    def add(self, path: str) -> None:
        """Note a file or folder."""
        path = posixpath.normpath(path)
        self.everything |= path == "."
        self.paths.add(path)
        self.above.update(_list_above(path))

    def reaches(self, path: str) -> bool:
        """Say whether something changed at a path, in it, or around it."""
        return path in self.above or path in self.paths or not self.paths.isdisjoint(_list_above(path))

    def surrounds(self, path: str) -> bool:
        """Say whether packages changed in a folder that a path is in."""
        return bool(self.packages) and not self.packages.isdisjoint((path, *_list_above(path)))

    def affects(self, entry: Entry) -> bool:
        """Say whether something else may be found where an entry points."""
        paths = list(_list_paths(entry))
        return self.everything or any(self.reaches(path) or self.surrounds(path) for path in paths)


def find_touched(objects: Objects, changes: Sequence[TreeChange], pipelines: Sequence[Pipeline]) -> Touched:
    """Find what changed.

    Args:
        objects: where.
        changes: the files in which two commits differ.
        pipelines: those of both commits.
    """
    touched = Touched()
    named = _list_named(pipelines)
    # whether git has it decides if that is data
    read = {dep.path for pipeline in pipelines for stage in pipeline.stages for dep in stage.deps} - {"", "."}
    for change in changes:
        folder, name = posixpath.split(change.path)
        touched.add(change.path)
        if (
            change.path in SETTINGS_FILES
            or name in _PIPELINES
            or change.path in named
            or not named.isdisjoint(_list_above(change.path))
            or (None in change[1:] and not read.isdisjoint((change.path, *_list_above(change.path))))
        ):
            touched.everything = True
        if PACKAGE_NAMES.fullmatch(name.encode("utf-8", "surrogateescape")):
            touched.packages.add(folder)
            touched.everything |= bool(pipelines)
        if name == DEFAULT_PARAMS or ".dvc" in folder.split("/"):
            touched.everything |= bool(pipelines)
    _add_outs(objects, [change for change in changes if change.path.endswith(".dvc")], touched)
    return touched


def _list_named(pipelines: Iterable[Pipeline]) -> set[str]:
    """List the files that pipelines name, and those of imports; what they read and make is in their locks."""
    named: set[str] = set()
    for pipeline in pipelines:
        named |= {pipeline.file, *pipeline.metrics, *pipeline.params}
        for stage in pipeline.stages:
            named |= {*stage.metrics, *stage.params_files, *(dep.path for dep in stage.deps if dep.hash is None)}
    return named - {"", "."}


def _add_outs(objects: Objects, changes: Sequence[TreeChange], touched: Touched) -> None:
    """Note what DVC keeps by changed ``.dvc`` files; of one that cannot be read all in its folder."""
    folders = [(posixpath.dirname(change.path), blob) for change in changes for blob in change[1:] if blob is not None]
    read = objects.contents([blob for _, blob in folders], types=("blob",), most=_LARGEST)
    for (folder, _), found in zip(folders, read, strict=True):
        outs, problems = parse_outs(found.content) if found.content else ((), (None,))
        for out in outs:
            touched.add(posixpath.join(folder, out.path))
        if problems:
            touched.add(folder or ".")


def _list_paths(entry: Entry) -> Iterator[str]:
    """List the files and folders that an entry names."""
    folder = posixpath.dirname(entry.file)
    yield posixpath.normpath(entry_path(entry)) if entry.path is not None else folder
    for reference in (*entry.metrics, *entry.params):
        path = reference.get("path") if isinstance(reference, Mapping) else reference
        if isinstance(path, str):
            yield posixpath.normpath(posixpath.join(folder, path))


def _list_above(path: str) -> Iterator[str]:
    """List the folders that a path is in, the root, which is the empty text, last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
