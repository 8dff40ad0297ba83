"""What is kept of repositories that were read by their address, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from gitreg.core.cached import Cache, Cached
from gitreg.render.blocks import Column, Fit, Table
from gitreg.render.json_values import Shape
from gitreg.render.text import format_iso_time, format_size, format_time


def render_cache(cache: Cache) -> Table:
    """Show what is in the cache: one row for each repository."""
    columns = (Column("address", Fit.FOLD), Column("size"), Column("tags"), Column("last used"))
    rows = tuple((kept.address, format_size(kept.size), str(kept.tags), format_time(kept.used_at)) for kept in cache.repositories)
    return Table(columns=columns, rows=rows)


def shape_cache(cache: Cache) -> Shape:
    """Shape what `cache info` answers."""
    kept = [shape_cached(repository) for repository in cache.repositories]
    return {"folder": cache.folder, "limit": cache.limit, "repositories": kept}


def shape_cleared(removed: Sequence[Cached], *, dry_run: bool) -> Shape:
    """Shape what `cache clear` answers."""
    return {"removed": [shape_cached(repository) for repository in removed], "dry_run": dry_run}


def shape_cached(kept: Cached) -> Shape:
    """Shape one repository in the cache."""
    return {"address": kept.address, "size": kept.size, "tags": kept.tags, "used_at": format_iso_time(kept.used_at)}
