"""What `compare` found, as Markdown for a pull request, an issue or a page: inert, whatever the repository holds."""

from __future__ import annotations

from collections.abc import Iterator

from gitreg.core.compared import Comparison, Point
from gitreg.render.comparison import (
    MOST_COMMITS,
    PAIR,
    describe_nothing,
    describe_problems,
    list_cells,
    list_codes,
    list_files,
    list_schema,
    title_columns,
    title_of,
)
from gitreg.render.comparison_lines import list_lines
from gitreg.render.markdown import escape_markdown, format_markdown_table, quote_markdown
from gitreg.render.text import format_commit, format_day


def render_markdown(comparison: Comparison, *, everything: bool = False) -> str:
    """Write sides next to each other.

    Args:
        comparison: what was found.
        everything: whether to write what is the same, too.
    """
    return "\n".join(_write_parts(comparison, everything=everything))


def _write_parts(comparison: Comparison, *, everything: bool) -> Iterator[str]:
    """Write headings, lists and tables."""
    yield f"### {escape_markdown(title_of(comparison))}\n"
    points = [_write_point(comparison, point) for point in comparison.important]
    yield "".join(f"- {point}\n" for point in points or [escape_markdown(describe_nothing(comparison))])
    lines = list_lines(comparison, everything=everything)
    if lines:
        rows = [[cell if number == 0 else quote_markdown(cell) for number, cell in enumerate(list_cells(line))] for line in lines]
        yield format_markdown_table([escape_markdown(title) for title in title_columns(comparison)], rows)
    if any(comparison.schema):
        yield "#### Schema\n"
        listed = [(escape_markdown(side), quote_markdown(text), means) for side, text, means in list_schema(comparison)]
        yield format_markdown_table(("side", "change", "means"), listed)
    for title, code in list_codes(comparison):
        yield f"#### {escape_markdown(title[:1].upper() + title[1:])}\n"
        yield f"{quote_markdown(list_files(code))}\n"
        commits = [
            (
                quote_markdown(format_commit(found.commit)),
                format_day(found.at),
                quote_markdown(found.author),
                quote_markdown(found.subject),
            )
            for found in code.commits[:MOST_COMMITS]
        ]
        if commits:
            yield format_markdown_table(("commit", "date", "author", "subject"), commits)
    if comparison.problems or comparison.notes:
        yield "#### Not read\n"
        yield "".join(f"- {quote_markdown(text)}\n" for text in describe_problems(comparison))


def _write_point(comparison: Comparison, point: Point) -> str:
    """Write a sentence: our own words as text, those of the repository as code."""
    side = f"{comparison.sides[point.side].label}: " if len(comparison.sides) > PAIR else ""
    text = f"**{escape_markdown(side + point.text)}**"
    more = f" and {point.more} more" if point.more else ""
    return f"{text}: {', '.join(map(quote_markdown, point.details))}{more}" if point.details else text
