"""`export`: the registry, and what files say of its versions, as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from gitreg.core.exported import CountedProblem, Exported, WrittenTable
from gitreg.core.exports import ExportTable, Format, Row, choose_tables
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_events, resolve_all
from gitreg.core.state import State, Version
from gitreg.errors import UsageFault
from gitreg.files.exports import TextWriter, file_name, files_of, is_one_file, open_writer
from gitreg.files.table_writer import TableWriter
from gitreg.operations.context import Context
from gitreg.operations.export_relatives import Relatives
from gitreg.operations.export_rows import list_event_rows, list_fact_rows
from gitreg.operations.load_tags import load_tags
from gitreg.operations.new_target import choose_place, new_target, refuse_taken, shorten
from gitreg.operations.show import choose_time
from gitreg.operations.wholeness import require_whole

_MOST_PROBLEMS: Final = 20  # that are named
_MOST_NAMED: Final = 3  # versions that each of them is of

Write: TypeAlias = Callable[[str], object]
"""Takes a piece of text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporting:
    """What to export, and how.

    Attributes:
        tables: names, as for `choose_tables`.
        format: how tables are written.
        to: the file or folder; None: `write` takes the text of a single table.
        force: replace what is there.
        active: leave out versions that are deregistered, and all of deprecated artifacts.
        at: a moment; None: now.
    """

    tables: Sequence[str] = ()
    format: Format = Format.JSONL
    to: str | None = None
    write: Write | None = None
    force: bool = False
    active: bool = False
    at: str | None = None


class _Tally:
    """Counts rows, and gathers problems: the same one of several versions once."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows: dict[str, int] = {}
        self.problems: dict[tuple[str, str | None, str], CountedProblem] = {}
        self.more: set[tuple[str, str | None, str]] = set()

    def report(self, problems: Iterable[Problem], version: Version | None = None) -> None:
        """Take the problems of one version, or of tags."""
        for key, problem in {(found.code, found.file or found.tag, found.message): found for found in problems}.items():
            if key in self.problems or len(self.problems) < _MOST_PROBLEMS:
                known = self.problems.get(key) or CountedProblem(problem, 0)
                is_named = version is not None and len(known.versions) < _MOST_NAMED
                named = (*known.versions, (version.artifact, version.version)) if version and is_named else known.versions
                self.problems[key] = CountedProblem(known.problem, known.count + 1, named)
            elif len(self.more) < _MOST_PROBLEMS**3:
                self.more.add(key)

    def count(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Count rows as they pass."""
        for row in rows:
            self.rows[row.table] = self.rows.get(row.table, 0) + 1
            yield row


def export(context: Context, wanted: Exporting, *, fetched: bool = False) -> Exported:
    """Write tables.

    Raises:
        UsageFault: there is no such table, the format needs a file, or a library is not installed.
        Conflict: something is at the target.
        Unanswerable: this clone may lack tags.
        ExternalFault: the disk does not take it; nothing is left behind.
    """
    tables = choose_tables(wanted.tables)
    target = _choose_target(tables, wanted)
    if not fetched:
        require_whole(context.repository.location)
    tags = load_tags(context.repository, at=choose_time(context, wanted.at))
    state = reduce_events(tags.events)
    versions = list_versions(state, active=wanted.active)
    tally = _Tally()
    tally.report((*tags.problems, *state.problems))
    with _writing(tables, wanted, target) as writer:
        if any(table.name == "events" for table in tables):
            for row in tally.count(list_event_rows(resolve_all(tags.events))):
                writer.write(row)
        relatives = Relatives(context.repository.objects, state, tags.events)
        for row in tally.count(_list_rows(context, tables, relatives, versions, tally)):
            writer.write(row)
    return _describe(tables, wanted, target, tally, len(versions))


def list_versions(state: State, *, active: bool) -> list[Version]:
    """List versions as `show` does: artifacts by name, the greatest version of each first."""
    artifacts = [artifact for artifact in state.artifacts.values() if not (active and artifact.deprecated)]
    return [version for artifact in artifacts for version in artifact.versions if version.active or not active]


def _list_rows(
    context: Context, tables: Sequence[ExportTable], relatives: Relatives, versions: Sequence[Version], tally: _Tally
) -> Iterator[Row]:
    """List the rows of all tables of versions, and report what could not be read."""
    for version, problems, rows in list_fact_rows(context, relatives, versions, frozenset(table.name for table in tables)):
        tally.report(problems, version)
        yield from rows


def _choose_target(tables: Sequence[ExportTable], wanted: Exporting) -> Path | None:
    """Say where the tables go, if they may go there; None: to whoever takes text.

    Raises:
        UsageFault: not all that is wanted can be given as one text.
        Conflict: something is there.
    """
    if wanted.to is None:
        if wanted.format in {Format.SQLITE, Format.PARQUET}:
            raise UsageFault(f"{wanted.format.value} is no text, so it needs a place", hint="say where to: -o PATH")
        if len(tables) > 1:
            hint = (
                f"choose a table: --what versions; or name a folder: -o DIR; tables: {', '.join(table.name for table in tables)}"
            )
            raise UsageFault(f"{len(tables)} tables do not fit into one text", hint=hint)
        if wanted.write is None:
            raise UsageFault("nothing says where to", hint="name a file or folder")
        return None
    target = choose_place(wanted.to)
    names = {file_name(table, wanted.format) for table in tables}
    refuse_taken(
        target,
        is_folder=not is_one_file(tables, wanted.format),
        force=wanted.force,
        is_ours=lambda folder: (
            names >= {place.name for place in folder.iterdir() if not place.is_dir() or place.is_symlink()}
            and not any(place.is_dir() for place in folder.iterdir())
        ),
    )
    return target


@contextmanager
def _writing(tables: Sequence[ExportTable], wanted: Exporting, target: Path | None) -> Iterator[TableWriter]:
    """Open what takes rows; in the end all is in its place, or nothing is."""
    if target is None:
        assert wanted.write is not None  # noqa: S101  see `_choose_target`
        yield TextWriter(tables, wanted.format, {tables[0].name: wanted.write})
        return
    with new_target(target, is_folder=not is_one_file(tables, wanted.format), force=wanted.force) as place:
        writer = open_writer(tables, wanted.format, place)
        try:
            yield writer
        except BaseException:
            writer.close(whole=False)
            raise
        writer.close()


def _describe(tables: Sequence[ExportTable], wanted: Exporting, target: Path | None, tally: _Tally, versions: int) -> Exported:
    """Say what was written."""
    files = {name: shorten(place) for name, place in files_of(tables, wanted.format, target).items()} if target else {}
    return Exported(
        format=wanted.format,
        tables=tuple(
            WrittenTable(name=table.name, rows=tally.rows.get(table.name, 0), file=files.get(table.name)) for table in tables
        ),
        versions=versions,
        target=shorten(target) if target else None,
        problems=tuple(tally.problems.values()),
        more=len(tally.more),
    )
