"""What `gc` found: as fields, sentences and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from gitreg.core.garbage import Garbage, Leftover, Pile, pile_up
from gitreg.core.words import format_count
from gitreg.render.blocks import Fields
from gitreg.render.json_values import Shape
from gitreg.render.text import format_day, format_iso_time, format_size


def render_garbage(garbage: Garbage) -> Fields:
    """Show what is deleted and what stays."""
    verb = "would delete" if garbage.dry_run else "deleted"
    return Fields(
        (
            ("place", garbage.address),
            (verb, _format_pile(pile_up(garbage.objects), "object") or "nothing"),
            ("keeps", "\n".join(_list_kept(garbage))),
        )
    )


def advise_garbage(garbage: Garbage) -> str:
    """Say how to go on."""
    return "delete them: add --delete" if garbage.dry_run and garbage.objects else ""


def describe_limits(garbage: Garbage) -> str:
    """Say what nobody here can know."""
    if not garbage.objects or not garbage.dry_run:
        return ""
    return f"what other repositories keep in {garbage.address} is not known here: they must not share it"


def shape_garbage(garbage: Garbage) -> Shape:
    """Shape what `gc` answers."""
    return {
        "address": garbage.address,
        "refs": garbage.refs,
        "older_than_days": garbage.days,
        "dry_run": garbage.dry_run,
        "garbage": _shape_pile(pile_up(garbage.objects)),
        "needed": _shape_pile(garbage.needed),
        "young": _shape_pile(garbage.young),
        "foreign": _shape_pile(garbage.foreign),
        "objects": [_shape_object(thing) for thing in garbage.objects],
    }


def _list_kept(garbage: Garbage) -> Iterator[str]:
    """Say what stays, and why."""
    needed = _format_pile(garbage.needed, "object") or "no object"
    yield f"{needed}: needed by {format_count(garbage.refs, 'ref')} or by the work tree"
    if garbage.young.count:
        young = f"younger than {_format_days(garbage.days)}, and spared whether needed or not"
        yield f"{_format_pile(garbage.young, 'object')}: {young}"
    if garbage.foreign.count:
        yield f"{_format_pile(garbage.foreign, 'file')}: no object of DVC"


def _format_days(days: float) -> str:
    """Write a number of days: ``14 days``, ``1 day``, ``0.5 days``."""
    return f"{days:g} day{'' if days == 1 else 's'}"


def _format_pile(pile: Pile, noun: str) -> str:
    """Write how many things there are, how large and how old; nothing for nothing."""
    if not pile.count:
        return ""
    facts = [format_count(pile.count, noun), format_size(pile.size)]
    if pile.oldest is not None and pile.youngest is not None:
        oldest, youngest = format_day(pile.oldest), format_day(pile.youngest)
        facts.append(f"of {oldest}" if oldest == youngest else f"of {oldest} to {youngest}")
    return ", ".join(facts)


def _shape_pile(pile: Pile) -> Shape:
    """Shape a number of things."""
    return {
        "count": pile.count,
        "size": pile.size,
        "oldest": None if pile.oldest is None else format_iso_time(pile.oldest),
        "youngest": None if pile.youngest is None else format_iso_time(pile.youngest),
    }


def _shape_object(thing: Leftover) -> Shape:
    """Shape an object."""
    modified = None if thing.modified is None else format_iso_time(int(thing.modified))
    return {"key": thing.key, "size": thing.size, "modified": modified}
