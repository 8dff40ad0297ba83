"""``pyproject.toml``: which packages a project asks for; most of them as ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from gitreg.core.fact_sources import is_for_development
from gitreg.core.facts import Package
from gitreg.files.packages_conda import parse_spec
from gitreg.files.packages_locks import LARGEST_TOML
from gitreg.files.packages_requirements import UnreadLines, is_specifier, make_package, normalize_name, parse_requirement
from gitreg.files.toml import parse_toml

_CARET = re.compile(r"([\^~])\s*([0-9]+(?:\.[0-9]+)*)(.*)")
_BARE = re.compile(r"[0-9][^\s,<>=!~^*|]*")
_LONGEST: Final = 500  # characters of a constraint
_WILD = re.compile(r"[0-9][0-9.]*\.\*")


def read_pyproject(path: str, data: bytes) -> Iterator[Package]:
    """Read what a project asks for, also as Poetry, uv, Pixi and Hatch write it.

    What belongs to extras and to development is optional.

    Raises:
        ValueError: it is no TOML.
        UnreadLinesError: nobody can tell which packages something names; it is raised when all others were given.
    """
    project = _Project(path, parse_toml(data, LARGEST_TOML))
    yield from project.read_own()
    yield from (replace(package, optional=True) for package in project.read_optional())
    project.unread.check()


class _Project:
    """A project of Python.

    Attributes:
        unread: takes what may name more packages.
    """

    def __init__(self, path: str, document: Mapping[str, Any]) -> None:
        """Take its tables."""
        self.unread = UnreadLines()
        self._path = path
        self._project, tool = _table(document, "project"), _table(document, "tool")
        self._uv, self._pixi, self._poetry = (_table(tool, name) for name in ("uv", "pixi", "poetry"))
        self._hatch = _table(_table(tool, "hatch"), "envs")
        # https://packaging.python.org/en/latest/specifications/dependency-groups
        groups = self._take(document, "dependency-groups")
        self._groups = {normalize_name(name): group for name, group in groups.items()}

    def read_own(self) -> Iterator[Package]:
        """Read what it cannot run without."""
        python = self._project.get("requires-python")
        if isinstance(python, str):
            yield _make("python", python, self._path)
        lists = [self._project.get("dependencies"), self._uv.get("override-dependencies")]
        yield from self._read_lists(lists, _choose(self._groups, optional=False))
        groups = _choose(_table(self._poetry, "group"), optional=False)
        tables = [self._take(table, "dependencies") for table in (self._poetry, *groups.values())]
        yield from _read_poetry([*tables, self._take(self._pixi, "pypi-dependencies")], self._path)
        for name, asked in self._take(self._pixi, "dependencies").items():
            constraint = asked.get("version") if isinstance(asked, Mapping) else asked
            package = parse_spec(f"{name} {constraint}".removesuffix(" *"), self._path)
            yield from [package] if package is not None else []

    def read_optional(self) -> Iterator[Package]:
        """Read what extras and development ask for, and the environments of Hatch."""
        extras = self._take(self._project, "optional-dependencies").values()
        environments = [_table(self._hatch, name) for name in self._hatch]
        lists = [table.get(key) for table in environments for key in ("dependencies", "extra-dependencies")]
        yield from self._read_lists([*extras, self._uv.get("dev-dependencies"), *lists], _choose(self._groups, optional=True))
        groups = _choose(_table(self._poetry, "group"), optional=True)
        tables = [self._take(table, "dependencies") for table in groups.values()]
        yield from _read_poetry([self._take(self._poetry, "dev-dependencies"), *tables], self._path)

    def _take(self, table: object, name: str) -> Mapping[str, Any]:
        """Take a table of packages; what is none may name others."""
        found = table.get(name) if isinstance(table, Mapping) else None
        if found is not None and not isinstance(found, Mapping):
            self.unread.add(None)
        return _table(table, name)

    def _read_lists(self, lists: Iterable[object], groups: Mapping[str, Any]) -> Iterator[Package]:
        """Read lists of requirements and groups, with the groups that these include, each of them once."""
        front = [*lists, *groups.values()]
        seen = set(groups)
        for listed in front:  # which grows
            if listed is not None and not isinstance(listed, list):
                self.unread.add(None)
            for line in listed if isinstance(listed, list) else ():
                package = parse_requirement(line.strip(), self._path) if isinstance(line, str) else None
                name = normalize_name(str(line.get("include-group"))) if isinstance(line, Mapping) else ""
                if package is not None:
                    yield package
                elif name not in self._groups:
                    self.unread.add(None, line if isinstance(line, str) else "")
                elif name not in seen:
                    seen.add(name)
                    front.append(self._groups[name])


def list_dynamic(data: bytes) -> tuple[int, list[str]] | None:
    """List the files that setuptools takes the dependencies of a project from, where it leaves them to its build.

    Source: https://setuptools.pypa.io/en/latest/userguide/pyproject_config.html#dynamic-metadata

    Args:
        data: the bytes of a ``pyproject.toml``.

    Returns:
        The line that says that they are left to it, and the paths of the files from the folder of this one; of another build
        nobody knows any. None, where nothing is left to it.
    """
    if b"dynamic" not in data:
        return None
    try:
        document = parse_toml(data, LARGEST_TOML)
    except (ValueError, RecursionError):  # which is told when its packages are read
        return None
    dynamic, tool = _table(document, "project").get("dynamic"), _table(document, "tool")
    is_left = isinstance(dynamic, list) and "dependencies" in dynamic
    if not is_left or "dependencies" in _table(tool, "poetry"):
        return None
    named = _table(_table(_table(tool, "setuptools"), "dynamic"), "dependencies").get("file")
    files = [file for file in (named if isinstance(named, list) else [named]) if isinstance(file, str)]
    return data[: data.index(b"dynamic")].count(b"\n") + 1, files


def _choose(groups: Mapping[str, Any], *, optional: bool) -> dict[str, Any]:
    """Choose the groups that are for development or optional, or those that a project runs with."""
    return {
        name: group
        for name, group in groups.items()
        if (is_for_development(name, is_group=True) or _is_optional(group)) is optional
    }


def _is_optional(table: object) -> bool:
    """Say whether Poetry installs something only where it is asked to."""
    return isinstance(table, Mapping) and table.get("optional") is True


def to_specifier(constraint: str) -> str:
    """Write a constraint of Poetry as Python does: ``^1.2`` is ``>=1.2,<2``, ``~1.2`` is ``>=1.2,<1.3``, ``1.2`` is ``==1.2``."""
    text = constraint.strip()
    if len(text) > _LONGEST:
        return text
    if text in {"", "*"}:
        return ""
    if _BARE.fullmatch(text) or _WILD.fullmatch(text):
        return f"=={text}"
    if "|" in text:  # Python knows no "or"
        return text
    return ",".join(_translate(clause.strip()) for clause in text.split(","))


def _translate(clause: str) -> str:
    """Translate one clause; one that Python has too stays."""
    match = _CARET.fullmatch(clause)
    if match is None:
        return clause
    numbers = [int(part[:9]) for part in match[2].split(".")]
    if match[1] == "~":
        place = min(1, len(numbers) - 1)
    else:  # the first number that is not zero
        place = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    end = [*numbers[:place], numbers[place] + 1]
    return f">={match[2]}{match[3]},<{'.'.join(map(str, end))}"


def _read_poetry(tables: Iterable[Mapping[str, Any]], path: str) -> Iterator[Package]:
    """Read tables of Poetry."""
    for table in tables:
        for name, asked in table.items():
            constraint = asked.get("version") if isinstance(asked, Mapping) else asked
            package = _make(name, to_specifier(constraint) if isinstance(constraint, str) else "", path)
            yield replace(package, optional=True) if _is_optional(asked) else package


def _make(name: str, specifier: str, path: str) -> Package:
    """Make a package of what is allowed of it, which may be nothing that Python knows, such as ``1.2 || 1.4``."""
    if is_specifier(specifier):
        return make_package(name, specifier, path)
    return Package(name=normalize_name(name), version=None, specifier=specifier, file=path)


def _table(table: object, name: str) -> Mapping[str, Any]:
    """Take a table; an empty one, where there is none."""
    found = table.get(name) if isinstance(table, Mapping) else None
    return found if isinstance(found, Mapping) else {}
