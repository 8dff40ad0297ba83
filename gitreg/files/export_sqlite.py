"""Tables as a database of SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gitreg.core.exports import Cell, Column, ColumnType, ExportTable, Row
from gitreg.files.export_text import format_time
from gitreg.files.table_writer import TableWriter

_TOGETHER: Final = 1000  # rows that are handed over at once
_TYPES: Final = {
    ColumnType.TEXT: "TEXT",
    ColumnType.INTEGER: "INTEGER",
    ColumnType.NUMBER: "REAL",
    ColumnType.BOOLEAN: "INTEGER",
    ColumnType.TIME: "TEXT",
    ColumnType.LIST: "TEXT",
}


class SqliteWriter(TableWriter):
    """Writes all tables into one file: booleans as 0 and 1, times as ISO 8601, lists as JSON.

    Args:
        tables: those that there will be rows of.
        place: of the file, which is not there yet.
    """

    def __init__(self, tables: Sequence[ExportTable], place: Path) -> None:
        """Make the tables."""
        place.touch(exist_ok=False)
        self._tables = {table.name: table for table in tables}
        self._waiting: dict[str, list[list[Cell]]] = {table.name: [] for table in tables}
        self._database = sqlite3.connect(place, isolation_level=None)
        try:
            # The file is of no use before it has its name, so a journal would only be written twice.
            for setting in ("journal_mode = OFF", "synchronous = OFF", "user_version = 1"):
                self._run(f"PRAGMA {setting}")
            for table in tables:
                self._run(_define(table))
            self._run("BEGIN")
        except BaseException:
            self._database.close()
            raise

    def write(self, row: Row) -> None:
        """Take a row."""
        waiting = self._waiting[row.table]
        waiting.append([_adapt(column, cell) for column, cell in zip(self._tables[row.table].columns, row.cells, strict=True)])
        if len(waiting) >= _TOGETHER:
            self._send(row.table)

    def close(self, *, whole: bool = True) -> None:
        """Write what is left, and the indices."""
        try:
            if whole:
                for name in self._waiting:
                    self._send(name)
                self._run("COMMIT")
                for table in self._tables.values():
                    columns = [column.name for column in table.columns if column.name in {"artifact", "version"}]
                    self._run(f"CREATE INDEX {table.name}_key ON {table.name} ({', '.join(columns)})")
        finally:
            self._database.close()

    def _send(self, name: str) -> None:
        """Insert rows."""
        signs = ", ".join("?" * len(self._tables[name].columns))
        try:
            self._database.executemany(f"INSERT INTO {name} VALUES ({signs})", self._waiting[name])  # noqa: S608  names are ours
        except sqlite3.Error as error:
            raise OSError(None, f"SQLite: {error}") from error
        self._waiting[name].clear()

    def _run(self, statement: str) -> None:
        """Run a statement of ours."""
        try:
            self._database.execute(statement)
        except sqlite3.Error as error:
            raise OSError(None, f"SQLite: {error}") from error


def _define(table: ExportTable) -> str:
    """Write the statement that makes a table."""
    columns = (f'"{column.name}" {_TYPES[column.type]}{" NOT NULL" if column.required else ""}' for column in table.columns)
    return f"CREATE TABLE {table.name} ({', '.join(columns)})"


def _adapt(column: Column, cell: Cell) -> Cell:
    """Make a value one that SQLite has."""
    if isinstance(cell, tuple):
        return json.dumps(cell, ensure_ascii=False)
    return format_time(cell) if column.type is ColumnType.TIME else cell
