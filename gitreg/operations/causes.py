"""Why something of an artifact is not known: where a file that would say it cannot be read, that is the cause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from gitreg.core.problems import Problem, Severity, format_cause, severity_of
from gitreg.errors import Unanswerable

if TYPE_CHECKING:
    from gitreg.files.pointers import Tree

_UNREAD: Final = "GR101"


def find_cause(problems: Iterable[Problem], artifact: str) -> Problem | None:
    """Find what may be why there is no entry of an artifact: a file that cannot be read, or a fault of the entry itself."""
    listed = list(problems)
    unread = (problem for problem in listed if problem.code == _UNREAD)
    own = (problem for problem in listed if problem.artifact == artifact and severity_of(problem) is Severity.ERROR)
    return next(unread, None) or next(own, None)


def require_readable(problems: Iterable[Problem], artifact: str, commit: str) -> None:
    """Refuse to say that an artifact has no entry at a commit, where a file that may have one cannot be read.

    Args:
        problems: of the files that would have it.
        artifact: the full name.
        commit: the full id.

    Raises:
        Unanswerable: one cannot be read.
    """
    cause = find_cause(problems, artifact)
    if cause is not None:
        message = f"the path of {artifact!r} at commit {commit[:7]} is not known: {format_cause(cause)}"
        raise Unanswerable(message, hint=advise(cause, commit))


def explain_missing(path: str, tree: Tree, commit: str) -> Unanswerable | None:
    """Say that nobody knows where the bytes of a path are, where a file of DVC that could say it cannot be read; else None."""
    from gitreg.files.pointers import check_pointer_files

    cause = next(check_pointer_files(path, tree), None)
    if cause is None:
        return None
    message = f"where the bytes of {path!r} are at commit {commit[:7]} is not known: {format_cause(cause)}"
    return Unanswerable(message, hint=advise(cause, commit))


def advise(cause: Problem, commit: str) -> str:
    """Say what helps; of what a clone lacks `check` says no more."""
    return cause.hint if cause.hint.startswith("run: ") else f"mend it for the next version; see: gitreg check --rev {commit[:7]}"
