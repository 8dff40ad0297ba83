"""What an export wrote: in lines for a person, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from gitreg.core.exports import Exported
from gitreg.core.words import format_count
from gitreg.render.json_values import Shape, shape_problem


def describe_exported(exported: Exported) -> str:
    """Say what was written, in one line."""
    first, *others = (f"{table.rows:,} {{}}of {table.name}" for table in exported.tables)
    rows = ", ".join([first.format("row " if exported.tables[0].rows == 1 else "rows "), *(other.format("") for other in others)])
    return f"Exported {format_count(exported.versions, 'version')} to {exported.target}: {rows}"


def describe_problems(exported: Exported) -> Iterator[str]:
    """Say what could not be read, each thing once."""
    for problem, count in exported.problems:
        place = problem.file or problem.tag
        versions = f" ({format_count(count, 'version')})" if problem.tag is None else ""
        yield f"{f'{place}: ' if place else ''}{problem.message}{versions}"
    if exported.more:
        yield f"{format_count(exported.more, 'other problem')}; see: gitreg export --json"


def shape_exported(exported: Exported) -> Shape:
    """Shape what `export` answers."""
    return {
        "format": exported.format.value,
        "target": exported.target,
        "versions": exported.versions,
        "tables": [{"name": table.name, "rows": table.rows, "file": table.file} for table in exported.tables],
        "problems": [{**shape_problem(problem), "versions": count} for problem, count in exported.problems],
        "more_problems": exported.more,
    }
