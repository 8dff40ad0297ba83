"""The verbs that hand the registry on: tables, and model cards."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Unpack

from gitreg.core.selectors import parse_selector
from gitreg.errors import UsageFault
from gitreg.registry.opened import Opened

if TYPE_CHECKING:  # values that are only named here: each command pays for its own
    from gitreg.core.exported import Exported
    from gitreg.core.exports import Format
    from gitreg.operations.options import ExportOptions


class Exporting(Opened):
    """What other programs and people take along."""

    def export(
        self,
        to: str | os.PathLike[str] | None = None,
        *,
        what: str | Iterable[str] = (),
        format: Format | str = "jsonl",  # noqa: A002  as the option is called
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

    def card(
        self,
        selector: str,
        to: str | os.PathLike[str] | None = None,
        *,
        force: bool = False,
        at: str | None = None,
        fetch: bool = False,
    ) -> str:
        """Write a model card: Markdown with the YAML at its head that Hugging Face reads.

        Args:
            selector: such as ``churn@v1.2.0``, ``churn@latest`` or ``churn#prod``.
            to: a file that it is written to as well; None: none.
            force: replace what is there.
            at: a moment; None: now.
            fetch: bring the remote's registry tags of the artifact first.

        Returns:
            The card. Whatever the repository holds is text in it: no link, no HTML, no mention.

        Raises:
            NotFound: the selector stands for nothing.
            Conflict: something is at the target.
            Unanswerable: this clone may lack tags.
        """
        from gitreg.core.hugging_face import make_front_matter
        from gitreg.files.front_matter import format_front_matter
        from gitreg.operations.card import load_card
        from gitreg.operations.new_target import write_text
        from gitreg.render.card import render_card

        parsed = parse_selector(selector)
        card = load_card(self._context, parsed, at=at, fetched=self._fetch(fetch=fetch, artifact=parsed.artifact))
        text = render_card(card, format_front_matter(make_front_matter(card)))
        if to is not None:
            write_text(os.fspath(to), text, force=force)
        return text


def _parse_format(text: str) -> Format:
    """Read the name of a format.

    Raises:
        UsageFault: there is none of that name.
    """
    from gitreg.core.exports import Format

    try:
        return Format(text)
    except ValueError as error:
        known = ", ".join(kind.value for kind in Format)
        raise UsageFault(f"there is no format {text!r}", hint=f"formats: {known}") from error
