"""What `check` says of the pipeline of a commit that becomes a version: to register it is the last moment to stop it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from gitreg.core.entries import Entry
from gitreg.core.problems import Problem
from gitreg.files.pointers import Tree
from gitreg.git.forest import Forest
from gitreg.git.objects import Objects
from gitreg.operations.near_pipelines import find_path, list_near

_UNREAD = "GR101"


def find_version_problems(objects: Objects, commit: str, entry: Entry, found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Find what is wrong with the files that a version is made from.

    Where there is no pipeline near the artifact, and its entry names no files of its own, nothing is read. Packages are left to
    `check`: to understand a lock file of theirs takes longer than to register.

    Args:
        objects: where.
        commit: the full id of the commit that becomes the version.
        entry: of the artifact.
        found: problems of the files that have the entry.

    Returns:
        Problems in the words of `check`, each sentence once.
    """
    own = [problem for problem in found if problem.code == _UNREAD or problem.artifact == entry.name]
    told: dict[tuple[object, ...], Problem] = {}
    for problem in (*own, *_check_pipelines(Forest(objects).tree(commit), entry)):
        told.setdefault((problem.file, problem.line, problem.column, problem.message), problem)
    return tuple(replace(problem, commit=commit, artifact=problem.artifact or entry.name) for problem in told.values())


def _check_pipelines(tree: Tree, entry: Entry) -> Iterator[Problem]:
    """Check the files of the pipelines near an artifact, and those that its entry names."""
    path = find_path(entry)
    near = list_near(posixpath.dirname(entry.file if path is None else path))
    contents = {file: data for file in near if tree.kind(file) == "blob" and (data := tree.read(file)) is not None}
    if contents or entry.metrics or entry.params:
        yield from _check_files(tree, entry, contents)


def _check_files(tree: Tree, entry: Entry, contents: Mapping[str, bytes]) -> Iterator[Problem]:
    """Check what pipelines and an entry name."""
    from gitreg.operations.check_facts import check_fact_files  # which nobody needs where there is nothing to check

    yield from check_fact_files([entry], contents, tree, packages=False)
