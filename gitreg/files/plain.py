"""Scanning plain YAML: what most files consist of, line by line, into the nodes that the parser would make of it.

A parser of all of YAML hands over every word as an object of its own, and to build nodes of these takes most of the time. Nearly
every ``params.yaml``, ``dvc.yaml`` and ``dvc.lock`` is block mappings and lists of short values, each on its line; these are read
here in a third of the time. Whatever else stands in a file (anchors, tags, braces, escapes, texts of several lines, documents,
characters beyond ASCII, a key that is no text or stands twice, odd indentation) makes the whole file one for the parser, so
nothing is guessed, and every problem is found and worded in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, TypeAlias

from gitreg.files.nodes import Mapping, Node, Scalar, Sequence
from gitreg.files.scalars import resolve_plain

_LONGEST: Final = 1_000_000  # characters, so that no file has more values than `gitreg.files.tree.MOST_VALUES`
_DEEPEST: Final = 60  # blocks in each other; the parser says what is too deep
_ITEM: Final = r"(?:[A-Za-z0-9_./+]|-(?=[0-9.]))[A-Za-z0-9_./+-]*+"
_ITEMS: Final = re.compile(_ITEM)
_LINE: Final = re.compile(  # nothing is given back once it is taken, so that a line takes as long as it is
    r"( *+)(- ++)?"
    r"(?:((?!(?:null|Null|NULL|true|True|TRUE|false|False|FALSE):)[A-Za-z_][A-Za-z0-9_./@-]{0,99}+):(?=[ \n]) *+)?"
    r"((?:[A-Za-z0-9_./+~$(]|-(?=[0-9.]))[^\n:#]*+(?::[^ \n:#][^\n:#]*+)*+"
    rf"|'[^'\n]*+'|\"[^\"\\\n]*+\"|\[ *+(?:{_ITEM}(?: *+, *+{_ITEM})*+)? *+\])?"
    r" *+(?:(?:(?<= )|^)#[^\n]*+)?\n",
    re.MULTILINE,
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
        return _Scan(text if text.endswith("\n") else f"{text}\n", resolve).read()
    except _OtherError:
        return None


class _OtherError(Exception):
    """The file is not plain."""


class _Block:
    """A mapping or a list whose end has not come yet.

    Args:
        indent: spaces before each of its lines.
        is_list: whether it is a list.
        start, line: where it begins.
    """

    __slots__ = ("indent", "is_list", "keys", "line", "start", "values")

    def __init__(self, indent: int, start: int, line: int, *, is_list: bool) -> None:
        """Begin with nothing in it."""
        self.indent = indent
        self.is_list = is_list
        self.start = start
        self.line = line
        self.keys: list[Scalar] = []
        self.values: list[Node] = []

    def close(self) -> Mapping | Sequence:
        """Make a node of it.

        Raises:
            _OtherError: a key stands twice.
        """
        values, height = self.values, 1
        for node in values:
            if node.height >= height:
                height = node.height + 1
        place = (False, self.start, values[-1].end, self.line, self.indent + 1, height)
        if self.is_list:
            return Sequence(tuple(values), *place)
        if len({key.value for key in self.keys}) < len(self.keys):
            raise _OtherError
        return Mapping(tuple(zip(self.keys, values, strict=True)), *place)


class _Scan:
    """Reads a file, which ends with the end of a line."""

    def __init__(self, text: str, resolve: Resolve) -> None:
        """Begin at the first line."""
        self._text = text
        self._resolve = resolve
        self._block = _Block(-1, 0, 0, is_list=True)  # the innermost one; the first is around the file
        self._around: list[_Block] = []
        self._key: Scalar | None = None  # whose value has not come yet
        self._line = 0

    def read(self) -> Mapping:
        """Read all lines.

        Raises:
            _OtherError: one of them is not plain.
        """
        position, text = 0, self._text
        while position < len(text):
            found = _LINE.match(text, position)
            if found is None:
                raise _OtherError
            self._line += 1
            self._take(found, position)
            position = found.end()
        self._end_key()
        while self._around:
            self._close()
        top = self._block.values
        if not top or not isinstance(top[0], Mapping):
            raise _OtherError
        return top[0]

    def _take(self, found: re.Match[str], begin: int) -> None:
        """Take one line."""
        spaces, dash, key, value = found.groups()
        if key is None and (dash is None or value is None):
            if dash is None and value is None:  # nothing, or a comment
                return
            raise _OtherError
        indent, is_list, block = len(spaces), dash is not None, self._block
        if self._key is not None or block.indent != indent or block.is_list is not is_list:
            block = self._enter(indent, begin, is_list=is_list)
        if key is not None:
            if dash is not None:
                indent += len(dash)
                block = self._begin(indent, begin, is_list=False)
            start = begin + indent
            node = Scalar(key, "", start, start + len(key), self._line, indent + 1)
            block.keys.append(node)
            if value is None:
                self._key = node
                return
        block.values.append(self._read_value(value, found.start(4), begin - 1))

    def _enter(self, indent: int, begin: int, *, is_list: bool) -> _Block:
        """Find the block that a line is of, and close those that end before it."""
        block = self._block
        if self._key is not None:
            if indent > block.indent or (indent == block.indent and is_list and not block.is_list):
                self._key = None
                return self._begin(indent, begin, is_list=is_list)
            self._end_key()
        while indent < block.indent or (indent == block.indent and block.is_list and not is_list):
            block = self._close()
        if block.indent < 0 and not block.values and not is_list:
            return self._begin(indent, begin, is_list=is_list)
        if indent != block.indent or is_list is not block.is_list:
            raise _OtherError
        return block

    def _begin(self, indent: int, begin: int, *, is_list: bool) -> _Block:
        """Begin a block."""
        if len(self._around) > _DEEPEST:
            raise _OtherError
        self._around.append(self._block)
        self._block = _Block(indent, begin + indent, self._line, is_list=is_list)
        return self._block

    def _close(self) -> _Block:
        """Close the innermost block, and give the one around it."""
        node = self._block.close()
        self._block = self._around.pop()
        self._block.values.append(node)
        return self._block

    def _end_key(self) -> None:
        """Give a key without a value nothing for one, which stands right behind it."""
        key, self._key = self._key, None
        if key is not None:
            self._block.values.append(Scalar(None, "", key.end, key.end, key.line, key.column + key.end - key.start))

    def _read_value(self, text: str, start: int, before: int) -> Node:
        """Read a value that stands on its line.

        Args:
            text: how it is written.
            start: where.
            before: the place before the line, from which columns are counted.
        """
        first = text[0]
        if first == "[":
            items = [
                Scalar(self._resolve(item[0]), "", item.start(), item.end(), self._line, item.start() - before)
                for item in _ITEMS.finditer(self._text, start, start + len(text))
            ]
            return Sequence(
                tuple(items), flow=True, start=start, end=start + len(text), line=self._line, column=start - before, height=1
            )
        if first in "\"'":
            return Scalar(text[1:-1], first, start, start + len(text), self._line, start - before)
        plain = text.rstrip(" ")
        return Scalar(self._resolve(plain), "", start, start + len(plain), self._line, start - before)
