"""Objects that exist for one question only: written beside a repository, never into it, and gone when the question is answered.

git takes a folder of objects from ``GIT_OBJECT_DIRECTORY``, and looks into further ones, here the repository's own, that
``GIT_ALTERNATE_OBJECT_DIRECTORIES`` lists. So a commit can be made of files that nobody committed, and whatever reads commits
reads it like any other one.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from gitreg.git.location import Location
from gitreg.git.passing_folder import blame_disk, open_passing_folder
from gitreg.git.repository import Repository

_SHA256: Final = re.compile(rb"^\s*objectformat\s*=\s*sha256\s*$", re.IGNORECASE | re.MULTILINE)
_FAST: Final = 1  # level of compression: what is read once need not be small


class LooseObjects:
    """Writes objects as git writes them: one file each, named by its hash.

    Args:
        folder: where, of our own.
        algorithm: ``sha1`` or ``sha256``, as the repository has it.
    """

    def __init__(self, folder: Path, algorithm: str) -> None:
        """Write nothing yet."""
        self._folder = folder
        self.algorithm = algorithm

    def write(self, kind: str, content: bytes) -> str:
        """Write an object, once.

        Args:
            kind: ``blob``, ``tree`` or ``commit``.
            content: its bytes.

        Returns:
            Its full id.

        Raises:
            ExternalFault: there is no room for it.
        """
        whole = b"%b %d\0%b" % (kind.encode(), len(content), content)
        object_id = hashlib.new(self.algorithm, whole, usedforsecurity=False).hexdigest()
        place = self._folder / object_id[:2] / object_id[2:]
        if not place.exists():
            try:
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(zlib.compress(whole, _FAST))
            except OSError as error:
                raise blame_disk(self._folder.parent, error) from error
        return object_id

    def name(self, kind: str, content: bytes) -> str:
        """Reckon the id that an object would have."""
        return hashlib.new(
            self.algorithm, b"%b %d\0%b" % (kind.encode(), len(content), content), usedforsecurity=False
        ).hexdigest()

    def write_commit(self, tree: str, parent: str | None, at: int) -> str:
        """Write a commit of what nobody has committed; of the same tree, parent and time it has the same id."""
        person = f"Not Committed Yet <> {at} +0000"
        lines = [f"tree {tree}", *([f"parent {parent}"] if parent else []), f"author {person}", f"committer {person}"]
        return self.write("commit", ("\n".join(lines) + "\n\nChanges that are not committed\n").encode())


@contextmanager
def open_beside(repository: Repository) -> Iterator[tuple[Repository, LooseObjects]]:
    """Open a repository once more, with a folder for objects beside it.

    Args:
        repository: a clone; its own git process is not used.

    Returns:
        The repository, whose reads also find what is written to the folder, and what writes there.
    """
    location = repository.location
    with open_passing_folder() as folder:
        reading = {
            **repository.git.reading,
            "GIT_OBJECT_DIRECTORY": str(folder),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quote(location.common_dir / "objects"),
        }
        beside = Repository(replace(repository.git, reading=reading), location)
        try:
            yield beside, LooseObjects(folder, _read_algorithm(location))
        finally:
            beside.close()


def _quote(folder: Path) -> str:
    """Write a path as one of a list of paths, whatever is in it."""
    escaped = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _read_algorithm(location: Location) -> str:
    """Read which hash a repository has; git itself fails over one that it does not know."""
    try:
        config = (location.common_dir / "config").read_bytes()
    except OSError:
        return "sha1"
    return "sha256" if _SHA256.search(config) else "sha1"
