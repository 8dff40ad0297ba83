"""What ties gitreg to git in one clone, and how it was changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What happened to a file or to a key of git's configuration."""

    WRITE = "write"
    UPDATE = "update"
    KEEP = "keep"
    REMOVE = "remove"
    RESTORE = "restore"
    SET = "set"
    UNSET = "unset"


@dataclass(frozen=True, slots=True)
class HookChange:
    """One change of a clone.

    Attributes:
        target: the path of a file, or a key of git's configuration.
        other: the path that the file has now (`KEEP`) or had before (`RESTORE`); the value of a key.
    """

    act: Act
    target: str
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooked:
    """What `hooks install` or `hooks uninstall` did, or with `dry_run` would do.

    Attributes:
        installed: whether it was to tie or to untie.
        notes: sentences that a person should read.
    """

    changes: tuple[HookChange, ...]
    installed: bool
    dry_run: bool = False
    notes: tuple[str, ...] = ()
