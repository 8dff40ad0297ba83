"""Tips: every commit that something in a repository points at, and the work trees that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.errors import Unanswerable
from gitreg.git.objects import Objects
from gitreg.git.run import Git

# What git keeps beside the refs while something is under way; the first line of FETCH_HEAD is what was fetched last.
_PSEUDO_REFS: Final = (
    "HEAD", "ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "REBASE_HEAD", "BISECT_HEAD",
    "AUTO_MERGE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkTree:
    """A work tree of a repository: its root, and the full id of the commit that it has checked out (None: there is none yet)."""

    root: Path
    head: str | None


def list_refs(git: Git) -> dict[str, str]:
    """List all refs: the ids of the objects that they name, by full name.

    Raises:
        Unanswerable: one of them is broken, so that nobody knows what it named.
    """
    completed = git.require(git.read("for-each-ref", "--format=%(objectname) %(refname)"))
    if "broken" in completed.stderr:
        line = next(line for line in completed.stderr.splitlines() if "broken" in line)
        message = f"what a ref of this repository names is not known: {line.removeprefix('warning: ')}"
        raise Unanswerable(message, hint="see: gitreg check")
    pairs = (line.split(" ", 1) for line in completed.stdout.decode("utf-8", "replace").split("\n") if line)
    return {ref: object_id for object_id, ref in pairs}


def list_pseudo_refs(objects: Objects) -> set[str]:
    """List the ids of what stands beside the refs: HEAD, and what a merge or a rebase that is under way works on."""
    return {found.object_id for found in objects.stat(_PSEUDO_REFS) if found.type}


def list_stashed(git: Git, refs: Iterable[str]) -> set[str]:
    """List the ids of everything that is stashed away, by `git stash` and by the queue of DVC's experiments.

    Only the youngest has a ref; those before it are in the log of that ref.

    Args:
        git: where.
        refs: all refs, by full name.
    """
    stashes = [ref for ref in refs if ref.endswith("/stash")]
    if not stashes:
        return set()
    # the index and the files that git does not know are parents of a stash
    completed = git.require(git.read("log", "--walk-reflogs", "--format=%H %P", "--end-of-options", *stashes))
    return set(completed.text.split())


def list_work_trees(git: Git) -> list[WorkTree]:
    """List the work trees of a repository that are there."""
    text = git.require(git.read("worktree", "list", "--porcelain", "-z")).stdout.decode("utf-8", "surrogateescape")
    found = []
    for block in text.split("\0\0"):
        facts = dict(line.partition(" ")[::2] for line in block.split("\0") if line)
        if "worktree" in facts:
            head = facts.get("HEAD", "")
            found.append(WorkTree(Path(facts["worktree"]), head if head.strip("0") else None))
    return found


def is_partial(git: Git) -> bool:
    """Say whether a repository was cloned without all objects."""
    listed = git.read("config", "--local", "--name-only", "--get-regexp", r"^(remote\..*\.promisor|extensions\.partialclone)$")
    return bool(listed.text)
