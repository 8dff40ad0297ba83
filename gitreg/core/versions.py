"""Versions: ``v`` and a SemVer 2.0.0 number; their order and the next one.

Precedence is computed here and not by `semver`, since importing that costs as long as reading a thousand tags; a law in the
tests holds the two against each other. `semver` does the arithmetic of bumps.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Final

from gitreg.errors import SyntaxFault, UsageFault

VERSION: Final = (
    r"v(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"
    r"(?:-(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)
_VERSION = re.compile(VERSION)


class Bump(StrEnum):
    """The part of a version that counts up."""

    MAJOR = "major"
    MINOR = "minor"
    PATCH = "patch"
    PRERELEASE = "prerelease"


def parse_bump(text: str) -> Bump:
    """Read the part of a version that counts up.

    Raises:
        UsageFault: it is none.
    """
    try:
        return Bump(text)
    except ValueError as error:
        message = f"{text!r} is no part of a version that counts up"
        raise UsageFault(message, hint=f"use one of {', '.join(Bump)}") from error


def is_version(text: str) -> bool:
    """Say whether a text is a version."""
    return _VERSION.fullmatch(text) is not None


def check_version(text: str) -> None:
    """Refuse a text that is no version, or one that git could not keep as a ref.

    Raises:
        SyntaxFault: with a hint that names the nearest version where there is one.
    """
    if not is_version(text):
        match = _VERSION.match(text)
        hint = (
            f"write 'v{text}'" if is_version(f"v{text}") else "a version is 'v' and three numbers, such as v1.2.0 or v2.0.0-rc.1"
        )
        raise SyntaxFault("version", text, match.end() if match else 0, "it does not follow SemVer 2.0.0", hint=hint)
    if text.endswith(".lock") or len(text) > 200:  # noqa: PLR2004  a loose ref is a file of 255 bytes at most
        raise SyntaxFault("version", text, len(text) - 1, "git could not keep a tag of this name")


@lru_cache(maxsize=100_000)
def precedence(version: str) -> tuple[int, int, int, bool, tuple[tuple[int, int, str], ...]]:
    """Compute the key by which versions are ordered; build metadata does not order.

    Source: SemVer 2.0.0, section 11.
    """
    core, _, prerelease = version[1:].partition("+")[0].partition("-")
    major, minor, patch = core.split(".")
    parts = tuple(_part_key(part) for part in prerelease.split(".")) if prerelease else ()
    return int(major), int(minor), int(patch), not prerelease, parts


def is_prerelease(version: str) -> bool:
    """Say whether a version is a pre-release."""
    return not precedence(version)[3]


def next_version(used: Iterable[str], bump: Bump) -> str:
    """Compute the version that follows the greatest one ever used.

    Args:
        used: every version that a tag of the artifact ever named.
        bump: the part to count up; a patch bump of ``v2.0.0-rc.1`` is ``v2.0.0``.

    Returns:
        A version that is greater than all used ones; ``v0.0.1`` for the first patch bump.
    """
    from semver import Version  # 31 ms that only a bump needs

    # without build metadata: semver before 3.1 takes the 1.0.0 of 1.0.0+build for a number that is still free
    greatest = Version.parse(max(used, key=precedence, default="v0.0.0")[1:].partition("+")[0])
    if bump is Bump.PRERELEASE and greatest.prerelease:
        following = greatest.bump_prerelease()
        return f"v{following if following > greatest else greatest.next_version('patch').next_version('prerelease')}"
    return f"v{greatest.next_version(bump.value)}"


def _part_key(part: str) -> tuple[int, int, str]:
    """Order numbers before words, numbers by value and words by ASCII."""
    return (0, int(part), "") if part.isdigit() else (1, 0, part)
