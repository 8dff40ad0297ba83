"""Files that a parser stops at: what it says of them, and where."""

from __future__ import annotations

import json
import re
from typing import Final, TypeAlias

Place: TypeAlias = tuple[int | None, int | None]
"""A line and a column, from 1, as far as they are known."""

NOWHERE: Final[Place] = (None, None)

# `tomllib` has the place in attributes only since Python 3.14
_OF_TOML: Final = re.compile(r" \(at line ([0-9]{1,9}), column ([0-9]{1,9})\)\Z")


class UnreadableError(ValueError):
    """A file cannot be read.

    Args:
        message: why.
        place: line and column, where they are known.
    """

    def __init__(self, message: str, place: Place = NOWHERE) -> None:
        """Keep the place."""
        super().__init__(message)
        self.message = message
        self.place = place


def explain_parser(error: ValueError) -> tuple[str, Place]:
    """Take the reason and the place out of what a parser of JSON or TOML, or one of ours, raised."""
    if isinstance(error, UnreadableError):
        return error.message, error.place
    if isinstance(error, json.JSONDecodeError):
        return error.msg, (error.lineno, error.colno)
    text = str(error)
    found = _OF_TOML.search(text)
    return (text[: found.start()], (int(found[1]), int(found[2]))) if found else (text, NOWHERE)
