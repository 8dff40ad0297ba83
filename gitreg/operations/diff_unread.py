"""Files of the work tree that nobody could read, or that are too large: what of an artifact is not known for that, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from gitreg.core.drift import describe_drift
from gitreg.core.entries import PointerKind
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.operations.diff_sides import INDEX, WORK_TREE, DiffSide
from gitreg.operations.fact_files import is_lacking

_MOST: Final = 3  # files of one folder that are named
_HINT: Final = "look at it: ls -ld FILE, and at the folders above it"
_HINT_LARGE: Final = "keep data out of it, and point to it with 'path'"


def word_runs(facts: Iterable[Facts], side: DiffSide) -> dict[str, str]:
    """Word what pipelines were run with as it is where the files are those of the work tree or the index.

    Returns:
        Sentences, by those that tell of a commit, which only this process knows.
    """
    if side.revision.text not in {WORK_TREE, INDEX}:
        return {}
    drift = [one for found in facts for one in found.drift]
    return {describe_drift([one])[0]: describe_drift([one], side.revision.text)[0] for one in drift}


def explain(problem: Problem, side: DiffSide, runs: Mapping[str, str] = MappingProxyType({})) -> Problem:
    """Say of a file whose object is not here why that is: this clone is not to blame.

    Args:
        problem: of a side.
        side: that side.
        runs: other words for sentences on what was not run again.
    """
    if problem.message in runs:
        return replace(problem, message=runs[problem.message])
    if problem.file is None or not is_lacking(problem):
        return problem
    if problem.file in side.unread:
        return replace(problem, message=side.unread[problem.file], hint=_HINT)
    if problem.file in side.large:
        return replace(problem, message=side.large[problem.file], hint=_HINT_LARGE)
    return problem


def explain_all(problems: Iterable[Problem], side: DiffSide) -> tuple[Problem, ...]:
    """Say it of all."""
    return tuple(explain(problem, side) for problem in problems)


def forget_unread(facts: Facts, side: DiffSide) -> Facts:
    """Forget which bytes an artifact has where nobody could read them, or some of them, and say why.

    Args:
        facts: of an artifact.
        side: where they are from.
    """
    facts = replace(facts, problems=explain_all(facts.problems, side)) if facts.problems else facts
    pointer = facts.pointer
    if pointer is None or not side.unread:
        return facts
    lost = list(islice(_list_inside(pointer.path, side.unread), _MOST))
    if not lost or pointer.kind is not PointerKind.GIT:
        return facts
    problems = [Problem(code="GR401", message=side.unread[path], file=path, artifact=facts.artifact, hint=_HINT) for path in lost]
    unknown = replace(pointer, kind=PointerKind.MISSING, hash=None, size=None)
    return replace(facts, pointer=unknown, problems=(*facts.problems, *problems))


def _list_inside(path: str, unread: Mapping[str, str]) -> Iterable[str]:
    """List what is at a path and in it."""
    inside = f"{path}/"
    return (file for file in unread if file == path or file.startswith(inside))
