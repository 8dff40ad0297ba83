"""Entries of artifacts at many commits: the files that hold them are parsed once for all commits that share them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from gitreg.core.entries import Entry, merge_entries
from gitreg.core.problems import Problem
from gitreg.git.forest import Forest
from gitreg.operations.load_entries import ENTRY_FILES, describe_unread, entry_file, parse_entry_files, read_entries

_MOST_PARSED: Final = 64  # entry files that are kept for the next commit

_Entries: TypeAlias = tuple[dict[str, Entry], list[Problem]]


class Place(NamedTuple):
    """An artifact at a commit."""

    artifact: str
    commit: str


class EntryFinder:
    """Finds entries, and remembers what it parsed.

    Args:
        forest: the trees of the commits.
    """

    def __init__(self, forest: Forest) -> None:
        """Have parsed nothing yet."""
        self._forest = forest
        self._parsed: OrderedDict[tuple[str, str], _Entries] = OrderedDict()

    def bring(self, wanted: Iterable[tuple[Place, Iterable[str]]]) -> None:
        """Read what will be asked of commits, all at once."""
        paths: dict[str, set[str]] = {}
        for place, asked in wanted:
            paths.setdefault(place.commit, set()).update(asked)
        self._forest.bring(paths)

    def find_all(self, places: Iterable[Place]) -> dict[Place, tuple[Entry | None, list[Problem]]]:
        """Find the entries of some artifacts."""
        listed = list(places)
        self.bring((place, [entry_file(place.artifact, name) for name in ENTRY_FILES]) for place in listed)
        return {place: self.find(place) for place in listed}

    def find(self, place: Place) -> tuple[Entry | None, list[Problem]]:
        """Find the entry of an artifact; each of the two files that may hold it is parsed once for all that it names."""
        tree = self._forest.tree(place.commit)
        paths = [entry_file(place.artifact, name) for name in ENTRY_FILES]
        files = [(path, oid) for path in paths if tree.kind(path) == "blob" and (oid := tree.oid(path))]
        parsed = {path.rpartition("/")[2]: self._parse(path, oid) for path, oid in files}
        (ours, problems), (of_dvc, others) = (parsed.get(name, ({}, [])) for name in ENTRY_FILES)
        merged, found = merge_entries(ours, of_dvc) if of_dvc else (ours, [])
        return merged.get(place.artifact), [*describe_unread(tree.unread), *problems, *others, *found]

    def _parse(self, path: str, oid: str) -> _Entries:
        """Parse a file, or recall what it says."""
        key = path, oid
        if key not in self._parsed:
            content = self._forest.read(oid, "blob").content
            self._parsed[key] = parse_entry_files({path: content}) if content else read_entries(self._forest.objects, {path: oid})
        self._parsed.move_to_end(key)
        if len(self._parsed) > _MOST_PARSED:
            self._parsed.popitem(last=False)
        return self._parsed[key]
