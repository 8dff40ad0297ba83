"""Tables as Parquet, through pyarrow, which is an extra."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gitreg.core.exports import Cell, ColumnType, ExportTable, Row
from gitreg.errors import UsageFault
from gitreg.files.table_writer import TableWriter

_TOGETHER: Final = 20_000  # rows that are written at once
_MOST_TEXT: Final = 16 << 20  # characters that wait to be written


class ParquetTables(TableWriter):
    """Writes each table into a file of its own.

    Args:
        tables: those that there will be rows of.
        files: where each of them goes, by its name.

    Raises:
        UsageFault: pyarrow is not installed.
        OSError: a file cannot be made.
    """

    def __init__(self, tables: Sequence[ExportTable], files: Mapping[str, Path]) -> None:
        """Open the files."""
        require_pyarrow()
        self._files: dict[str, _ParquetFile] = {}
        try:
            for table in tables:
                self._files[table.name] = _ParquetFile(table, files[table.name])
        except BaseException:
            self.close(whole=False)
            raise

    def write(self, row: Row) -> None:
        """Take a row."""
        self._files[row.table].take(row.cells)

    def close(self, *, whole: bool = True) -> None:
        """Write what is left, and close the files."""
        for file in self._files.values():
            file.close(whole=whole)


class _ParquetFile:
    """The file of one table."""

    def __init__(self, table: ExportTable, place: Path) -> None:
        """Open it."""
        from pyarrow import parquet

        self._schema = _make_schema(table)
        self._waiting: list[tuple[Cell, ...]] = []
        self._text = 0
        place.touch(exist_ok=False)
        self._writer: Any = parquet.ParquetWriter(place, self._schema, compression="zstd")

    def take(self, cells: tuple[Cell, ...]) -> None:
        """Take a row; write those that wait if they are many, or much."""
        self._waiting.append(cells)
        self._text += sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(self._waiting) >= _TOGETHER or self._text > _MOST_TEXT:
            self._send()

    def close(self, *, whole: bool) -> None:
        """Write what is left, and the end of the file."""
        if whole:
            self._send()
            self._writer.close()
        else:
            with suppress(Exception):  # there is an error already, which says more
                self._writer.close()

    def _send(self) -> None:
        """Write the rows that wait."""
        import pyarrow as pa

        columns = zip(*self._waiting, strict=True) if self._waiting else [()] * len(self._schema)
        arrays = [pa.array(cells, type=field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        self._waiting.clear()
        self._text = 0


def require_pyarrow() -> None:
    """Make sure that pyarrow is installed.

    Raises:
        UsageFault: it is not.
    """
    try:
        import pyarrow.parquet  # noqa: F401  it is asked for here, so that nothing is read in vain
    except ImportError as error:
        message = "Parquet is written through pyarrow, which is not installed"
        raise UsageFault(message, hint="pip install 'gitreg-ml[parquet]'; or choose --format sqlite") from error


def _make_schema(table: ExportTable) -> Any:
    """Say what the columns are."""
    import pyarrow as pa

    types = {
        ColumnType.TEXT: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.NUMBER: pa.float64(),
        ColumnType.BOOLEAN: pa.bool_(),
        ColumnType.TIME: pa.timestamp("s", tz="UTC"),
        ColumnType.LIST: pa.list_(pa.string()),
    }
    return pa.schema(
        pa.field(column.name, types[column.type], nullable=not column.required, metadata={"meaning": column.meaning})
        for column in table.columns
    )
