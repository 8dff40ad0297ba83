"""What an export wrote, and what was in its way."""

from __future__ import annotations

from dataclasses import dataclass

from gitreg.core.exports import Format
from gitreg.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenTable:
    """A table that was written.

    Attributes:
        file: its path as a person would write it, or None: standard output.
    """

    name: str
    rows: int
    file: str | None


@dataclass(frozen=True, slots=True)
class CountedProblem:
    """A problem of tags, or of the files of versions.

    Attributes:
        count: how many versions have it; of a tag, 1.
        versions: artifact and version of the first of them, in the order of the tables.
    """

    problem: Problem
    count: int
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote.

    Attributes:
        versions: how many versions the tables are about.
        target: the file or folder; None: standard output.
        problems: each that there is, once, with the versions that have it; of very many the first ones.
        more: how many others there are.
    """

    format: Format
    tables: tuple[WrittenTable, ...]
    versions: int
    target: str | None
    problems: tuple[CountedProblem, ...] = ()
    more: int = 0
