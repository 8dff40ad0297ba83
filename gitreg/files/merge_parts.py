"""Taking a text apart for a merge: its units, each with the comments above it, so that put together they are the text again.

The units of a file are its entries, those of an entry its fields, those of a list its items. A file is split by its lines, so
that an entry is parsed only where both sides changed it: most of a file of 1,000 entries never is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gitreg.core.merge_entries import freeze
from gitreg.errors import FileFault
from gitreg.files.layout import colon_end, comments_start, content_end, line_end, line_start, next_line, value_end
from gitreg.files.nodes import Mapping, Node, Scalar, Sequence, to_value
from gitreg.files.yaml import parse_yaml

PREAMBLE: Final = "preamble of a file\n"  # no key of an entry or field holds a line end
TAIL: Final = "tail\n"

_START = re.compile(r"^[^\s#\]}]", re.MULTILINE)  # a line that closes a bracket goes on with what began above
_NAME = re.compile(r"""(["']?)([A-Za-z0-9][A-Za-z0-9_/-]*)\1[ \t]*:(?=\s)""")
_EMPTY = re.compile(r"\{[ \t]*\}[ \t]*(?:#[^\n]*|\r)?\n")
_KEEPS = re.compile(r"[|>][1-9]?\+")
_LINES = re.compile(r"[^\n]*\n")
_MARK = re.compile(r"---[ \t]*(?:#.*)?")
_DASH = re.compile(r" *-[ ]+")


@dataclass(frozen=True, slots=True)
class Block:
    """Comment lines without a blank one between them, and the blank lines below them.

    Attributes:
        lines: what they say.
        text: the lines as they stand there.
    """

    lines: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An entry, a field or an item.

    Attributes:
        text: the text that the places of the nodes count in.
        start, end: where in it the unit's own lines are.
        gap: the blank lines above.
        blocks: the comments above.
        key: the scalar of its key; None for an item, and for an entry that is not parsed.
        node: its value; None for an entry that is not parsed.
    """

    text: str
    start: int
    end: int
    gap: str
    blocks: tuple[Block, ...]
    key: Scalar | None = None
    node: Node | None = None

    @property
    def body(self) -> str:
        """Its own lines."""
        return self.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A text that is taken apart.

    Attributes:
        above: blank lines at the very beginning.
        preamble: what stands above the first unit and belongs to none.
        units: by key: names of entries and fields; for items what they are, and how often that came before.
        gap, tail: blank lines and comments below the last unit.
        column: where the units begin, from 1.
        empty: the line ``{}`` of a file without entries.
    """

    above: str = ""
    preamble: tuple[Block, ...] = ()
    units: dict[Hashable, Unit]
    gap: str
    tail: tuple[Block, ...]
    column: int = 1
    empty: str = ""

    def leads(self) -> Iterator[tuple[Hashable, tuple[Block, ...]]]:
        """Give the comments, by what they belong to."""
        yield PREAMBLE, self.preamble
        for key, unit in self.units.items():
            yield key, unit.blocks
        yield TAIL, self.tail


def split_file(text: str) -> Parts:
    """Take a file apart.

    Args:
        text: it, with a line end at its end.

    Raises:
        FileFault: it is not written line by line, or a name stands twice.
    """
    starts = [found.start() for found in _START.finditer(text)]
    while starts and _MARK.fullmatch(text[starts[0] : line_end(text, starts[0])].rstrip()):
        del starts[0]
    if len(starts) == 1 and (empty := _EMPTY.match(text, starts[0])):
        gap, tail = _split_lead(text[empty.end() :])
        above, preamble = _split_lead(text[: starts[0]])
        return Parts(above=above, preamble=preamble, units={}, gap=gap, tail=tail, empty=empty[0])
    first = starts[0] if starts else len(text)
    attached = comments_start(text, first) if starts else first
    units: dict[Hashable, Unit] = {}
    done = attached
    for start, following in pairwise([*starts, len(text)]):
        end = _body_end(text, start, following)
        unit = unit_of(text[done:start], text[start:end])
        name = name_of(unit)
        if name in units:
            raise _not_ours(f"the name {name!r} stands twice")
        units[name] = unit
        done = end
    gap, tail = _split_lead(text[done:])
    above, preamble = _split_lead(text[:attached])
    return Parts(above=above, preamble=preamble, units=units, gap=gap, tail=tail)


def keeps_blanks(body: str) -> bool:
    """Say whether the blank lines below an entry may belong to its last value."""
    return _KEEPS.search(body) is not None


def name_of(unit: Unit) -> str:
    """Read the name of an entry, if possible without parsing."""
    found = _NAME.match(unit.text)
    return found[2] if found else str(_pair_of(unit)[0].value)


def parse_unit(unit: Unit) -> Unit:
    """Parse an entry.

    Raises:
        FileFault: it cannot be read.
    """
    key, node = _pair_of(unit)
    return Unit(text=unit.text, start=unit.start, end=unit.end, gap=unit.gap, blocks=unit.blocks, key=key, node=node)


def value_of(unit: Unit) -> object:
    """Give the value of a unit that is parsed."""
    return to_value(unit.node) if unit.node is not None else None


def split_unit(unit: Unit) -> Parts | None:
    """Take what stands below a key apart.

    Returns:
        The parts; None where the value is neither a mapping nor a list that is written line by line and has something in it.
    """
    node = unit.node
    if unit.key is None or not isinstance(node, Mapping | Sequence) or node.flow:
        return None
    children = _children(unit.text, node)
    if not children:
        return None
    done, units = next_line(unit.text, colon_end(unit.text, unit.key)), {}
    for name, key, child, start, end in children:
        gap, blocks = _split_lead(unit.text[done:start])
        units[name] = Unit(text=unit.text, start=start, end=min(end, unit.end), gap=gap, blocks=blocks, key=key, node=child)
        done = min(end, unit.end)
    gap, tail = _split_lead(unit.text[done : unit.end])
    return Parts(units=units, gap=gap, tail=tail, column=node.column)


def number(items: Iterable[object]) -> list[Hashable]:
    """Make a key for each item of a list."""
    seen: Counter[Hashable] = Counter()
    keys: list[Hashable] = []
    for item in map(freeze, items):
        keys.append((item, seen[item]))
        seen[item] += 1
    return keys


def _children(text: str, node: Mapping | Sequence) -> list[tuple[Hashable, Scalar | None, Node, int, int]]:
    """List what stands in a block: key, its scalar, the value, and where the lines begin and end."""
    if isinstance(node, Mapping):
        return [
            (str(key.value), key, value, _margin(text, key.start, ""), next_line(text, value_end(text, (key, value))))
            for key, value in node.pairs
        ]
    keys = number(map(to_value, node.items))
    return [
        (key, None, item, _margin(text, item.start, "-"), next_line(text, content_end(text, item)))
        for key, item in zip(keys, node.items, strict=True)
    ]


def _margin(text: str, offset: int, dash: str) -> int:
    """Find the beginning of a line that holds nothing before a place but spaces, or a dash.

    Raises:
        FileFault: it holds more.
    """
    start = line_start(text, offset)
    before = text[start:offset]
    if (_DASH.fullmatch(before) is None) if dash else before.strip(" "):
        raise _not_ours("a line holds more than one item")
    return start


def unit_of(lead: str, body: str) -> Unit:
    """Make an entry that is not parsed yet."""
    gap, blocks = _split_lead(lead)
    return Unit(text=body, start=0, end=len(body), gap=gap, blocks=blocks)


def _pair_of(unit: Unit) -> tuple[Scalar, Node]:
    """Parse an entry."""
    document = parse_yaml(unit.text.encode(), "")
    pairs = document.root.pairs if document.root else ()
    if len(pairs) != 1 or any(problem.code in {"GR101", "GR102", "GR103"} for problem in document.problems):
        raise _not_ours(document.problems[0].message if document.problems else "a line is no entry")
    return pairs[0]


def _body_end(text: str, start: int, end: int) -> int:
    """Find the end of an entry: before the blank lines and the comments that are not indented, unless its value keeps them."""
    body = text[start:end]
    if keeps_blanks(body):
        return end
    kept = 0
    for line in _LINES.finditer(body):
        if line[0].strip() and not line[0].startswith("#"):
            kept = line.end()
    return start + kept


def _split_lead(lead: str) -> tuple[str, tuple[Block, ...]]:
    """Take blank lines and the comments below them apart."""
    if not lead:
        return "", ()
    rest = lead.lstrip(" \t\r\n")
    begin = line_start(lead, len(lead) - len(rest)) if rest else len(lead)
    return lead[:begin], _blocks(lead[begin:])


def _blocks(text: str) -> tuple[Block, ...]:
    """Take comments apart at blank lines; there are none at the beginning."""
    found: list[list[str]] = []
    for line in _LINES.findall(text):
        if line.strip() and not line.lstrip().startswith("#") and not _MARK.fullmatch(line.rstrip()):
            raise _not_ours("the file is not written line by line")
        if not found or (line.strip() and not found[-1][-1].strip()):
            found.append([])
        found[-1].append(line)
    return tuple(Block(tuple(line.strip() for line in lines if line.strip()), "".join(lines)) for lines in found)


def _not_ours(message: str) -> FileFault:
    """Say that a file is not merged entry by entry."""
    return FileFault(message, hint="merge it by hand")
