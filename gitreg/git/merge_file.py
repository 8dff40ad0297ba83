"""git's own merge of three files, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.git.run import Git

_MOST_CONFLICTS: Final = 127  # git counts no further, and its errors are above


@dataclass(frozen=True, slots=True)
class LineMerge:
    """What git made of three files.

    Attributes:
        data: the merged bytes; None where git cannot merge them, since they are no text.
        conflicts: how many it marked.
    """

    data: bytes | None
    conflicts: int


def merge_lines(base: Path, ours: Path, theirs: Path, *, size: int, labels: tuple[str, str, str]) -> LineMerge:
    """Merge three files as git does where no driver is set.

    Args:
        base: the file as both sides had it.
        ours: the file as it is here.
        theirs: the file as it is there.
        size: how many characters a marker of a conflict has.
        labels: what stands behind the markers of ours, base and theirs.
    """
    names = [word for label in labels for word in ("-L", label)]
    files = [str(path.absolute()) for path in (ours, base, theirs)]
    done = Git(Path()).read("merge-file", "-p", f"--marker-size={size}", *names, *files)
    if 0 <= done.code <= _MOST_CONFLICTS:
        return LineMerge(done.stdout, done.code)
    return LineMerge(None, 0)


def read_conflict_style() -> str:
    """Ask how conflicts are marked in this repository: ``merge``, ``diff3`` or ``zdiff3``."""
    style = Git(Path()).read("config", "--get", "merge.conflictStyle").text
    return style if style in {"diff3", "zdiff3"} else "merge"
