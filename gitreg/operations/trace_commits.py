"""The commits and people between a version and the one before it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from typing import Final

from gitreg.core.problems import Problem
from gitreg.errors import ExternalFault, Unanswerable, UsageFault
from gitreg.git.commit_log import MOST_COMMITS, Logged, list_commits
from gitreg.operations.code_commits import rank_people, to_code_commits
from gitreg.operations.context import Context

MOST_LISTED: Final = 100
"""Commits that are named; all are counted."""

REGISTRY_FILES: Final = ("artifacts.yaml", ".gitreg.yaml", ".gto", "dvc.lock", "*.dvc")
"""Names of files that say what was registered or made, and not how; patterns of git."""


class Changes:
    """Commits that were made since the version before.

    Attributes:
        commits: the newest ones.
        total: how many there are; None: nobody here knows.
        people: authors and how many they made, most first.
        problems: what is in the way of knowing.
    """

    def __init__(self, logged: Sequence[Logged] | None = None, problems: Sequence[Problem] = ()) -> None:
        """Count."""
        known = logged or ()
        self.total = None if logged is None or len(logged) >= MOST_COMMITS else len(logged)
        self.commits = to_code_commits(known[:MOST_LISTED])
        self.people = rank_people(known)
        self.problems = tuple(problems)


def check_code(paths: Iterable[str]) -> tuple[str, ...]:
    """Read the paths that ``--code`` was given.

    Raises:
        UsageFault: one is no path in a repository.
    """
    found = []
    for path in paths:
        normal = posixpath.normpath(path) if path else ""
        if not normal or normal.startswith(("/", "..")) or any(sign in path for sign in "\0\n"):
            raise UsageFault(f"{path!r} is no path in the repository", hint="give --code a path from the root of the repository")
        found.append(normal)
    return tuple(dict.fromkeys(found))


def load_commits(context: Context, commit: str, since: str | None, code: Sequence[str]) -> Changes:
    """List the commits since the version before, with one git process.

    Args:
        context: where.
        commit: the full id of the commit of the version.
        since: that of the version before; None: there is none.
        code: files and folders that count; none: all but `REGISTRY_FILES`.

    Returns:
        What is known; where the history is not here, nothing is.
    """
    if commit == since:
        return Changes(())
    if context.repository.location.shallow:
        return Changes(None, [_unknown("this clone is shallow", commit, "git fetch --unshallow")])
    try:
        return Changes(_list_commits(context, commit, since, code))
    except (Unanswerable, ExternalFault) as error:
        return Changes(None, [_unknown(error.message, commit, error.hint)])


def _list_commits(context: Context, commit: str, since: str | None, code: Sequence[str]) -> list[Logged]:
    """List commits: git does, where it has the whole history."""
    if context.repository.mirror is None:
        return list_commits(context.repository.git, commit, since, paths=code, without=REGISTRY_FILES)
    from gitreg.operations.trace_remote import load_remote_commits

    return load_remote_commits(context.repository.objects, commit, since, code, REGISTRY_FILES)


def _unknown(reason: str, commit: str, hint: str) -> Problem:
    """Say that commits are not known."""
    message = f"the commits since the version before are not known: {reason}"
    return Problem(code="GR503" if "shallow" in reason else "GR101", message=message, commit=commit, hint=hint)
