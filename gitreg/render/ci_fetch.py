"""What `ci fetch` brought, in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gitreg.core.ci_fetch import Mended
from gitreg.core.words import format_count
from gitreg.render.json_values import Shape

_NAMED: Final = 3  # so many tags are named in a sentence


def describe_mended(mended: Mended) -> tuple[str, ...]:
    """Say what was brought."""
    verb = "Would fetch" if mended.dry_run else "Fetched"
    gap = mended.gap
    lines = []
    if gap.missing:
        lines.append(f"{verb} {_name(gap.missing, 'registry tag')} from {mended.remote}")
    if gap.lightweight:
        lines.append(f"{verb} {_name(gap.lightweight, 'annotated tag')} over what the checkout had made lightweight")
    if mended.history:
        lines.append(f"{verb} the history of HEAD and of registry tags")
    return tuple(lines) or (f"Nothing to fetch: all registry tags of {mended.remote} are here",)


def advise_mended(mended: Mended) -> str:
    """Say what to do next, or nothing."""
    if not mended.shallow or mended.dry_run:
        return ""
    return "this clone is still shallow: other commands take --fetch, or bring its history: gitreg ci fetch --history"


def warn_mended(mended: Mended) -> str:
    """Say which tags state nothing, and why; an empty text: none."""
    if not mended.gap.left:
        return ""
    return f"{_name(mended.gap.left, 'tag')} of {mended.remote}: lightweight there too, so no event"


def shape_mended(mended: Mended) -> Shape:
    """Shape what `ci fetch` answers."""
    return {
        "fetched": list(mended.gap.missing),
        "mended": list(mended.gap.lightweight),
        "left": list(mended.gap.left),
        "remote": mended.remote,
        "history": mended.history,
        "shallow": mended.shallow,
        "dry_run": mended.dry_run,
    }


def _name(names: Sequence[str], what: str) -> str:
    """Count tags, and name the first few."""
    more = ", ..." if len(names) > _NAMED else ""
    return f"{format_count(len(names), what)} ({', '.join(map(repr, names[:_NAMED]))}{more})"
