"""Scanning a ``dvc.lock`` as DVC itself writes it: part by part, for what its stages were run with and what they made.

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
_FACT: Final = r"      [a-z0-9_]+: (?:(?!-\n)[A-Za-z0-9_.-]+|'[0-9a-f]*')\n"
_PART: Final = re.compile(  # the last group takes what DVC would not write
    rf"    - path: (?P<path>{_WORD})\n(?P<facts>(?:{_FACT})*)"
    rf"|        (?P<name>{_WORD}): (?P<value>(?=[^\n]*[A-Za-z0-9])[A-Za-z0-9_.+-]+)\n"
    rf"|    (?P<section>deps|outs|params):\n"
    rf"|    (?P<cmd>cmd): [A-Za-z_./][^#:\n\r]*\n"
    rf"|      (?P<file>{_WORD}):\n"
    rf"|  (?P<stage>{_WORD}):\n"
    rf"|(?P<other>[\s\S])"
)
_MD5: Final = "      md5: "
_NAMED: Final = "      hash: "
_HEAD: Final = "schema: '2.0'\nstages:\n"


@dataclass(slots=True)
class Scanned:
    """What the lock says of one stage.

    Attributes:
        params: values by name, by file, both as they are written.
        deps, outs: hashes by path, as it is written; None of what has no MD5.
    """

    params: dict[str, dict[str, Value]] = field(default_factory=dict)
    deps: dict[str, str | None] = field(default_factory=dict)
    outs: dict[str, str | None] = field(default_factory=dict)


def scan_lock(data: bytes) -> dict[str, Scanned] | None:
    """Scan the lock of a pipeline.

    Args:
        data: its bytes.

    Returns:
        What it says of each stage, or None where it is not written as DVC writes it.
    """
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        return None
    text = text if text.endswith("\n") else f"{text}\n"
    if not text.startswith(_HEAD):
        return None
    scan = _Scan()
    return scan.stages if all(map(scan.take, _PART.finditer(text, len(_HEAD)))) else None


class _Scan:
    """Takes a lock part by part."""

    def __init__(self) -> None:
        """Know no stage yet."""
        self.stages: dict[str, Scanned] = {}
        self._stage = Scanned()
        self._seen: set[str] = set()
        self._listed: dict[str, str | None] | None = None  # where the paths of a list belong
        self._tables: dict[str, dict[str, Value]] | None = None  # where the parameters of a file belong
        self._values: dict[str, Value] | None = None

    def take(self, found: re.Match[str]) -> bool:
        """Take a part; say whether it is one that stands where DVC would write it."""
        kind = found.lastgroup
        if kind == "facts":
            if self._listed is not None:
                self._listed[found["path"]] = _find_hash(found[kind])
            return self._listed is not None
        if kind == "value":
            return self._add(self._values, found["name"], resolve_value(found[kind]))
        if kind == "file":
            self._values = {}
            return self._add(self._tables, found[kind], self._values)
        if kind == "stage":
            return self._begin_stage(found[kind])
        return kind != "other" and self._begin_section(found[kind or 0])

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
        self._listed = {"deps": self._stage.deps, "outs": self._stage.outs}.get(name)
        self._tables, self._values = (self._stage.params if name == "params" else None), None
        return is_new

    @staticmethod
    def _add(table: dict[str, Value] | dict[str, dict[str, Value]] | None, key: str, value: object) -> bool:
        """Add to a table what it does not have yet."""
        if table is None or key in table:
            return False
        table[key] = value  # type: ignore[assignment]
        return True


def _find_hash(facts: str) -> str | None:
    """Find the MD5 among the facts of an item; DVC 2 named no algorithm, and counted line ends as one byte."""
    _, is_there, behind = facts.partition(_MD5)
    if not is_there:
        return None
    digest = behind[: behind.index("\n")].strip("'")
    return f"md5:{digest}" if _NAMED in facts else f"md5-dos2unix:{digest}"
