"""Candidates: what a query is asked of, and how far an answer can be known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Final, NamedTuple

from gitreg.core.entries import Entry, Pointer
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.core.query import Depth


class Truth(Enum):
    """Yes, no, or nobody can know."""

    NO = 0
    UNKNOWN = 1
    YES = 2


class Answer(NamedTuple):
    """What a query or a condition says of a candidate.

    Attributes:
        reasons: why nobody can know, each once; empty where that is only because not everything has been read yet.
    """

    truth: Truth
    reasons: tuple[str, ...] = ()


YES: Final = Answer(Truth.YES)
NO: Final = Answer(Truth.NO)
UNREAD: Final = Answer(Truth.UNKNOWN)

_HIDING: Final = frozenset({"GR101", "GR102", "GR103", "GR105", "GR401"})  # what was not read, or was read and not understood


class Candidate(NamedTuple):
    """A version, or a bare commit that holds a stage, with as much as has been read of it.

    Attributes:
        version: None for a bare commit.
        marks: ``latest``, ``stable``, both or none.
        stages: those that it holds now.
        registered_at, assigned_at: seconds since 1970; the second for each of `stages`.
        authors: names and addresses of who registered or assigned it.
        depth: what has been read; what lies deeper is not known yet.
        path: of the entry, from the root of the repository, or an address.
        unread: why what the entry or the pointer does not say may stand in a file nonetheless; empty: it does not.
    """

    artifact: str
    version: str | None
    commit: str
    active: bool = True
    deprecated: bool = False
    marks: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    registered_at: int | None = None
    assigned_at: tuple[int, ...] = ()
    authors: tuple[str, ...] = ()
    depth: Depth = Depth.REGISTRY
    entry: Entry | None = None
    path: str | None = None
    pointer: Pointer | None = None
    unread: str = ""
    facts: Facts | None = None


def unknown(*reasons: str) -> Answer:
    """Say that nobody can know, and why."""
    return Answer(Truth.UNKNOWN, reasons)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Say whether one of some answers is yes."""
    return _combine(answers, Truth.YES, max)


def all_of(answers: Iterable[Answer]) -> Answer:
    """Say whether all of some answers are yes."""
    return _combine(answers, Truth.NO, min)


def turn(answer: Answer) -> Answer:
    """Say the contrary; the contrary of what nobody can know is not known either."""
    return {Truth.YES: NO, Truth.NO: YES}.get(answer.truth, answer)


def find_reason(problems: Iterable[Problem], artifact: str, entry: Entry | None) -> str:
    """Say why what was not found may stand in a file nonetheless; empty: it does not.

    Args:
        problems: of the files that would say it.
        artifact: what was looked for.
        entry: what was found; where there is one, problems of its file are those of its neighbours, if they do not name it.
    """
    for problem in problems:
        is_neighbour = problem.artifact is None and entry is not None and problem.file == entry.file
        if problem.code in _HIDING and problem.artifact in {None, artifact} and not is_neighbour:
            return f"{problem.file}: {problem.message}" if problem.file else problem.message
    return ""


def _combine(answers: Iterable[Answer], decisive: Truth, choose: Callable[[int, int], int]) -> Answer:
    """Combine answers in Kleene's logic: the decisive truth wins, then doubt."""
    truth = Truth(Truth.YES.value - decisive.value)
    reasons: dict[str, None] = {}
    for answer in answers:
        if answer.truth is decisive:
            return answer
        truth = Truth(choose(truth.value, answer.truth.value))
        reasons.update(dict.fromkeys(answer.reasons))
    return Answer(truth, tuple(reasons))
