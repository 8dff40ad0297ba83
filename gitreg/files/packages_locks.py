"""Lock files: of uv, Poetry, PDM and Pipenv, and ``pylock.toml``; each names exact versions.

uv.lock, poetry.lock and pdm.lock have thousands of lines and are written by programs, so the tables of packages are found by
how these write them; where that does not account for all of them, the file is read as the TOML that it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from gitreg.core.facts import Package
from gitreg.files.packages_requirements import make_package, normalize_name

_LARGEST_TOML: Final = 2 << 20  # bytes; its parser is written in Python
_TABLE = re.compile(rb"^\[\[packages?\]\]", re.MULTILINE)
_PACKAGE = re.compile(
    rb'^\[\[packages?\]\]\r?\nname = "([^"\\\r\n]+)"(?:\r?\nversion = "([^"\\\r\n]+)")?'
    rb"(?:\r?\nsource = \{ (virtual|editable) = )?",
    re.MULTILINE,
)
_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7})(?:[ \r]|$)", re.MULTILINE)  # what a merge leaves behind
_OURSELVES: Final = frozenset({"virtual", "editable"})


def read_toml_lock(path: str, data: bytes) -> Iterator[Package]:
    """Read ``uv.lock``, ``poetry.lock``, ``pdm.lock`` or ``pylock.toml``; the project itself is no package of its environment.

    Raises:
        ValueError: it is no TOML, or is too large.
    """
    found = _PACKAGE.findall(data)
    if len(found) == len(_TABLE.findall(data)) and not _CONFLICT.search(data):
        for name, version, ourselves in found:
            if not ourselves:
                yield _make(name.decode("utf-8", "replace"), version.decode("utf-8", "replace") or None, path)
        return
    document = parse_toml(data)
    for table in ("package", "packages"):
        for package in list_mappings(document.get(table)):
            source = package.get("source")
            if isinstance(package.get("name"), str) and not (isinstance(source, dict) and _OURSELVES & source.keys()):
                version = package.get("version")
                yield _make(package["name"], version if isinstance(version, str) else None, path)


def read_pipfile_lock(path: str, data: bytes) -> Iterator[Package]:
    """Read a ``Pipfile.lock``: what is for development only where that is all.

    Raises:
        ValueError: it is no JSON.
    """
    document = json.loads(data)
    groups = document if isinstance(document, dict) else {}
    for group in (group for name, group in groups.items() if name != "develop" or not groups.get("default")):
        for name, facts in group.items() if isinstance(group, dict) else ():
            version = facts.get("version") if isinstance(facts, dict) else None
            if isinstance(version, str):
                yield make_package(name, version, path)
            elif isinstance(facts, dict) and {"git", "file", "path", "ref"} & facts.keys():
                yield Package(name=normalize_name(name), version=None, file=path)


def parse_toml(data: bytes) -> dict[str, Any]:
    """Read TOML.

    Raises:
        ValueError: it is none, or is too large.
    """
    import tomllib

    if len(data) > _LARGEST_TOML:
        raise ValueError(f"it has {len(data)} bytes, more than {_LARGEST_TOML}")
    return tomllib.loads(data.decode("utf-8"))


def list_mappings(value: object) -> list[Mapping[str, Any]]:
    """Take the mappings of a list."""
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _make(name: str, version: str | None, path: str) -> Package:
    """Make a package of an exact version; one from a folder or a repository may have none."""
    return Package(name=normalize_name(name), version=version, file=path)
