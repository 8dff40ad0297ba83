"""Merging entries three ways: values in, values out; what cannot be merged is a `Clash` in its place.

A side that changed nothing takes what the other has. Where both changed something, mappings are merged key by key, labels
and files of metrics and parameters are united (what one side added is added, what one removed is removed), and all else clashes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final

from gitreg.core.facts import Missing

Path = tuple[str, ...]

# what stands behind the name in the path of a field
_LABELS: Final[Path] = ("labels",)
_REFERENCES: Final[tuple[Path, ...]] = (("metrics",), ("params",))
_KEYS: Final[Path] = ("keys",)
_SCHEMA: Final[Path] = ("schema",)  # half of one schema and half of another describe no model


class Side(StrEnum):
    """One of the three states of a file."""

    BASE = "base"
    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Clash:
    """What two sides changed in different ways; `Missing.MISSING` is on the side that lacks it."""

    base: object
    ours: object
    theirs: object


def merge_entries(
    base: Mapping[str, object],
    ours: Mapping[str, object],
    theirs: Mapping[str, object],
    *,
    whole: Collection[Path] = frozenset(),
) -> dict[str, object]:
    """Merge what two files say of their entries.

    Args:
        base: the entries by name, as both sides had them.
        ours: the entries as they are here; their order stays.
        theirs: the entries as they are there; those that are new take their place by name.
        whole: paths of mappings that are written so that a clash cannot be shown inside: there the whole mapping clashes.

    Returns:
        The entries by name, with a `Clash` in the place of everything that a person has to decide.
    """
    return _merge_mappings((), base, ours, theirs, frozenset(whole))


def list_clashes(merged: object, path: Path = ()) -> list[tuple[Path, Clash]]:
    """List what clashes, by path: a name, perhaps a field, perhaps keys in it."""
    if isinstance(merged, Clash):
        return [(path, merged)]
    if not isinstance(merged, dict):
        return []
    return [found for key, value in merged.items() for found in list_clashes(value, (*path, key))]


def describe_clash(path: Path, clash: Clash) -> str:
    """Say in short what clashes: ``churn: path``, ``churn: custom.threshold``, ``churn, removed here and changed there``."""
    place = ": ".join(part for part in (path[0], ".".join(path[1:])) if part)
    if clash.ours is Missing.MISSING:
        return f"{place}, removed here and changed there"
    return f"{place}, changed here and removed there" if clash.theirs is Missing.MISSING else place


def choose_side(merged: object, side: Side) -> object:
    """Settle what clashes by taking what one side says."""
    if isinstance(merged, Clash):
        return getattr(merged, side)
    if not isinstance(merged, dict):
        return merged
    chosen = {key: choose_side(value, side) for key, value in merged.items()}
    return {key: value for key, value in chosen.items() if value is not Missing.MISSING}


def merge_order(base: Collection[Hashable], ours: Iterable[Hashable], theirs: Iterable[Hashable]) -> list[Hashable]:
    """Put the keys of two sides in one order.

    Returns:
        All keys of both sides, each once. Those of ours keep their order; each of theirs stands behind the one that it stands
        behind there, and behind what ours added at that place.
    """
    here = dict.fromkeys(ours)
    there = dict.fromkeys(theirs)
    behind: dict[Hashable, list[Hashable]] = {}
    anchor: Hashable = None
    for key in there:
        if key in here:
            anchor = key
        else:
            behind.setdefault(anchor, []).append(key)
    merged: list[Hashable] = []
    waiting = behind.get(None, [])
    for key in here:
        if key in there or key in base:
            merged += waiting
            waiting = []
        merged.append(key)
        waiting = waiting + behind.get(key, [])
    return merged + waiting


def freeze(value: object) -> Hashable:
    """Make a key of a value: equal for equal values and for no others, so that True is not 1 and 1 is not 1.0."""
    match value:
        case Mapping():
            return "mapping", frozenset((key, freeze(item)) for key, item in value.items())
        case list() | tuple():
            return "list", tuple(map(freeze, value))
        case float():
            return "float", repr(value)  # no nan is equal to another one
        case _:
            return type(value).__name__, value


def _merge_mappings(
    path: Path, base: Mapping[str, object], ours: Mapping[str, object], theirs: Mapping[str, object], whole: frozenset[Path]
) -> dict[str, object]:
    """Merge key by key."""
    keys = merge_order(base, ours, theirs) if path else _order_by_name(ours, theirs)
    merged: dict[str, object] = {}
    for key in map(str, keys):
        sides = (side.get(key, Missing.MISSING) for side in (base, ours, theirs))
        value = _merge_value((*path, key), Clash(*sides), whole)
        if value is not Missing.MISSING:
            merged[key] = value
    return merged


def _order_by_name(ours: Collection[str], theirs: Iterable[str]) -> list[str]:
    """Put each name of theirs that is new behind the last one of ours that is smaller."""
    names = list(ours)
    smallest = list(accumulate(reversed(names), min))[::-1]  # of each name of ours and those behind it, so it is sorted
    behind: dict[int, list[str]] = {}
    for name in sorted(set(theirs) - set(names)):
        behind.setdefault(bisect_left(smallest, name), []).append(name)
    merged = list(behind.get(0, []))
    for place, name in enumerate(names, 1):
        merged += [name, *behind.get(place, [])]
    return merged


def _merge_value(path: Path, sides: Clash, whole: frozenset[Path]) -> object:
    """Merge what stands in one place."""
    base, ours, theirs = freeze(sides.base), freeze(sides.ours), freeze(sides.theirs)
    if base == ours:
        return sides.theirs
    if theirs in {base, ours}:
        return sides.ours
    merged = _unite(path, sides, whole)
    return sides if path in whole and list_clashes(merged) else merged


def _unite(path: Path, sides: Clash, whole: frozenset[Path]) -> object:
    """Merge what both sides changed."""
    match sides.ours, sides.theirs:
        case (Mapping() as ours, Mapping() as theirs) if path[1:] != _SCHEMA:
            return _merge_mappings(path, sides.base if isinstance(sides.base, Mapping) else {}, ours, theirs, whole)
        case (list() as ours, list() as theirs) if path[1:] == _LABELS or (path[1:2] in _REFERENCES and path[3:] == _KEYS):
            base = sides.base if isinstance(sides.base, list) else []
            return _unite_lists(base, ours, theirs)
        case (list() as ours, list() as theirs) if path[1:] in _REFERENCES:
            base = sides.base if isinstance(sides.base, list) else []
            merged = _unite_references(path, base, ours, theirs)
            return sides if merged is None else merged
        case _:
            return sides


def _unite_lists(base: Iterable[object], ours: Iterable[object], theirs: Iterable[object]) -> list[object]:
    """Unite lists as sets with an order."""
    before, here, there = ({freeze(item): item for item in side} for side in (base, ours, theirs))
    items = {**there, **here}
    kept = (key for key in merge_order(before, here, there) if (key in here) + (key in there) > (key in before))
    return [items[key] for key in kept]


def _unite_references(
    path: Path, base: Iterable[object], ours: Iterable[object], theirs: Iterable[object]
) -> list[object] | None:
    """Unite lists of files, and what is taken from each; None where they clash."""
    before, here, there = (_by_path(side) for side in (base, ours, theirs))
    if before is None or here is None or there is None:
        return _unite_lists(base, ours, theirs)
    merged = _merge_mappings(path, before, here, there, frozenset())
    return None if list_clashes(merged) else list(merged.values())


def _by_path(items: Iterable[object]) -> dict[str, object] | None:
    """Name files by their paths; None where one has none, or stands twice."""
    named: dict[str, object] = {}
    for item in items:
        path = item.get("path") if isinstance(item, Mapping) else item
        if not isinstance(path, str) or path in named:
            return None
        named[path] = item
    return named
