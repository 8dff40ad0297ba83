"""TOML: one door to its parser, which holds off what would take it more time or memory than anything that a person means.

`tomllib` is written in Python. It keeps every beginning of a dotted key, so one of twenty thousand dots takes it gigabytes.
"""

from __future__ import annotations

import re
from typing import Any, Final

from gitreg.files.tree import DEEPEST
from gitreg.files.unreadable import UnreadableError

_PART: Final = r"""(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_DOTTED: Final = re.compile(rf"(?<![A-Za-z0-9_-])((?:{_PART}[ \t]*+\.[ \t]*+)++)({_PART}[ \t]*+[=\]])?+")
_TABLE: Final = re.compile(r"^[ \t]*+\[|\{", re.MULTILINE)
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{5000}")
_MOST: Final = 50_000  # tables, those that the dots of keys make counted: each takes a kilobyte or two
_MOST_STEPS: Final = 2_000_000  # lines, each as often as the longest key has dots


def parse_toml(data: bytes, largest: int) -> dict[str, Any]:
    """Read TOML.

    Args:
        data: the bytes of the file.
        largest: how many of them are read.

    Raises:
        ValueError: it is no TOML, or is too large, or nested too deep, or has more tables than anybody writes.
        RecursionError: its brackets are nested too deep.
    """
    import tomllib

    if len(data) > largest:
        raise UnreadableError(f"it has {len(data)} bytes, more than {largest}")
    text = data.decode("utf-8")
    _check_cost(text)
    return tomllib.loads(text)


def _check_cost(text: str) -> None:
    """Check that a text takes no more to read than it should.

    Raises:
        UnreadableError: it does.
    """
    if _LONG_NUMBER.search(text):
        raise UnreadableError("it has a number of more than 5000 digits")
    total = deepest = 0
    for found in _DOTTED.finditer(text):  # also in texts, where only as many dots as in no address count
        dots = found[1].count(".")
        deepest = max(deepest, dots if found[2] else 0)
        total += dots if found[2] else 0
        if dots > DEEPEST:
            raise UnreadableError(f"it is nested more than {DEEPEST} levels deep")
    if total + len(_TABLE.findall(text)) > _MOST:
        raise UnreadableError(f"it has more than {_MOST} tables")
    if text.count("\n") * deepest > _MOST_STEPS:
        raise UnreadableError("it is nested too deep for its length")
