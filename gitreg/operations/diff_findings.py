"""What `check` finds of the entries that a change touches, and what of it was there before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from gitreg.core.entries import Entry
from gitreg.core.problems import Problem
from gitreg.core.registry_diff import Finding
from gitreg.git.forest import Forest
from gitreg.operations.check import Source, check_entries, read_source_settings, sort_problems
from gitreg.operations.context import Context
from gitreg.operations.diff_entries import SideEntries
from gitreg.operations.load_entries import entry_path


def find_findings(
    context: Context, commits: Sequence[str], sides: Sequence[SideEntries], names: Sequence[Collection[str]]
) -> tuple[Finding, ...]:
    """Find problems of HEAD's side: of its settings, of files of entries that differ, and of artifacts that changed.

    Args:
        context: where.
        commits: the full ids of both commits, BASE's first.
        sides: their entries.
        names: for each of the two, the artifacts that changed.

    Returns:
        What is new first, each part as `check` orders it.
    """
    before, after = (
        {**side.rewritten, **{name: side.entries[name] for name in own}} for side, own in zip(sides, names, strict=True)
    )
    found = sort_problems(dict.fromkeys(_check(context, commits[1], sides[1], after)))
    if not found:
        return ()
    blamed = {problem.artifact for problem in found}  # of an artifact that is well now nobody asks how it was
    asked = {name: entry for name, entry in before.items() if None in blamed or name in blamed}
    known = {_identify(problem) for problem in _check(context, commits[0], sides[0], asked)}
    return tuple(sorted((Finding(problem, _identify(problem) not in known) for problem in found), key=lambda one: not one.is_new))


def _check(context: Context, commit: str, side: SideEntries, chosen: Mapping[str, Entry]) -> list[Problem]:
    """Find the problems of some entries of one side."""
    forest = Forest(context.repository.objects)
    tree = forest.tree(commit)
    forest.bring({commit: [entry_path(entry) for entry in chosen.values() if entry.path is not None]})
    settings, problems = read_source_settings(tree)
    source = Source(side.contents, tree)
    problems += [*side.problems, *check_entries(context, settings, chosen, source)]
    return [replace(problem, commit=None) for problem in problems]


def _identify(problem: Problem) -> tuple[str, str | None, str | None, str]:
    """Name a problem wherever it stands: lines above it may have come or gone."""
    return problem.code, problem.artifact, problem.file, problem.message
