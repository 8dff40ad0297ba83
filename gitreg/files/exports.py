"""Writing tables: a file or a folder of files that are new, each row as it comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO, TypeAlias

from gitreg.core.exports import ExportTable, Format, Row
from gitreg.files.export_text import format_csv_header, format_csv_row, format_json_row
from gitreg.files.table_writer import TableWriter

Write: TypeAlias = Callable[[str], object]
"""Takes a piece of text."""


class TextWriter(TableWriter):
    """Writes JSON lines or CSV.

    Args:
        tables: those that there will be rows of.
        kind: `Format.JSONL` or `Format.CSV`.
        outputs: takes the text of each table, by its name.
    """

    def __init__(self, tables: Sequence[ExportTable], kind: Format, outputs: dict[str, Write]) -> None:
        """Write the headers."""
        self._tables = {table.name: table for table in tables}
        self._outputs = outputs
        self._format = format_csv_row if kind is Format.CSV else format_json_row
        self.files = ExitStack()
        for table in tables if kind is Format.CSV else ():
            outputs[table.name](format_csv_header(table))

    def write(self, row: Row) -> None:
        """Write a row."""
        self._outputs[row.table](self._format(self._tables[row.table], row.cells))

    def close(self, *, whole: bool = True) -> None:
        """Close the files."""
        del whole
        self.files.close()


def open_writer(tables: Sequence[ExportTable], kind: Format, place: Path) -> TableWriter:
    """Begin to write tables.

    Args:
        tables: those that there will be rows of.
        kind: how.
        place: of the file; where `files_of` names several, of the folder, which is there and empty.

    Raises:
        UsageFault: a library for it is not installed.
        OSError: the system does not let us.
    """
    match kind:
        case Format.SQLITE:
            from gitreg.files.export_sqlite import SqliteWriter

            return SqliteWriter(tables, place)
        case Format.PARQUET:
            from gitreg.files.export_parquet import ParquetTables

            return ParquetTables(tables, files_of(tables, kind, place))
        case _:
            return _open_text(tables, kind, files_of(tables, kind, place))


def files_of(tables: Sequence[ExportTable], kind: Format, place: Path) -> dict[str, Path]:
    """Say in which file each table is: all in one of SQLite, a single table in the file itself, and else one file for each."""
    if is_one_file(tables, kind):
        return {table.name: place for table in tables}
    return {table.name: place / file_name(table, kind) for table in tables}


def is_one_file(tables: Sequence[ExportTable], kind: Format) -> bool:
    """Say whether tables are written into one file, and not into a folder."""
    return kind is Format.SQLITE or len(tables) == 1


def file_name(table: ExportTable, kind: Format) -> str:
    """Name the file of a table in a folder."""
    return f"{table.name}.{kind.value}"


def _open_text(tables: Sequence[ExportTable], kind: Format, files: dict[str, Path]) -> TextWriter:
    """Open text files."""
    with ExitStack() as stack:
        opened: dict[str, TextIO] = {
            name: stack.enter_context(place.open("x", encoding="utf-8", newline="")) for name, place in files.items()
        }
        writer = TextWriter(tables, kind, {name: file.write for name, file in opened.items()})
        writer.files = stack.pop_all()
        return writer
