"""The fields of entries: their order, their types, and how each value is read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from typing import Any, Final

from gitreg.core.problems import Problem
from gitreg.core.redaction import redact
from gitreg.files.nodes import Faulty, Mapping, Node, Scalar, find_value, to_value
from gitreg.files.paths import check_path, is_url
from gitreg.files.values import (
    TEXT,
    Wrong,
    take_bool,
    take_columns,
    take_goal,
    take_items,
    take_pairs,
    take_reference,
    take_schema_pairs,
    take_text,
)

FIELDS: Final = (
    "path",
    "type",
    "description",
    "labels",
    "virtual",
    "custom",
    "owner",
    "license",
    "framework",
    "task",
    "metrics",
    "params",
    "goals",
    "schema",
    "homepage",
    "base",
)
"""All fields, in the order in which they are written."""

ARTIFACT_FIELDS: Final = {field: field for field in FIELDS}
"""The spelling of ``artifacts.yaml``."""

DVC_FIELDS: Final = {"path": "path", "type": "type", "desc": "description", "labels": "labels", "meta": "custom"}
"""The spelling of ``dvc.yaml``; source: ``dvc/annotations.py`` of DVC 3."""

_USER: Final = re.compile(r"(?<=://)[^/]*@")
_SHOWN: Final = 100
_TEXT_HINT: Final = "write the value in quotes"
_UNKNOWN_HINT: Final = "put free metadata under 'custom'"
# GTO 1.10 stops every command at a null in the other three, so they are reported.
_MAY_BE_NULL: Final = frozenset(FIELDS) - {"description", "labels", "virtual"}


class FieldReader:
    """Reads the fields of the entries of one file.

    Args:
        file: path of the file, from the root of the repository.
        spelling: the fields as they are written in the file, and the attributes of `Entry` that they become.
        is_template: says whether a path is one that only DVC can fill in, and is not to be checked.
    """

    def __init__(
        self, file: str, spelling: MappingOf[str, str] = ARTIFACT_FIELDS, is_template: Callable[[str], bool] = lambda _: False
    ) -> None:
        """Begin without problems."""
        self.problems: list[Problem] = []
        self._file = file
        self._spelling = spelling
        self._is_template = is_template

    def report(self, code: str, node: Node, message: str, hint: str, artifact: str | None = None) -> None:
        """Note a problem at a node."""
        line, column = node.line, node.column
        problem = Problem(code=code, message=message, file=self._file, line=line, column=column, artifact=artifact, hint=hint)
        self.problems.append(problem)

    def read_entry(self, entry: Mapping, artifact: str) -> dict[str, Any]:
        """Read the fields of one entry.

        Args:
            entry: the mapping.
            artifact: the full name, for the problems.

        Returns:
            Attributes of `Entry`; those that are absent or wrong are left out, and a problem has been noted for the latter.
        """
        fields: dict[str, Any] = {}
        unknown: dict[str, object] = {}
        for key, node in entry.pairs:
            name = str(key.value)
            if name not in self._spelling:
                message = f"{artifact!r} has the unknown field {name!r}"
                self.report("GR106", key, message, closest(name, self._spelling, _UNKNOWN_HINT), artifact)
                unknown[name] = to_value(node)
                continue
            value = self._read(name, node, artifact)
            if value is not None:
                fields[self._spelling[name]] = value
        return {**fields, "unknown": unknown} if unknown else fields

    def _read(self, name: str, node: Node, artifact: str) -> object:
        """Read one field, or note why it cannot be read."""
        field = self._spelling[name]
        if isinstance(node, Faulty) or (field in _MAY_BE_NULL and isinstance(node, Scalar) and node.value is None):
            return None
        try:
            return self._value(field, node, artifact)
        except Wrong as error:
            if not isinstance(error.node, Faulty):
                message = f"{name!r} of {artifact!r} must be {error.expected}, not {error.found}"
                hint = _TEXT_HINT if error.expected == TEXT and isinstance(error.node, Scalar) else ""
                self.report("GR105", error.node, message, hint, artifact)
            return None

    def _value(self, field: str, node: Node, artifact: str) -> object:
        """Choose the reader of a field."""
        match field:
            case "labels":
                return tuple(take_text(item) for item in take_items(node, "a list of texts"))
            case "virtual":
                return take_bool(node)
            case "custom":
                return to_value(node)
            case "metrics" | "params":
                return self._references(node, field, artifact)
            case "goals":
                return {
                    str(key.value): take_goal(value)
                    for key, value in take_pairs(node, "a mapping from metric to higher or lower")
                }
            case "schema":
                return {str(key.value): take_columns(value) for key, value in take_schema_pairs(node)}
            case "path":
                return self._path(take_text(node), node, field, artifact)
            case _:
                return take_text(node)

    def _path(self, path: str, node: Node, field: str, artifact: str) -> str | None:
        """Keep a path that is safe."""
        wrong = "" if self._is_template(path) else check_path(path)
        if not wrong and field != "path" and is_url(path):
            wrong = "is an address, but it must be a file of the repository"
        if not wrong:
            return path
        safe = redact(_USER.sub("", path))  # what is said may end in a log that more people read than the file
        shown = safe if len(safe) <= _SHOWN else f"{safe[:_SHOWN]}..."
        message = f"the path {shown!r} in {field!r} of {artifact!r} {wrong}"
        self.report("GR107", node, message, "name a file or folder below the folder of this file", artifact)
        return None

    def _references(self, node: Node, field: str, artifact: str) -> tuple[object, ...]:
        """Read ``metrics`` or ``params``: each item a path, or a mapping with ``path`` and perhaps ``keys``."""
        found: list[object] = []
        for item in take_items(node, "a list of paths"):
            place = item if isinstance(item, Scalar) else find_value(item, "path")
            if place is None:
                raise Wrong(item, "a path or a mapping with 'path'")
            path = self._path(take_text(place), place, field, artifact)
            if path is not None:
                found.append(path if isinstance(item, Scalar) else take_reference(item, path))
        return tuple(found)


def closest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Ask whether a known name was meant, or else give the other hint."""
    found = difflib.get_close_matches(name.casefold(), list(known), n=1)
    return f"did you mean {found[0]!r}?" if found else otherwise
