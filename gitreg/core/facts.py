"""Facts: everything that the files of its commit say of a version, beside where its bytes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from gitreg.core.drift import Drift
from gitreg.core.entries import Entry, Pointer
from gitreg.core.pipelines import Material, Table, Value
from gitreg.core.problems import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that a version was made with, as a file of the environment says.

    Attributes:
        name: as PyPI compares names: lower case, ``-`` for ``_`` and ``.``.
        version: the exact version, or None where the file only limits it.
        specifier: what the file allows where it names no exact version, such as ``>=2,<3``; empty: anything.
        file: the file that says so, from the root of the repository.
    """

    name: str
    version: str | None
    specifier: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of an artifact at a commit.

    Attributes:
        metrics, params: values by dotted name, by file: of the files that the entry names; where it names none, of those of the
            pipeline that makes it. A parameter has the value that the pipeline was run with, where its lock says one.
        run: the parameters of these that the lock of the pipeline says.
        drift: those that the files of the commit have another value of than the pipeline was run with.
        packages: of the lock files and requirements of the repository that are nearest to the artifact.
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
    packages: tuple[Package, ...] = ()
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
