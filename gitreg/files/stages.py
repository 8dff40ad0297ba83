"""Stages of a pipeline that stand for many: what ``foreach`` and ``matrix`` put in the place of ``${item}`` and ``${key}``.

``dvc.lock`` has each of them under its own name, ``train@small``; where it works, and which outs are pinned to a remote, stands
in ``dvc.yaml`` once for all, as a template. The values are found by the name; what else a template names, only DVC can fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from gitreg.files.nodes import Document, Mapping, Node, Scalar, Sequence, find_value, index_pairs

_PLACE: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_MOST: Final = 10_000  # combinations of a matrix that are looked at
_LONGEST_NUMBER: Final = 9  # digits of a place in a list


class Definitions:
    """What a ``dvc.yaml`` says of its stages, looked up by name as fast in a file of ten thousand stages as in one of two.

    Args:
        pipeline: the file.
    """

    def __init__(self, pipeline: Document) -> None:
        """Index the stages."""
        self._pipeline = pipeline
        self._wholes = index_pairs(find_value(pipeline.root, "stages"))
        self._parts: dict[str, dict[str, Node]] = {}
        self._combined: dict[str, dict[str, dict[str, str]]] = {}

    def names(self) -> tuple[str, ...]:
        """List the stages as they are defined: one that ``foreach`` or ``matrix`` makes many of is named once."""
        return tuple(self._wholes)

    def find(self, stage: str) -> Node | None:
        """Find what is said of a stage; ``name@item`` is one of those that ``foreach`` or ``matrix`` makes of ``name``."""
        whole = self._find_whole(stage)
        return find_value(whole, "do") or whole

    def values(self, stage: str) -> dict[str, str]:
        """Find the values of ``item``, ``key``, ``item.NAME`` for a stage; nothing for one that stands for itself."""
        whole = self._find_whole(stage)
        name, _, suffix = stage.partition("@")
        if not suffix or whole is None or stage in self._wholes:
            return {}
        each, matrix = find_value(whole, "foreach"), find_value(whole, "matrix")
        if isinstance(matrix, Mapping):
            return self._combinations(name, matrix).get(suffix, {})
        match each:
            case Sequence() if (item := _item_at(each, suffix)) is not None:
                return _read_parts(self._pipeline, item)
            case Mapping():
                if name not in self._parts:
                    self._parts[name] = index_pairs(each)
                return {"key": suffix, **_read_parts(self._pipeline, self._parts[name].get(suffix))}
            case None:
                return {}
            case _:  # a list of texts and numbers, or a template that stands for one
                return {"item": suffix, "key": suffix}

    def _find_whole(self, stage: str) -> Node | None:
        """Find a stage with its ``foreach`` or ``matrix``."""
        return self._wholes.get(stage) or self._wholes.get(stage.partition("@")[0])

    def _combinations(self, name: str, matrix: Mapping) -> dict[str, dict[str, str]]:
        """Give the values of all combinations of a matrix by the name of each."""
        if name not in self._combined:
            self._combined[name] = {suffix: dict(values) for suffix, values in _combine(self._pipeline, matrix)}
        return self._combined[name]


def fill_in(template: str, values: dict[str, str]) -> str:
    """Put values in their places; those of which nothing is known stay as they are."""
    if "${" not in template:
        return template
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), template)


def read_text(document: Document, node: Node | None) -> str | None:
    """Take a text, as it is written: a hash of digits alone is no number."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else document.text[node.start : node.end]


def _item_at(each: Sequence, suffix: str) -> Mapping | None:
    """Find the item of a list by its number, where it is a mapping; others are named by themselves."""
    if not suffix.isdecimal() or len(suffix) > _LONGEST_NUMBER or int(suffix) >= len(each.items):
        return None
    item = each.items[int(suffix)]
    return item if isinstance(item, Mapping) else None


def _combine(pipeline: Document, matrix: Mapping) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """List the combinations of a matrix: the name of each, and its values."""
    names = [f"item.{key.value}" for key, _ in matrix.pairs]
    axes = [
        [read_text(pipeline, item) or "" for item in axis.items] if isinstance(axis, Sequence) else [] for _, axis in matrix.pairs
    ]
    for values in islice(product(*axes), _MOST):
        yield "-".join(values), list(zip(names, values, strict=True))


def _read_parts(pipeline: Document, item: Node | None) -> dict[str, str]:
    """Read the value of an item, or those in it."""
    if isinstance(item, Mapping):
        return {f"item.{key.value}": text for key, value in item.pairs if (text := read_text(pipeline, value)) is not None}
    text = read_text(pipeline, item)
    return {} if text is None else {"item": text}
