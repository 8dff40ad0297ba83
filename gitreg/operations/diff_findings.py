"""What `check` finds of the entries that a change touches, and what of it was there before."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

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
    before, after = (_check(context, *side) for side in zip(commits, sides, names, strict=True))
    known = {_identify(problem) for problem in before}
    found = [Finding(problem, _identify(problem) not in known) for problem in sort_problems(dict.fromkeys(after))]
    return tuple(sorted(found, key=lambda finding: not finding.is_new))


def _check(context: Context, commit: str, side: SideEntries, names: Collection[str]) -> list[Problem]:
    """Find the problems of one side."""
    forest = Forest(context.repository.objects)
    tree = forest.tree(commit)
    chosen = {**side.rewritten, **{name: side.entries[name] for name in names}}
    forest.bring({commit: [entry_path(entry) for entry in chosen.values() if entry.path is not None]})
    settings, problems = read_source_settings(tree)
    source = Source(side.contents, tree)
    problems += [*side.problems, *check_entries(context, settings, chosen, source)]
    return [replace(problem, commit=None) for problem in problems]


def _identify(problem: Problem) -> tuple[str, str | None, str | None, str]:
    """Name a problem wherever it stands: lines above it may have come or gone."""
    return problem.code, problem.artifact, problem.file, problem.message
