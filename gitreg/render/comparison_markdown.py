"""What `compare` found, as Markdown for a pull request, an issue or a page: inert, whatever the repository holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from shlex import quote
from typing import Final

from gitreg.core.compared import Comparison, Point
from gitreg.render.comparison import (
    MOST_COMMITS,
    PAIR,
    describe_nothing,
    describe_problems,
    list_cells,
    list_codes,
    list_files,
    list_same_bytes,
    list_schema,
    title_columns,
    title_of,
)
from gitreg.render.comparison_lines import list_lines
from gitreg.render.markdown import escape_markdown, format_markdown_row, format_markdown_table, quote_markdown
from gitreg.render.markdown_limit import MOST_BYTES, Part, limit_markdown
from gitreg.render.text import format_commit, format_day

_MOST_NAMED: Final = 4  # sides of a command that is shown


def render_markdown(comparison: Comparison, *, everything: bool = False, limit: int = MOST_BYTES) -> str:
    """Write sides next to each other.

    Args:
        comparison: what was found.
        everything: whether to write what is the same, too.
        limit: bytes; what is longer loses rows, and says how many.
    """
    parts = [*_write_parts(comparison, everything=everything)]
    return limit_markdown(parts, command=_write_command(comparison, everything=everything), limit=limit)


def _write_parts(comparison: Comparison, *, everything: bool) -> Iterator[Part]:
    """Write headings, lists and tables."""
    points = [_write_point(comparison, point) for point in comparison.important]
    points = points or [escape_markdown(describe_nothing(comparison))]
    verdict = "".join(f"- {point}\n" for point in (*points, *map(escape_markdown, list_same_bytes(comparison))))
    yield Part(kept=f"### {escape_markdown(title_of(comparison))}\n\n{verdict}")
    lines = list_lines(comparison, everything=everything)
    if lines:
        rows = [[cell if number == 0 else quote_markdown(cell) for number, cell in enumerate(list_cells(line))] for line in lines]
        yield _write_table("", [escape_markdown(title) for title in title_columns(comparison)], rows)
    if any(comparison.schema):
        listed = [(escape_markdown(side), quote_markdown(text), means) for side, text, means in list_schema(comparison)]
        yield _write_table("#### Schema\n", ("side", "change", "means"), listed)
    for title, code in list_codes(comparison):
        yield Part(
            kept=f"#### {escape_markdown(title[:1].upper() + title[1:])}\n", rows=(f"{quote_markdown(list_files(code))}\n",)
        )
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
            yield _write_table("", ("commit", "date", "author", "subject"), commits)
    for heading, texts in (("Not read", describe_problems(comparison)), ("To be known", comparison.notes)):
        if texts:
            yield Part(kept=f"#### {heading}\n", rows=tuple(f"- {quote_markdown(text)}\n" for text in texts))


def _write_table(heading: str, titles: Sequence[str], rows: Iterable[Sequence[str]]) -> Part:
    """Write a table below a heading."""
    return Part(kept=heading, titles=format_markdown_table(titles, ()), rows=tuple(map(format_markdown_row, rows)))


def _write_command(comparison: Comparison, *, everything: bool) -> str:
    """Write the command that shows all of it; nothing where sides are many or have no selector of their own."""
    names = [f"{side.facts.artifact}@{side.version}" for side in comparison.sides if side.version is not None]
    if len(names) < len(comparison.sides) or len(names) > _MOST_NAMED:
        return ""
    return " ".join(("gitreg compare", *map(quote, names), *(["--all"] if everything else [])))


def _write_point(comparison: Comparison, point: Point) -> str:
    """Write a sentence: our own words as text, those of the repository as code."""
    side = f"{comparison.sides[point.side].label}: " if len(comparison.sides) > PAIR else ""
    text = f"**{escape_markdown(side + point.text)}**"
    more = f" and {point.more} more" if point.more else ""
    return f"{text}: {', '.join(map(quote_markdown, point.details))}{more}" if point.details else text
