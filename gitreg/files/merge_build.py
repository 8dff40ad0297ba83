"""Writing what a merge decided: ours as it is written, with what theirs says put in as theirs is written."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from gitreg.core.merge_entries import Clash, freeze
from gitreg.errors import FileFault
from gitreg.files.emit import Layout, format_field, format_flow
from gitreg.files.layout import colon_end, content_end, line_end, next_line, value_end
from gitreg.files.merge_comments import place_comments
from gitreg.files.merge_flow import merge_flow
from gitreg.files.merge_markers import Hunk, Piece
from gitreg.files.merge_parts import PREAMBLE, TAIL, Block, Parts, Unit, keeps_blanks, number, split_unit, value_of
from gitreg.files.nodes import Mapping as MappingNode
from gitreg.files.nodes import Sequence

_COMMENT = re.compile(r"(?:^|[ \t])(#[^\r\n]*)", re.MULTILINE)
_LINE = re.compile(r"^(?=[^\r\n])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Three:
    """A unit on the three sides; None where a side lacks it."""

    base: Unit | None
    ours: Unit | None
    theirs: Unit | None
    column: int
    shift: int

    def lines(self, value: object) -> str | None:
        """Give the lines of one side where they can stay as they are: only one side changed them, or both did the same."""
        if self.ours is not None and self.theirs is not None:
            return self._unchanged(self.ours, self.theirs)
        if self.ours is not None:
            return self.ours.body if _says(self.ours, value) else None
        return None if self.theirs is None else _shifted(self.theirs.body, self.shift)

    def _unchanged(self, ours: Unit, theirs: Unit) -> str | None:
        """Compare the lines of all sides."""
        if self.base is not None and ours.body == self.base.body:
            return _shifted(theirs.body, self.shift)
        unchanged = self.base is not None and theirs.body == self.base.body
        return ours.body if unchanged or ours.body == theirs.body else None


class MergeWriter:
    """Writes one file.

    Args:
        layout: how ours is laid out.
    """

    def __init__(self, layout: Layout) -> None:
        """Begin with nothing written."""
        self._layout = layout
        self._pieces: list[Piece] = []
        self._begun = False

    def write_file(self, base: Parts, ours: Parts, theirs: Parts, merged: Mapping[str, object]) -> list[Piece]:
        """Write the entries.

        Args:
            base: the file as both sides had it.
            ours: the file as it is here; entries that both sides changed are parsed, here and there.
            theirs: the file as it is there.
            merged: what shall be written.

        Returns:
            The text, with a `Hunk` for each clash.

        Raises:
            FileFault: something is written in a way that is not merged.
        """
        placed = place_comments(base, ours, theirs, list(merged))
        self._write(ours.above + _join(placed.get(PREAMBLE, ())))
        new = False
        for name, value in merged.items():
            unit, below_new = ours.units.get(name), new
            new = unit is None
            self._write(self._gap(unit.gap if unit is not None else "", fresh=new or below_new) + _join(placed.get(name, ())))
            self._write_unit(name, _three(base, ours, theirs, name), value)
            self._begun = True
        if not merged:
            self._write(f"{{}}{self._layout.newline}" if ours.units else ours.empty)
        tail = _join(placed.get(TAIL, ()))
        self._write(self._gap(ours.gap, fresh=new and bool(tail)) + tail)
        return self._pieces

    def _gap(self, gap: str, *, fresh: bool) -> str:
        """Choose the blank lines above an entry: those of ours, and one where something new stands above or below."""
        newline = self._layout.newline
        last = self._pieces[-1] if self._pieces else newline
        if keeps_blanks(last if isinstance(last, str) else last.ours + last.theirs):
            return ""
        is_blank = isinstance(last, str) and (last == newline or last.endswith(newline * 2))
        if is_blank and not self._begun:
            return ""
        return newline if fresh and not gap and not is_blank else gap

    def _write(self, piece: Piece) -> None:
        """Add a piece."""
        if piece:
            self._pieces.append(piece)

    def _write_unit(self, key: Hashable, three: _Three, value: object) -> None:
        """Write the lines of a unit, without the comments above it."""
        if isinstance(value, Clash):
            base, ours, theirs = (unit.body if unit is not None else "" for unit in (three.base, three.ours, three.theirs))
            self._write(Hunk(base, ours, _shifted(theirs, three.shift)))
            return
        lines = three.lines(value)
        if lines is not None:
            self._write(lines)
        elif three.ours is None or not self._write_inside(three.ours, three, value):
            written = self._write_leaf(key, three, value)
            _require_comments(three, written)
            self._write(written)

    def _write_inside(self, ours: Unit, three: _Three, value: object) -> bool:
        """Write a mapping or a list that is written line by line; say whether it is one."""
        parts = split_unit(ours)
        merged = _members(value)
        kind = MappingNode if isinstance(value, dict) else Sequence
        if parts is None or not merged or not isinstance(ours.node, kind):
            return False
        base, theirs = (
            split_unit(unit) if unit is not None and isinstance(unit.node, kind) else None for unit in (three.base, three.theirs)
        )
        if theirs is None:
            _require_comments(three, ours.body + _head(three))
        self._write(_head(three))
        placed = place_comments(base, parts, theirs, list(merged))
        for key, item in merged.items():
            unit = parts.units.get(key) or (theirs.units.get(key) if theirs else None)
            self._write((unit.gap if unit is not None else "") + _join(placed.get(key, ())))
            self._write_unit(key, _three(base, parts, theirs, key), item)
        self._write(parts.gap + _join(placed.get(TAIL, ())))
        return True

    def _write_leaf(self, key: Hashable, three: _Three, value: object) -> str:
        """Write what is a value of its own, as one of the sides has it or anew."""
        ours, theirs = three.ours, three.theirs
        if ours is not None and _says(ours, value):
            return _with_comment(ours, three)
        if theirs is not None and _says(theirs, value):
            return _shifted(_with_comment(theirs, three), three.shift)
        if ours is not None and isinstance(ours.node, MappingNode | Sequence) and ours.node.flow:
            return _flow_with_comment(ours, three, value)
        if ours is not None and "#" in ours.body:
            raise FileFault("a value with comments inside would have to be written anew", hint="merge it by hand")
        indent, newline = three.column - 1, self._layout.newline
        if isinstance(key, str):
            return format_field(key, value, indent, self._layout) + newline
        return f"{' ' * indent}- {format_flow(value)}{newline}"


def _three(base: Parts | None, ours: Parts, theirs: Parts | None, key: Hashable) -> _Three:
    """Find a unit on the three sides."""
    there = theirs.units.get(key) if theirs is not None else None
    shift = ours.column - theirs.column if theirs is not None else 0
    return _Three(base.units.get(key) if base is not None else None, ours.units.get(key), there, ours.column, shift)


def _says(unit: Unit, value: object) -> bool:
    """Say whether a unit has a value; one that is not parsed was not changed on both sides, and so has it."""
    return unit.node is None or freeze(value_of(unit)) == freeze(value)


def _members(value: object) -> dict[Hashable, object]:
    """List what a mapping or a list has, by key."""
    if isinstance(value, list):
        return dict(zip(number(value), value, strict=True))
    return dict(value) if isinstance(value, dict) else {}


def _head(three: _Three) -> str:
    """Write the line of a key whose value stands below it."""
    unit = three.ours
    if unit is None or unit.key is None:
        return ""
    at = colon_end(unit.text, unit.key)
    comment = _merged_comment(three, heads=True)
    return f"{unit.text[unit.start : at]}{comment}{unit.text[line_end(unit.text, at) : next_line(unit.text, at)]}"


def _with_comment(unit: Unit, three: _Three) -> str:
    """Write a unit with the comment beside its value that the sides agree on."""
    at = _comment_start(unit, heads=False)
    comment = _comment(unit, heads=False)
    merged = _merged_comment(three, heads=False)
    if comment == merged:
        return unit.body
    return f"{unit.text[unit.start : at]}{merged}{unit.text[at + len(comment) : unit.end]}"


def _flow_with_comment(unit: Unit, three: _Three, value: object) -> str:
    """Write a value in brackets, with the comment behind it that the sides agree on."""
    written = merge_flow(unit, three.theirs, value)
    if three.theirs is None or not isinstance(three.theirs.node, MappingNode | Sequence) or not three.theirs.node.flow:
        return written
    comment = _comment(unit, heads=False)
    at = len(written) - unit.end + _comment_start(unit, heads=False)
    return f"{written[:at]}{_merged_comment(three, heads=False)}{written[at + len(comment) :]}"


def _require_comments(three: _Three, written: str) -> None:
    """See to it that no new comment of theirs is lost where the sides write a value in different ways.

    Raises:
        FileFault: one would be.
    """
    if any(comment not in written for comment in _comments(three.theirs) - _comments(three.base)):
        message = "one side has comments where the other side writes the same value in another way"
        raise FileFault(message, hint="merge it by hand")


def _comments(unit: Unit | None) -> set[str]:
    """List what looks like a comment in the lines of a unit."""
    return {found.strip() for found in _COMMENT.findall(unit.body)} if unit is not None else set()


def _merged_comment(three: _Three, *, heads: bool) -> str:
    """Merge the comments beside a key or a value; where both sides changed it, both stay."""
    base, ours, theirs = (_comment(unit, heads=heads) for unit in (three.base, three.ours, three.theirs))
    if three.theirs is None or theirs in {base, ours}:
        return ours
    return theirs if ours == base else f"{ours} {theirs.strip()}" if theirs else ours


def _comment(unit: Unit | None, *, heads: bool) -> str:
    """Find the comment beside a key or a value, with the spaces before it."""
    if unit is None:
        return ""
    at = _comment_start(unit, heads=heads)
    found = unit.text[at : line_end(unit.text, at)]
    return found if found.strip().startswith("#") else ""


def _comment_start(unit: Unit, *, heads: bool) -> int:
    """Find where the comment beside a key or a value would begin."""
    if unit.key is None:
        return content_end(unit.text, unit.node) if unit.node is not None else unit.end
    if heads or unit.node is None:
        return colon_end(unit.text, unit.key)
    return value_end(unit.text, (unit.key, unit.node))


def _shifted(text: str, columns: int) -> str:
    """Move lines to the right, or to the left as far as there are spaces."""
    if columns >= 0:
        return _LINE.sub(" " * columns, text) if columns else text
    return re.sub(rf"^ {{0,{-columns}}}", "", text, flags=re.MULTILINE)


def _join(blocks: tuple[Block, ...]) -> str:
    """Write comments."""
    return "".join(block.text for block in blocks)
