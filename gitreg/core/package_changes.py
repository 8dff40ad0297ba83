"""Changes of packages: what the files of one side state of a package, and whether two statements are a step to another major."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gitreg.core.facts import Package

ANY: Final = "any"
_NUMBERS: Final = re.compile(r"(?:[0-9]{1,9}!)?v?([0-9]{1,9})(?:\.([0-9]{1,9}))?")
_ZEROS: Final = re.compile(r"(?:\.0)+\Z")


@dataclass(frozen=True, slots=True)
class Stated:
    """What files state of a package: exact versions, or where there are none what they allow.

    Attributes:
        keys: what counts, where two are compared.
        texts: the same as it is written.
    """

    exact: bool
    keys: tuple[str, ...]
    texts: tuple[str, ...] = field(compare=False)


def state_package(packages: Iterable[Package]) -> Stated:
    """Put together what all files of a side state of one package."""
    packages = tuple(packages)
    versions = sorted({package.version for package in packages if package.version is not None})
    if versions:
        return Stated(exact=True, keys=tuple(sorted(set(map(_normalize, versions)))), texts=tuple(versions))
    ranges = tuple(sorted({package.specifier or ANY for package in packages}))
    return Stated(exact=False, keys=ranges, texts=ranges)


def differ_in_major(one: Stated, other: Stated) -> bool | None:
    """Say whether versions differ in their first number, or in the second where that is 0; None where they are not exact."""
    if not (one.exact and other.exact):
        return None
    return {_major(key) for key in one.keys} != {_major(key) for key in other.keys}


def _normalize(version: str) -> str:
    """Write a version without zeros at its end: 1.0 and 1.0.0 are one."""
    return _ZEROS.sub("", version) if version.replace(".", "").isdigit() else version


def _major(version: str) -> tuple[str, ...]:
    """Cut the part out of a version that stands for compatibility; of one that has no numbers, all of it."""
    match = _NUMBERS.match(version)
    if match is None:
        return (version,)
    return (match[1],) if match[1].strip("0") else ("0", match[2] or "0")
