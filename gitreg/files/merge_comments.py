"""Comments in a merge: each is kept, and stands above what it stood above.

A comment is what its lines say. What one side added is added, what one side took out is taken out, and a comment that one side
changed is its new text; where both changed it, both texts stay. Where a comment belongs is merged like a value: the side that
moved it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

from gitreg.core.merge_entries import merge_order
from gitreg.files.merge_parts import PREAMBLE, TAIL, Block, Parts

_Places = dict[Hashable, tuple[Hashable, Block]]


def place_comments(
    base: Parts | None, ours: Parts, theirs: Parts | None, order: Sequence[Hashable]
) -> dict[Hashable, tuple[Block, ...]]:
    """Say which comments belong to which unit.

    Args:
        base: the text that both sides had, or None where there was none.
        ours: the text of our side.
        theirs: the text of the other side, or None.
        order: the keys of the units that the merged text has.

    Returns:
        The comments of `PREAMBLE`, `TAIL` and the units that have some.
    """
    before, here, there = _places(base), _places(ours), _places(theirs)
    owners = {key: _owner(key, before, here, there) for key in merge_order(before, here, there)}
    present = frozenset([PREAMBLE, TAIL, *order])
    heirs_here, heirs_there = _heirs(ours, present), _heirs(theirs, present)
    placed: dict[Hashable, list[Block]] = {}
    for key, owner in owners.items():
        if owner is not None:
            block = (here.get(key) or there[key])[1]
            heir = owner if owner in present else (heirs_here if owner in heirs_here else heirs_there).get(owner, TAIL)
            placed.setdefault(heir, []).append(block)
    return {owner: tuple(blocks) for owner, blocks in placed.items()}


def _places(parts: Parts | None) -> _Places:
    """List comments by what they say, and how often that was said before, with what they belong to."""
    seen: Counter[tuple[str, ...]] = Counter()
    places: _Places = {}
    for owner, blocks in parts.leads() if parts is not None else ():
        for block in blocks:
            places[block.lines, seen[block.lines]] = owner, block
            seen[block.lines] += 1
    return places


def _owner(key: Hashable, base: _Places, ours: _Places, theirs: _Places) -> Hashable:
    """Merge what a comment belongs to; None where it is taken out."""
    before, here, there = (places[key][0] if key in places else None for places in (base, ours, theirs))
    return there if here == before else here


def _heirs(parts: Parts | None, present: frozenset[Hashable]) -> dict[Hashable, Hashable]:
    """Say who gets the comments of each unit that is gone: the next one that is there."""
    heirs: dict[Hashable, Hashable] = {}
    gone: list[Hashable] = []
    for owner, _ in parts.leads() if parts is not None else ():
        gone.append(owner)
        if owner in present:
            heirs.update(dict.fromkeys(gone, owner))
            gone = []
    return heirs
