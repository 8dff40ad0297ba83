"""What an export wrote: in lines for a person, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gitreg.core.exported import Exported
from gitreg.core.words import format_count
from gitreg.render.json_values import Shape, shape_problem
from gitreg.render.unread import describe_problem


def describe_exported(exported: Exported) -> str:
    """Say what was written, in one line."""
    first, *others = (f"{table.rows:,} {{}}of {table.name}" for table in exported.tables)
    rows = ", ".join([first.format("row " if exported.tables[0].rows == 1 else "rows "), *(other.format("") for other in others)])
    return f"Exported {format_count(exported.versions, 'version')} to {exported.target}: {rows}"


def describe_problems(exported: Exported) -> Iterator[str]:
    """Say what could not be read, each thing once."""
    for found in exported.problems:
        if found.problem.tag is not None and found.problem.file is None:
            yield f"{found.problem.tag}: {found.problem.message}"
        else:
            yield describe_problem(found.problem, [" ".join(version) for version in found.versions], found.count)
    if exported.more:
        yield f"{format_count(exported.more, 'other problem')}; see: gitreg export --json"


def shape_exported(exported: Exported) -> Shape:
    """Shape what `export` answers."""
    return {
        "format": exported.format.value,
        "target": exported.target,
        "versions": exported.versions,
        "tables": [{"name": table.name, "rows": table.rows, "file": table.file} for table in exported.tables],
        "problems": [
            {**shape_problem(found.problem), "versions": found.count, "first_versions": _shape_versions(found.versions)}
            for found in exported.problems
        ],
        "more_problems": exported.more,
    }


def _shape_versions(versions: Iterable[tuple[str, str]]) -> list[Shape]:
    """Shape the names of versions."""
    return [{"artifact": artifact, "version": version} for artifact, version in versions]
