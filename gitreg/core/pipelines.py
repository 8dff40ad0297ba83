"""Pipelines: what ``dvc.yaml`` and ``dvc.lock`` of one commit say of how files were made.

Paths are from the root of the repository. Source: https://dvc.org/doc/user-guide/project-structure/dvcyaml-files
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | None
"""A metric or parameter; a list is written as JSON."""

Table: TypeAlias = Mapping[str, Mapping[str, Value]]
"""Values by their dotted names, by the file that they stand in."""


@dataclass(frozen=True, slots=True)
class Source:
    """A path in another repository.

    Attributes:
        repository: its address, without secrets.
        commit: the full id, where it is known.
    """

    repository: str
    commit: str | None
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A file or folder that a stage reads or makes.

    Attributes:
        path: from the root of the repository, or an address; ``REPOSITORY@COMMIT:PATH`` of what is in another repository.
        hash: as ``algorithm:hex``, as ``dvc.lock`` has it; None where it has none.
        size: bytes.
        files: number of files of a folder.
        source: where it is, if it is in another repository.
    """

    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage of a pipeline (never a stage of the registry).

    Attributes:
        name: as in ``dvc.lock``: ``train``, or ``train@small`` for one that ``foreach`` or ``matrix`` makes.
        file: the ``dvc.yaml`` (or ``.dvc`` file) that defines it.
        commands: what it runs, as the lock says, and otherwise as it is defined.
        deps, outs: with hashes where the lock has them.
        params: those that the lock says it was run with.
        metrics: paths of its outs that are metrics.
        params_files: files that it takes parameters from.
        params_keys: the dotted names that it takes from a file, all below them too; a file that is not there gives all it has.
        locked: whether the lock says anything of it.
    """

    name: str
    file: str
    commands: tuple[str, ...] = ()
    deps: tuple[Material, ...] = ()
    outs: tuple[Material, ...] = ()
    params: Table = field(default_factory=dict)
    metrics: tuple[str, ...] = ()
    params_files: tuple[str, ...] = ()
    params_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """One ``dvc.yaml`` with its ``dvc.lock``.

    Attributes:
        metrics, params: files that ``dvc.yaml`` lists at its top level.
    """

    file: str
    stages: tuple[Stage, ...] = ()
    metrics: tuple[str, ...] = ()
    params: tuple[str, ...] = ()


def name_lock(file: str) -> str:
    """Name the ``dvc.lock`` that belongs to a ``dvc.yaml``: the one beside it.

    Args:
        file: the path of the ``dvc.yaml`` from the root of the repository.
    """
    return posixpath.join(posixpath.dirname(file), "dvc.lock")


def write_value(value: Value) -> str:
    """Write a metric or parameter as files do: ``true``, ``null``, a number, a text."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)
