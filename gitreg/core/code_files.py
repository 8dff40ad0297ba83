"""Which files that differ are code: those that nothing else of a comparison speaks of.

Not code are: files of metrics, parameters, packages and entries, data, the artifact itself, what DVC, git and gitreg write for
themselves, and texts for people (``.md``, ``.rst``, ``.adoc``). A ``dvc.yaml`` is code: it says what is run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from gitreg.core.facts import Facts

_NAMES: Final = frozenset({
    ".dvcignore",
    ".gitattributes",
    ".gitignore",
    ".gitmodules",
    ".gitreg.yaml",
    ".gto",
    "artifacts.yaml",
    "dvc.lock",
})  # fmt: skip
_ENDINGS: Final = (".dvc", ".md", ".rst", ".adoc")


def list_spoken_for(facts: Iterable[Facts]) -> frozenset[str]:
    """List the paths that a comparison speaks of elsewhere: files, and folders as a whole."""
    paths: set[str] = set()
    for one in facts:
        paths |= one.metrics.keys() | one.params.keys()
        paths |= {package.file for package in one.packages} | {material.path for material in one.data}
        paths |= {one.pointer.path} if one.pointer is not None else set()
        paths |= {problem.file for problem in one.problems if problem.file is not None}
    return frozenset(path.rstrip("/") for path in paths if path)


def is_code(path: str, spoken_for: Collection[str]) -> bool:
    """Say whether a file is code.

    Args:
        path: from the root of the repository.
        spoken_for: what `list_spoken_for` lists.
    """
    parts = path.split("/")
    if parts[-1] in _NAMES or path.lower().endswith(_ENDINGS) or ".dvc" in parts[:-1]:
        return False
    return not any("/".join(parts[:length]) in spoken_for for length in range(1, len(parts) + 1))


def is_inside(path: str, folders: Collection[str]) -> bool:
    """Say whether a path is one of some files or folders, or in one of them; with none, everything is."""
    parts = path.split("/")
    return not folders or any("/".join(parts[:length]) in folders for length in range(len(parts) + 1))
