"""Taking values: from nodes to texts, lists and mappings of the types that fields and settings have."""

from __future__ import annotations

from typing import Final

from gitreg.files.nodes import Mapping, Node, Scalar, Sequence, find_value, to_value

BETTER: Final = ("higher", "lower")
TEXT: Final = "a text"


class Wrong(Exception):
    """A value has the wrong type.

    Args:
        node: the value.
        expected: what it should be.
        found: what it is, where `describe` would not say it.
    """

    def __init__(self, node: Node, expected: str, found: str = "") -> None:
        """Keep the place."""
        super().__init__(expected)
        self.node = node
        self.expected = expected
        self.found = found or describe(node)


def describe(node: Node) -> str:
    """Say in words what a value is."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return "nothing"
        case Scalar(value=bool() as value):
            return f"{str(value).lower()} (a yes or no)"
        case Scalar(value=str()):
            return "a text"
        case Scalar(value=value):
            return f"the number {value}"
        case _:
            return "something else"


def take_text(node: Node) -> str:
    """Take a text."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    raise Wrong(node, TEXT)


def take_bool(node: Node) -> bool:
    """Take a yes or no."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    raise Wrong(node, "true or false")


def take_items(node: Node, expected: str) -> tuple[Node, ...]:
    """Take a list."""
    if isinstance(node, Sequence):
        return node.items
    raise Wrong(node, expected)


def take_pairs(node: Node, expected: str) -> tuple[tuple[Scalar, Node], ...]:
    """Take a mapping."""
    if isinstance(node, Mapping):
        return node.pairs
    raise Wrong(node, expected)


def take_goal(node: Node) -> str:
    """Take ``higher`` or ``lower``."""
    if isinstance(node, Scalar) and node.value in BETTER:
        return str(node.value)
    raise Wrong(node, "'higher' or 'lower' for each metric")


def take_schema_pairs(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    """Take a mapping with nothing but ``inputs`` and ``outputs``."""
    pairs = take_pairs(node, "a mapping with 'inputs' and 'outputs'")
    for key, _ in pairs:
        if key.value not in {"inputs", "outputs"}:
            raise Wrong(key, "a mapping with 'inputs' and 'outputs'", f"one with the key {key.value!r}")
    return pairs


def take_columns(node: Node) -> list[object]:
    """Take a list of mappings that have a name and a type."""
    for item in take_items(node, "a list of mappings with 'name' and 'type' for inputs and outputs"):
        for key in ("name", "type"):
            value = find_value(item, key)
            if value is None:
                raise Wrong(item, f"a mapping with 'name' and 'type' for each input and output ({key!r} is missing)")
            take_text(value)
    columns = to_value(node)
    return columns if isinstance(columns, list) else []


def take_reference(item: Node, path: str) -> dict[str, object]:
    """Read a mapping with ``path`` and perhaps ``keys``."""
    keys = find_value(item, "keys")
    if keys is not None:
        for key in take_items(keys, "a list of keys"):
            take_text(key)
    value = to_value(item)
    return {**value, "path": path} if isinstance(value, dict) else {"path": path}
