"""Scanning plain YAML: what most files consist of, line by line, into the nodes that the parser would make of it.

A parser of all of YAML hands over every word as an object of its own, and to build nodes of these takes most of the time. Nearly
every ``params.yaml``, ``dvc.yaml`` and ``dvc.lock`` is block mappings and lists of short values, each on its line; these are read
here in a fifth of the time. Whatever else stands in a file (anchors, tags, braces, escapes, texts of several lines, documents,
characters beyond ASCII, a key that is no text or stands twice, odd indentation) makes the whole file one for the parser, so
nothing is guessed, and every problem is found and worded in one place. What a line says is remembered: files of one kind, and the
versions of a file, have most of their lines in common.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from gitreg.files.nodes import Mapping, Node, Scalar, Sequence
from gitreg.files.scalars import resolve_plain

_LONGEST: Final = 1_000_000  # characters, so that no file has more values than `gitreg.files.tree.MOST_VALUES`
_DEEPEST: Final = 60  # blocks in each other; the parser says what is too deep
_LONGEST_KEPT: Final = 200  # characters of a line that is remembered
_ITEM: Final = r"(?:[A-Za-z0-9_./+]|-(?=[0-9.]))[A-Za-z0-9_./+-]*+"
_ITEMS: Final = re.compile(_ITEM)
_LINE: Final = re.compile(  # nothing is given back once it is taken, so that a line takes as long as it is
    r"( *+)(- ++)?"
    r"(?:((?!(?:null|Null|NULL|true|True|TRUE|false|False|FALSE):)[A-Za-z_][A-Za-z0-9_./@-]{0,99}+):(?= |\Z) *+)?"
    r"((?:[A-Za-z0-9_./+~$(]|-(?=[0-9.]))[^:#]*+(?::[^ :#][^:#]*+)*+"
    rf"|'[^']*+'|\"[^\"\\]*+\"|\[ *+(?:{_ITEM}(?: *+, *+{_ITEM})*+)? *+\])?"
    r" *+(?:(?:(?<= )|^)#.*+)?"
)
Resolve: TypeAlias = Callable[[str], "str | float | bool | None"]
_ODD: Final = re.compile(r"[\t\r]")


def scan_plain(text: str, resolve: Resolve = resolve_plain) -> Mapping | None:
    """Scan a file of plain YAML.

    Args:
        text: the whole file, of characters that YAML may hold.
        resolve: says what a word without quotes stands for.

    Returns:
        The mapping at the top, just as the parser gives it, or None where the file needs the parser.
    """
    if not text.isascii() or len(text) > _LONGEST or _ODD.search(text):
        return None
    try:
        return _Scan(resolve).read(text.removesuffix("\n").split("\n"))
    except _OtherError:
        return None


class _OtherError(Exception):
    """The file is not plain."""


class _Value(NamedTuple):
    """A value that stands on its line.

    Attributes:
        meaning: what it stands for; of a list, its items.
        style: as in `Scalar`, or ``[`` of a list.
        start, end: where it stands in the line.
    """

    meaning: str | float | bool | tuple[_Value, ...] | None
    style: str
    start: int
    end: int


class _Line(NamedTuple):
    """What stands on a line, wherever in a file that is.

    Attributes:
        indent: spaces before it.
        dash: characters of the dash of an item, with the spaces behind it; 0: it has none.
        key: empty: it has none.
        value: None: it has none.
    """

    indent: int
    dash: int
    key: str
    value: _Value | None


def _read_line(line: str, resolve: Resolve) -> _Line | None:
    """Read a line; of one without anything, or with a comment alone, there is nothing to be told.

    Raises:
        _OtherError: it is not plain.
    """
    found = _LINE.fullmatch(line)
    if found is None:
        raise _OtherError
    spaces, dash, key, text = found.groups()
    if key is None and (dash is None or text is None):
        if dash is None and text is None:
            return None
        raise _OtherError
    value = _read_value(text, found.start(4), line, resolve) if text is not None else None
    return _Line(len(spaces), len(dash or ""), key or "", value)


def _read_value(text: str, start: int, line: str, resolve: Resolve) -> _Value:
    """Read a value.

    Args:
        text: how it is written.
        start: where in the line.
        line: the whole line.
        resolve: says what a word without quotes stands for.
    """
    first, end = text[0], start + len(text)
    if first == "[":
        items = (_Value(resolve(item[0]), "", item.start(), item.end()) for item in _ITEMS.finditer(line, start, end))
        return _Value(tuple(items), first, start, end)
    if first in "\"'":
        return _Value(text[1:-1], first, start, end)
    plain = text.rstrip(" ")
    return _Value(resolve(plain), "", start, start + len(plain))


_recall_line = lru_cache(maxsize=4096)(_read_line)


class _Block:
    """A mapping or a list whose end has not come yet.

    Args:
        indent: spaces before each of its lines.
        is_list: whether it is a list.
        start, line: where it begins.
        key: whose value it is, in the mapping around it; None: it is an item of a list.
        height: as in `Mapping`.
    """

    __slots__ = ("height", "indent", "is_list", "items", "key", "line", "pairs", "start")

    def __init__(self, indent: int, start: int, line: int, key: Scalar | None, *, is_list: bool) -> None:
        """Begin with nothing in it."""
        self.indent = indent
        self.is_list = is_list
        self.start = start
        self.line = line
        self.key = key
        self.height = 1
        self.items: list[Node] = []
        self.pairs: dict[str, tuple[Scalar, Node]] = {}

    def close(self) -> Mapping | Sequence:
        """Make a node of it."""
        items, pairs = self.items, tuple(self.pairs.values())
        last = items[-1] if self.is_list else pairs[-1][1]
        place = (False, self.start, last.end, self.line, self.indent + 1, self.height)
        return Sequence(tuple(items), *place) if self.is_list else Mapping(pairs, *place)


class _Scan:
    """Reads a file line by line."""

    def __init__(self, resolve: Resolve) -> None:
        """Begin before the first line."""
        self._resolve = resolve
        self._block = _Block(-1, 0, 0, None, is_list=True)  # the innermost one; the first is around the file
        self._around: list[_Block] = []
        self._key: Scalar | None = None  # whose value has not come yet
        self._line = 0

    def read(self, lines: Iterable[str]) -> Mapping:
        """Read all lines.

        Raises:
            _OtherError: one of them is not plain.
        """
        begin, resolve = 0, self._resolve
        for self._line, line in enumerate(lines, 1):
            length = len(line)
            read = _recall_line(line, resolve) if length <= _LONGEST_KEPT else _read_line(line, resolve)
            if read is not None:
                self._take(read, begin)
            begin += length + 1
        self._end_key()
        while self._around:
            self._close()
        top = self._block.items
        if not top or not isinstance(top[0], Mapping):
            raise _OtherError
        return top[0]

    def _take(self, line: _Line, begin: int) -> None:
        """Take a line that begins at a place."""
        indent, dash, key, value = line
        block = self._block
        is_list = dash > 0
        if self._key is not None or block.indent != indent or block.is_list is not is_list:
            block = self._enter(indent, begin, is_list=is_list)
        if not key:
            if value is not None:
                block.items.append(self._place(value, block, begin))
            return
        if dash:
            indent += dash
            block = self._begin(indent, begin, is_list=False)
        if key in block.pairs:
            raise _OtherError
        start = begin + indent
        name = Scalar(key, "", start, start + len(key), self._line, indent + 1)
        if value is None:
            self._key = name
        else:
            block.pairs[key] = name, self._place(value, block, begin)

    def _place(self, value: _Value, block: _Block, begin: int) -> Node:
        """Make a node of a value, in a line that begins at a place."""
        meaning, style, start, end = value
        number = self._line
        if not isinstance(meaning, tuple):
            return Scalar(meaning, style, begin + start, begin + end, number, start + 1)
        if block.height == 1:
            block.height = 2  # a list in brackets is a level of its own
        items = [Scalar(word, "", begin + first, begin + last, number, first + 1) for word, _, first, last in meaning]
        place = (True, begin + start, begin + end, number, start + 1, 1)
        return Sequence(tuple(items), *place)

    def _enter(self, indent: int, begin: int, *, is_list: bool) -> _Block:
        """Find the block that a line is of, and close those that end before it."""
        block = self._block
        if self._key is not None:
            if indent > block.indent or (indent == block.indent and is_list and not block.is_list):
                return self._begin(indent, begin, is_list=is_list)
            self._end_key()
        while indent < block.indent or (indent == block.indent and block.is_list and not is_list):
            block = self._close()
        if block.indent < 0 and not block.items and not is_list:
            return self._begin(indent, begin, is_list=is_list)
        if indent != block.indent or is_list is not block.is_list:
            raise _OtherError
        return block

    def _begin(self, indent: int, begin: int, *, is_list: bool) -> _Block:
        """Begin a block."""
        if len(self._around) > _DEEPEST:
            raise _OtherError
        self._around.append(self._block)
        self._block = block = _Block(indent, begin + indent, self._line, self._key, is_list=is_list)
        self._key = None
        return block

    def _close(self) -> _Block:
        """Close the innermost block, and give the one around it."""
        closed = self._block
        node = closed.close()
        self._block = block = self._around.pop()
        if closed.height >= block.height:
            block.height = closed.height + 1
        if closed.key is None:
            block.items.append(node)
        else:
            block.pairs[str(closed.key.value)] = closed.key, node
        return block

    def _end_key(self) -> None:
        """Give a key without a value nothing for one, which stands right behind it."""
        key, self._key = self._key, None
        if key is not None:
            nothing = Scalar(None, "", key.end, key.end, key.line, key.column + key.end - key.start)
            self._block.pairs[str(key.value)] = key, nothing
