"""What the drivers that git calls made of a file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFile:
    """A file that was merged.

    Attributes:
        path: its path in the repository, as git names it.
        clashes: what a person has to decide, as ``churn: path``.
        lines: why it was merged line by line by git; empty where it was merged entry by entry.
        conflicts: how many conflicts git marked then.
        unmerged: whether nobody could merge it, so that it is as ours was.
    """

    path: str
    clashes: tuple[str, ...] = ()
    lines: str = ""
    conflicts: int = 0
    unmerged: bool = False

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to decide."""
        return not self.clashes and not self.conflicts and not self.unmerged
