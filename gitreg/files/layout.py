"""Where things stand in the text of a YAML file: line ends, colons, ends of values, indentation."""

from __future__ import annotations

import re

from gitreg.errors import FileFault
from gitreg.files.emit import Layout
from gitreg.files.nodes import Document, Mapping, Node, Scalar, Sequence

_BREAK = re.compile(r"\r\n|\r|\n")
_COLON = re.compile(r"[ \t]*:")
_INDENTED_COMMENT = re.compile(r"(?:\r\n|\r|\n)[ \t]+#[^\r\n]*")
_KEEPS_BREAKS = re.compile(r"[|>][0-9]?\+")
_HEADER = re.compile(r"[|>][0-9+-]*")
_BLOCK_STYLES = frozenset({"|", ">"})

Pair = tuple[Scalar, Node]


def read_layout(document: Document) -> Layout:
    """Find out how a file is laid out, from the first thing of each kind in it."""
    line_break = _BREAK.search(document.text)
    entries = [value for _, value in document.root.pairs] if document.root else []
    blocks = [entry for entry in entries if isinstance(entry, Mapping) and not entry.flow and entry.pairs]
    step = blocks[0].column - document.root.column if blocks and document.root else 2
    lists = [(key, value) for entry in blocks for key, value in entry.pairs if isinstance(value, Sequence) and not value.flow]
    offset = lists[0][1].column - lists[0][0].column if lists else 2
    return Layout(line_break[0] if line_break else "\n", step, offset)


def line_start(text: str, offset: int) -> int:
    """Find the beginning of the line of a character."""
    line_feed = text.rfind("\n", 0, offset)
    return max(line_feed, text.rfind("\r", line_feed + 1, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Find the end of the line of a character, before the line break."""
    found = _BREAK.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """Find the beginning of the line after the line of a character."""
    found = _BREAK.search(text, offset)
    return found.end() if found else len(text)


def colon_end(text: str, key: Scalar) -> int:
    """Find the place after the ``:`` of a key.

    Raises:
        FileFault: the key is written as ``? key``, which is read but not edited.
    """
    found = _COLON.match(text, key.end)
    if found is None:
        message = f"line {key.line} is written in a way that gitreg does not edit"
        raise FileFault(message, line=key.line, hint="write it as 'key: value'")
    return found.end()


def value_end(text: str, pair: Pair) -> int:
    """Find the place after the last character of a pair, comments and blank lines not counted."""
    key, node = pair
    if isinstance(node, Scalar) and node.start == node.end:
        found = _COLON.match(text, key.end)
        return found.end() if found else key.end
    return content_end(text, node)


def content_end(text: str, node: Node) -> int:
    """Find the place after the last character of a value.

    What a block scalar counts to itself are also the blank lines after it, which separate entries; only ``|+`` means them.
    """
    last = _last_scalar(node)
    if last is None or last.style not in _BLOCK_STYLES:
        return node.end
    end = len(text[last.start : last.end].rstrip()) + last.start
    if keeps_breaks(text, last):
        before = text[: last.end]
        return last.end - len(before) + len(before.removesuffix("\n").removesuffix("\r"))
    return end


def entry_end(text: str, pair: Pair) -> int:
    """Find the end of the last line of an entry: its last value, the comment beside it, and indented comments right below."""
    end = line_end(text, value_end(text, pair))
    while found := _INDENTED_COMMENT.match(text, end):
        end = found.end()
    return end


def comments_start(text: str, offset: int, floor: int = 0) -> int:
    """Find the beginning of the comment lines right above a line; they belong to what stands in it.

    Args:
        text: the text of the document.
        offset: the beginning of the line.
        floor: where what stands above ends.
    """
    while offset > floor:
        above = line_start(text, offset - 1 - text.endswith("\r\n", 0, offset))
        line = text[above:offset].strip()
        if not line.startswith("#") or line.startswith("# yaml-language-server"):
            break
        offset = above
    return offset


def keeps_breaks(text: str, node: Node) -> bool:
    """Say whether a value ends in a ``|+`` block, to which all blank lines below it belong."""
    last = _last_scalar(node)
    return last is not None and last.style in _BLOCK_STYLES and _KEEPS_BREAKS.match(text, last.start) is not None


def settle_end(document: Document) -> str:
    """Let a block of text at the very end of a file, without a line end, say that it has none: ``|`` becomes ``|-``.

    As long as nothing follows, that changes nothing; once something does, the block would gain a line end.

    Returns:
        The text of the document.
    """
    text = document.text
    last = _last_scalar(document.root) if document.root else None
    if last is None or last.style not in _BLOCK_STYLES or last.end < len(text) or text.endswith(("\n", "\r")):
        return text
    header = _HEADER.match(text, last.start)
    end = header.end() if header else last.start
    indent = "".join(character for character in text[last.start : end] if character.isdigit())
    return f"{text[: last.start]}{last.style}{indent}-{text[end:]}"


def is_blank(text: str, offset: int) -> bool:
    """Say whether the line that begins at a place is empty or the end of the file."""
    return not text[offset : line_end(text, offset)].strip()


def _last_scalar(node: Node) -> Scalar | None:
    """Find the value that stands last in a block."""
    while isinstance(node, Mapping | Sequence) and not node.flow:
        children = [value for _, value in node.pairs] if isinstance(node, Mapping) else list(node.items)
        if not children:
            return None
        node = children[-1]
    return node if isinstance(node, Scalar) else None
