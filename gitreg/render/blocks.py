"""Blocks: what a person reads, before it has a width and colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

NOTHING: Final = "-"  # an empty cell, so that the columns of plain text can still be counted


class Fit(StrEnum):
    """What may happen to the cells of a column where there is too little room."""

    WHOLE = "whole"
    FOLD = "fold"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    fit: Fit = Fit.WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under headers; each row has one text for each column, empty where there is nothing.

    Attributes:
        title: a line above, or an empty text.
        narrow: the same facts in fewer columns, or most of them, for where the table is too wide.
        missing: titles of the columns that this one lacks as the narrow sister of another one.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    narrow: Table | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and values, one below the other; a value may have several lines, and an empty one is not shown.

    Attributes:
        fold: whether a terminal may break values between words.
    """

    pairs: tuple[tuple[str, str], ...]
    title: str = ""
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Sentences, or any text of several lines, as they are.

    Attributes:
        fold: whether a terminal may break them between words, each further line below the beginning of the first word.
    """

    lines: tuple[str, ...] = field(default=())
    fold: bool = False


Block: TypeAlias = Table | Fields | Lines
