"""What of a comparison is not known: what is missing where a file could not be read may be there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gitreg.core.compared import Kind
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem, Severity, severity_of

OF_PIPELINES: Final = ("dvc.lock", "dvc.yaml")
"""Endings of the files that say what pipelines are like."""

_UNREAD: Final = "GR401"  # a warning, since it is no fault of the registry


def judge(had: bool, has: bool, had_unread: bool, has_unread: bool, *, same: bool) -> Kind:  # noqa: FBT001  two sides
    """Say what happened to something; what is missing where a file could not be read is not known to be missing."""
    if had and has:
        return Kind.SAME if same else Kind.CHANGED
    if not had and not has:
        return Kind.SAME
    if had_unread if has else has_unread:
        return Kind.UNKNOWN
    return Kind.ADDED if has else Kind.REMOVED


def list_unread(facts: Facts) -> tuple[Problem, ...]:
    """List the problems of files that could not be read, or not all of them; a field that nobody knows is none.

    What is wrong with another artifact of the same file hides nothing of this one.
    """
    own = (problem for problem in facts.problems if problem.artifact in {None, facts.artifact})
    return tuple(problem for problem in own if problem.code == _UNREAD or severity_of(problem) is Severity.ERROR)


def is_unread(facts: Facts, files: Iterable[str], endings: tuple[str, ...] = ()) -> bool:
    """Say whether a side may lack something only because a file of that name could not be read, or because no entry names it."""
    wanted = set(files)
    broken = list_broken(facts)
    return any(file in wanted or file.endswith(endings) for file in broken) or bool(broken and facts.entry is None)


def loses_pipeline(facts: Facts) -> bool:
    """Say whether a file could not be read that says which files a pipeline has, and what it was run with."""
    return any(file.endswith(OF_PIPELINES) for file in list_broken(facts))


def list_broken(facts: Facts) -> list[str]:
    """List the files that could not be read."""
    return [problem.file for problem in list_unread(facts) if problem.file]
