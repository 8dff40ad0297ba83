"""What files of versions could not be read: each thing once, with the versions that it is true of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gitreg.core.problems import Problem, format_file_place
from gitreg.core.views import ArtifactDetail, Overview, VersionDetail, View
from gitreg.render.text import format_commit

_MOST_VERSIONS: Final = 3  # that are named


def describe_unread(view: View) -> list[str]:
    """Say what could not be read of the versions that are shown, and is not wrong with what else was read."""
    known = {_name(problem) for problem in view.problems}
    found: dict[tuple[object, ...], tuple[Problem, list[str]]] = {}
    for label, problem in _list_unread(view):
        if _name(problem) not in known:
            found.setdefault(_name(problem), (problem, []))[1].append(label)
    return [describe_problem(problem, list(dict.fromkeys(labels))) for problem, labels in found.values()]


def describe_problem(problem: Problem, versions: Sequence[str], count: int | None = None) -> str:
    """Write a problem of a file, with the versions that it is a problem of.

    Args:
        problem: where it is, and what.
        versions: what they are called, as ``churn v1.0.0`` or ``v1.0.0``; of very many the first ones.
        count: how many there are; None: no more than are named.
    """
    place = format_file_place(problem)
    of_whom = f" of {_list_versions(versions, len(versions) if count is None else count)}" if versions else ""
    return f"{place}{of_whom}: {problem.message}" if place else f"{problem.message}{of_whom and f' ({of_whom[1:]})'}"


def _list_versions(versions: Sequence[str], count: int) -> str:
    """Name the first versions, an artifact only where it is another one than that of the version before."""
    named: list[str] = []
    before = ""
    for label in versions[:_MOST_VERSIONS]:
        artifact, _, version = label.rpartition(" ")
        named.append(version if named and artifact == before else label)
        before = artifact
    more = count - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _list_unread(view: View) -> Iterator[tuple[str, Problem]]:
    """List problems, each with what the version is called that has it."""
    match view:
        case Overview():
            latest = {found.artifact.name: found.artifact.latest for found in view.artifacts}
            for problem in view.unread:
                yield f"{problem.artifact} {latest.get(problem.artifact or '') or format_commit(problem.commit or '')}", problem
        case ArtifactDetail():
            yield from _pair((version, facts.problems) for version, facts in (view.facts or {}).items())
        case VersionDetail():
            label = view.version.version if view.version is not None else f"commit {format_commit(view.commit)}"
            yield from _pair([(label, view.facts.problems if view.facts is not None else ())])


def _pair(found: Iterable[tuple[str, Iterable[Problem]]]) -> Iterator[tuple[str, Problem]]:
    """Give each problem its label."""
    for label, problems in found:
        for problem in problems:
            yield label, problem


def _name(problem: Problem) -> tuple[object, ...]:
    """Name what makes two problems of different commits the same one."""
    return problem.code, problem.file, problem.line, problem.column, problem.message
