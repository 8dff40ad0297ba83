"""The line of a ``.gitignore`` that keeps a file out of git, as DVC writes it."""

from __future__ import annotations

import re
from typing import Final

_SPECIAL: Final = re.compile(r"[\[\]!*#?]")


def format_pattern(name: str) -> str:
    """Write the pattern for a file or folder beside the ``.gitignore``.

    DVC leaves a space at the end as it is, and git then takes no notice of it; here it is escaped.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", name)
    return f"/{escaped[:-1]}\\ " if escaped.endswith(" ") else f"/{escaped}"


def has_pattern(data: bytes | None, name: str) -> bool:
    """Say whether the very line stands in the bytes of a ``.gitignore``."""
    return format_pattern(name).encode() in (line.rstrip(b"\r") for line in (data or b"").split(b"\n"))


def add_pattern(data: bytes | None, name: str) -> bytes:
    """Add the line to the bytes of a ``.gitignore``, unless it is there."""
    before = data or b""
    if has_pattern(before, name):
        return before
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    return before + gap + format_pattern(name).encode() + b"\n"


def share_pattern(committed: bytes | None, here: bytes, name: str) -> bytes:
    """Write what a commit has to have of a ``.gitignore`` that may hold lines of others.

    Args:
        committed: the bytes that HEAD has.
        here: those of the work tree, with the line.
        name: of the file or folder.

    Returns:
        HEAD's lines and this one; in the order of the work tree, if that has no others.
    """
    shared = add_pattern(committed, name)
    return here if sorted(here.splitlines()) == sorted(shared.splitlines()) else shared
