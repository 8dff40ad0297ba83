"""Merging lists and mappings that stand in brackets: what is kept is kept as it is written."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from gitreg.core.merge_entries import freeze
from gitreg.files.emit import format_flow, format_text
from gitreg.files.layout import value_end
from gitreg.files.merge_parts import Unit, number
from gitreg.files.nodes import Mapping, Node, Scalar, Sequence, to_value


@dataclass(frozen=True, slots=True)
class _Span:
    """An item, or a key with its value."""

    start: int
    end: int
    node: Node


def merge_flow(unit: Unit, other: Unit | None, value: object) -> str:
    """Write a value in brackets.

    Args:
        unit: where it stands on our side.
        other: where it stands on the other side, from where words are taken as they are written.
        value: a list or a mapping.

    Returns:
        The lines of our unit with the value.
    """
    if unit.node is None:
        return unit.body
    written = _merge(unit.text, unit.node, (other.text, other.node) if other is not None else None, value)
    return f"{unit.text[unit.start : unit.node.start]}{written}{unit.text[unit.node.end : unit.end]}"


def _merge(text: str, node: Node, other: tuple[str, Node | None] | None, value: object, depth: int = 0) -> str:
    """Write a value in the place of another one."""
    spans, wanted = _spans(text, node), _wanted(value)
    if not spans or not wanted or isinstance(node, Mapping) != isinstance(value, dict):
        return format_flow(value, depth)
    keys, written = list(spans), ""
    places = {key: place for place, key in enumerate(keys)}
    first, last = spans[keys[0]], spans[keys[-1]]
    there = _spans(*other) if other is not None else {}
    done: set[Hashable] = set()
    for key, item in wanted.items():
        at = places.get(key, 0)
        behind = at > 0 and keys[at - 1] in done
        between = text[spans[keys[at - 1]].end : spans[key].start] if behind else ", " if done else ""
        words = (other[0], there[key]) if other is not None and key in there else None
        written = _join(written, between) + _item((text, spans[key]) if key in spans else None, words, key, item, depth + 1)
        done.add(key)
    return text[node.start : first.start] + _join(written, text[last.end : node.end])


def _item(ours: tuple[str, _Span] | None, theirs: tuple[str, _Span] | None, key: Hashable, item: object, depth: int) -> str:
    """Write an item, or a key with its value, as one of the sides has it."""
    for side in (ours, theirs):
        if side is not None:
            written = side[0][side[1].start : side[1].end]
            if freeze(to_value(side[1].node)) == freeze(item) and (side is ours or "\n" not in written):
                return written
    head = f"{format_text(key, in_flow=True)}: " if isinstance(key, str) else ""
    if ours is None:
        return head + format_flow(item, depth)
    text, span = ours
    head = f"{text[span.start : span.node.start].rstrip()} " if head and span.node.start < span.node.end else head
    return head + _merge(text, span.node, (theirs[0], theirs[1].node) if theirs is not None else None, item, depth)


def _join(text: str, more: str) -> str:
    """Put texts together, and keep a ``:`` without a value apart from a comma or bracket, as `gitreg.files.splices` does."""
    return f"{text} {more}" if text.endswith(":") and more and not more[0].isspace() else text + more


def _spans(text: str, node: Node | None) -> dict[Hashable, _Span]:
    """Find what stands in brackets."""
    if isinstance(node, Mapping) and node.flow:
        return {str(key.value): _Span(key.start, _pair_end(text, key, value), value) for key, value in node.pairs}
    if isinstance(node, Sequence) and node.flow:
        keys = number(map(to_value, node.items))
        return {key: _Span(item.start, item.end, item) for key, item in zip(keys, node.items, strict=True)}
    return {}


def _pair_end(text: str, key: Scalar, value: Node) -> int:
    """Find the end of a key with its value."""
    return max(key.end, value_end(text, (key, value)))


def _wanted(value: object) -> dict[Hashable, object]:
    """List what shall stand in brackets, by key."""
    if isinstance(value, dict):
        return dict(value)
    return dict(zip(number(value), value, strict=True)) if isinstance(value, list) else {}
