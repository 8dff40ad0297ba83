"""Stores: places outside of git that keep bytes by key. A DVC remote is one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from gitreg.core.contents import Advance, Source

PUSH_IT: Final = "push it from where it was made: dvc push --all-commits; or get it from another place: --remote NAME|URL|PATH"
"""What helps where a store lacks bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """How to reach a store.

    Attributes:
        name: of the DVC remote, or the address itself where a person gave one.
        url: the address or absolute path.
        options: the options of the DVC remote, as texts; they may hold secrets, so they are never shown.
        ignored: options that the repository asked for and that are not followed, since they name programs or files of this
            machine.
    """

    name: str
    url: str
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    ignored: tuple[str, ...] = ()

    @property
    def version_aware(self) -> bool:
        """Say whether files keep their own names there, and versions of the bucket tell them apart."""
        return any(self.options.get(key, "").lower() == "true" for key in ("version_aware", "worktree"))


@dataclass(frozen=True, slots=True)
class Stored:
    """Something that a store has: its key, its size in bytes, and when it came, in seconds since 1970 (None: not known)."""

    key: str
    size: int
    modified: float | None


class Store(Source, Protocol):
    """A place to keep bytes. Keys are relative, with ``/`` between parts, such as ``files/md5/ab/cdef``."""

    name: str

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Put the bytes of a local file there: all of them under that key, or nothing.

        Raises:
            ExternalFault: the place does not take them.
        """

    def list(self, prefix: str) -> Iterator[Stored]:
        """List everything below a key; nothing where there is nothing.

        Raises:
            ExternalFault: the place does not answer, or cannot list.
        """

    def delete(self, key: str) -> None:
        """Delete what has a key; nothing happens where there is nothing.

        Raises:
            ExternalFault: the place does not let us.
        """

    def sign(self, key: str, seconds: int) -> str | None:
        """Make a link that anybody can read the bytes with for some time; None where the place has no such links."""


def object_key(digest: str) -> str:
    """Write the key that DVC gives bytes.

    Args:
        digest: as ``algorithm:hex``; the hex of the list of a folder ends in ``.dir``.
            ``md5-dos2unix``, the hash of DVC 2, had no folders of its own before it.
    """
    algorithm, _, value = digest.partition(":")
    place = f"{value[:2]}/{value[2:]}"
    return place if algorithm == "md5-dos2unix" else f"files/{algorithm}/{place}"
