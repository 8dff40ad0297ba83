"""The fields of an entry in ``artifacts.yaml``: their order, their types, and how each value is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Final

from gitreg.core.problems import Problem
from gitreg.files.nodes import Faulty, Mapping, Node, Scalar, Sequence, find_value, to_value
from gitreg.files.paths import check_path, is_url

Report = Callable[[str, Node, str, str], None]
"""Takes a code, the node that is wrong, a sentence and a hint."""

BETTER: Final = ("higher", "lower")

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

GTO_FIELDS: Final = FIELDS[:6]
"""What GTO 1.10 reads; it ignores the rest."""


class Wrong(Exception):
    """A value has the wrong type.

    Args:
        node: the value.
        expected: what it should be.
    """

    def __init__(self, node: Node, expected: str) -> None:
        """Keep the place."""
        super().__init__(expected)
        self.node = node
        self.expected = expected


class FieldReader:
    """Reads the fields of the entries of one file.

    Args:
        file: path of the file, from the root of the repository.
        is_template: says whether a path is one that only DVC can fill in, and is not to be checked.
    """

    def __init__(self, file: str, is_template: Callable[[str], bool] = lambda _: False) -> None:
        """Begin without problems."""
        self.problems: list[Problem] = []
        self._file = file
        self._is_template = is_template

    def report(self, code: str, node: Node, message: str, hint: str, artifact: str | None = None) -> None:
        """Note a problem at a node."""
        place = {"file": self._file, "line": node.line, "column": node.column}
        self.problems.append(Problem(code=code, message=message, hint=hint, artifact=artifact, **place))

    def read(self, field: str, node: Node, artifact: str) -> object:
        """Read one field.

        Args:
            field: one of `FIELDS`.
            node: its value.
            artifact: the full name, for the problems.

        Returns:
            The value, or None where it is absent or wrong; then a problem has been noted.
        """
        if isinstance(node, Faulty) or (field in _MAY_BE_NULL and isinstance(node, Scalar) and node.value is None):
            return None
        try:
            return self._value(field, node, artifact)
        except Wrong as error:
            if not isinstance(error.node, Faulty):
                message = f"{field!r} of {artifact!r} must be {error.expected}, not {describe(error.node)}"
                hint = _TEXT_HINT if error.expected == _TEXT and isinstance(error.node, Scalar) else ""
                self.report("GR105", error.node, message, hint, artifact)
            return None

    def read_unknown(self, key: Scalar, node: Node, artifact: str) -> object:
        """Read a field that gitreg does not know, and warn of it."""
        name = str(key.value)
        self.report("GR106", key, f"{artifact!r} has the unknown field {name!r}", closest(name, FIELDS, _UNKNOWN_HINT), artifact)
        return to_value(node)

    def _value(self, field: str, node: Node, artifact: str) -> object:
        """Choose the reader of a field."""
        match field:
            case "labels":
                return tuple(_text(item) for item in _items(node, "a list of texts"))
            case "virtual":
                return _bool(node)
            case "custom":
                return to_value(node)
            case "metrics" | "params":
                return self._references(node, field, artifact)
            case "goals":
                return {str(key.value): _goal(value) for key, value in _pairs(node, "a mapping from metric to higher or lower")}
            case "schema":
                return {str(key.value): _columns(value) for key, value in _schema_pairs(node)}
            case "path":
                return self._path(_text(node), node, field, artifact)
            case _:
                return _text(node)

    def _path(self, path: str, node: Node, field: str, artifact: str) -> str | None:
        """Keep a path that is safe."""
        wrong = "" if self._is_template(path) else check_path(path)
        if not wrong and field != "path" and is_url(path):
            wrong = "is an address, but it must be a file of the repository"
        if not wrong:
            return path
        shown = path if len(path) <= _SHOWN else f"{path[:_SHOWN]}..."
        message = f"the path {shown!r} in {field!r} of {artifact!r} {wrong}"
        self.report("GR107", node, message, "name a file or folder below the folder of this file", artifact)
        return None

    def _references(self, node: Node, field: str, artifact: str) -> tuple[object, ...]:
        """Read ``metrics`` or ``params``: each item a path, or a mapping with ``path`` and perhaps ``keys``."""
        found: list[object] = []
        for item in _items(node, "a list of paths"):
            place = item if isinstance(item, Scalar) else find_value(item, "path")
            if place is None:
                raise Wrong(item, "a path or a mapping with 'path'")
            path = self._path(_text(place), place, field, artifact)
            if path is not None:
                found.append(path if isinstance(item, Scalar) else _reference(item, path))
        return tuple(found)


def describe(node: Node) -> str:
    """Say in words what a value is."""
    match node:
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
        case Scalar(value=None):
            return "nothing"
        case Scalar(value=bool() as value):
            return f"{str(value).lower()} (a yes or no)"
        case Scalar(value=str()):
            return "a text"
        case Scalar(value=value):
            return f"the number {value}"
        case _:
            return "something else"


def closest(name: str, known: Iterable[str], otherwise: str) -> str:
    """Ask whether a known name was meant, or else give the other hint."""
    found = difflib.get_close_matches(name.casefold(), list(known), n=1)
    return f"did you mean {found[0]!r}?" if found else otherwise


# GTO 1.10 stops every command at a null in the other three, so they are reported.
_MAY_BE_NULL: Final = frozenset(FIELDS) - {"description", "labels", "virtual"}
_SHOWN: Final = 100
_TEXT: Final = "a text"
_TEXT_HINT: Final = "write the value in quotes"
_UNKNOWN_HINT: Final = "put free metadata under 'custom'"


def _text(node: Node) -> str:
    """Take a text."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    raise Wrong(node, _TEXT)


def _bool(node: Node) -> bool:
    """Take a yes or no."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    raise Wrong(node, "true or false")


def _items(node: Node, expected: str) -> tuple[Node, ...]:
    """Take a list."""
    if isinstance(node, Sequence):
        return node.items
    raise Wrong(node, expected)


def _pairs(node: Node, expected: str) -> tuple[tuple[Scalar, Node], ...]:
    """Take a mapping."""
    if isinstance(node, Mapping):
        return node.pairs
    raise Wrong(node, expected)


def _goal(node: Node) -> str:
    """Take ``higher`` or ``lower``."""
    if isinstance(node, Scalar) and node.value in BETTER:
        return str(node.value)
    raise Wrong(node, "'higher' or 'lower' for each metric")


def _schema_pairs(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    """Take a mapping with nothing but ``inputs`` and ``outputs``."""
    pairs = _pairs(node, "a mapping with 'inputs' and 'outputs'")
    for key, _ in pairs:
        if key.value not in {"inputs", "outputs"}:
            raise Wrong(key, "a mapping with 'inputs' and 'outputs' only")
    return pairs


def _columns(node: Node) -> list[object]:
    """Take a list of mappings that have a name and a type."""
    for item in _items(node, "a list of mappings with 'name' and 'type' for inputs and outputs"):
        for key in ("name", "type"):
            value = find_value(item, key)
            if value is None:
                raise Wrong(item, f"a mapping with 'name' and 'type' for each input and output ({key!r} is missing)")
            _text(value)
    columns = to_value(node)
    return columns if isinstance(columns, list) else []


def _reference(item: Node, path: str) -> dict[str, object]:
    """Read a mapping with ``path`` and perhaps ``keys``."""
    keys = find_value(item, "keys")
    if keys is not None:
        for key in _items(keys, "a list of keys"):
            _text(key)
    value = to_value(item)
    return {**value, "path": path} if isinstance(value, dict) else {"path": path}
