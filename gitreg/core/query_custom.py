"""Answering conditions about free metadata: what an entry has under ``custom``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gitreg.core.candidates import NO, YES, Answer, Candidate, any_of, unknown
from gitreg.core.entries import Entry
from gitreg.core.pipelines import Value
from gitreg.core.query import Condition
from gitreg.core.query_facts import compare_value


def find_custom(name: str, candidate: Candidate) -> tuple[Value, ...]:
    """List the values that an entry has for a key: one, or those of a list.

    Args:
        name: ``team``, or ``team.lead`` for a key in a mapping; a key may itself have dots.
        candidate: whose entry.
    """
    return tuple(value for found in _find(_custom_of(candidate), name) for value in _list_values(found))


def answer_custom(condition: Condition, candidate: Candidate) -> Answer:
    """Answer a condition about free metadata; of a list one value is enough."""
    found = find_custom(condition.name, candidate)
    return any_of(compare_value(condition, value) for value in found) if found else _silent(candidate)


def has_custom(name: str, candidate: Candidate) -> Answer:
    """Say whether a candidate has free metadata, or a key in it, whatever its value."""
    custom = _custom_of(candidate)
    has = any(True for _ in _find(custom, name)) if name else bool(custom)
    return YES if has else _silent(candidate)


def list_keys(entry: Entry) -> tuple[str, ...]:
    """List what `find_custom` finds, sorted."""
    return tuple(sorted(set(_list_keys(entry.custom, ""))))


def _custom_of(candidate: Candidate) -> object:
    """Read the free metadata of a candidate."""
    return candidate.entry.custom if candidate.entry is not None else None


def _find(node: object, name: str) -> Iterator[object]:
    """Find a key; in a list, that of each mapping."""
    if isinstance(node, list):
        for item in node:
            yield from _find(item, name)
    if not isinstance(node, Mapping):
        return
    if name in node:
        yield node[name]
    for key, value in node.items():
        if name.startswith(f"{key}."):
            yield from _find(value, name[len(key) + 1 :])


def _list_values(node: object) -> Iterator[Value]:
    """List a value, or those of a list; a mapping has none itself."""
    if isinstance(node, list):
        for item in node:
            yield from _list_values(item)
    elif node is None or isinstance(node, str | int | float):
        yield node


def _list_keys(node: object, prefix: str) -> Iterator[str]:
    """List keys that have values, with those of the mappings that they are in."""
    if isinstance(node, list):
        for item in node:
            yield from _list_keys(item, prefix)
    if isinstance(node, Mapping):
        for key, value in node.items():
            if any(True for _ in _list_values(value)):
                yield f"{prefix}{key}"
            yield from _list_keys(value, f"{prefix}{key}.")


def _silent(candidate: Candidate) -> Answer:
    """Answer where the entry has no such key: no, if an entry was read."""
    return unknown(candidate.unread) if candidate.unread else NO
