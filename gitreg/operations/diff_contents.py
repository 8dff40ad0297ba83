"""What two sides of `diff` that differ in some files mean for the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import CodeChange, FileChange
from gitreg.core.problems import Problem, Severity, severity_of
from gitreg.core.registry_diff import ArtifactChange, Finding, RegistryDiff
from gitreg.core.registry_diff_summary import has_packages_alone, sort_changes
from gitreg.git.tree_changes import TreeChange, compare_trees
from gitreg.operations.context import Context
from gitreg.operations.diff_artifacts import add_holders, add_states, compare_artifacts
from gitreg.operations.diff_entries import SideEntries, load_changed_entries
from gitreg.operations.diff_findings import find_findings
from gitreg.operations.diff_sides import DiffSide, Request
from gitreg.operations.diff_state import load_states
from gitreg.operations.diff_unread import explain, explain_all, word_runs
from gitreg.operations.diff_versions import add_registered
from gitreg.operations.load_code import choose_code, count_commits, judge_file


def compare_contents(context: Context, request: Request, sides: tuple[DiffSide, DiffSide], empty: RegistryDiff) -> RegistryDiff:
    """Compare the files of two sides.

    Args:
        context: where.
        request: what else is wanted.
        sides: BASE and the other one.
        empty: what is said where nothing differs.
    """
    base, head = sides
    commits = (base.commit, head.commit)
    changes = compare_trees(context.repository.objects, *commits)
    loaded = load_changed_entries(context.repository.objects, commits, changes)
    entries = [replace(own, problems=explain_all(own.problems, side)) for own, side in zip(loaded, sides, strict=True)]
    artifacts, after = compare_artifacts(context, sides, entries)
    required = request.against is not None
    # to know the versions of everything that a shared file of packages touches would take longer than all the rest
    told = [change for change in artifacts if required or not has_packages_alone(change)]
    states = load_states(context, _list_names(told), fetched=request.fetched, required=required)
    artifacts = add_registered(context, add_states(artifacts, states.artifacts), after)
    if request.against is not None:
        artifacts = add_holders(context, artifacts, after, head, request.against)
    artifacts = sort_changes(artifacts)
    code, uncounted = _compare_code(context, sides, changes, artifacts)
    found = find_findings(context, commits, entries, _names_by_side(artifacts))
    runs = word_runs(after.values(), head)
    findings = tuple(finding._replace(problem=explain(finding.problem, head, runs)) for finding in found)
    problems = _list_problems(sides, entries[0], artifacts, (*states.problems, *uncounted))
    return replace(
        empty,
        artifacts=artifacts,
        code=code,
        findings=findings,
        problems=_leave_out(problems, findings),
        unknown=states.notes,
    )


def _list_names(artifacts: Iterable[ArtifactChange]) -> list[str]:
    """List the names that the registry's tags may have for artifacts: the new ones, and those before."""
    return sorted({name for change in artifacts for name in (change.name, change.before) if name is not None})


def _names_by_side(artifacts: Iterable[ArtifactChange]) -> tuple[list[str], list[str]]:
    """List the names that artifacts have on each side."""
    listed = list(artifacts)
    return [change.before for change in listed if change.before], [change.after for change in listed if change.after]


def _compare_code(
    context: Context, sides: Sequence[DiffSide], changes: Sequence[TreeChange], artifacts: Sequence[ArtifactChange]
) -> tuple[CodeChange | None, list[Problem]]:
    """Say how the files differ that nothing else speaks of; nobody asks where no artifact changed."""
    if not artifacts:
        return None, []
    compared = [[side.facts for side in change.comparison.sides] for change in artifacts]
    facts = {side.commit: [both[number] for both in compared if both[number].entry] for number, side in enumerate(sides)}
    chosen = choose_code(context, facts, changes)
    files = tuple(FileChange(change.path, judge_file(change)) for change in chosen)
    old, new = (side.tip for side in sides)
    return count_commits(context, old, new, files) if old and new and old != new else (CodeChange(files=files), [])


def _list_problems(
    sides: Sequence[DiffSide], before: SideEntries, artifacts: Iterable[ArtifactChange], others: Iterable[Problem]
) -> list[Problem]:
    """List what could not be read: of BASE, of what changed, and of tags."""
    own = {side.commit for side in sides if side.revision.commit is None}
    errors = [problem for problem in before.problems if severity_of(problem) is Severity.ERROR]
    found = [replace(problem, commit=sides[0].revision.commit) for problem in errors]
    for change in artifacts:
        held = change.held.comparison if change.held is not None else None
        for comparison in (change.comparison, *([held] if held is not None else [])):
            for side in comparison.sides:
                commit = side.facts.commit or None
                found += [replace(problem, commit=problem.commit or commit) for problem in list_unread(side.facts)]
    listed = [*found, *others]
    return [replace(problem, commit=None) if problem.commit in own else problem for problem in dict.fromkeys(listed)]


def _leave_out(problems: Iterable[Problem], findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Leave out what is among the findings."""
    told = {(finding.problem.code, finding.problem.file, finding.problem.message) for finding in findings}
    kept = [problem for problem in problems if problem.commit or (problem.code, problem.file, problem.message) not in told]
    return tuple(dict.fromkeys(kept))
