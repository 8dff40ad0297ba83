"""What DVC keeps already at, above or below a path of the work tree: in ``.dvc`` files, ``dvc.lock`` and ``dvc.yaml``."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path

from gitreg.core.problems import Problem
from gitreg.files.nodes import Mapping, Node, Scalar, Sequence, find_value
from gitreg.files.outs import Out, read_lock
from gitreg.files.pointers import Kind, check_pointer_files, find_out
from gitreg.files.work_tree import WorkTree
from gitreg.files.yaml import parse_yaml

_KINDS = ("outs", "metrics", "plots")


class _DvcFiles(WorkTree):
    """The files of the work tree as DVC sees them: whether git has the bytes of an out says nothing here."""

    def kind(self, path: str) -> Kind | None:
        """Say what is at a path, unless it is a file: all files are here, whoever keeps them."""
        found = super().kind(path)
        return None if found == "blob" else found

    def size(self, path: str) -> int | None:
        """Say how many bytes a file has, or None where there is none."""
        return super().size(path) if super().kind(path) == "blob" else None

    def read(self, path: str) -> bytes | None:
        """Read a file, or None where there is none."""
        return WorkTree(self._root).read(path)


def find_work_out(root: Path, path: str, pipelines: Iterable[str]) -> Out | None:
    """Find the out of DVC that is a path of the work tree or holds it.

    Args:
        root: of the repository.
        path: from there.
        pipelines: the paths of all ``dvc.yaml`` and ``dvc.lock``.
    """
    return find_out(path, _DvcFiles(root, locks=_choose_locks(pipelines)))


def check_work_files(root: Path, path: str, pipelines: Iterable[str]) -> Problem | None:
    """Find a file of DVC that could say what it keeps at a path of the work tree, and cannot be read.

    Args:
        root: of the repository.
        path: from there.
        pipelines: as for `find_work_out`.
    """
    return next(check_pointer_files(path, _DvcFiles(root, locks=_choose_locks(pipelines))), None)


def find_stage(root: Path, path: str, pipelines: Iterable[str]) -> str | None:
    """Find a stage of a pipeline that makes a path, something in it, or a folder that holds it.

    Args:
        root: of the repository.
        path: from there.
        pipelines: as for `find_work_out`.
    """
    tree = WorkTree(root)
    for folder in dict.fromkeys(map(posixpath.dirname, pipelines)):
        for out, stage in _read_stages(tree, folder):
            if out == path or out.startswith(f"{path}/") or path.startswith(f"{out}/"):
                return stage
    return None


def _choose_locks(pipelines: Iterable[str]) -> list[str]:
    """Choose the ``dvc.lock``."""
    return [file for file in pipelines if posixpath.basename(file) == "dvc.lock"]


def _read_stages(tree: WorkTree, folder: str) -> Iterator[tuple[str, str]]:
    """Read the paths of all outs of the pipeline in a folder, with the stage that makes each."""
    definition = tree.read(posixpath.join(folder, "dvc.yaml"))
    lock = tree.read(posixpath.join(folder, "dvc.lock"))
    for out in read_lock(lock, definition) if lock else ():
        yield posixpath.normpath(posixpath.join(folder, out.path)), out.stage or ""
    stages = find_value(parse_yaml(definition or b"", "", forgiving=True).root, "stages")
    for key, stage in stages.pairs if isinstance(stages, Mapping) else ():
        for path in _declared(find_value(stage, "do") or stage):
            yield posixpath.normpath(posixpath.join(folder, path)), str(key.value)


def _declared(stage: Node) -> Iterator[str]:
    """Read what a stage says that it makes; what a template names, only DVC knows."""
    wdir = find_value(stage, "wdir")
    start = wdir.value if isinstance(wdir, Scalar) and isinstance(wdir.value, str) else "."
    for kind in _KINDS:
        listed = find_value(stage, kind)
        for item in listed.items if isinstance(listed, Sequence) else ():
            names = [key.value for key, _ in item.pairs] if isinstance(item, Mapping) else [getattr(item, "value", None)]
            yield from (posixpath.join(start, name) for name in names if isinstance(name, str) and "${" not in start + name)
