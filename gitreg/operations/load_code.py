"""How the code of two commits differs: files, commits and people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from gitreg.core.code_files import is_code, is_inside, list_spoken_for
from gitreg.core.compared import CodeChange, FileChange, Kind
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.errors import ExternalFault, Unanswerable
from gitreg.git.commit_log import Logged, list_between
from gitreg.git.forest import Forest
from gitreg.git.objects import Objects
from gitreg.git.tree_changes import TreeChange, compare_trees
from gitreg.operations.code_commits import rank_people, to_code_commits
from gitreg.operations.context import Context
from gitreg.operations.named_files import list_named_files
from gitreg.operations.pipeline_code import find_pipeline_code

_MOST_COMMITS: Final = 20  # that are listed; all are counted


def load_code(
    context: Context, first: Facts, other: Facts, folders: Collection[str] = ()
) -> tuple[CodeChange | None, list[Problem]]:
    """Find out how the code at one commit differs from that at another one, with one git process at most.

    Args:
        context: where.
        first: what is known of the artifact at the first commit.
        other: and at the other one.
        folders: files and folders that the code is in; with none, all that nothing else speaks of.

    Returns:
        The change (None where nothing is known), and what is in the way of knowing it.
    """
    if first.commit == other.commit:
        return CodeChange(), []
    try:
        changes = compare_trees(context.repository.objects, first.commit, other.commit)
    except Unanswerable as error:
        return None, [
            Problem(code="GR101", message=f"code is not compared: {error.message}", commit=other.commit, hint=error.hint)
        ]
    chosen = choose_code(context, {first.commit: [first], other.commit: [other]}, changes, folders)
    files = tuple(FileChange(change.path, judge_file(change)) for change in chosen)
    return count_commits(context, first.commit, other.commit, files)


def choose_code(
    context: Context, facts: Mapping[str, Sequence[Facts]], changes: Sequence[TreeChange], folders: Collection[str] = ()
) -> list[TreeChange]:
    """Choose the files that are code.

    Where pipelines make all artifacts, that is what these read as code; else what is neither spoken for elsewhere, nor named as
    something else by the files of the commits.

    Args:
        context: where.
        facts: of the artifacts at each commit, by its full id.
        changes: files that differ.
        folders: files and folders that the code is in; with none, the rule decides.
    """
    objects = context.repository.objects
    read = folders or _find_read(objects, facts) if changes else None
    if read:
        return [change for change in changes if is_inside(change.path, read)]
    spoken_for = list_spoken_for(one for listed in facts.values() for one in listed)
    chosen = [change for change in changes if is_code(change.path, spoken_for)]
    if not chosen:
        return []
    forest = Forest(objects)
    named = {path for commit in facts for path in list_named_files(forest, commit, [change.path for change in chosen])}
    return [change for change in chosen if is_code(change.path, named)]


def _find_read(objects: Objects, facts: Mapping[str, Sequence[Facts]]) -> frozenset[str] | None:
    """Find what pipelines read as code; None where they do not make all of the artifacts."""
    found: set[str] = set()
    for commit, listed in facts.items():
        read = find_pipeline_code(objects, commit, [one.entry for one in listed])
        if read is None:
            return None
        found |= read
    return frozenset(found)


def count_commits(context: Context, old: str, new: str, files: tuple[FileChange, ...]) -> tuple[CodeChange, list[Problem]]:
    """Say who changed files between two commits, and in how many commits, as far as that is known here.

    Args:
        context: where.
        old: the full id of a commit.
        new: that of another one.
        files: those that differ.
    """
    if not files:
        return CodeChange(), []
    if context.repository.mirror is not None or context.repository.location.shallow:
        return CodeChange(ahead=None, behind=None, files=files), []  # what is here of the history may not be all of it
    try:
        commits = list_between(context.repository.git, old, new, [file.path for file in files])
    except (Unanswerable, ExternalFault) as error:
        problem = Problem(code="GR101", message=f"commits are not counted: {error.message}", commit=new, hint=error.hint)
        return CodeChange(ahead=None, behind=None, files=files), [problem]
    return _summarize(commits, files), []


def judge_file(change: TreeChange) -> Kind:
    """Say what happened to a file."""
    if change.old is None:
        return Kind.ADDED
    return Kind.REMOVED if change.new is None else Kind.CHANGED


def _summarize(commits: list[Logged], files: tuple[FileChange, ...]) -> CodeChange:
    """Count commits and people."""
    ahead = [commit for commit in commits if commit.ahead]
    return CodeChange(
        ahead=len(ahead),
        behind=len(commits) - len(ahead),
        commits=to_code_commits(ahead[:_MOST_COMMITS]),
        people=rank_people(commits),
        files=files,
    )
