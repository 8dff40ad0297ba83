"""The commits between two versions of a repository that is read by its address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Final

from gitreg.core.code_files import is_inside
from gitreg.errors import Unanswerable
from gitreg.git.ancestry import Ancestor, Ancestry
from gitreg.git.commit_log import Logged
from gitreg.git.objects import Objects
from gitreg.git.tree_changes import compare_trees

MOST_FROM_AFAR: Final = 500
"""Commits whose folders are brought, to see what they change."""


def load_remote_commits(
    objects: Objects, commit: str, since: str | None, code: Sequence[str], without: Sequence[str]
) -> list[Logged]:
    """List the commits since the version before, as `gitreg.git.commit_log.list_commits` does in a clone.

    Args:
        objects: those of the repository.
        commit: the full id of the commit of the version.
        since: that of the version before; None: there is none.
        code: files and folders that count; none: all files.
        without: patterns of names that never count, if there is no `code`.

    Raises:
        Unanswerable: too much would have to be brought, or the remote lacks a part of its history.
    """
    found = [one for one in Ancestry(objects).list_between(commit, since) if len(one.parents) <= 1]
    if len(found) > MOST_FROM_AFAR:
        message = f"from afar at most {MOST_FROM_AFAR} are looked at, and there are {len(found)}"
        raise Unanswerable(message, hint="clone the repository, and trace it there: git clone")
    objects.prepare([objects.root_tree(name) for one in found for name in (one.commit, *one.parents)], trees=True)
    folders = set(code) - {"."}

    def counts(path: str) -> bool:
        """Say whether a file counts."""
        if code:
            return "." in code or is_inside(path, folders)
        return not any(fnmatchcase(path.rpartition("/")[2], pattern) for pattern in without)

    logged = (_log(objects, one, counts) for one in found)
    return [one for one in logged if one.files]


def _log(objects: Objects, one: Ancestor, counts: Callable[[str], bool]) -> Logged:
    """Count the files that a commit changes; the first one of all brought everything."""
    changes = compare_trees(objects, one.parents[0] if one.parents else None, one.commit)
    files = sum(counts(change.path) for change in changes)
    return Logged(one.commit, one.at, one.author, one.author_email, one.subject, files)
