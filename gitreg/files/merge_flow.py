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
    written = _merge(unit.text, unit.node, other, value)
    return f"{unit.text[unit.start : unit.node.start]}{written}{unit.text[unit.node.end : unit.end]}"


def _merge(text: str, node: Node, other: Unit | None, value: object) -> str:
    """Write a value in the place of another one."""
    spans, wanted = _spans(text, node), _wanted(value)
    if not spans or not wanted or isinstance(node, Mapping) != isinstance(value, dict):
        return format_flow(value)
    words = _words(other)
    keys, written = list(spans), ""
    places = {key: place for place, key in enumerate(keys)}
    first, last = spans[keys[0]], spans[keys[-1]]
    done: set[Hashable] = set()
    for key, item in wanted.items():
        at = places.get(key, 0)
        behind = at > 0 and keys[at - 1] in done
        written += text[spans[keys[at - 1]].end : spans[key].start] if behind else ", " if done else ""
        written += _item(text, spans.get(key), words, key, item)
        done.add(key)
    return f"{text[node.start : first.start]}{written}{text[last.end : node.end]}"


def _item(text: str, span: _Span | None, words: dict[Hashable, tuple[object, str]], key: Hashable, item: object) -> str:
    """Write an item, or a key with its value, as one of the sides has it."""
    if span is not None and freeze(to_value(span.node)) == freeze(item):
        return text[span.start : span.end]
    known = words.get(key)
    if known is not None and known[0] == freeze(item):
        return known[1]
    written = format_flow(item, 1)
    return f"{format_text(key, in_flow=True)}: {written}" if isinstance(key, str) else written


def _words(other: Unit | None) -> dict[Hashable, tuple[object, str]]:
    """List what the other side has in brackets: by key, the value and how it is written."""
    if other is None or not isinstance(other.node, Mapping | Sequence) or not other.node.flow:
        return {}
    spans = _spans(other.text, other.node)
    words = {key: (freeze(to_value(span.node)), other.text[span.start : span.end]) for key, span in spans.items()}
    return {key: word for key, word in words.items() if "\n" not in word[1]}


def _spans(text: str, node: Node) -> dict[Hashable, _Span]:
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
