"""The files of one commit that facts stand in: which there are, and what is wrong with them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gitreg.core.drift import Run
from gitreg.core.entries import Entry
from gitreg.core.fact_sources import FactFile
from gitreg.core.pipelines import Material, Pipeline, Stage, name_lock
from gitreg.core.problems import Problem

if TYPE_CHECKING:  # where everything is in the cache, no file is read
    from gitreg.files.pointers import Tree

PACKAGE_NAMES: Final = re.compile(
    rb"(?:uv|poetry|pdm)\.lock|Pipfile\.lock|pylock(?:\.[^./\0]{1,99})?\.toml|[^/\0]{0,99}requirements[^/\0]{0,99}\.(?:txt|in)"
    rb"|(?:environment|conda)[^/\0]{0,99}\.ya?ml|env\.ya?ml|MLmodel|pyproject\.toml"
)
"""Names of the files that say which packages there are (see `gitreg.files.packages_file`)."""

_LACKING: Final = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"
_ABSENT: Final = "commit it; if a pipeline makes it, dvc.yaml needs cache: false, as in: - metrics.json: {cache: false}"
_KEPT: Final = " (git keeps what a pipeline makes where dvc.yaml says cache: false, and else DVC does)"
_VALUES: Final = (".json", ".yaml", ".yml", ".toml")
_UNSCANNED: Final = re.compile(rb"\$\{|wdir|foreach|matrix")  # what gives stages other names or paths than are written
_MOST_IN_FOLDER: Final = 1000  # files of metrics, and folders of such


class FileList:
    """Lists files of a commit, each with the id of its blob.

    Args:
        tree: the files of the commit.
        commit: its full id; None: the files are those of no commit.

    Attributes:
        problems: of files that would say more.
    """

    def __init__(self, tree: Tree, commit: str | None = None) -> None:
        """Begin without problems."""
        self.problems: list[Problem] = []
        self._tree = tree
        self._commit = commit

    def report(self, *problems: Problem) -> None:
        """Note problems of the files of this commit."""
        self.problems += [replace(problem, commit=self._commit) for problem in problems]

    def list_declared(self, entry: Entry, references: Iterable[object]) -> tuple[FactFile, ...]:
        """List the files that an entry names: each a path, or a mapping with ``path`` and perhaps ``keys``."""
        named = list_references(entry, references)
        return tuple(replace_keys(file, keys) for path, keys in named for file in self.list_files([path]))

    def list_files(self, paths: Iterable[str], *, made: bool = False) -> tuple[FactFile, ...]:
        """List files, and of folders the files of values in them; those that a pipeline makes may be such as only DVC keeps."""
        return tuple(file for path in dict.fromkeys(paths) for file in self._list(path, made=made))

    def read_pipelines(self, files: Iterable[str], *, locked: bool = False) -> list[Pipeline]:
        """Read those ``dvc.yaml`` that there are; the locks where they are wanted, or needed to know what stages there are."""
        from gitreg.files.pipelines import parse_pipeline

        found = []
        for file in files:
            data = self._read(file)
            if data is not None:
                is_locked = locked or b"${" in data
                pipeline, problems = parse_pipeline(file, data, self._read(name_lock(file)) if is_locked else None)
                if problems and not is_locked:  # it cannot be read, and the lock still tells what was run
                    pipeline, problems = parse_pipeline(file, data, self._read(name_lock(file)))
                self.report(*problems)
                found.append(pipeline)
        return found

    def is_run_unknown(self, file: str, stages: Iterable[Stage]) -> bool:
        """Say whether nobody knows what a pipeline was run with: its lock cannot be read, or it cannot, and has no lock.

        Args:
            file: a ``dvc.yaml`` that was read.
            stages: of this file, and perhaps of others.
        """
        broken = {problem.file for problem in self.problems}
        is_told = any(stage.locked for stage in stages if stage.file == file)
        return name_lock(file) in broken or (file in broken and not is_told)

    def scan_runs(self, pipelines: Iterable[Pipeline], stages: Iterable[Stage]) -> tuple[Run, ...] | None:
        """Find what the locks of pipelines say that stages were run with.

        Args:
            pipelines: all that were looked at, as the ``dvc.yaml`` describe them.
            stages: those of them that are wanted, which follow from what all of them read and make.

        Returns:
            What they say, or None where that takes a reader of all that stands in them.
        """
        wanted = {(stage.file, stage.name) for stage in stages}
        found = [self._scan_pipeline(pipeline) for pipeline in pipelines if not pipeline.file.endswith(".dvc")]
        if None in found:
            return None
        return tuple(run for runs in found for key, run in (runs or {}).items() if key in wanted)

    def _scan_pipeline(self, pipeline: Pipeline) -> dict[tuple[str, str], Run] | None:
        """Find it for the stages of one file; where these were run with other deps or outs, other stages may be wanted."""
        from gitreg.files.lock_scan import scan_lock

        lock_file = name_lock(pipeline.file)
        if self._tree.kind(lock_file) is None:
            return {}
        data, lock = self._read(pipeline.file), self._read(lock_file)
        if data is None or lock is None or not pipeline.stages or _UNSCANNED.search(data):
            return None
        scanned = scan_lock(lock)
        if scanned is None:
            return None
        folder, runs = posixpath.dirname(pipeline.file), {}
        for stage in pipeline.stages:
            said = scanned.get(stage.name)
            if said is None:
                continue
            if not (_are_of(stage.deps, said.deps, folder) and _are_of(stage.outs, said.outs, folder)):
                return None
            params = {_join(folder, path): values for path, values in said.params.items()}
            read, made = _place(said.deps, folder), _place(said.outs, folder)
            runs[stage.file, stage.name] = Run(stage.name, params, lock_file, read, made)
        return runs

    def is_other(self, path: str, digest: str) -> bool:
        """Say whether a file is known not to be that of a hash; a large one is read for nothing else."""
        from gitreg.files.text_hashes import LARGEST_HASHED, has_hash

        size = self._tree.size(path)
        data = self._tree.read(path) if size is not None and size <= LARGEST_HASHED else None
        return data is not None and not has_hash(data, digest)

    def _read(self, path: str) -> bytes | None:
        """Read a file, or say why not; of one that is not there nothing is said."""
        if self._tree.kind(path) != "blob":
            return None
        data = self._tree.read(path)
        if data is None:
            self.report(describe_unread(path, self._tree.size(path)))
        return data

    def _list_folder(self, folder: str) -> list[str]:
        """List the files of values in a folder and the folders in it, as DVC does; of very many the first ones."""
        found: list[str] = []
        folders = [folder]
        for place in folders:
            for name in sorted(self._tree.names(place)):
                path = posixpath.join(place, name)
                kind = self._tree.kind(path)
                if kind == "tree":
                    folders.append(path)
                elif kind == "blob" and name.endswith(_VALUES):
                    found.append(path)
            if len(found) > _MOST_IN_FOLDER or len(folders) > _MOST_IN_FOLDER:
                message = f"the folder has more than {_MOST_IN_FOLDER} files of values or folders, so only the first are read"
                self.report(Problem(code="GR401", message=message, file=folder, hint="name single files, or keep fewer"))
                break
        return found[:_MOST_IN_FOLDER]

    def _list(self, path: str, *, made: bool) -> list[FactFile]:
        """List one file, or say why not."""
        match self._tree.kind(path):
            case "blob":
                return [FactFile(path, self._tree.oid(path) or "")]
            case "tree":
                return [FactFile(file, self._tree.oid(file) or "") for file in self._list_folder(path)]
            case _:
                message = "git has no such file at this commit, so its values are not known" + (_KEPT if made else "")
                self.report(Problem(code="GR401", message=message, file=path, hint=_ABSENT))
                return []


def _are_of(materials: Iterable[Material], paths: Iterable[str], folder: str) -> bool:
    """Say whether materials are those at some paths, which are written from a folder."""
    return {material.path for material in materials} == {_join(folder, path) for path in paths}


def _place(hashes: Mapping[str, str | None], folder: str) -> dict[str, str]:
    """Give the hashes that there are by their paths from the root of the repository."""
    return {_join(folder, path): digest for path, digest in hashes.items() if digest}


@lru_cache(maxsize=4096)
def _join(folder: str, path: str) -> str:
    """Write a path from the root of the repository."""
    return posixpath.normpath(posixpath.join(folder, path))


def list_references(entry: Entry, references: Iterable[object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """List what an entry names: paths from the root of the repository, each with the keys that are wanted; none are all."""
    folder = posixpath.dirname(entry.file)
    for reference in references:
        named = reference if isinstance(reference, Mapping) else {"path": reference}
        keys = named.get("keys")
        path = posixpath.normpath(posixpath.join(folder, str(named.get("path"))))
        yield path, tuple(map(str, keys)) if isinstance(keys, list | tuple) else ()


def replace_keys(file: FactFile, keys: tuple[str, ...]) -> FactFile:
    """Want only some values of a file."""
    return file._replace(keys=keys)


def describe_unread(path: str, size: int | None) -> Problem:
    """Say that a file is not here, or too large."""
    if size is None:
        return Problem(
            code="GR401", message="the file cannot be read, since this clone lacks its object", file=path, hint=_LACKING
        )
    return Problem(code="GR401", message=f"the file has {size} bytes, which is too many", file=path, hint="keep data out of it")


def is_lacking(problem: Problem) -> bool:
    """Say whether a problem is one of this clone, and not of what was committed."""
    return problem.hint.startswith("run: git fsck")
