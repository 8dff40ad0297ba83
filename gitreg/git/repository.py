"""A repository: where it is, the git program in it, and its objects."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from gitreg.core.problems import Problem
from gitreg.git.addresses import Address
from gitreg.git.location import Location, locate
from gitreg.git.objects import Objects
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.run import Git

if TYPE_CHECKING:
    from gitreg.git.mirror import Mirror


class Repository:
    """An open repository; `close` ends the git process that it keeps.

    Attributes:
        git: the git program, started in `folder`.
        location: where the repository is and of what kind.
        objects: its objects.
        mirror: what asks the remote, where the repository is one that is read by its address.
    """

    def __init__(self, git: Git, location: Location, mirror: Mirror | None = None) -> None:
        """Put the parts together."""
        self.git = git
        self.location = location
        self.mirror = mirror
        self.objects = Objects(git, mirror)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the repository that a folder belongs to.

        Raises:
            Unanswerable: there is none, or it is damaged or somebody else's.
        """
        return cls(Git(folder), locate(folder))

    @classmethod
    def open_address(cls, address: Address) -> Self:
        """Open a repository by its address; it is asked when something is read.

        Raises:
            ExternalFault: the cache cannot be used.
        """
        from gitreg.git.mirror import Mirror  # most commands work on a clone

        mirror = Mirror(address)
        place = mirror.git.folder
        return cls(mirror.git, Location(git_dir=place, common_dir=place, work_tree=None, shallow=False), mirror)

    def list_tags(self, artifact: str | None = None) -> tuple[dict[str, str], list[Problem]]:
        """List the tags of one artifact (and few others), or all tags, without reading their objects.

        Returns:
            Object ids by name without ``refs/tags/``, and a problem for each broken ref.

        Raises:
            Unanswerable: the ref store is damaged, or a tag of the remote is another one than it was.
        """
        if self.mirror is not None:
            return self.mirror.list_tags(artifact), []
        return list_tags(self.git) if artifact is None else list_tags(self.git, artifact_patterns(artifact))

    def forget(self) -> None:
        """Take nothing for granted that a remote said before: a new question begins."""
        if self.mirror is not None:
            self.mirror.forget()
            self.objects.forget()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End the git process."""
        self.objects.close()
