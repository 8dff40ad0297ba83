"""``pyproject.toml``: which packages a project asks for; most of them as ranges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from gitreg.core.fact_sources import is_for_development
from gitreg.core.facts import Package
from gitreg.files.packages_locks import LARGEST_TOML
from gitreg.files.packages_requirements import UnreadLines, is_specifier, make_package, normalize_name, parse_requirement
from gitreg.files.toml import parse_toml

_CARET = re.compile(r"([\^~])\s*([0-9]+(?:\.[0-9]+)*)(.*)")
_BARE = re.compile(r"[0-9][^\s,<>=!~^*|]*")
_LONGEST: Final = 500  # characters of a constraint
_WILD = re.compile(r"[0-9][0-9.]*\.\*")


def read_pyproject(path: str, data: bytes) -> Iterator[Package]:
    """Read what a project asks for, also as Poetry writes it; its extras and what is for development are optional.

    Raises:
        ValueError: it is no TOML.
    """
    document = parse_toml(data, LARGEST_TOML)
    unread = UnreadLines()
    project, tool = _table(document, "project"), _table(document, "tool")
    python = project.get("requires-python")
    if isinstance(python, str):
        yield _make("python", python, path)
    own, others = _split_groups(_fill_groups(_table(document, "dependency-groups")))
    poetry, poetry_others = _split_groups(_table(_table(tool, "poetry"), "group"))
    old = _table(tool, "poetry")
    yield from _read_lists([project.get("dependencies"), *own], path, unread)
    yield from _read_poetry([_table(old, "dependencies"), *(_table(group, "dependencies") for group in poetry)], path)
    extras = _table(project, "optional-dependencies").values()
    lists = _read_lists([*extras, *others, _table(tool, "uv").get("dev-dependencies")], path, unread)
    tables = [_table(old, "dev-dependencies"), *(_table(group, "dependencies") for group in poetry_others)]
    yield from (replace(package, optional=True) for package in (*lists, *_read_poetry(tables, path)))
    unread.check()


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


def _fill_groups(groups: Mapping[str, Any]) -> dict[str, Any]:
    """Put what groups include into them (https://packaging.python.org/en/latest/specifications/dependency-groups)."""
    by_name = {normalize_name(name): group for name, group in groups.items()}
    return {name: _fill_group(group, by_name) for name, group in groups.items()}


def _fill_group(group: object, by_name: Mapping[str, Any]) -> object:
    """Put what a group includes into it, each group once; a table that includes nothing that there is stays."""
    if not isinstance(group, list):
        return group
    found, seen, front = [], set[str](), [group]
    while front:
        for line in front.pop():
            name = normalize_name(str(line.get("include-group"))) if isinstance(line, Mapping) else ""
            if not isinstance(by_name.get(name), list):
                found.append(line)
            elif name not in seen:
                seen.add(name)
                front.append(by_name[name])
    return found


def _split_groups(groups: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    """Tell groups of what a project runs with from those for development and optional ones."""
    optional = {name for name, group in groups.items() if is_for_development(name, is_group=True) or _is_optional(group)}
    own = [group for name, group in groups.items() if name not in optional]
    return own, [groups[name] for name in groups if name in optional]


def _is_optional(table: object) -> bool:
    """Say whether Poetry installs something only where it is asked to."""
    return isinstance(table, Mapping) and table.get("optional") is True


def _read_lists(lists: Iterable[object], path: str, unread: UnreadLines) -> Iterator[Package]:
    """Read lists of requirements; a table in one is what nobody but its tool knows."""
    for listed in lists:
        if listed is not None and not isinstance(listed, list):
            unread.add(None)
        for line in listed if isinstance(listed, list) else ():
            package = parse_requirement(line.strip(), path) if isinstance(line, str) else None
            if package is not None:
                yield package
            elif not isinstance(line, Mapping):
                unread.add(None, line if isinstance(line, str) else "")


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
