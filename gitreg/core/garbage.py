"""Garbage: what a place of bytes keeps and nothing in a repository needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Leftover(NamedTuple):
    """Something that a place keeps.

    Attributes:
        key: what names it there.
        size: bytes.
        modified: when it came, in seconds since 1970, or None where the place does not say.
    """

    key: str
    size: int
    modified: float | None


@dataclass(frozen=True, slots=True)
class Pile:
    """How many things there are, their bytes, and the times of the oldest and the youngest in seconds since 1970, where known."""

    count: int
    size: int
    oldest: int | None
    youngest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Garbage:
    """What `gc` deleted, or with `dry_run` would delete, and what it leaves.

    Attributes:
        address: of the place, without secrets.
        refs: how many refs were asked what they need.
        days: the age below which nothing is deleted.
        objects: what nothing needs, lists of folders first: the order in which they are deleted.
        needed: objects that refs, the index or the work tree need.
        young: objects that nothing needs and that are too young, and what the lists among them name.
        foreign: what is no object, and none of our business.
        notes: sentences that a person should read.
    """

    address: str
    refs: int
    days: float
    objects: tuple[Leftover, ...]
    needed: Pile
    young: Pile
    foreign: Pile
    dry_run: bool
    notes: tuple[str, ...] = ()


def pile_up(things: Sequence[Leftover]) -> Pile:
    """Count things."""
    times = [int(thing.modified) for thing in things if thing.modified is not None]
    return Pile(len(things), sum(thing.size for thing in things), min(times, default=None), max(times, default=None))
