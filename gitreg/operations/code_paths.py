"""Paths that a person names for code: of one that is nowhere nothing could change, and somebody would believe that."""

from __future__ import annotations

from collections.abc import Iterable

from gitreg.errors import NotFound
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree


def find_missing(objects: Objects, commits: Iterable[str], paths: Iterable[str]) -> list[str]:
    """Find the paths, from the root of the repository, that are at none of some commits; sorted."""
    trees = [CommitTree(objects, commit) for commit in dict.fromkeys(commits)]
    return [path for path in sorted(set(paths)) if path and all(tree.kind(path) is None for tree in trees)]


def refuse_missing(paths: Iterable[str]) -> None:
    """Refuse paths that are nowhere.

    Raises:
        NotFound: there is one.
    """
    for path in paths:
        raise NotFound(f"there is no {path!r} at any of these commits", hint="write it from the root of the repository")
