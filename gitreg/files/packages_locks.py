"""Lock files: of uv, Poetry, PDM and Pipenv, and ``pylock.toml``; each names exact versions.

uv.lock, poetry.lock and pdm.lock have thousands of lines and are written by programs, so they are scanned as these write them;
what is written in any other way is read as the TOML that it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from gitreg.core.facts import Package
from gitreg.files.packages_requirements import make_package, normalize_name
from gitreg.files.toml import parse_toml
from gitreg.files.unreadable import UnreadableError

LARGEST_TOML: Final = 2 << 20
"""Bytes of a file of packages in TOML that is read: its parser is written in Python."""

NAMELESS: Final = "it has a package without a name, so it may be any"
_OURSELVES: Final = ("virtual", "editable")
_HERE: Final = (".", "")  # the folder of the lock; another one has a package like any other


def read_toml_lock(path: str, data: bytes) -> Iterator[Package]:
    """Read ``uv.lock``, ``poetry.lock``, ``pdm.lock`` or ``pylock.toml``; the project itself is no package of its environment.

    Raises:
        ValueError: it is no TOML, or is too large.
    """
    from gitreg.files.packages_lock_scan import scan_lock_packages  # to build what it matches with takes a while

    scanned = scan_lock_packages(data)
    if scanned is not None:
        yield from (_make(name, version, path) for name, version in scanned)
        return
    document = parse_toml(data, LARGEST_TOML)
    (one, is_one_whole), (other, is_other_whole) = (take_tables(document.get(key)) for key in ("package", "packages"))
    for package in (*one, *other):
        source = package.get("source")
        if not (isinstance(source, dict) and any(source.get(kind) in _HERE for kind in _OURSELVES)):
            version = package.get("version")
            yield _make(package["name"], version if isinstance(version, str) else None, path)
    if not (is_one_whole and is_other_whole):
        raise UnreadableError(NAMELESS)


def read_pipfile_lock(path: str, data: bytes) -> Iterator[Package]:
    """Read a ``Pipfile.lock``: what is for development only where that is all.

    Raises:
        ValueError: it is no JSON, or no groups of packages.
    """
    groups = json.loads(data)
    if not isinstance(groups, dict):
        raise UnreadableError("it has no groups of packages")
    for title, group in groups.items():
        if title == "_meta" or (title == "develop" and groups.get("default")):
            continue
        if not isinstance(group, dict):
            raise UnreadableError("it has something else than groups of packages")
        for name, facts in group.items():
            version = facts.get("version") if isinstance(facts, dict) else None
            package = make_package(name, version if isinstance(version, str) else "", path)
            yield replace(package, optional=True) if title == "develop" else package


def take_tables(listed: object) -> tuple[list[Mapping[str, Any]], bool]:
    """Take the tables of a list that have a name, and say whether that are all of them."""
    if listed is None:
        return [], True
    if not isinstance(listed, list):
        return [], False
    named = [item for item in listed if isinstance(item, Mapping) and isinstance(item.get("name"), str)]
    return named, len(named) == len(listed)


def _make(name: str, version: str | None, path: str) -> Package:
    """Make a package of an exact version; one from a folder or a repository may have none."""
    return Package(name=normalize_name(name), version=version, file=path)
