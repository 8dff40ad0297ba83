"""Contents: the files that the bytes of a version consist of, and where each of them can be read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from gitreg.core.entries import PointerKind

Advance: TypeAlias = Callable[[int], None]
"""Told the number of bytes that have arrived since the last call; may be called from any thread."""


def no_advance(_count: int) -> None:
    """Take no notice of progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One file of the contents.

    Attributes:
        path: below the artifact's folder, with ``/`` between parts; empty where the artifact is this single file.
        hash: as ``algorithm:hex`` (``md5``, ``md5-dos2unix``, ``sha256``, ``git``), or None where nothing says what the bytes
            should be.
        size: bytes, or None where nothing says so.
        key: what names the bytes at their source.
        executable: whether the file may be run as a program.
    """

    path: str
    hash: str | None
    size: int | None
    key: str
    executable: bool = False


class Source(Protocol):
    """A place where bytes can be read."""

    def address(self, key: str) -> str:
        """Write where bytes are, for a person, without secrets."""

    def size(self, key: str) -> int | None:
        """Ask how many bytes there are.

        Returns:
            The size, or None where there is nothing of that key.

        Raises:
            ExternalFault: the place does not answer.
        """

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Append the bytes from `start` on to a local file, which holds the bytes before already.

        A source that cannot begin in the middle truncates the file and begins anew.

        Args:
            key: what names the bytes.
            to: path of the file; it is made if it is not there.
            start: bytes that are there already.
            advance: told of each piece.

        Raises:
            NotFound: there is nothing of that key.
            ExternalFault: the place does not answer, or stopped in the middle; what has arrived stays in the file.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the bytes of an artifact at a commit consist of.

    Attributes:
        kind: what the pointer says: who keeps the bytes.
        path: of the artifact, from the repository root, or its URL.
        items: a single one with an empty path for a file, those of all files for a folder (which may have none).
        is_folder: whether the artifact is a folder.
        store: the name of the DVC remote that keeps them, or None.
    """

    kind: PointerKind
    path: str
    items: tuple[Item, ...]
    is_folder: bool
    store: str | None = None

    @property
    def verified(self) -> bool:
        """Say whether nothing is taken on trust."""
        return all(item.hash is not None for item in self.items)

    @property
    def size(self) -> int | None:
        """Add up the bytes; None where a size is not known."""
        sizes = [item.size for item in self.items]
        return None if None in sizes else sum(size for size in sizes if size is not None)
