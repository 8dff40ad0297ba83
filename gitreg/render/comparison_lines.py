"""The rows of a comparison as texts, for a terminal and for Markdown alike."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from gitreg.core.compare_rows import compare_hashes
from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import Comparison, DataRow, FieldRow, Kind, PackageRow, Trend, ValueRow, is_same, pair_params
from gitreg.core.entries import Pointer
from gitreg.core.equality import are_same
from gitreg.core.facts import Missing
from gitreg.core.importance import BESIDE, AnyRow
from gitreg.core.package_changes import state_package
from gitreg.core.pipelines import Material
from gitreg.core.value_texts import format_delta, format_value, format_values
from gitreg.core.words import format_count
from gitreg.render.text import format_size

UNKNOWN: Final = "?"
_LONGEST_HASH: Final = 8  # characters of a hash by which a person tells two apart
_LONGEST_TEXT: Final = 60
_LONGEST_CELL: Final = 160


class Line(NamedTuple):
    """A row of the table: what kind of thing, its name, a text for each side, and what changed on each but the first."""

    what: str
    name: str
    cells: tuple[str, ...]
    changes: tuple[str, ...]


def list_lines(comparison: Comparison, *, everything: bool) -> list[Line]:
    """List a row for each thing that differs.

    Args:
        comparison: what was found.
        everything: whether to list what is the same, too.
    """
    lines = [
        *(_write_value("metric", row) for row in _pick(comparison.metrics, everything=everything)),
        *(
            _write_param(made, written)
            for made, written in pair_params(comparison)
            if everything or not is_same(made) or not set(written.kinds) <= {Kind.SAME, Kind.UNKNOWN}
        ),
        *(_write_data(row) for row in _pick(comparison.data, everything=everything)),
        *(_write_package(row) for row in _pick(comparison.packages, everything=everything)),
        *(write_field(row) for row in _pick(comparison.fields, everything=everything)),
        *(line for line in _write_pointers(comparison) if everything or any(line.changes)),
    ]
    return [line._replace(name=_cut(line.name), cells=tuple(map(_cut, line.cells))) for line in lines]


def _cut(text: str) -> str:
    """Cut what nobody reads in a table."""
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}..."


def _pick(rows: Iterable[AnyRow], *, everything: bool) -> Iterator[AnyRow]:
    """Leave out what is the same."""
    return (row for row in rows if everything or not is_same(row))


def _write_value(what: str, row: ValueRow) -> Line:
    """Write a metric or parameter."""
    changes = []
    for kind, delta, trend in zip(row.kinds, row.deltas, row.trends, strict=True):
        known = trend.value if trend in {Trend.BETTER, Trend.WORSE} and trend is not None else ""
        changes.append(_join(_say(kind) if delta is None else format_delta(delta), known) if kind is not Kind.SAME else "")
    return Line(what, row.label, _mark(format_values(row.values), row.kinds), tuple(changes))


def _write_param(made: ValueRow, written: ValueRow) -> Line:
    """Write a parameter that versions were made with, and beside it what a file says that has another value."""
    line = _write_value("param", made)
    pairs = zip(made.values, written.values, strict=True)
    are_run = [other is Missing.MISSING or are_same(value, other) for value, other in pairs]
    texts = zip(line.cells, are_run, written.files, format_values(written.values), strict=True)
    cells = tuple(cell if is_run else f"{cell or UNKNOWN} ({file}: {text})" for cell, is_run, file, text in texts)
    return line._replace(cells=cells, changes=tuple(_say_run(made, written, line.changes, are_run)))


def _say_run(made: ValueRow, written: ValueRow, changes: Sequence[str], are_run: Sequence[bool]) -> Iterator[str]:
    """Say behind what happened to a parameter whether it may have had a part in it."""
    for change, kind, other, is_run in zip(changes, made.kinds, written.kinds, are_run[1:], strict=True):
        if kind is Kind.SAME and other not in {Kind.SAME, Kind.UNKNOWN}:
            yield "in the file only" if is_run else "not run"
        else:
            is_beside = made.is_beside and kind not in {Kind.SAME, Kind.UNKNOWN}
            yield f"{change}, {BESIDE}" if is_beside else change


def _write_data(row: DataRow) -> Line:
    """Write a file or folder; where it moved, each side names its path."""
    paths = {material.path for material in row.materials if material is not None}
    cells = [_describe_material(material, with_path=len(paths) > 1) for material in row.materials]
    return Line("data", min(paths), _mark(cells, row.kinds), tuple(map(_say, row.kinds)))


def _describe_material(material: Material | None, *, with_path: bool) -> str:
    """Write the hash and size of data."""
    if material is None:
        return ""
    count = format_count(material.files, "file") if material.files is not None else ""
    size = format_size(material.size) if material.size is not None else ""
    known = _join(shorten_hash(material.hash), size, f"in {count}" if count else "")
    return _join(material.path if with_path else "", known) or UNKNOWN


def shorten_hash(text: str | None) -> str:
    """Cut a hash to what tells it from others, with the mark of a folder."""
    algorithm, _, digest = (text or "").rpartition(":")
    return f"{algorithm}:{digest[:_LONGEST_HASH]}" if algorithm else digest[:_LONGEST_HASH]


def _write_package(row: PackageRow) -> Line:
    """Write a package; a range is no version, so nobody knows whether what was installed is another one."""
    states = [state_package(found) for found in row.packages]
    cells = [" and ".join(state.texts) if found else "" for state, found in zip(states, row.packages, strict=True)]
    changes = []
    for kind, major in zip(row.kinds, row.major, strict=True):
        step = {True: "(major)", False: "", None: "(no exact version)"}[major] if kind is Kind.CHANGED else ""
        changes.append(_join(_say(kind), step))
    return Line("package", row.name, _mark(cells, row.kinds), tuple(changes))


def write_field(row: FieldRow) -> Line:
    """Write a field of the entry."""
    cells = [_write_any(value) for value in row.values]
    return Line("entry", row.name, _mark(cells, row.kinds), tuple(map(_say, row.kinds)))


def _write_any(value: object) -> str:
    """Write whatever stands in a field, in short."""
    if value is None or isinstance(value, str | bool | int | float):
        return "" if value is None else format_value(value)
    if isinstance(value, tuple) and all(isinstance(item, str) for item in value):
        text = ", ".join(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=_to_plain)
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}..."


def _to_plain(value: object) -> object:
    """Make what JSON can write of a mapping of any kind, and a text of all else."""
    return dict(value) if isinstance(value, Mapping) else str(value)


def _write_pointers(comparison: Comparison) -> Iterator[Line]:
    """Write where the bytes are, how many, and their hash."""
    pointers = comparison.pointers
    if any(pointer is not None for pointer in pointers):
        lost = [bool(list_unread(side.facts)) for side in comparison.sides]
        yield _write_place("path", [pointer.path if pointer else "" for pointer in pointers], lost)
        yield _write_place("size", [_describe_size(pointer) for pointer in pointers], lost)
        hashes = [pointer.hash if pointer else None for pointer in pointers]
        judged = enumerate(zip(hashes[1:], comparison.same_bytes, strict=True), 1)
        kinds = [_judge_hashes(hashes[0], other, lost=lost[0] or lost[number], same=same) for number, (other, same) in judged]
        yield Line("bytes", "hash", _mark([shorten_hash(digest) for digest in hashes], kinds), tuple(map(_say, kinds)))


def _judge_hashes(one: str | None, other: str | None, *, lost: bool, same: bool | None) -> Kind:
    """Say whether bytes changed; a hash may be missing because of a broken file, and one of another kind says nothing itself."""
    if one is None or other is None:
        return Kind.UNKNOWN if lost and one is not other else Kind.SAME
    known = compare_hashes(one, other) if same is None else same
    return Kind.UNKNOWN if known is None else Kind.SAME if known else Kind.CHANGED


def _write_place(name: str, cells: Sequence[str], lost: Sequence[bool]) -> Line:
    """Write one thing of where the bytes are; what is missing where a file could not be read is not known to be missing."""
    kinds = [_judge_place(cells, lost, number) for number in range(1, len(cells))]
    return Line("bytes", name, _mark(cells, kinds), tuple(map(_say, kinds)))


def _judge_place(cells: Sequence[str], lost: Sequence[bool], number: int) -> Kind:
    """Compare one side with the first one."""
    if cells[0] == cells[number]:
        return Kind.SAME
    is_unknown = (lost[0] and not cells[0]) or (lost[number] and not cells[number])
    return Kind.UNKNOWN if is_unknown else Kind.CHANGED


def _describe_size(pointer: Pointer | None) -> str:
    """Write the size of an artifact."""
    if pointer is None or pointer.size is None:
        return ""
    return _join(format_size(pointer.size), f"in {format_count(pointer.files, 'file')}" if pointer.files is not None else "")


def _mark(cells: Sequence[str], kinds: Sequence[Kind]) -> tuple[str, ...]:
    """Mark with a question mark what is missing only because a file could not be read."""
    unknown = [Kind.UNKNOWN in kinds, *(kind is Kind.UNKNOWN for kind in kinds)]
    return tuple(UNKNOWN if lost and not cell else cell for cell, lost in zip(cells, unknown, strict=True))


def _say(kind: Kind) -> str:
    """Write what happened; nothing where nothing did."""
    return "" if kind is Kind.SAME else "not known" if kind is Kind.UNKNOWN else kind.value


def _join(*texts: str) -> str:
    """Put the texts that there are side by side."""
    return " ".join(text for text in texts if text)
