"""Contents: the files that the bytes of a version consist of, and where each of them can be read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias, runtime_checkable

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


@runtime_checkable
class Ranged(Protocol):
    """A place of whose bytes any part can be read."""

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Read a part.

        Args:
            key: what names the bytes.
            start: the first byte, from 0.
            length: how many bytes.

        Returns:
            So many bytes, or fewer where there are no more.

        Raises:
            NotFound: there is nothing of that key.
            ExternalFault: the place does not answer, stopped in the middle, or can only give everything.
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
        hash: of the whole, as the pointer says it: of a folder that of its list, or of its tree.
        total: bytes of the whole, where the pointer says so; the list of a folder says nothing of sizes.
    """

    kind: PointerKind
    path: str
    items: tuple[Item, ...]
    is_folder: bool
    store: str | None = None
    hash: str | None = None
    total: int | None = None

    @property
    def verified(self) -> bool:
        """Say whether nothing is taken on trust."""
        return all(item.hash is not None for item in self.items)

    @property
    def size(self) -> int | None:
        """Add up the bytes, or give what the pointer says; None where a size is not known."""
        sizes = [item.size for item in self.items]
        return self.total if None in sizes else sum(size for size in sizes if size is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What `get` did, or with `dry_run` would do.

    Attributes:
        version: None for a bare commit that holds a stage.
        target: the path of the file or folder that holds the bytes now.
        size: bytes, or None where that is not known before they have arrived.
        source: where the bytes came from, without secrets.
        already: whether the very same bytes were there, so that nothing was written.
        deprecated: whether the artifact is no longer of use.
        notes: sentences that a person should read.
    """

    artifact: str
    version: str | None
    commit: str
    contents: Contents
    target: str
    size: int | None
    source: str
    already: bool = False
    deprecated: bool = False
    dry_run: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a file of the contents is; of a folder its path below the folder is said too."""

    item: Item
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """Where the bytes of a version are.

    Attributes:
        version: None for a bare commit that holds a stage.
        address: of the file, or of the place that keeps the files of a folder; without secrets, unless it is `signed`.
        files: the address of each file.
        signed: whether whoever has an address can read the bytes for `seconds`.
        deprecated: whether the artifact is no longer of use.
    """

    artifact: str
    version: str | None
    commit: str
    contents: Contents
    address: str
    files: tuple[Address, ...]
    signed: bool = False
    seconds: int | None = None
    deprecated: bool = False
