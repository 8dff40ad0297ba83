"""Splices: which characters of a text to take out, and what to put in their place, when fields of one entry change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from gitreg.files.emit import Layout, format_field, format_flow, format_text
from gitreg.files.fields import FIELDS
from gitreg.files.layout import Pair, colon_end, line_end, line_start, next_line, read_layout, value_end
from gitreg.files.nodes import Document, Mapping, Node, Sequence

_COMMA = re.compile(r"\s*,")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Characters from `start` to `end`, and the text that takes their place."""

    start: int
    end: int
    text: str


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Put splices into a text; where two meet in a line break that both take out, it is taken out once."""
    parts, done = [], 0
    for splice in sorted(splices):
        parts += [text[done : splice.start], splice.text]
        done = max(done, splice.end)
    return "".join([*parts, text[done:]])


def change_fields(document: Document, pair: Pair, fields: MappingOf[str, object], wanted: MappingOf[str, object]) -> list[Splice]:
    """Change, add and remove fields of an entry.

    Args:
        document: the file.
        pair: the name and the value of the entry.
        fields: the new values; None takes a field away.
        wanted: the whole entry as it shall be.

    Returns:
        The splices.

    Raises:
        FileFault: the entry is written in a way that is not edited.
    """
    key, entry = pair
    text = document.text
    if not wanted:
        return [Splice(colon_end(text, key), value_end(text, pair), " {}")]
    if isinstance(entry, Mapping) and entry.pairs:
        return _change_flow(text, entry, fields, wanted) if entry.flow else _change_block(document, entry, fields)
    if document.root is not None and document.root.flow:
        return [Splice(colon_end(text, key), max(colon_end(text, key), value_end(text, pair)), f" {format_flow(wanted, 1)}")]
    return _fill(text, pair, wanted, read_layout(document))


def insert_pair(text: str, mapping: Mapping, key: str, value: object) -> Splice:
    """Add a pair at the end of a mapping in braces that has some."""
    return _insert_flow(text, mapping, f"{format_text(key, in_flow=True)}: {format_flow(value, 1)}")


def drop_pair(text: str, mapping: Mapping, pair: Pair) -> Splice:
    """Take a pair out of a mapping in braces that has others."""
    place = mapping.pairs.index(pair)
    if place:
        start = value_end(text, mapping.pairs[place - 1])
        return Splice(start, value_end(text, pair), _space_after_colon(text, start))
    following = mapping.pairs[1][0].start if len(mapping.pairs) > 1 else value_end(text, pair)
    return Splice(pair[0].start, following, "")


def _change_flow(text: str, entry: Mapping, fields: MappingOf[str, object], wanted: MappingOf[str, object]) -> list[Splice]:
    """Change an entry in braces."""
    dropped = [pair for pair in entry.pairs if fields.get(str(pair[0].value), pair) is None]
    if dropped and dropped[0] is entry.pairs[0]:
        # The pairs that stay would have to give up their commas, so the entry is written anew.
        return [Splice(entry.start, entry.end, format_flow(wanted))]
    splices = [drop_pair(text, entry, pair) for pair in dropped]
    for key, node in entry.pairs:
        value = fields.get(str(key.value))
        if value is not None:
            colon, end = colon_end(text, key), value_end(text, (key, node))
            written = format_flow(value, 1)
            splices.append(Splice(colon, end, f" {written}") if end <= colon else Splice(node.start, end, written))
    missing = _missing(entry, fields)
    if missing:
        pairs = ", ".join(f"{field}: {format_flow(value, 1)}" for field, value in missing.items())
        splices.append(_insert_flow(text, entry, pairs))
    return splices


def _change_block(document: Document, entry: Mapping, fields: MappingOf[str, object]) -> list[Splice]:
    """Change an entry whose fields stand on lines of their own."""
    text, layout = document.text, read_layout(document)
    splices: list[Splice] = []
    for pair in entry.pairs:
        field = str(pair[0].value)
        if field in fields:
            value = fields[field]
            splices.append(_drop_lines(text, pair) if value is None else _replace(text, pair, value, layout))
    missing = _missing(entry, fields)
    if missing:
        lines = [format_field(field, value, entry.column - 1, layout) for field, value in missing.items()]
        splices.append(_insert_lines(text, value_end(text, entry.pairs[-1]), lines, layout))
    return splices


def _missing(entry: Mapping, fields: MappingOf[str, object]) -> dict[str, object]:
    """Choose the fields that an entry has to get, in the order of the table."""
    present = {key.value for key, _ in entry.pairs}
    return {field: fields[field] for field in FIELDS if fields.get(field) is not None and field not in present}


def _insert_flow(text: str, mapping: Mapping, written: str) -> Splice:
    """Add text after the last pair of a mapping in braces."""
    end = value_end(text, mapping.pairs[-1])
    comma = _COMMA.match(text, end)
    if comma:
        return Splice(comma.end(), comma.end(), f" {written}")
    return Splice(end, end, f"{_space_after_colon(text, end)}, {written}")


def _space_after_colon(text: str, offset: int) -> str:
    """Keep a ``:`` that has no value apart from a comma or brace: ``{a:,`` is read differently by different readers."""
    return " " if text.endswith(":", 0, offset) else ""


def _insert_lines(text: str, end: int, lines: Iterable[str], layout: Layout) -> Splice:
    """Add lines below the line in which something ends."""
    at = next_line(text, end)
    if text[:at].endswith(("\n", "\r")):
        return Splice(at, at, "".join(line + layout.newline for line in lines))
    return Splice(at, at, "".join(layout.newline + line for line in lines))


def _drop_lines(text: str, pair: Pair) -> Splice:
    """Take out the lines of a field."""
    return Splice(line_start(text, pair[0].start), next_line(text, value_end(text, pair)), "")


def _fill(text: str, pair: Pair, wanted: MappingOf[str, object], layout: Layout) -> list[Splice]:
    """Write the fields of an entry that has none: ``name:``, ``name: null``, ``name: {}``; a comment beside it stays there."""
    key, end = pair[0], value_end(text, pair)
    indent = key.column - 1 + layout.step
    lines = [format_field(field, value, indent, layout) for field, value in wanted.items()]
    return [Splice(colon_end(text, key), end, ""), _insert_lines(text, end, lines, layout)]


def _replace(text: str, pair: Pair, value: object, layout: Layout) -> Splice:
    """Put a new value in the place of an old one, in the old style where it has one."""
    key, node = pair
    end = value_end(text, pair)
    written = format_field(str(key.value), value, key.column - 1, layout).partition(":")[2]
    head, newline, rest = written.partition(layout.newline)
    # A comment beside the old value would become part of a block of text.
    has_comment = bool(text[end : line_end(text, end)].strip())
    if not newline or _is_flow(node) or (has_comment and head):
        written = f" {format_flow(value)}"
    elif _is_block(node) and not head:
        return Splice(line_start(text, node.start), end, rest)
    if node.start != node.end and not _is_block(node) and not written.startswith(layout.newline):
        return Splice(node.start, end, written[1:])
    return Splice(colon_end(text, key), end, written)


def _is_flow(node: Node) -> bool:
    """Say whether a value is written in brackets or braces."""
    return isinstance(node, Sequence | Mapping) and node.flow


def _is_block(node: Node) -> bool:
    """Say whether a value is a list or a mapping below its key."""
    return isinstance(node, Sequence | Mapping) and not node.flow
