"""Merging ``artifacts.yaml`` three ways, entry by entry and field by field: bytes in, bytes out.

The values are merged by `gitreg.core.merge_entries`. What is written is ours, byte by byte, but for what theirs changed; that is
written as theirs wrote it. The result is parsed and compared with the values before anybody sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from typing import Final

from gitreg.core.merge_entries import Side, choose_side, describe_clash, freeze, list_clashes, merge_entries
from gitreg.errors import FileFault
from gitreg.files.emit import Layout
from gitreg.files.layout import read_layout, settle_end
from gitreg.files.merge_build import MergeWriter
from gitreg.files.merge_markers import Markers, Piece, choose_pieces, mark_pieces
from gitreg.files.merge_parts import Parts, Unit, keeps_blanks, parse_unit, split_file, unit_of, value_of
from gitreg.files.nodes import Mapping, Node, to_value
from gitreg.files.yaml import LARGEST, parse_yaml

_MARK: Final = "\ufeff"
_CONFLICT: Final = re.compile(rb"^(?:<{7,}|>{7,})(?: |\r?$)", re.MULTILINE)
_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Unread:
    """An entry that no two sides changed, so that nobody has to know what it says."""

    body: str


class FileMerge:
    """The merge of one file.

    Args:
        base: the bytes as both sides had them; empty where there was no file.
        ours: the bytes here.
        theirs: the bytes there.

    Raises:
        FileFault: a side cannot be read, or is written in a way that is not merged entry by entry.
    """

    def __init__(self, base: bytes, ours: bytes, theirs: bytes) -> None:
        """Merge the values."""
        _require_merged(base)
        self._sides = (ours, theirs)
        self._settled = theirs if ours == base else ours if theirs in {base, ours} else None
        texts = [_decode(side) for side in (base, ours, theirs)]
        self._marked = texts[1].startswith(_MARK)
        self._newline = _merge_newline(texts)
        self._ended = texts[1].endswith("\n") or not texts[1]
        newline = _newline_of(texts[1]) or self._newline
        parts = [split_file(_settled(text, newline)) for text in texts]
        self._parts, values = _read_changed(*parts)
        self._merged = merge_entries(*values, whole=_closed(self._parts))
        self._layout = _layout_of(self._parts, newline)

    @property
    def clashes(self) -> tuple[str, ...]:
        """What a person has to decide, as ``churn: path``."""
        return tuple(describe_clash(path, clash) for path, clash in list_clashes(self._merged))

    def accepts(self, data: bytes) -> bool:
        """Say whether bytes that somebody else merged say what is decided here, with nothing left to decide."""
        try:
            return not self.clashes and self._agrees(_decode(data).removeprefix(_MARK), Side.OURS)
        except FileFault:
            return False

    def write(self, markers: Markers) -> bytes:
        """Write the merged file.

        Raises:
            FileFault: it would not say what was decided.
        """
        if self._settled is not None:
            return self._settled
        pieces = MergeWriter(self._layout).write_file(*self._parts, self._merged)
        for side in (Side.OURS, Side.THEIRS) if self.clashes else (Side.OURS,):
            if not self._agrees(choose_pieces(pieces, side), side):
                raise self._explain()
        text = self._finish(pieces, markers)
        return (_MARK * self._marked + text).encode()

    def _explain(self) -> FileFault:
        """Say why the merged file is not what was decided: mostly an entry that nobody looked at cannot be read."""
        for side, data in zip(("our", "the other"), self._sides, strict=True):
            for problem in parse_yaml(data, "").problems:
                message = f"line {problem.line or 1} of {side} side: {problem.message}"
                return FileFault(message, line=problem.line, hint=problem.hint)
        return FileFault("the merged file would not say what both sides say", hint="merge it by hand")

    def _finish(self, pieces: Iterable[Piece], markers: Markers) -> str:
        """Write the text with the line ends of ours, or of theirs where those changed."""
        text = mark_pieces(pieces, markers, self._layout.newline)
        if self._layout.newline != self._newline:
            text = _BREAK.sub(self._newline, text)
        return text.removesuffix(self._newline) if not self._ended and _may_end_without(text, self._newline) else text

    def _agrees(self, text: str, side: Side) -> bool:
        """Say whether a text says what was decided, with what one side says where that clashes."""
        chosen = choose_side(self._merged, side)
        document = parse_yaml(text.encode(), "")
        if document.problems or document.root is None or not isinstance(chosen, dict):
            return False
        found = {str(key.value): (key.start, node) for key, node in document.root.pairs}
        return found.keys() == chosen.keys() and all(
            _is_said(text, *found[name], _newline_of(text), value) for name, value in chosen.items()
        )


def _may_end_without(text: str, newline: str) -> bool:
    """Say whether the last value stays what it is where the file ends without a line end."""
    roots = [parse_yaml(end.encode(), "").root for end in (text, text.removesuffix(newline))]
    ends = [to_value(root.pairs[-1][1]) if root is not None and root.pairs else None for root in roots]
    return None not in roots and freeze(ends[0]) == freeze(ends[1])


def _is_said(text: str, start: int, node: Node, newline: str, value: object) -> bool:
    """Say whether an entry is what was decided."""
    if not isinstance(value, _Unread):
        return freeze(to_value(node)) == freeze(value)
    body = _BREAK.sub(newline, value.body.rstrip()) if newline else value.body.rstrip()
    if not text.startswith(body, start):
        return False
    return not keeps_blanks(body) or freeze(to_value(node)) == freeze(value_of(parse_unit(unit_of("", value.body))))


def _require_merged(base: bytes) -> None:
    """Refuse a base with markers: git merges the bases of merges that cross, and what clashes there says two things at once.

    Raises:
        FileFault: it has such markers.
    """
    if _CONFLICT.search(base):
        raise FileFault("the merges before this one cross, and what they began with clashes", hint="merge it by hand")


def _decode(data: bytes) -> str:
    """Read the text.

    Raises:
        FileFault: it is too large, no UTF-8, or has line ends of old Macs.
    """
    if len(data) > LARGEST:
        raise FileFault(f"the file has {len(data)} bytes, more than {LARGEST}", hint="merge it by hand")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileFault("the file is not UTF-8", hint="save it as UTF-8") from error
    if "\r" in text.replace("\r\n", ""):
        raise FileFault("the file has line ends without a line feed", hint="save it with ordinary line ends")
    return text


def _newline_of(text: str) -> str:
    """Find the first line end."""
    found = _BREAK.search(text)
    return found[0] if found else ""


def _merge_newline(texts: Iterable[str]) -> str:
    """Choose the line ends."""
    base, ours, theirs = map(_newline_of, texts)
    return (theirs if ours == base else ours) or ours or theirs or "\n"


def _settled(text: str, newline: str) -> str:
    """Give a text the line ends of ours, and one at its end."""
    text = text.removeprefix(_MARK)
    if _newline_of(text) not in {newline, ""}:
        text = _BREAK.sub(newline, text)
    if text.endswith("\n") or not text:
        return text
    return settle_end(parse_yaml(text.encode(), "")) + newline


def _read_changed(base: Parts, ours: Parts, theirs: Parts) -> tuple[tuple[Parts, Parts, Parts], list[dict[str, object]]]:
    """Parse the entries that cannot be merged as they stand, and give what all of them say."""
    sides = (base, ours, theirs)
    values: list[dict[str, object]] = [{}, {}, {}]
    units = [dict(side.units) for side in sides]
    for name in {**base.units, **ours.units, **theirs.units}:
        three = [side.units.get(name) for side in sides]
        changed = _is_changed(*(unit.body if unit is not None else None for unit in three))
        for unit, found, known in zip(three, units, values, strict=True):
            if unit is not None:
                found[name] = parse_unit(unit) if changed else unit
                known[str(name)] = value_of(found[name]) if changed else _Unread(unit.body)
    read = [replace(side, units=found) for side, found in zip(sides, units, strict=True)]
    return (read[0], read[1], read[2]), [
        {str(name): known[str(name)] for name in side.units} for side, known in zip(sides, values, strict=True)
    ]


def _is_changed(base: str | None, ours: str | None, theirs: str | None) -> bool:
    """Say whether both sides changed an entry, in different ways."""
    return base not in (ours, theirs) and ours != theirs


def _closed(sides: tuple[Parts, Parts, Parts]) -> set[tuple[str, ...]]:
    """List the mappings in which a clash cannot stand between lines."""
    _, ours, theirs = sides
    closed: set[tuple[str, ...]] = set()
    for name, unit in ours.units.items():
        other = theirs.units.get(name)
        if unit.node is not None and other is not None and other.node is not None:
            closed.update(_closed_inside((str(name),), unit.node, other.node))
    return closed


def _closed_inside(path: tuple[str, ...], ours: Node, theirs: Node) -> Iterable[tuple[str, ...]]:
    """List them in one entry."""
    if not isinstance(ours, Mapping) or not isinstance(theirs, Mapping):
        return
    if ours.flow or theirs.flow:
        yield path
        return
    there = {str(key.value): value for key, value in theirs.pairs}
    for key, value in ours.pairs:
        if key.value in there:
            yield from _closed_inside((*path, str(key.value)), value, there[str(key.value)])


def _layout_of(sides: tuple[Parts, Parts, Parts], newline: str) -> Layout:
    """Find out how ours is laid out, from the first entry that is parsed."""
    units: MappingOf[object, Unit] = sides[1].units
    unit = next((unit for unit in units.values() if unit.node is not None), None)
    if unit is None:
        return Layout(newline=newline)
    return replace(read_layout(parse_yaml(unit.text.encode(), "")), newline=newline)
