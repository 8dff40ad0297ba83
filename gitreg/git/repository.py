"""A repository: where it is, the git program in it, and its objects."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from gitreg.git.location import Location, locate
from gitreg.git.objects import Objects
from gitreg.git.run import Git


class Repository:
    """An open repository; `close` ends the git process that it keeps.

    Attributes:
        git: the git program, started in `folder`.
        location: where the repository is and of what kind.
        objects: its objects.
    """

    def __init__(self, folder: Path, location: Location) -> None:
        """Put the parts together."""
        self.git = Git(folder)
        self.location = location
        self.objects = Objects(self.git)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the repository that a folder belongs to.

        Raises:
            Unanswerable: there is none, or it is damaged or somebody else's.
        """
        return cls(folder, locate(folder))

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the git process."""
        self.objects.close()
