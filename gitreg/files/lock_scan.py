"""Scanning a ``dvc.lock`` as DVC itself writes it: line by line, for what its stages were run with and what they made.

A thousand versions have a thousand locks, and to parse all of each as YAML takes many times as long. What is written in another
way than DVC writes it (quotes, anchors, braces, texts of several lines) is not scanned: that is for the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.pipelines import Value
from gitreg.files.scalars import resolve_value

_WORD: Final = r"(?!(?:null|Null|NULL|true|True|TRUE|false|False|FALSE)\b)[A-Za-z_][A-Za-z0-9_./@-]*"
_LINE: Final = re.compile(
    rf"  (?P<stage>{_WORD}):"
    rf"|    (?P<section>deps|outs|params):"
    rf"|    (?P<cmd>cmd): [A-Za-z_./][^#:]*"
    rf"|    - path: (?P<path>{_WORD})"
    rf"|      (?P<file>{_WORD}):"
    rf"|      (?P<fact>[a-z0-9_]+): (?:[A-Za-z0-9_.-]+|'[0-9a-f]*')"
    rf"|        (?P<name>{_WORD}): (?P<value>(?=[^\n]*[A-Za-z0-9])[A-Za-z0-9_.+-]+)"
)
_HEAD: Final = ["schema: '2.0'", "stages:"]
_LISTS: Final = frozenset({"deps", "outs"})


@dataclass(slots=True)
class Scanned:
    """What the lock says of one stage.

    Attributes:
        params: values by name, by file, both as they are written.
        deps, outs: paths, as they are written.
    """

    params: dict[str, dict[str, Value]] = field(default_factory=dict)
    deps: set[str] = field(default_factory=set)
    outs: set[str] = field(default_factory=set)


def scan_lock(data: bytes) -> dict[str, Scanned] | None:
    """Scan the lock of a pipeline.

    Args:
        data: its bytes.

    Returns:
        What it says of each stage, or None where it is not written as DVC writes it.
    """
    try:
        lines = data.decode("ascii").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        return None
    if lines[:2] != _HEAD:
        return None
    scan = _Scan()
    return scan.stages if all(map(scan.take, lines[2:])) else None


class _Scan:
    """Takes a lock line by line."""

    def __init__(self) -> None:
        """Know no stage yet."""
        self.stages: dict[str, Scanned] = {}
        self._stage = Scanned()
        self._seen: set[str] = set()
        self._section = ""
        self._values: dict[str, Value] | None = None
        self._is_in_item = False

    def take(self, line: str) -> bool:
        """Take a line; say whether it is one that stands where DVC would write it."""
        found = _LINE.fullmatch(line)
        if found is None:
            return False
        kind = found.lastgroup or ""
        if kind == "stage":
            return self._begin_stage(found["stage"])
        if kind in {"section", "cmd"}:
            return self._begin_section(found[kind])
        if kind == "value":
            return self._add(self._values, found["name"], resolve_value(found["value"]))
        return self._take_item(kind, found[kind])

    def _begin_stage(self, name: str) -> bool:
        """Begin a stage that was not there before."""
        is_new = name not in self.stages
        self._stage = self.stages.setdefault(name, Scanned())
        self._seen = set()
        return is_new and self._begin_section("")

    def _begin_section(self, name: str) -> bool:
        """Begin a part of a stage that it does not have yet."""
        is_new = name not in self._seen and bool(self.stages)
        self._seen.add(name)
        self._section, self._values, self._is_in_item = name, None, False
        return is_new

    def _take_item(self, kind: str, text: str) -> bool:
        """Take what a list or the parameters of a file begin with, or a fact of what is listed."""
        if kind == "file":
            self._values = {}
            return self._section == "params" and self._add(self._stage.params, text, self._values)
        if kind == "path":
            self._is_in_item = True
            if self._section in _LISTS:
                (self._stage.outs if self._section == "outs" else self._stage.deps).add(text)
        return self._section in _LISTS and self._is_in_item

    @staticmethod
    def _add(table: dict[str, Value] | dict[str, dict[str, Value]] | None, key: str, value: object) -> bool:
        """Add to a table what it does not have yet."""
        if table is None or key in table:
            return False
        table[key] = value  # type: ignore[assignment]
        return True
