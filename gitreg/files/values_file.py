"""Values: what a file of metrics or parameters says, by dotted names, as DVC flattens them.

JSON, YAML and TOML are told apart by their endings; what has another one is read as YAML, as DVC does. A Python file is not read.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from typing import Any, Final

from gitreg.core.equality import are_same
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from gitreg.files.scalars import LONGEST_NUMBER
from gitreg.files.tree import DEEPEST
from gitreg.files.unreadable import UnreadableError, explain_parser

LARGEST_VALUES: Final = 8 << 20
"""Bytes of a file of values that is read."""

MOST_NAMES: Final = 10_000
"""Values of a file that have a name."""

_LARGEST_TOML: Final = 1 << 20  # its parser is written in Python
_LONGEST_TEXT: Final = 1 << 16  # characters of a text or a list; what is longer is data
_CODE: Final = "GR401"
_MEND: Final = "look at this line and the one before it, or let whatever makes the file make it again"
_AMBIGUOUS: Final = "call one of them otherwise: a dot stands between names in each other, too"
_HINT: Final = "keep data out of it, and list another file under 'metrics' or 'params'"


def read_values(path: str, data: bytes, *, lists: bool = True) -> tuple[dict[str, Value], Problem | None]:
    """Read the values of a file of metrics or parameters.

    Args:
        path: of the file, from the root of the repository; its ending tells the format.
        data: its bytes.
        lists: whether lists and null are values; of metrics DVC shows neither.

    Returns:
        Values by dotted name in the order of the file, a list as JSON, and a problem where some or all cannot be read. A whole
        number of more than 300 digits is a text; infinity and NaN are floats, which JSON cannot say.
    """
    suffix = posixpath.splitext(path)[1].lower()
    try:
        return _flatten(_PARSERS.get(suffix, _parse_yaml)(data), lists=lists)
    except UnreadableError as error:
        line, column = error.place
        hint = _HINT if line is None else _MEND
        return {}, Problem(code=_CODE, message=error.message, file=path, line=line, column=column, hint=hint)
    except _TooMuch as error:
        return error.values, Problem(code=_CODE, message=error.message, file=path, hint=error.hint)


class _TooMuch(Exception):
    """A file says more than anybody would look at, or could tell apart.

    Args:
        message: what is left out.
        values: what is not.
        hint: what to do about it.
    """

    def __init__(self, message: str, values: dict[str, Value], hint: str = _HINT) -> None:
        """Keep what could be read."""
        super().__init__(message)
        self.message = message
        self.values = values
        self.hint = hint


def _flatten(top: object, *, lists: bool) -> tuple[dict[str, Value], Problem | None]:
    """Give each value its dotted name, without recursion.

    Raises:
        UnreadableError: the top level is no mapping, or it is too deep.
        _TooMuch: there are too many values, one that is too long, or two of one name.
    """
    if not isinstance(top, dict):
        raise UnreadableError("the top level is no mapping from names to values")
    named = _Named()
    stack: list[tuple[str, int, Any]] = [("", 1, top)]
    while stack:
        prefix, depth, found = stack.pop()
        if isinstance(found, dict):
            if depth > DEEPEST:
                raise UnreadableError(f"it is nested more than {DEEPEST} levels deep")
            below = [(f"{prefix}.{key}" if prefix else str(key), depth + 1, value) for key, value in found.items()]
            stack += reversed(below)
        elif (lists or not (found is None or isinstance(found, list))) and not named.add(prefix, found):
            break
    return named.finish(), None


class _Named:
    """Takes values with their dotted names."""

    def __init__(self) -> None:
        """Begin with none."""
        self._values: dict[str, Value] = {}
        self._clashing: set[str] = set()
        self._left_out = ""

    def add(self, name: str, found: object) -> bool:
        """Take a value; say whether there is room for more."""
        value = found if isinstance(found, str | int | float) else _to_value(found)
        if len(self._values) >= MOST_NAMES:
            self._left_out = f"it has more than {MOST_NAMES} values, so only the first of them are read"
            return False
        if isinstance(value, str) and len(value) > _LONGEST_TEXT:
            self._left_out = self._left_out or f"the value {name[:100]!r} has {len(value)} characters, so it is left out"
        elif name not in self._values:
            self._values[name] = value
        elif not are_same(self._values[name], value):
            self._clashing.add(name)
        return True

    def finish(self) -> dict[str, Value]:
        """Give the values that have a name each.

        Raises:
            _TooMuch: there are others.
        """
        for name in self._clashing:
            del self._values[name]
        if self._left_out:
            raise _TooMuch(self._left_out, self._values)
        if self._clashing:
            message = f"the name {min(self._clashing)[:100]!r} stands for two values, so neither is read"
            raise _TooMuch(message, self._values, _AMBIGUOUS)
        return self._values


def _to_value(found: object) -> Value:
    """Turn what stands in a file into a value: a list into JSON, a date into text."""
    if found is None:
        return None
    if isinstance(found, list):
        try:
            return json.dumps(found, ensure_ascii=False, default=str)
        except RecursionError as error:
            raise UnreadableError(f"it is nested more than {DEEPEST} levels deep") from error
    return str(found)


def _parse_json(data: bytes) -> object:
    """Read JSON; a number beyond all sense is a text, so that it stays as it is."""
    _check_size(data, LARGEST_VALUES)
    try:
        return json.loads(data, parse_int=_to_int)
    except UnicodeDecodeError as error:
        raise UnreadableError("it is no JSON: its bytes are not UTF-8") from error
    except ValueError as error:
        reason, place = explain_parser(error)
        raise UnreadableError(f"it is no JSON: {reason}", place) from error
    except RecursionError as error:
        raise UnreadableError(f"it is nested more than {DEEPEST} levels deep") from error


def _to_int(text: str) -> int | str:
    """Read a whole number."""
    return int(text) if len(text) <= LONGEST_NUMBER else text


def _parse_yaml(data: bytes) -> object:
    """Read YAML as DVC does: with anchors, and with numbers for keys; a file with a key that stands twice it refuses."""
    from gitreg.files.nodes import to_value
    from gitreg.files.yaml import parse_yaml

    document = parse_yaml(data, "", forgiving=True, values=True)
    for problem in document.problems:
        raise UnreadableError(problem.message, (problem.line, problem.column))
    if document.root is None:
        raise UnreadableError("the top level is no mapping from names to values")
    return to_value(document.root)


def _parse_toml(data: bytes) -> object:
    """Read TOML."""
    from gitreg.files.toml import parse_toml

    try:
        return parse_toml(data, _LARGEST_TOML)
    except UnreadableError:
        raise
    except UnicodeDecodeError as error:
        raise UnreadableError("it is no TOML: its bytes are not UTF-8") from error
    except ValueError as error:  # also a number of too many digits
        reason, place = explain_parser(error)
        raise UnreadableError(f"it is no TOML: {reason}", place) from error
    except RecursionError as error:
        raise UnreadableError(f"it is nested more than {DEEPEST} levels deep") from error


def _refuse_python(data: bytes) -> object:
    """Refuse a Python file, whose values only Python knows."""
    del data
    raise UnreadableError("it is Python, which is never run; gitreg reads JSON, YAML and TOML")


def _check_size(data: bytes, most: int) -> None:
    """Refuse a file that is too large."""
    if len(data) > most:
        raise UnreadableError(f"it has {len(data)} bytes, more than {most}")


_PARSERS: Final[Mapping[str, Callable[[bytes], object]]] = {
    ".json": _parse_json,
    ".toml": _parse_toml,
    ".py": _refuse_python,
}
