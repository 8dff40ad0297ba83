"""Checking the files that answers are read from: those that entries name, and those of the pipelines and packages near them.

The same rules as for answers (`gitreg.operations.fact_sources`) say which these are, but for pipelines far away that only make
something by the way. A hook before each commit runs this, so nothing else is read, each file once, and what takes long to parse
is looked up in the cache by its content.
"""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.fact_sources import DEFAULT_PARAMS, FactFile, makes
from gitreg.core.pipelines import Pipeline
from gitreg.core.problems import Problem
from gitreg.files.paths import is_template
from gitreg.files.pointers import Tree, check_pointer_file, list_pointer_files
from gitreg.git.derived import Derived
from gitreg.operations.check_drift import check_drift
from gitreg.operations.fact_files import PACKAGE_NAMES, FileList, describe_unread, list_references
from gitreg.operations.fact_reader import Asked, FactKind, Said, parse_file
from gitreg.operations.fact_records import format_said, parse_said, said_key
from gitreg.operations.included_packages import IncludedPackages
from gitreg.operations.near_pipelines import find_path, folders_above, list_near

_LARGE: Final = 64 << 10  # bytes of a file from which on the cache is faster than the parser
_LARGEST: Final = 8 << 20  # bytes of a file that is read, as for answers
_MOST_BYTES: Final = 32 << 20  # bytes of all files
_MOST_FAR: Final = 100  # artifacts that pipelines of elsewhere are looked for


def check_fact_files(
    entries: Iterable[Entry], contents: Mapping[str, bytes], tree: Tree, *, packages: bool = True
) -> Iterator[Problem]:
    """Find files of metrics, parameters, packages and pipelines that cannot be read.

    Args:
        entries: whose files are looked at.
        contents: bytes of each ``artifacts.yaml`` and ``dvc.yaml`` by path.
        tree: the files beside them.
        packages: whether files of packages are looked at, which may take longer than all others.
    """
    named = _Named(contents, tree, packages=packages)
    for entry in entries:
        named.look_at(entry)
    yield from named.problems
    for file in named.pointers:
        yield from check_pointer_file(file, tree)
    yield from _check_files(tree, named.files)
    yield from check_drift(named.made, contents, tree)


class _Named:
    """What entries and the pipelines near them name.

    Attributes:
        problems: of what is named, and of pipelines.
        pointers: files of DVC that may say where bytes are.
        made: paths that pipelines make, with the names of their artifacts, by the files of these pipelines.
        files: that facts stand in, and as what each is read.
    """

    def __init__(self, contents: Mapping[str, bytes], tree: Tree, *, packages: bool) -> None:
        """Know nothing yet."""
        self.problems: list[Problem] = []
        self.pointers: dict[str, None] = {}
        self.files: dict[tuple[FactKind, str], None] = {}
        self.made: dict[tuple[str, ...], dict[str, str]] = {}
        self._contents = contents
        self._tree = tree
        self._list = FileList(tree)
        self._pipelines: dict[str, Pipeline] = {}
        self._added: set[str] = set()
        self._packages: dict[str, list[str]] = {}
        self._wants_packages = packages
        self._included = IncludedPackages()
        self._left = _MOST_FAR

    def look_at(self, entry: Entry) -> None:
        """Find out what belongs to one entry."""
        for kind, field, references in ((FactKind.METRICS, "metrics", entry.metrics), (FactKind.PARAMS, "params", entry.params)):
            for path, _ in list_references(entry, references):
                self._add_declared(entry, kind, field, path)
        own = find_path(entry)
        if own is not None:
            self.pointers.update(dict.fromkeys(list_pointer_files(own)))
        files = self._look_around(own, posixpath.dirname(entry.file if own is None else own))
        if own is not None and files:
            self.made.setdefault(files, {}).setdefault(own, entry.name)

    def _look_around(self, path: str | None, start: str) -> tuple[str, ...]:
        """Find the pipelines and packages of a path, or of the folder that the search begins in; name those pipelines."""
        near = [file for file in list_near(start) if file in self._contents]
        far = self._find_far(path) if path is not None and not near else []
        for file in (*near, *far):
            self._add_pipeline(file)
        own = [path] if path is not None and self._tree.kind(path) == "tree" else []
        self._add_packages((*own, *folders_above(start)))
        for file in far:
            self._add_packages(folders_above(posixpath.dirname(file)))
        return *near, *far

    def _add_declared(self, entry: Entry, kind: FactKind, field: str, path: str) -> None:
        """Add a file that an entry names, or say that it is not there."""
        if self._tree.kind(path) in {"blob", "tree"}:
            self._add(kind, [path])
        elif not is_template(path):
            message = f"{path!r}, which {entry.name!r} names under {field!r}, is no file that could be read"
            hint = f"correct the path, or commit the file; {field} that DVC caches are not read (cache: false)"
            problem = Problem(
                code="GR401", message=message, file=entry.file, line=entry.line, column=1, artifact=entry.name, hint=hint
            )
            self.problems.append(problem)

    def _add(self, kind: FactKind, paths: Iterable[str]) -> None:
        """Add files, and of folders the files of values in them; what is not there yet, a pipeline may still make."""
        there = [path for path in paths if self._tree.kind(path) in {"blob", "tree"}]
        self.files.update(((kind, file.path), None) for file in self._list.list_files(there))

    def _add_pipeline(self, file: str) -> None:
        """Add what a pipeline names."""
        if file in self._added:
            return
        from gitreg.files.pipelines import check_definition

        self._added.add(file)
        self.problems += check_definition(file, self._contents[file])
        pipeline = self._parse(file)
        folder = posixpath.dirname(file)
        self.pointers[posixpath.join(folder, "dvc.lock")] = None
        self._add(FactKind.METRICS, (*pipeline.metrics, *(path for stage in pipeline.stages for path in stage.metrics)))
        params = (*pipeline.params, *(path for stage in pipeline.stages for path in stage.params_files))
        read = (path for path in params if not path.endswith(".py"))  # DVC reads Python, so it is no fault
        self._add(FactKind.PARAMS, (*read, posixpath.join(folder, DEFAULT_PARAMS)))

    def _parse(self, file: str) -> Pipeline:
        """Read a pipeline, once; its lock only where something in it is a template."""
        if file not in self._pipelines:
            from gitreg.files.pipelines import read_pipeline

            data = self._contents[file]
            lock = self._tree.read(posixpath.join(posixpath.dirname(file), "dvc.lock")) if b"${" in data else None
            self._pipelines[file] = read_pipeline(file, data, lock)
        return self._pipelines[file]

    def _find_far(self, path: str) -> list[str]:
        """Find pipelines of other folders that make a path; one that does not name its last part does not."""
        self._left -= 1
        if self._left < 0:
            return []
        name = posixpath.basename(path).encode("utf-8", "surrogateescape")
        files = [file for file, data in self._contents.items() if file.endswith("dvc.yaml") and name in data]
        return [file for file in files if makes(path, [self._parse(file)])]

    def _add_packages(self, folders: Iterable[str]) -> None:
        """Add the files of packages of the nearest folder that has some."""
        for folder in folders if self._wants_packages else ():
            if folder not in self._packages:
                names = self._tree.names(folder)
                found = [name for name in names if PACKAGE_NAMES.fullmatch(name.encode("utf-8", "surrogateescape"))]
                self._packages[folder] = self._follow(posixpath.join(folder, name) for name in sorted(found))
            if self._packages[folder]:
                self.files.update(((FactKind.PACKAGES, path), None) for path in self._packages[folder])
                return

    def _follow(self, paths: Iterable[str]) -> list[str]:
        """List those files of packages that there are, and those that they include, or say why they cannot be followed."""
        found = FileList(self._tree)
        files = found.list_files(path for path in paths if self._tree.kind(path) == "blob")
        listed = [file.path for file in self._included.follow(files, self._tree, found)]
        self.problems += found.problems
        return listed


def _check_files(tree: Tree, files: Iterable[tuple[FactKind, str]]) -> Iterator[Problem]:
    """Read files, and say of which their meaning is not known, or not all of it."""
    large: dict[str, tuple[Asked, bytes]] = {}
    room = _MOST_BYTES
    for kind, path in files:
        data = tree.read(path)
        if data is None or len(data) > _LARGEST:
            size = len(data) if data is not None else tree.size(path)
            yield describe_unread(path, size if size is not None and size >= 0 else None)
        elif len(data) > room:
            message = f"the files of this kind before it hold nearly {_MOST_BYTES} bytes, so it is not read"
            yield Problem(code="GR401", message=message, file=path, hint="keep data out of such files")
        elif len(data) < _LARGE:
            room -= len(data)
            yield from _list_problem(parse_file(kind, path, data))
        else:
            room -= len(data)
            asked = Asked(kind, FactFile(path, _name_content(data)))
            large[said_key(asked)] = asked, data
    yield from _check_large(large)


def _check_large(files: Mapping[str, tuple[Asked, bytes]]) -> Iterator[Problem]:
    """Say the same of large files, by their keys in the cache: what was parsed before is known."""
    derived = Derived(is_shut=not files)
    known = derived.look_up(files)
    for key, (asked, data) in files.items():
        said = parse_said(known[key]) if key in known else None
        if said is None:
            said = parse_file(asked.kind, asked.file.path, data)
            derived.keep({key: format_said(said)})
        yield from _list_problem(said)
    derived.close()


def _list_problem(said: Said) -> Sequence[Problem]:
    """Give the problem of a file, if it has one."""
    return () if said.problem is None else (said.problem,)


def _name_content(data: bytes) -> str:
    """Name content as git does, so that what is found out of a file of the work tree is known of its commit."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
