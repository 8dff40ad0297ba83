"""Tables as text: JSON lines, and CSV that a spreadsheet opens without running any of it."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from typing import Final

from gitreg.core.exports import Cell, ColumnType, ExportTable

_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
# At the start of a cell; and behind what a spreadsheet may take for the start of a cell or a line, since where a comma is the
# decimal sign it separates by semicolons. Source: https://owasp.org/www-community/attacks/CSV_Injection
_SIGNS: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_LEADING: Final = re.compile("[;\"'\\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]+")  # what a spreadsheet may leave out before a sign
_SEPARATOR: Final = re.compile(".*[;\t\r\n]", re.DOTALL)
_BREAKS: Final = frozenset("\t\r\n")
_CONTROL: Final = re.compile("(?![\n\t])[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def format_json_row(table: ExportTable, cells: tuple[Cell, ...]) -> str:
    """Write a row as a line of JSON: ASCII only, with all columns in their order, and times as ISO 8601."""
    pairs = zip(table.columns, cells, strict=True)
    row = {column.name: format_time(cell) if column.type is ColumnType.TIME else cell for column, cell in pairs}
    return json.dumps(row, ensure_ascii=True, allow_nan=False) + "\n"


def format_csv_header(table: ExportTable) -> str:
    """Write the names of the columns as a line of CSV."""
    return _format_line([column.name for column in table.columns])


def format_csv_row(table: ExportTable, cells: tuple[Cell, ...]) -> str:
    """Write a row as a line of CSV: a list as JSON, nothing for null."""
    return _format_line([format_csv_cell(cell, column.type) for column, cell in zip(table.columns, cells, strict=True)])


def format_csv_cell(cell: Cell, kind: ColumnType) -> str:
    r"""Write a value for a spreadsheet: text that it would take for a formula gets a ``'`` before it.

    Numbers stay numbers, also as text. Control characters become ``\xNN`` or ``\u{...}``, and nothing but they and that sign
    is another than it was; the other formats keep every text.

    Args:
        cell: the value.
        kind: the type of its column.
    """
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case tuple():
            text = json.dumps(cell)
        case str():
            text = cell
        case _:
            return str(format_time(cell) if kind is ColumnType.TIME else cell)
    if _NUMBER.fullmatch(text):
        return text
    quote = "'" if text[:1] in _BREAKS | _SIGNS else ""
    return quote + _CONTROL.sub(_escape, _LEADING.sub(_disarm, text))


def format_time(cell: Cell) -> str | None:
    """Write a time as ISO 8601: ``2026-01-31T09:30:00Z``.

    Args:
        cell: seconds since 1970, or None.
    """
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(cell)) if isinstance(cell, int) else None


def _format_line(cells: list[str]) -> str:
    """Write a line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()


def _disarm(found: re.Match[str]) -> str:
    """Put a sign between what begins a cell and what would be a formula; each run is looked at once, however long it is."""
    run = found[0]
    if found.string[found.end() : found.end() + 1] not in _SIGNS:
        return run
    separator = _SEPARATOR.match(run)
    if separator is None:
        return run if found.start() else f"'{run}"
    return f"{separator[0]}'{run[separator.end() :]}"


def _escape(found: re.Match[str]) -> str:
    """Write a control character as its number."""
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{{{code:x}}}"  # noqa: PLR2004  what two digits hold
