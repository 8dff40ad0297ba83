"""JSON of strangers: small enough, and with few enough values, that reading it takes little memory."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gitreg.formats.draft import Damaged

LARGEST: Final = 8 << 20
"""Bytes of JSON that are read whole."""

_MOST_VALUES: Final = 150_000  # each of about a hundred bytes


def parse_json(data: bytes, what: str) -> Any:  # noqa: ANN401  whatever stands there
    """Read JSON.

    Args:
        data: the text.
        what: names it in a sentence.

    Raises:
        Damaged: it is none, or has too many values.
    """
    if len(data) > LARGEST or sum(map(data.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        raise Damaged(f"{what} has more values than are looked at")
    try:
        return json.loads(data)
    except (RecursionError, ValueError) as error:
        raise Damaged(f"{what} is no JSON") from error


def walk_objects(root: object, key: str, most: int) -> Iterator[Mapping[str, Any]]:
    """Go through all objects of JSON that have a key, without recursion.

    Args:
        root: what was read.
        key: those without it are only gone through.
        most: values, objects or not, that are looked at.
    """
    waiting = [root]
    for _ in range(most):
        if not waiting:
            return
        node = waiting.pop()
        if isinstance(node, Mapping):
            if key in node:
                yield node
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
