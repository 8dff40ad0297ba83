"""Stages of a pipeline that stand for many: what ``foreach`` and ``matrix`` put in the place of ``${item}`` and ``${key}``.

``dvc.lock`` has each of them under its own name, ``train@small``; where it works, and which outs are pinned to a remote, stands
in ``dvc.yaml`` once for all, as a template. The values are found by the name; what else a template names, only DVC can fill in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product
from typing import Final

from gitreg.files.nodes import Document, Mapping, Node, Scalar, Sequence, find_value

_PLACE: Final = re.compile(r"\$\{\s*([^}\s]+)\s*\}")
_MOST: Final = 10_000  # combinations of a matrix that are looked at


def find_definition(pipeline: Document, stage: str) -> Node | None:
    """Find what ``dvc.yaml`` says of a stage; ``name@item`` is one of those that ``foreach`` or ``matrix`` makes of ``name``."""
    whole = _find_whole(pipeline, stage)
    return find_value(whole, "do") or whole


def read_values(pipeline: Document, stage: str) -> dict[str, str]:
    """Find the values of ``item``, ``key``, ``item.NAME`` for a stage; nothing for one that stands for itself."""
    whole, suffix = _find_whole(pipeline, stage), stage.partition("@")[2]
    each, matrix = find_value(whole, "foreach"), find_value(whole, "matrix")
    if not suffix or whole is None or find_value(find_value(pipeline.root, "stages"), stage) is not None:
        return {}
    if isinstance(matrix, Mapping):
        return next((dict(values) for name, values in _combine(pipeline, matrix) if name == suffix), {})
    match each:
        case Sequence() if suffix.isdecimal() and int(suffix) < len(each.items) and isinstance(each.items[int(suffix)], Mapping):
            return _read_parts(pipeline, each.items[int(suffix)])
        case Mapping():
            return {"key": suffix, **_read_parts(pipeline, find_value(each, suffix))}
        case None:
            return {}
        case _:  # a list of texts and numbers, or a template that stands for one
            return {"item": suffix, "key": suffix}


def fill_in(template: str, values: dict[str, str]) -> str:
    """Put values in their places; those of which nothing is known stay as they are."""
    return _PLACE.sub(lambda match: values.get(match[1], match[0]), template)


def read_text(document: Document, node: Node | None) -> str | None:
    """Take a text, as it is written: a hash of digits alone is no number."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else document.text[node.start : node.end]


def _find_whole(pipeline: Document, stage: str) -> Node | None:
    """Find a stage with its ``foreach`` or ``matrix``."""
    stages = find_value(pipeline.root, "stages")
    return find_value(stages, stage) or find_value(stages, stage.partition("@")[0])


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
