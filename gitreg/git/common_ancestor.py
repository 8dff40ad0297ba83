"""Where two lines of history part."""

from __future__ import annotations

from gitreg.errors import Unanswerable
from gitreg.git.run import Git


def find_common_ancestor(git: Git, one: str, other: str) -> str | None:
    """Find the best common ancestor of two commits; None where there is none, or none that is here.

    Args:
        git: where.
        one: the full id of a commit.
        other: that of another one.

    Raises:
        Unanswerable: the history is damaged.
    """
    if one == other:
        return one
    completed = git.read("merge-base", "--end-of-options", one, other)
    if completed.code == 1 and not completed.stderr:
        return None
    if "Not a valid commit" in completed.stderr:
        message = "the history of these commits is not all here"
        raise Unanswerable(message, hint="run: git fsck; in a partial clone: git fetch --refetch --no-filter")
    return git.require(completed).text.partition("\n")[0]
