"""Packages in queries: is a version older than 2.12, and what can be said where a file only limits it?

The one file of the core that knows PEP 440, through `packaging`, which is imported where a query asks for a package.
Source: https://packaging.python.org/en/latest/specifications/version-specifiers/
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gitreg.core.facts import Package
from gitreg.core.query_values import match_text

if TYPE_CHECKING:
    from packaging.specifiers import Specifier, SpecifierSet
    from packaging.version import Version

_REQUIREMENT = re.compile(r"([A-Za-z0-9*][A-Za-z0-9*._-]{0,200}) ?((?:[<>=!~]).{0,200})?")
_SINGLE_EQUALS = re.compile(r"(^|,)\s*=(?!=)")
_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a query asks of packages.

    Attributes:
        name: as PyPI compares names, perhaps with ``*``.
        versions: which versions are meant, such as ``<2.12``; empty: any.
    """

    name: str
    versions: str = ""


@lru_cache(maxsize=1000)
def parse_requirement(text: str) -> Requirement | None:
    """Read ``tensorflow``, ``tensorflow<2.12``, ``numpy==1.26.*`` or ``numpy>=1.20,<2``; None for any other text."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    match = _REQUIREMENT.fullmatch(text)
    if match is None:
        return None
    versions = _SINGLE_EQUALS.sub(r"\1==", match[2] or "")
    try:
        SpecifierSet(versions)
    except InvalidSpecifier:
        return None
    return Requirement(_SEPARATORS.sub("-", match[1]).lower(), versions)


def names(requirement: Requirement, package: Package) -> bool:
    """Say whether a package is one of those that a query asks for, whatever its version."""
    return match_text(requirement.name, package.name)


def compare_versions(requirement: Requirement, package: Package) -> bool | None:
    """Say whether the version of a package is one of those that a query asks for.

    Returns:
        Yes or no where every version that the package may have gives the same answer; None where nobody can know.
    """
    if not requirement.versions:
        return True
    if package.version is not None:
        version = _read_version(package.version)
        return None if version is None else _read_specifiers(requirement.versions).contains(version, prereleases=True)
    return _compare_ranges(package.specifier, requirement.versions)


@lru_cache(maxsize=10_000)
def _compare_ranges(allowed: str, wanted: str) -> bool | None:
    """Say whether all versions that a file allows are wanted, or none, or (None) some."""
    from packaging.specifiers import InvalidSpecifier

    try:
        given, asked = _read_specifiers(allowed), _read_specifiers(wanted)
    except InvalidSpecifier:
        return None
    if "+" in allowed + wanted:
        return None  # local versions stand beside the order: 1.0+cu118 is 1.0 for one operator, and not for the next
    one, other = _range_of(given), _range_of(asked)
    if _is_empty(_narrow(one, other)):
        return False
    return True if _is_simple(asked) and _lies_below(one, other, asked) and _lies_above(one, other, asked) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """A range of versions; a bound that is None is none, and one that is open is not in the range itself."""

    low: Version | None = None
    high: Version | None = None
    low_open: bool = False
    high_open: bool = False


@lru_cache(maxsize=10_000)
def _read_version(text: str) -> Version | None:
    """Read a version, or say that it does not follow PEP 440."""
    from packaging.version import InvalidVersion, Version

    try:
        return Version(text)
    except InvalidVersion:
        return None


@lru_cache(maxsize=10_000)
def _read_specifiers(text: str) -> SpecifierSet:
    """Read what limits versions."""
    from packaging.specifiers import SpecifierSet

    return SpecifierSet(text)


def _range_of(specifiers: SpecifierSet) -> _Range:
    """Find a range that holds all versions that are allowed, and as few others as possible."""
    whole = _Range()
    for specifier in specifiers:
        for part in _ranges_of(specifier):
            whole = _narrow(whole, part)
    return whole


def _ranges_of(specifier: Specifier) -> list[_Range]:
    """Find the ranges that hold what one specifier allows; ``!=`` and ``===`` limit nothing that a range could tell."""
    operator, text = specifier.operator, specifier.version
    if operator == "==" and text.endswith(".*"):
        return [_prefix_range(text.removesuffix(".*"))]
    version = _read_version(text)
    if version is None:
        return []
    if operator == "~=":
        return [_Range(low=version), _prefix_range(".".join(str(part) for part in version.release[:-1]), version.epoch)]
    return {
        "==": [_Range(low=version, high=version)],
        ">=": [_Range(low=version)],
        ">": [_Range(low=version, low_open=True)],
        "<=": [_Range(high=version)],
        "<": [_Range(high=_before(version), high_open=True)],
    }.get(operator, [])


def _prefix_range(prefix: str, epoch: int = 0) -> _Range:
    """Find the range of ``==2.11.*``: from the first development release of 2.11 to that of 2.12."""
    from packaging.version import Version

    version = Version(f"{epoch}!{prefix}" if epoch else prefix)  # only a release stands before the star
    *head, last = version.release
    following = ".".join(map(str, (*head, last + 1)))
    return _Range(low=_first(str(version)), high=_first(f"{version.epoch}!{following}"), high_open=True)


def _first(release: str) -> Version | None:
    """Find the first development release of a release."""
    return _read_version(f"{release}.dev0")


def _before(version: Version) -> Version | None:
    """Find where ``<V`` ends: before the first pre-release of V, unless V is one itself."""
    is_plain = not (version.is_prerelease or version.is_postrelease or version.local)
    return _first(str(version)) if is_plain else version


def _narrow(one: _Range, other: _Range) -> _Range:
    """Find what is in two ranges."""
    if other.low is not None and (one.low is None or (other.low, other.low_open) > (one.low, one.low_open)):
        one = replace(one, low=other.low, low_open=other.low_open)
    if other.high is not None and (one.high is None or (other.high, not other.high_open) < (one.high, not one.high_open)):
        one = replace(one, high=other.high, high_open=other.high_open)
    return one


def _is_empty(found: _Range) -> bool:
    """Say whether there is nothing in a range."""
    if found.low is None or found.high is None:
        return False
    return found.low > found.high or (found.low == found.high and (found.low_open or found.high_open))


_SIMPLE: Final = frozenset({"<", "<=", ">", ">="})


def _is_simple(specifiers: SpecifierSet) -> bool:
    """Say whether all between two wanted versions is wanted too, and no bound is a special release."""
    return all(
        specifier.operator in _SIMPLE
        and (version := _read_version(specifier.version)) is not None
        and not (version.is_prerelease or version.is_postrelease or version.local)
        for specifier in specifiers
    )


def _lies_below(one: _Range, other: _Range, asked: SpecifierSet) -> bool:
    """Say whether a range ends inside another one."""
    if other.high is None:
        return True
    if one.high is None:
        return False
    return asked.contains(one.high, prereleases=True) or (one.high == other.high and one.high_open and other.high_open)


def _lies_above(one: _Range, other: _Range, asked: SpecifierSet) -> bool:
    """Say whether a range begins inside another one."""
    if other.low is None:
        return True
    if one.low is None:
        return False
    return asked.contains(one.low, prereleases=True) or (one.low == other.low and one.low_open and other.low_open)
