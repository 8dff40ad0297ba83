"""Facts: everything that the files of its commit say of a version, beside where its bytes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from gitreg.core.drift import Drift
from gitreg.core.entries import Entry, Pointer
from gitreg.core.equality import are_same
from gitreg.core.pipelines import Material, Table, Value
from gitreg.core.problems import Problem

_PYTHON: Final = "python"  # what files call Python itself, beside the packages


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that a version was made with, as a file of the environment says.

    Attributes:
        name: as PyPI compares names: lower case, ``-`` for ``_`` and ``.``.
        version: the exact version, or None where the file only limits it.
        specifier: what the file allows where it names no exact version, such as ``>=2,<3``; empty: anything.
        file: the file that says so, from the root of the repository.
        optional: only an extra or what is for development names it, so that it may have been there or not.
    """

    name: str
    version: str | None
    specifier: str = ""
    file: str = ""
    optional: bool = False


def tells_environment(packages: Iterable[Package]) -> bool:
    """Say whether packages are those of an environment, so that what is none of them was not there."""
    return any(not package.optional and package.name != _PYTHON for package in packages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an artifact at a commit.

    Attributes:
        metrics, params: values by dotted name, by file: of the files that the entry names; where it names none, of those of the
            pipeline that makes it. A parameter has the value that the pipeline was run with, where its lock says one.
        run: the parameters of these that the lock of the pipeline says.
        drift: those that the files of the commit have another value of than the pipeline was run with.
        stale: sentences on what else was not run again, or was changed later.
        packages: of the lock files and requirements of the repository that are nearest to the artifact; optional ones only where
            there are no others.
        optional: the packages that are optional, beside others that are not.
        data: what the pipeline starts from: deps that no stage makes, but for code and parameters.
        problems: of files that would say more and cannot be read.
    """

    artifact: str
    commit: str
    entry: Entry | None = None
    pointer: Pointer | None = None
    metrics: Table = field(default_factory=dict)
    params: Table = field(default_factory=dict)
    run: Table = field(default_factory=dict)
    drift: tuple[Drift, ...] = ()
    stale: tuple[str, ...] = ()
    packages: tuple[Package, ...] = ()
    optional: tuple[Package, ...] = ()
    data: tuple[Material, ...] = ()
    problems: tuple[Problem, ...] = ()


class Missing(Enum):
    """Stands for a value that no file has; None is one that a file can have."""

    MISSING = "missing"


def find_value(table: Table, name: str) -> Value | Missing:
    """Find a metric or parameter by its dotted name, or by ``FILE:NAME`` where several files have one of that name."""
    file, _, rest = name.rpartition(":")
    for path, values in table.items():
        if file in {"", path} and rest in values:
            return values[rest]
    return Missing.MISSING


def find_by_file(table: Table, name: str) -> dict[str, Value]:
    """Find the values of that name, by the file that each stands in; ``FILE:NAME`` asks for one file."""
    file, _, rest = name.rpartition(":")
    return {path: values[rest] for path, values in table.items() if file in {"", path} and rest in values}


def find_agreed(table: Table, name: str) -> Value | Missing:
    """Find a metric or parameter as `find_value`; of different values in two files none is the value."""
    first, *others = find_by_file(table, name).values() or [Missing.MISSING]
    return first if all(are_same(first, other) for other in others) else Missing.MISSING


def name_apart(names: Iterable[str], tables: Sequence[Table]) -> tuple[str, ...]:
    """Put the file in front of names that stand for different values in a table.

    Args:
        names: of metrics or parameters, as somebody asks for them.
        tables: where they are looked for.

    Returns:
        Names, each once, that `find_agreed` finds all these values by. One that no table has stays as it is.
    """
    found: dict[str, None] = {}
    for name in names:
        split = [
            by_file for table in tables if find_agreed(table, name) is Missing.MISSING and (by_file := find_by_file(table, name))
        ]
        if not split or any(find_agreed(table, name) is not Missing.MISSING for table in tables):
            found[name] = None
        found.update(dict.fromkeys(f"{file}:{name}" for by_file in split for file in by_file))
    return tuple(found)


def merge_values(table: Table) -> Mapping[str, Value]:
    """Put all values of a table under one name each: the dotted name, and with the file in front where two files have it."""
    files: dict[str, list[str]] = {}
    for path, values in table.items():
        for name in values:
            files.setdefault(name, []).append(path)
    return {
        name if len(paths) == 1 else f"{path}:{name}": table[path][name]
        for name, paths in sorted(files.items())
        for path in paths
    }
