"""JSON of strangers: small enough, and with few enough values, that reading it takes little memory."""

from __future__ import annotations

import json
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
