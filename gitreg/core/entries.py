"""Entries: what ``artifacts.yaml`` and ``dvc.yaml`` say of an artifact at one commit, and where its bytes are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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
    """

    kind: PointerKind
    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    remote: str | None = None
    stage: str | None = None
