"""What is kept of repositories that were read by their address."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """One repository in the cache.

    Attributes:
        address: where it comes from, without secrets.
        size: bytes on disk.
        tags: how many registry tags of it were seen.
        used_at: the last time, in seconds since 1970.
    """

    address: str
    size: int
    tags: int
    used_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cache:
    """The cache of one person.

    Attributes:
        folder: where it is.
        limit: bytes beyond which the least recently used repositories are removed.
        repositories: what is in it, the last used first.
    """

    folder: str
    limit: int
    repositories: tuple[Cached, ...]
