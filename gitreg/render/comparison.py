"""What `compare` found, as blocks: first what is likely to matter, then a row for each thing that differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from gitreg.core.compared import CodeChange, Comparison, has_no_differences
from gitreg.core.importance import describe_code, format_point
from gitreg.core.problems import Problem
from gitreg.render.blocks import Block, Column, Fit, Lines, Table
from gitreg.render.comparison_lines import Line, list_lines
from gitreg.render.text import escape, format_commit, format_day

PAIR: Final = 2
MOST_COMMITS: Final = 10
"""Commits of a side that are shown to a person; JSON has more, and all are counted."""

_MOST_FILES: Final = 20


def render_comparison(comparison: Comparison, *, everything: bool = False) -> tuple[Block, ...]:
    """Show sides next to each other.

    Args:
        comparison: what was found.
        everything: whether to show what is the same, too.
    """
    blocks: list[Block] = [Lines(tuple(escape(line) for line in (title_of(comparison), *list_points(comparison))), fold=True)]
    lines = list_lines(comparison, everything=everything)
    if lines:
        blocks.append(_render_lines(comparison, lines))
    if any(comparison.schema):
        blocks.append(_render_schema(comparison))
    for title, code in list_codes(comparison):
        blocks += _render_code(title, code)
    return tuple(blocks)


def title_of(comparison: Comparison) -> str:
    """Name the sides."""
    first, *others = (side.label for side in comparison.sides)
    return f"{first} -> {', '.join(others)}"


def list_points(comparison: Comparison) -> list[str]:
    """List what is likely to matter, a sentence each, and equal bytes; with three sides or more each says of which it is."""
    several = len(comparison.sides) > PAIR
    texts = [
        f"- {f'{comparison.sides[point.side].label}: ' if several else ''}{format_point(point)}" for point in comparison.important
    ]
    return [*(texts or [f"- {describe_nothing(comparison)}"]), *(f"- {text}" for text in list_same_bytes(comparison))]


def list_same_bytes(comparison: Comparison) -> list[str]:
    """Say which sides have the bytes of the first one; of those that are the same in everything that goes without saying."""
    if has_no_differences(comparison):
        return []
    if comparison.same_bytes and all(comparison.same_bytes):
        return ["the bytes are the same"]
    same = zip(comparison.sides[1:], comparison.same_bytes, strict=True)
    return [f"{side.label}: the bytes are the same" for side, is_same in same if is_same]


def describe_nothing(comparison: Comparison) -> str:
    """Say what it means that nothing is likely to matter."""
    return "nothing differs" if has_no_differences(comparison) else "nothing differs that is likely to matter"


def describe_problems(comparison: Comparison) -> list[str]:
    """Say what could not be read, and where."""
    return [_describe_problem(problem) for problem in comparison.problems]


def _describe_problem(problem: Problem) -> str:
    """Say what could not be read."""
    place = f"{problem.file} " if problem.file else ""
    return f"{place}at commit {format_commit(problem.commit or '')}: {problem.message}"


def title_sides(comparison: Comparison) -> list[str]:
    """Write the titles of the columns: without the artifact, where there is but one."""
    artifacts = {side.facts.artifact for side in comparison.sides}
    prefix = f"{next(iter(artifacts))} " if len(artifacts) == 1 else ""
    return [side.label.removeprefix(prefix) for side in comparison.sides]


def title_columns(comparison: Comparison) -> list[str]:
    """Write the titles of all columns; with three sides or more, what changed stands in the cells."""
    return ["what", "name", *title_sides(comparison), *(["change"] if len(comparison.sides) == PAIR else [])]


def list_cells(line: Line) -> list[str]:
    """Write the cells of a row below those titles."""
    if len(line.changes) == 1:
        return [line.what, line.name, *line.cells, line.changes[0]]
    cells = (f"{cell} {change}".strip() for cell, change in zip(line.cells[1:], line.changes, strict=True))
    return [line.what, line.name, line.cells[0], *cells]


def list_codes(comparison: Comparison) -> Iterator[tuple[str, CodeChange]]:
    """List the changes of code that there are, each with a title; what several sides share, once."""
    found: dict[CodeChange, list[str]] = {}
    for side in comparison.sides[1:]:
        if side.code is not None and (side.code.files or side.code.ahead or side.code.behind):
            found.setdefault(side.code, []).append(side.label)
    for code, labels in found.items():
        of_whom = f" of {' and of '.join(dict.fromkeys(labels))}" if len(comparison.sides) > PAIR else ""
        yield f"code{of_whom}: {describe_code(code)}", code


def list_schema(comparison: Comparison) -> list[tuple[str, str, str]]:
    """List changes of the schema: on which side, what, and what it means for those who call."""
    titles = title_sides(comparison)
    return [
        (titles[number], change.text, "breaks callers" if change.breaking else "breaks nobody")
        for number, changes in enumerate(comparison.schema, 1)
        for change in changes
    ]


def list_files(code: CodeChange) -> str:
    """List the files of the code that differ, in one text."""
    named = [f"{file.path} {file.kind.value}" for file in code.files[:_MOST_FILES]]
    more = len(code.files) - len(named)
    return ", ".join([*named, *([f"{more} more"] if more else [])])


def _render_lines(comparison: Comparison, lines: Sequence[Line]) -> Table:
    """Show what differs; names and values are folded where the terminal is narrow."""
    titles = title_columns(comparison)
    columns = (Column(titles[0]), *(Column(title, Fit.FOLD) for title in titles[1:]))
    return Table(columns=columns, rows=tuple(tuple(list_cells(line)) for line in lines))


def _render_schema(comparison: Comparison) -> Table:
    """Show the changes of the schema."""
    skipped = 0 if len(comparison.sides) > PAIR else 1
    columns = (Column("side"), Column("change", Fit.FOLD), Column("means"))
    return Table(columns=columns[skipped:], rows=tuple(row[skipped:] for row in list_schema(comparison)), title="schema")


def _render_code(title: str, code: CodeChange) -> Iterator[Block]:
    """Show files and the newest commits."""
    yield Lines((escape(f"{title}: {list_files(code)}" if code.files else title),), fold=True)
    if code.commits:
        columns = (Column("commit"), Column("date"), Column("author", Fit.FOLD), Column("subject", Fit.FOLD))
        rows = tuple(
            (format_commit(found.commit), format_day(found.at), found.author, found.subject)
            for found in code.commits[:MOST_COMMITS]
        )
        yield Table(columns=columns, rows=rows)
