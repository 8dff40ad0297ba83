"""Blocks on paper: plain text for programs, tables of rich for a terminal."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Collection, Iterable, Sequence
from io import StringIO
from typing import Final, Literal

from gitreg.cli.console import guard, has_colour, is_terminal, paint, write
from gitreg.core.words import format_count
from gitreg.render.blocks import NOTHING, Block, Column, Fields, Fit, Lines, Table
from gitreg.render.text import escape

_GAP: Final = 2  # blanks between two columns
_MOST_ROWS: Final = 1000  # rich takes 0.25 s for a thousand; whoever prints more looks for something in plain lines
_NARROWEST: Final = 12  # characters that a column keeps when it is folded or cut
_LONGEST_WORD: Final = 24  # characters of a word that is not folded in its middle
_MOST_NAMED: Final = 3  # columns that do not fit
_BRANCHES: Final = " │├└─"  # of a tree
_CONTINUED: Final = str.maketrans("├└─", "│  ")
_COLOURS: Final = {"name": "bold", "latest": "cyan", "version": "cyan", "holder": "cyan", "state": "yellow"}


def show(blocks: Block | Iterable[Block]) -> None:
    """Print blocks, one blank line between two."""
    listed = [blocks] if isinstance(blocks, Table | Fields | Lines) else blocks
    write(guard("\n".join(_layout(block) for block in listed)))


def _layout(block: Block) -> str:
    """Lay a block out for whoever reads standard output."""
    match block:
        case Lines():
            lines = [escape(line, lines=True) for line in block.lines]
            if block.fold and is_terminal(sys.stdout):
                lines = [part for line in lines for part in fold_line(line, _width())]
            return "".join(f"{line}\n" for line in lines)
        case Fields():
            return _title(block.title) + layout_fields(block)
        case Table():
            is_drawn = is_terminal(sys.stdout) and len(block.rows) <= _MOST_ROWS
            return _title(block.title) + (_layout_rich(block, _width()) if is_drawn else layout_plain(block))


def layout_fields(fields: Fields) -> str:
    """Write names and values, further lines of a value below its first."""
    pairs = [(name, escape(value, lines=True)) for name, value in fields.pairs if value]
    width = max((len(name) for name, _ in pairs), default=0) + 1
    indent = "\n" + " " * (width + _GAP - 1)
    if fields.fold and is_terminal(sys.stdout):
        room = max(_width() - len(indent) + 1, _LONGEST_WORD)
        pairs = [(name, "\n".join(part for line in value.split("\n") for part in fold_line(line, room))) for name, value in pairs]
    return "".join(
        f"{paint(f'{name}:'.ljust(width), 'bold', sys.stdout)} {indent.join(value.splitlines())}\n".replace(f"{indent}\n", "\n\n")
        for name, value in pairs
    )


def fold_line(line: str, available: int) -> list[str]:
    """Break a sentence after a comma or, where nothing else helps, between words; what follows stands below its first word.

    Args:
        line: a sentence, perhaps an item of a list, or below the branches of a tree.
        available: the width of the terminal.
    """
    from rich.cells import cell_len

    if cell_len(line) <= available:
        return [line]
    sentence = line.lstrip(_BRANCHES)
    branches = line[: len(line) - len(sentence)]
    indent = branches.translate(_CONTINUED) + "  "
    folded = [branches]
    for part in re.split(r"(?<=[,:]) ", sentence):
        words = [part] if cell_len(f"{indent}{part}") <= available else part.split(" ")
        for word in words:
            longer = f"{folded[-1]} {word}" if folded[-1].strip(_BRANCHES) else f"{folded[-1]}{word}"
            if cell_len(longer) <= available or not folded[-1].strip(_BRANCHES):
                folded[-1] = longer
            else:
                folded.append(f"{indent}{word}")
    return folded


def layout_plain(table: Table) -> str:
    """Write a table with two blanks between its columns: unwrapped, uncoloured, without lines."""
    lines = [tuple(column.title for column in table.columns), *table.rows]
    cells = [[escape(cell) or NOTHING for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    padded = (("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))) for line in cells)
    return "".join(f"{line.rstrip()}\n" for line in padded)


def choose_widths(columns: Sequence[Column], natural: Sequence[int], available: int, words: Sequence[int] = ()) -> list[int]:
    """Give each column a width: first what may be cut shrinks, then what may be folded, what is to stay whole never.

    Args:
        columns: with what may happen to each.
        natural: the width of each that cuts and folds nothing.
        available: the width of the terminal.
        words: the longest word of each column; one of sensible length is not folded in its middle.
    """
    widths = list(natural)
    least = [min(word, _LONGEST_WORD) for word in words] or [0] * len(widths)
    excess = sum(widths) + _GAP * (len(widths) - 1) - available
    for fit in (Fit.CUT, Fit.FOLD):
        for index in reversed(range(len(widths))):
            if columns[index].fit is fit and excess > 0:
                floor = max(_NARROWEST, len(columns[index].title), least[index] if fit is Fit.FOLD else 0)
                taken = min(excess, max(0, widths[index] - floor))
                widths[index] -= taken
                excess -= taken
    return widths


def _layout_rich(table: Table, available: int) -> str:
    """Lay a table out for a terminal; where it is too wide, without some of what may be cut, then as its narrow sisters."""
    cut = [index for index, column in enumerate(table.columns) if column.fit is Fit.CUT]
    candidates = [_leave_out(table, cut[len(cut) - count :]) for count in range(len(cut) + 1)]
    sister = table.narrow
    while sister is not None:
        candidates.append((sister, sister.missing))
        sister = sister.narrow
    for candidate, missing in candidates:
        widths = choose_widths(candidate.columns, _natural_widths(candidate), available, _natural_widths(candidate, words=True))
        if sum(widths) + _GAP * (len(widths) - 1) <= available:
            return _draw(candidate, widths) + _name_missing(missing)
    last, missing = candidates[-1]
    return _draw(last, choose_widths(last.columns, _natural_widths(last), available)) + _name_missing(missing)


def _leave_out(table: Table, unwanted: Collection[int]) -> tuple[Table, Sequence[str]]:
    """Leave out some columns; give the table, and their titles."""
    kept = [index for index in range(len(table.columns)) if index not in unwanted]
    rows = tuple(tuple(row[index] for index in kept) for row in table.rows)
    return Table(columns=tuple(table.columns[index] for index in kept), rows=rows), [table.columns[i].title for i in unwanted]


def _name_missing(titles: Sequence[str]) -> str:
    """Say which columns are not there, in a line below the table."""
    if not titles:
        return ""
    named = ", ".join(map(escape, titles[:_MOST_NAMED])) + (", ..." if len(titles) > _MOST_NAMED else "")
    text = f"{format_count(len(titles), 'more column')} ({named}): --json, or a wider terminal"
    return f"{paint(text, 'faint', sys.stdout)}\n"


def _natural_widths(table: Table, *, words: bool = False) -> list[int]:
    """Measure the widest line, or the longest word, of each column, in cells of the terminal."""
    from rich.cells import cell_len

    lines = [tuple(column.title for column in table.columns), *table.rows]
    return [
        max((cell_len(part) for cell in cells for part in escape(cell, lines=True).split(None if words else "\n")), default=0)
        for cells in zip(*lines, strict=True)
    ]


def _draw(table: Table, widths: Sequence[int]) -> str:
    """Draw a table with rich; wider than the terminal where it must be, since a version is never cut."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    for column, width in zip(table.columns, widths, strict=True):
        style = _COLOURS.get(column.title, "green" if column.title.startswith("#") else "")
        overflow: Literal["fold", "ellipsis"] = "fold" if column.fit is Fit.FOLD else "ellipsis"
        drawn.add_column(Text(column.title), width=width, no_wrap=column.fit is not Fit.FOLD, overflow=overflow, style=style)
    for row in table.rows:
        drawn.add_row(*(Text(escape(cell, lines=True) or NOTHING) for cell in row))
    colours: Literal["auto"] | None = "auto" if has_colour(sys.stdout) else None
    paper = StringIO()
    room = sum(widths) + 3 * len(widths)
    Console(file=paper, force_terminal=True, color_system=colours, width=room, highlight=False, emoji=False).print(drawn)
    return "".join(f"{line.rstrip()}\n" for line in paper.getvalue().splitlines())


def _title(title: str) -> str:
    """Write the line above a block."""
    if not title:
        return ""
    lines = fold_line(title, _width()) if is_terminal(sys.stdout) else [title]
    return "".join(f"{paint(line, 'bold', sys.stdout)}\n" for line in lines)


def _width() -> int:
    """Say how wide the terminal is."""
    return shutil.get_terminal_size().columns
