"""Pointers of many versions at once: one git process, and whatever commits share is read and parsed once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.problems import Problem
from gitreg.files.outs import Out
from gitreg.git.forest import Forest
from gitreg.git.objects import Objects
from gitreg.operations.find_entries import EntryFinder, Place
from gitreg.operations.load_entries import entry_path

_TOGETHER: Final = 128  # commits whose objects are asked for in one go

__all__ = ["Located", "Place", "load_pointers"]


@dataclass(frozen=True, slots=True)
class Located:
    """What is known of the bytes of an artifact at a commit.

    Attributes:
        entry: what the files of the commit say of the artifact, or None.
        pointer: where the bytes are; None without an entry or without a path in it.
        problems: of the files that would say it.
        out: what DVC keeps, where that is the path or holds it.
        configuration: which files of DVC's configuration the commit has for that path.
        causes: of files of DVC that cannot be read, and could say where missing bytes are.
    """

    entry: Entry | None
    pointer: Pointer | None
    problems: tuple[Problem, ...] = ()
    out: Out | None = None
    configuration: tuple[str | None, ...] = ()
    causes: tuple[Problem, ...] = ()


def load_pointers(objects: Objects, places: Iterable[Place]) -> Iterator[tuple[Place, Located]]:
    """Find where the bytes of artifacts are at commits.

    Args:
        objects: where.
        places: commits that follow one another should stand near each other, since they share most.

    Returns:
        What is known of each place, once for each that is given twice, artifacts of a commit together.
    """
    by_commit: dict[str, dict[str, None]] = {}
    for artifact, commit in places:
        by_commit.setdefault(commit, {})[artifact] = None
    search = _Search(objects)
    commits = iter(by_commit.items())
    while batch := dict(islice(commits, _TOGETHER)):
        yield from search.locate([Place(artifact, commit) for commit, artifacts in batch.items() for artifact in artifacts])


class _Search:
    """A search that learns: what was asked of one commit for a path will be asked of the next one, and is read ahead."""

    def __init__(self, objects: Objects) -> None:
        """Know nothing yet."""
        self._forest = Forest(objects)
        self._entries = EntryFinder(self._forest)
        self._asked: dict[str, tuple[str, ...]] = {}

    def locate(self, places: list[Place]) -> Iterator[tuple[Place, Located]]:
        """Find the bytes of some artifacts."""
        found = self._entries.find_all(places)
        paths = {place: entry_path(entry) for place, (entry, _) in found.items() if entry is not None and entry.path is not None}
        pointers = {place: self._find_pointer(place.commit, path) for place, path in paths.items() if path not in self._asked}
        self._entries.bring((place, self._asked[path]) for place, path in paths.items())
        for place, (entry, problems) in found.items():
            if place in paths and place not in pointers:
                pointers[place] = self._find_pointer(place.commit, paths[place])
            yield place, self._locate(place, entry, pointers.get(place), tuple(problems))

    def _locate(self, place: Place, entry: Entry | None, pointer: Pointer | None, problems: tuple[Problem, ...]) -> Located:
        """Put together what is known; of what DVC keeps also which store may keep it."""
        if pointer is None or pointer.kind not in {PointerKind.DVC, PointerKind.MISSING}:
            return Located(entry, pointer, problems)
        from gitreg.files.pointers import check_pointer_files, find_out

        tree = self._forest.tree(place.commit)
        if pointer.kind is PointerKind.MISSING:
            return Located(entry, pointer, problems, causes=tuple(check_pointer_files(pointer.path, tree)))
        parts = pointer.path.split("/")
        folders = ["/".join(parts[:length]) for length in range(len(parts))]
        configuration = tuple(tree.oid(posixpath.join(folder, ".dvc/config")) for folder in folders)
        return Located(entry, pointer, problems, find_out(pointer.path, tree), configuration)

    def _find_pointer(self, commit: str, path: str) -> Pointer:
        """Find where the bytes of a path are."""
        from gitreg.files.pointers import find_pointer

        tree = self._forest.tree(commit)
        pointer = find_pointer(path, tree)
        self._asked.setdefault(path, tuple(tree.asked))
        return pointer
