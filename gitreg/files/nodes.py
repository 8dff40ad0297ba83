"""Nodes: what stands in a YAML file and where, so that problems can name a place and the editor can change bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from gitreg.core.problems import Problem


class Scalar(NamedTuple):
    """One value.

    Attributes:
        value: by the core schema of YAML 1.2; always text where it is quoted.
        style: empty (plain), ``'``, ``"``, ``|`` or ``>``.
        start: index of its first character in `Document.text`.
        end: index after its last character; a block scalar ends where the next line with other content begins.
        line: counted from 1.
        column: counted from 1, in characters.
    """

    value: str | float | bool | None
    style: str
    start: int
    end: int
    line: int
    column: int
    height: int = 0


class Sequence(NamedTuple):
    """A list.

    Attributes:
        flow: whether it is written in brackets.
        start, end, line, column: as in `Scalar`; a block ends where its last item ends.
        height: levels of collections in it, itself counted.
    """

    items: tuple[Node, ...]
    flow: bool
    start: int
    end: int
    line: int
    column: int
    height: int


class Mapping(NamedTuple):
    """A mapping with text for keys, each once, in the order of the file.

    Attributes:
        pairs: the key's scalar and the value.
        flow: whether it is written in braces.
        start, end, line, column, height: as in `Sequence`.
    """

    pairs: tuple[tuple[Scalar, Node], ...]
    flow: bool
    start: int
    end: int
    line: int
    column: int
    height: int


class Faulty(NamedTuple):
    """A place where something stands that the file must not use; a problem has been reported for it."""

    start: int
    end: int
    line: int
    column: int
    height: int = 0


Node: TypeAlias = Scalar | Sequence | Mapping | Faulty


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A YAML file that has been read.

    Attributes:
        text: the whole file without a byte order mark; the offsets of nodes count its characters.
        root: its mapping, or None where the file cannot be read as one.
        problems: in the order of the file.
    """

    text: str
    root: Mapping | None
    problems: tuple[Problem, ...]


def find_value(mapping: Node | None, key: str) -> Node | None:
    """Look the value of a key up.

    Returns:
        The node, or None where there is no such key or the node is no mapping.
    """
    if not isinstance(mapping, Mapping):
        return None
    for name, value in mapping.pairs:
        if name.value == key:
            return value
    return None


def list_pairs(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """Take the pairs of a mapping; nothing else has any."""
    return node.pairs if isinstance(node, Mapping) else ()


def list_items(node: Node | None) -> tuple[Node, ...]:
    """Take the items of a list; nothing else has any."""
    return node.items if isinstance(node, Sequence) else ()


def index_pairs(node: Node | None) -> dict[str, Node]:
    """Take the values of a mapping by their keys; nothing else has any."""
    return {str(key.value): value for key, value in list_pairs(node)}


def to_value(node: Node) -> object:
    """Turn a node into plain values: dicts, lists, text, numbers, bools and None.

    A node that is faulty, or an item of a list that is, is left out; alone it is None. Nodes are at most 64 levels deep.
    """
    match node:
        case Scalar():
            return node.value
        case Sequence():
            return [to_value(item) for item in node.items if not isinstance(item, Faulty)]
        case Mapping():
            return {str(key.value): to_value(value) for key, value in node.pairs if not isinstance(value, Faulty)}
        case Faulty():
            return None
