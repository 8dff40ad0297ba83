"""What a repository that has only some of its objects needs of whoever brings the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Supplier(Protocol):
    """Brings objects that are not here yet."""

    def supply(self, object_ids: Sequence[str], *, trees: bool, commits: Sequence[str]) -> frozenset[str]:
        """Bring objects of any type, as many as there are; of trees what is below them too, but for the files' contents.

        Args:
            object_ids: full ids of objects that are missing here.
            trees: whether they are all trees.
            commits: the commits that were read last: the objects are theirs, if they are of any.

        Returns:
            Those that may be missing still; if any other one is, what is here is damaged.
        """

    def deepen(self, commit: str) -> None:
        """Bring a commit that is missing here and those before it, more of them each time."""

    def renew(self) -> bool:
        """Begin again with nothing, since what is here is damaged; say whether that was worth a try."""

    def find(self, rev: str) -> str:
        """Bring the commit that a revision names there, and return a name for it that git knows here.

        Raises:
            NotFound: it names none.
        """
