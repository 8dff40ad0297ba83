"""Prints what the cache of repositories answered."""

from __future__ import annotations

from collections.abc import Sequence

from gitreg.cli import console
from gitreg.cli.tables import show
from gitreg.core.cached import Cache, Cached
from gitreg.render.caches import render_cache, shape_cache, shape_cleared
from gitreg.render.json import format_json
from gitreg.render.text import format_size


def answer_cache(cache: Cache, *, json: bool) -> None:
    """Print what is in the cache, and where it is."""
    if json:
        console.write(format_json(shape_cache(cache)))
        return
    if cache.repositories:
        show(render_cache(cache))
    total = sum(kept.size for kept in cache.repositories)
    console.note(f"{format_size(total)} of at most {format_size(cache.limit)} in {cache.folder}")


def answer_cleared(removed: Sequence[Cached], *, dry_run: bool, json: bool) -> None:
    """Print what was removed."""
    if json:
        console.write(format_json(shape_cleared(removed, dry_run=dry_run)))
        return
    verb = "Would remove" if dry_run else "Removed"
    console.say(*(f"{verb} {kept.address} ({format_size(kept.size)})" for kept in removed))
    if not removed:
        console.note("there is nothing to remove")
