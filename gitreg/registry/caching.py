"""The cache of repositories that were read by their address."""

from __future__ import annotations

from gitreg.core.cached import Cache, Cached
from gitreg.errors import UsageFault


def read_cache() -> Cache:
    """Say where the cache is, and what is in it.

    Raises:
        UsageFault: ``GITREG_CACHE_LIMIT`` is no size.
    """
    from gitreg.git import mirror_cache

    return mirror_cache.read_cache()


def clear_cache(address: str | None = None, *, dry_run: bool = False) -> tuple[Cached, ...]:
    """Remove what is kept of a repository, or of all; the next read of it begins with nothing.

    With all of them goes what was derived from files of any repository: metrics, parameters and packages of versions.

    Tags that were moved are then taken as they are: whoever clears the cache says that all is well.

    Args:
        address: as it was given to `Registry`, or None: all.
        dry_run: only say what would be removed.

    Returns:
        What was removed.

    Raises:
        UsageFault: it is no address.
    """
    from gitreg.git import mirror_cache
    from gitreg.git.addresses import parse_address
    from gitreg.git.derived import delete_derived

    parsed = parse_address(address) if address is not None else None
    if address is not None and parsed is None:
        raise UsageFault(f"{address!r} is no address of a repository", hint="see what is kept: gitreg cache info")
    if parsed is None and not dry_run:
        delete_derived()
    return mirror_cache.clear_cache(parsed, dry_run=dry_run)
