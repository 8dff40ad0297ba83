"""Entries that stand in the work tree and in no commit yet: a version of HEAD would go without them, for ever."""

from __future__ import annotations

from gitreg.files.work_tree import WorkTree
from gitreg.operations.context import Context
from gitreg.operations.load_entries import ENTRY_FILES, entry_file, parse_entry_files
from gitreg.operations.moment import head_commit


def find_uncommitted(context: Context, artifact: str, commit: str) -> str | None:
    """Find the file that has an entry of an artifact, where a commit has none and is HEAD.

    Args:
        context: where.
        artifact: the full name.
        commit: the full id of a commit without an entry of it.

    Returns:
        The path from the root of the repository; None where there is no such file, or no work tree.
    """
    root = context.repository.location.work_tree
    if root is None or commit != head_commit(context.repository.objects):
        return None
    work_tree = WorkTree(root)
    for name in ENTRY_FILES:
        path = entry_file(artifact, name)
        data = work_tree.read(path)
        if data is not None and artifact in parse_entry_files({path: data})[0]:
            return path
    return None
