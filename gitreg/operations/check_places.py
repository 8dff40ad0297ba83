"""Exact places: what was found to be wrong with an entry as a whole is said of the field that it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from gitreg.core.entries import Entry
from gitreg.core.problems import Problem

if TYPE_CHECKING:
    from gitreg.files.places import FieldPlaces

_FIELDS: Final = {
    "GR107": "path",
    "GR108": "path",
    "GR109": "type",
    "GR110": "path",
    "GR111": None,
    "GR113": "schema",
    "GR114": "path",
    "GR306": None,
}
"""The field that a problem of an entry is about; None: its name."""


def place_problems(problems: Iterable[Problem], entries: Mapping[str, Entry], contents: Mapping[str, bytes]) -> list[Problem]:
    """Move problems that stand at the name of their entry to the field that they are about.

    Args:
        problems: what was found.
        entries: by name.
        contents: bytes of the entry files by path; they are parsed once more, but only those that have problems.
    """
    from gitreg.files.places import FieldPlaces

    places = FieldPlaces(contents)
    return [_place(problem, entries.get(problem.artifact or ""), places) for problem in problems]


def _place(problem: Problem, entry: Entry | None, places: FieldPlaces) -> Problem:
    """Move one problem, if it stands at the name of its entry."""
    if entry is None or problem.code not in _FIELDS or (problem.file, problem.line) != (entry.file, entry.line):
        return problem
    if problem.column not in {None, 1}:
        return problem
    file, line, column = places.find(entry, _FIELDS[problem.code])
    return replace(problem, file=file, line=line, column=column)
