"""Deployments that do not start: a host runs the jobs that the tagged commit has, and an old one may have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from gitreg.core.events import Event, Kind
from gitreg.errors import GitregError
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context

_STAGES: Final = frozenset({Kind.ASSIGNMENT, Kind.UNASSIGNMENT})
_JOBS: Final = {
    ".github/workflows/registry-on-tag.yml": (b"", "GitHub", "start registry-reconcile instead (Actions, Run workflow)"),
    ".gitlab-ci.yml": (b"registry-on-tag", "GitLab", "start the pipeline schedule of registry-reconcile instead"),
}
"""Files from which a host starts jobs for tags; what they hold if they do; the host; and what deploys without them."""
_LARGEST: Final = 1 << 20


def describe_old_jobs(context: Context, remote: str, made: Iterable[Event]) -> Iterator[str]:
    """Name the events of stages that start no deployment at the remote, though newer commits would.

    Args:
        context: where; nothing is said of a repository that was opened by its address.
        remote: where the tags go.
        made: the events.
    """
    objects, root = context.repository.objects, context.repository.location.work_tree
    tags = {event.commit: event.tag for event in made if event.kind in _STAGES}
    if not tags or context.repository.mirror is not None:
        return
    for file, (word, host, remedy) in _JOBS.items():
        if not (_stands_in(root, file, word) or _has(objects, f"refs/remotes/{remote}/HEAD", file, word)):
            continue
        for commit, tag in tags.items():
            if not _has(objects, commit, file, word, unknown=True):
                why = f"{tag!r} starts no deployment: {host} runs the jobs of the tagged commit, and {commit[:7]} has no {file}"
                yield f"{why} that does; {remedy}" if word else f"{why}; {remedy}"


def _stands_in(root: Path | None, file: str, word: bytes) -> bool:
    """Say whether the work tree has jobs for tags."""
    if root is None:
        return False
    try:
        with (root / file).open("rb") as stream:
            return word in stream.read(_LARGEST)
    except OSError:
        return False


def _has(objects: Objects, commit: str, file: str, word: bytes, *, unknown: bool = False) -> bool:
    """Say whether a commit has jobs for tags; where its files cannot be read, `unknown`."""
    tree = CommitTree(objects, commit)
    try:
        content = tree.read(file) if word else (b"" if tree.kind(file) == "blob" else None)
    except GitregError:
        return unknown
    return unknown if tree.unread else content is not None and word in content
