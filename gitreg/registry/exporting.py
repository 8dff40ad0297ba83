"""The verbs that hand the registry on: tables, and model cards."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Unpack

from gitreg.core.exports import Exported, Format
from gitreg.errors import UsageFault
from gitreg.operations.options import ExportOptions
from gitreg.registry.opened import Opened


class Exporting(Opened):
    """What other programs and people take along."""

    def export(
        self,
        to: str | os.PathLike[str] | None = None,
        *,
        what: str | Iterable[str] = (),
        format: Format | str = Format.JSONL,  # noqa: A002  as the option is called
        fetch: bool = False,
        **options: Unpack[ExportOptions],
    ) -> Exported:
        """Write the registry, and what the files of commits say of its versions, as tables.

        The tables, their columns and their types are `gitreg.core.exports.TABLES`.

        Args:
            to: the file; of several tables that are not SQLite the folder, with a file for each. None: the option `write`.
            what: names of tables: versions, events, metrics, params, packages, data, lineage; none: all.
            format: jsonl, csv, sqlite or parquet (which needs the extra ``parquet``).
            fetch: bring the remote's registry tags first.
            options: how to export.

        Returns:
            How many rows each table has, and what could not be read.

        Raises:
            UsageFault: there is no such table or format, several tables do not fit into one text, or pyarrow is not installed.
            Conflict: something is at the target.
            Unanswerable: this clone may lack tags.
            ExternalFault: the disk does not take it; nothing is left behind.
        """
        from gitreg.operations import export

        wanted = export.Exporting(
            tables=(what,) if isinstance(what, str) else tuple(what),
            format=_parse_format(format),
            to=None if to is None else os.fspath(to),
            **options,
        )
        return export.export(self._context, wanted, fetched=self._fetch(fetch=fetch))


def _parse_format(text: str) -> Format:
    """Read the name of a format.

    Raises:
        UsageFault: there is none of that name.
    """
    try:
        return Format(text)
    except ValueError as error:
        known = ", ".join(kind.value for kind in Format)
        raise UsageFault(f"there is no format {text!r}", hint=f"formats: {known}") from error
