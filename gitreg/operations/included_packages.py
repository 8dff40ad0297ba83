"""Following requirements into the files that they include, in the files of one commit."""

from __future__ import annotations

import posixpath
from collections.abc import Container, Iterable
from typing import TYPE_CHECKING, Final

from gitreg.core.fact_sources import FactFile
from gitreg.core.problems import Problem
from gitreg.operations.fact_files import FileList

if TYPE_CHECKING:  # most commands read no packages
    from gitreg.files.packages_included import Included
    from gitreg.files.pointers import Tree

PROJECT: Final = "pyproject.toml"
"""The file of a project of Python."""

SETUP: Final = ("setup.py", "setup.cfg")
"""Files of its build, which may name packages."""

_TOLD: Final = (b"[project]", b"[tool.poetry")  # what makes its own tables count, and not those of its build
_LOCKS: Final = frozenset({"uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"})  # of the project beside them
_MOST: Final = 50  # files that are included, for one artifact
_HINT: Final = "commit what is included, or write its packages here"
_WHY: Final = {"link": "which is a link, and links are not followed"}


class IncludedPackages:
    """Finds included files; what a blob includes is remembered for the next commit."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._known: dict[tuple[str, str], tuple[Included, ...]] = {}

    def follow(self, files: Iterable[FactFile], tree: Tree, found: FileList) -> tuple[FactFile, ...]:
        """List files of packages and those that they include, each once.

        Args:
            files: of packages.
            tree: the files of the commit; links are not followed, and nothing outside of it is read.
            found: takes the problems: what cannot be followed may name more packages.
        """
        listed = list(files)
        own = len(listed)
        known = {file.path for file in listed}
        for file in listed:  # which grows
            for named in self._list(file, tree):
                included = _find_project(named, tree) if named.is_project else named
                if included is None or (included.by_build and _is_locked(file.path, known)):
                    continue
                why = _explain(included, tree)
                if not why and included.path in known:
                    continue
                if not why and len(listed) >= own + _MOST:
                    why = f"one of more than {_MOST} files, so it is not read"
                if why:
                    found.report(_describe(file.path, included, why))
                else:
                    known.add(included.path)
                    listed += found.list_files([included.path])
        return tuple(listed)

    def _list(self, file: FactFile, tree: Tree) -> tuple[Included, ...]:
        """List what a file includes; one that cannot be read is told when its packages are."""
        from gitreg.files.packages_included import list_included, may_include

        key = file.path, file.blob
        if key not in self._known:
            self._known[key] = list_included(file.path, tree.read(file.path) or b"") if may_include(file.path) else ()
        return self._known[key]


def _is_locked(path: str, known: Container[str]) -> bool:
    """Say whether a lock stands beside a project, which has what its build has found out."""
    return any(posixpath.join(posixpath.dirname(path), name) in known for name in _LOCKS)


def _find_project(named: Included, tree: Tree) -> Included | None:
    """Find the file that says what a project in a folder needs; None where nothing there says it."""
    file = posixpath.join(named.path, PROJECT)
    data = tree.read(file) if tree.kind(file) == "blob" else None
    is_told = data is not None and any(table in data for table in _TOLD)
    if not is_told and any(tree.kind(posixpath.join(named.path, name)) == "blob" for name in SETUP):
        return named._replace(by_build=True)
    return named._replace(path=file) if data is not None else None


def _explain(included: Included, tree: Tree) -> str:
    """Say why a file that is included cannot be read; empty: it can."""
    if included.by_build:
        return "what only the build of the project finds out"
    if not included.path:
        return "what is not in this repository"
    kind = tree.kind(included.path)
    return "" if kind == "blob" else f"{included.path!r}, {_WHY.get(kind or '', 'which is no file of this commit')}"


def _describe(path: str, included: Included, why: str) -> Problem:
    """Say that a file may name more packages."""
    message = f"it includes {why}, so there may be more packages"
    return Problem(code="GR401", message=message, file=path, line=included.line, hint=_HINT)
