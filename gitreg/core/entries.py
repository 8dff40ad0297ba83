"""Entries: what ``artifacts.yaml`` and ``dvc.yaml`` say of an artifact at one commit, and where its bytes are."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Final

from gitreg.core.problems import Problem

DATASET: Final = "dataset"
"""The type of an artifact whose bytes are data themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the files of one commit (or of the work tree) say of an artifact.

    Attributes:
        name: the full name of the artifact.
        file: path from the repository root of the file that the entry stands in; of the two files, ``artifacts.yaml``.
        line: the line of its name in that file, from 1.
        path: as written, relative to the folder of `file`, or a URL.
        metrics, params: a path, or a mapping with ``path`` and perhaps ``keys``, each.
        schema: ``inputs`` and ``outputs``.
        unknown: fields that gitreg does not know, as read.
    """

    name: str
    file: str
    line: int
    path: str | None = None
    type: str | None = None
    description: str | None = None
    labels: tuple[str, ...] = ()
    virtual: bool | None = None
    custom: object = None
    owner: str | None = None
    license: str | None = None
    framework: str | None = None
    task: str | None = None
    metrics: tuple[object, ...] = ()
    params: tuple[object, ...] = ()
    goals: Mapping[str, str] = field(default_factory=dict)
    schema: Mapping[str, object] = field(default_factory=dict)
    homepage: str | None = None
    base: str | None = None
    unknown: Mapping[str, object] = field(default_factory=dict)


class PointerKind(StrEnum):
    """Where bytes can be."""

    DVC = "dvc"
    GIT = "git"
    LFS = "lfs"
    URL = "url"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """Where the bytes of an artifact are at one commit.

    Attributes:
        path: path from the repository root, or the URL.
        hash: as ``algorithm:hex``, or None where the source has none.
        size: bytes, or None where the source does not say.
        files: number of files of a folder, or None.
        remote: the DVC remote that the out is pinned to.
        stage: the pipeline stage that a ``dvc.lock`` names.
        inside: the folder that DVC keeps as a whole, where the path is inside one; its list has hash and size.
        source: where DVC imported it from: an address, or ``REPOSITORY@COMMIT:PATH``.
    """

    kind: PointerKind
    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    remote: str | None = None
    stage: str | None = None
    inside: str | None = None
    source: str | None = None


def merge_entries(artifacts: Mapping[str, Entry], dvc: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Problem]]:
    """Put together what ``artifacts.yaml`` and ``dvc.yaml`` say.

    Args:
        artifacts: entries of ``artifacts.yaml`` by name; they win, field by field.
        dvc: entries of ``dvc.yaml`` by name; they fill in the fields that the others lack.

    Returns:
        All entries, those of ``artifacts.yaml`` first, and a problem for each path on which the two disagree.
    """
    merged = {**artifacts, **{name: entry for name, entry in dvc.items() if name not in artifacts}}
    problems: list[Problem] = []
    for name in artifacts.keys() & dvc.keys():
        merged[name] = _merge_entry(artifacts[name], dvc[name])
        problems.extend(_path_problems(artifacts[name], dvc[name]))
    return merged, sorted(problems, key=lambda problem: problem.artifact or "")


def _merge_entry(entry: Entry, other: Entry) -> Entry:
    """Fill the fields that an entry lacks from another one."""
    lacking = {name: getattr(other, name) for name in _FIELDS if getattr(entry, name) in _NOTHING}
    return replace(entry, **lacking, unknown={**other.unknown, **entry.unknown})


def _path_problems(entry: Entry, other: Entry) -> list[Problem]:
    """Report two paths that do not mean the same place; what DVC still has to fill in is not compared."""
    if entry.path is None or other.path is None or "${" in other.path or _same_path(entry.path, other.path):
        return []
    message = f"the path of {entry.name!r} is {entry.path!r} in {entry.file} and {other.path!r} in {other.file}"
    hint = f"keep one of them; {entry.file} counts"
    return [Problem(code="GR110", message=message, file=entry.file, line=entry.line, artifact=entry.name, hint=hint)]


def _same_path(one: str, other: str) -> bool:
    """Say whether two paths of one folder are equal; ``://`` marks addresses, which are compared as they are."""
    if "://" in one or "://" in other:
        return one == other
    return posixpath.normpath(one) == posixpath.normpath(other)


_NOTHING: Final[tuple[object, ...]] = (None, (), {})
_FIELDS: Final = tuple(found.name for found in fields(Entry) if found.name not in {"name", "file", "line", "unknown"})
