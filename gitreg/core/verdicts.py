"""Verdicts: whether the bytes of versions are where they should be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gitreg.core.entries import PointerKind


class Verdict(StrEnum):
    """What was found out about the bytes of a version."""

    OK = "ok"
    MISSING = "missing"
    WRONG_SIZE = "wrong-size"
    WRONG_HASH = "wrong-hash"
    WRONG_LIST = "wrong-list"
    UNCHECKED = "unchecked"
    NOTHING = "nothing"
    NO_ANSWER = "no-answer"


BAD: Final = frozenset({Verdict.MISSING, Verdict.WRONG_SIZE, Verdict.WRONG_HASH, Verdict.WRONG_LIST})
"""The bytes are not there, or are others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was found out about the bytes of a version.

    Attributes:
        version: None for a bare commit that holds a stage.
        kind: who keeps the bytes; None where no bytes are named.
        path: of the artifact, from the root of the repository, or an address.
        where: the place that was asked, without secrets.
        size: bytes, or None where nobody knows.
        files: number of files of a folder.
        annotated: whether the commit has an entry of the artifact.
        detail: what is wrong, or why it was not checked; empty where all is well.
        hint: a command that helps.
    """

    artifact: str
    version: str | None
    commit: str
    verdict: Verdict
    kind: PointerKind | None = None
    path: str | None = None
    where: str | None = None
    size: int | None = None
    files: int | None = None
    annotated: bool = True
    detail: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What `verify` found.

    Attributes:
        versions: a row for each version that was asked for.
        deep: whether the bytes themselves were hashed.
        objects: how many distinct objects were asked for.
    """

    versions: tuple[Verified, ...]
    deep: bool
    objects: int
