"""Entries of two commits that may differ: no file is parsed that cannot have to do with what changed."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from gitreg.core.entries import Entry
from gitreg.core.equality import are_same
from gitreg.core.pipelines import Pipeline
from gitreg.core.problems import Problem
from gitreg.git.finding import Finder
from gitreg.git.objects import Objects
from gitreg.git.tree_changes import TreeChange
from gitreg.git.trees import CommitTree, TooManyFolders
from gitreg.operations.diff_touched import SETTINGS_FILES, Touched, find_touched
from gitreg.operations.load_entries import ENTRY_FILES, parse_entry_files, read_entry_files
from gitreg.operations.load_pipelines import PipelineSearch

_NAMES: Final = frozenset(name.encode() for name in ENTRY_FILES)
_DVC_FILE: Final = "dvc.yaml"
_MOST_FILES: Final = 100_000


@dataclass(frozen=True, slots=True)
class SideEntries:
    """The entries of one commit that may differ from those of another one.

    Attributes:
        entries: by name.
        problems: of the files that were read, and of those that could not be.
        rewritten: those in files that differ, by name; all of them where the settings do.
        contents: bytes of the files that were read, by path.
    """

    entries: Mapping[str, Entry]
    problems: tuple[Problem, ...]
    rewritten: Mapping[str, Entry]
    contents: Mapping[str, bytes]


_Parsed: TypeAlias = tuple[dict[str, Entry], list[Problem]]


def load_changed_entries(objects: Objects, commits: Sequence[str], changes: Sequence[TreeChange]) -> list[SideEntries]:
    """Load those entries of two commits that may differ.

    Args:
        objects: where.
        commits: the full ids of two commits.
        changes: the files in which they differ.
    """
    touched = find_touched(objects, changes, _load_pipelines(objects, commits))
    differing = frozenset(change.path for change in changes)
    parsed: dict[tuple[tuple[str, str], ...], _Parsed] = {}
    before, after = (_load_side(objects, commit, touched, differing, parsed) for commit in commits)
    sides = [_add_breaks(before, after), _add_breaks(after, before)]
    return [_pick(side, other, touched) for side, other in ((sides[0], sides[1]), (sides[1], sides[0]))]


def _load_side(
    objects: Objects, commit: str, touched: Touched, differing: frozenset[str], parsed: dict[tuple[tuple[str, str], ...], _Parsed]
) -> SideEntries:
    """Load the entries of one commit; folders whose files both commits share are parsed once."""
    files, problems = _find_files(objects, commit, touched)
    contents, unread = read_entry_files(objects, files)
    problems += [*_find_links(objects, commit, differing), *unread]
    folders: dict[str, list[str]] = {}
    for path in contents:
        folders.setdefault(posixpath.dirname(path), []).append(path)
    entries: dict[str, Entry] = {}
    for paths in folders.values():
        key = tuple((path, files[path]) for path in paths)
        if key not in parsed:
            parsed[key] = parse_entry_files({path: contents[path] for path in paths})
        found, misread = parsed[key]
        entries.update(found)
        problems += misread
    is_held_anew = not differing.isdisjoint(SETTINGS_FILES)
    rewritten = {name: entry for name, entry in entries.items() if is_held_anew or entry.file in differing}
    return SideEntries(entries, tuple(problems), rewritten, contents)


def _load_pipelines(objects: Objects, commits: Iterable[str]) -> list[Pipeline]:
    """Load the pipelines of both commits; what cannot be read of them is told with the facts that it concerns."""
    search = PipelineSearch(objects)
    return [pipeline for commit in commits for pipeline in search.load(commit)[0]]


def _find_files(objects: Objects, commit: str, touched: Touched) -> tuple[dict[str, str], list[Problem]]:
    """Find the files of entries that may be affected: ids of blobs by path."""
    finder = Finder(objects, _NAMES.__contains__, _MOST_FILES)
    try:
        files = finder.find(commit)
    except TooManyFolders as error:
        return {}, [Problem(code="GR101", message=error.message, file=".", commit=commit, hint=error.hint)]
    wanted: dict[str, bool] = {}
    for path, _ in files:
        folder = posixpath.dirname(path)
        if folder not in wanted:
            wanted[folder] = touched.everything or touched.reaches(folder) or touched.surrounds(folder)
    return {path: blob for path, blob in files if wanted[posixpath.dirname(path)]}, []


def _find_links(objects: Objects, commit: str, differing: Iterable[str]) -> list[Problem]:
    """Find files of entries that are symbolic links, which are not read: what they say is not known."""
    tree = CommitTree(objects, commit)
    paths = sorted(path for path in differing if posixpath.basename(path) in ENTRY_FILES)
    message = "the file is a symbolic link, which is not read"
    return [
        Problem(code="GR107", message=message, file=path, hint=f"make {path} a plain file")
        for path in paths
        if tree.kind(path) in {"link", "commit"}
    ]


def _add_breaks(side: SideEntries, other: SideEntries) -> SideEntries:
    """Add why entries of a ``dvc.yaml`` may only seem to be gone: broken, it need not even name their section any more."""
    gone = {entry.file for name, entry in other.entries.items() if name not in side.entries}
    told = {problem.file for problem in side.problems if problem.artifact is None}
    files = sorted(file for file in (gone - told) & side.contents.keys() if posixpath.basename(file) == _DVC_FILE)
    if not files:
        return side
    from gitreg.files.dvc_yaml import find_breaks  # it brings the parser of YAML

    return replace(
        side, problems=(*side.problems, *(problem for file in files for problem in find_breaks(side.contents[file], file)))
    )


def _pick(side: SideEntries, other: SideEntries, touched: Touched) -> SideEntries:
    """Pick the entries that may differ."""
    affected = {
        name: entry
        for name, entry in side.entries.items()
        if not _are_same(entry, other.entries.get(name)) or touched.affects(entry) or touched.affects(other.entries[name])
    }
    return replace(side, entries=affected)


def _are_same(entry: Entry, other: Entry | None) -> bool:
    """Say whether two entries say the same, on whatever line."""
    return other is not None and are_same(replace(entry, line=other.line), other)
