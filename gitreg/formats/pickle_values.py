"""What a pickle would make, as far as its facts tell: nothing of it is ever made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_KIND: Final = re.compile(r"[<>|=]?([a-zA-Z?])([0-9]{0,9})")
_TYPES: Final = {"f": "float", "i": "int", "u": "uint", "c": "complex"}
_MOST_SEEN: Final = 10_000


class Name(NamedTuple):
    """Something that would be imported."""

    module: str
    name: str

    @property
    def full(self) -> str:
        """Write both parts."""
        return f"{self.module}.{self.name}"


_WRAPPER: Final = Name("joblib.numpy_pickle", "NumpyArrayWrapper")


class Mark:
    """Stands on the stack where a group of values begins."""


class Opaque:
    """Stands for a value that nobody looks at."""


MARK: Final = Mark()
OPAQUE: Final = Opaque()


@dataclass(slots=True, eq=False)
class Made:
    """Stands for what a call would make.

    Attributes:
        call: what is called: a `Name`, or what it was made of, if that is no name.
        arguments: of the call.
        state: what it would be told afterwards.
        items: what would be put into it.
        array: of an array that joblib writes: what its own pickle holds.
        builds: how often it would be told a state.
    """

    call: object
    arguments: object
    state: object = None
    items: dict[object, object] = field(default_factory=dict)
    array: object = None
    builds: int = 0

    @property
    def name(self) -> str:
        """Name what is called, or give an empty text."""
        return self.call.full if isinstance(self.call, Name) else ""

    @property
    def facts(self) -> Mapping[object, object]:
        """Give the state by name, where it has names."""
        state = self.state[0] if isinstance(self.state, tuple) and self.state else self.state
        return state if isinstance(state, dict) else {}


def is_wrapper(value: object) -> bool:
    """Say whether something is joblib's wrapper of an array, or its class; the values stand behind its state."""
    name = value.call if isinstance(value, Made) else value
    return isinstance(name, Name) and name == _WRAPPER


def find_made(root: object) -> Iterator[Made]:
    """Go through what would be made, nearest first; a limited number of things."""
    waiting, seen = [root], set[int]()
    for value in waiting:
        if len(seen) > _MOST_SEEN:
            return
        if id(value) in seen:
            continue
        if isinstance(value, Made):
            seen.add(id(value))
            yield value
            waiting += [value.state, value.arguments, value.array, value.items]
        elif isinstance(value, list | tuple) and not isinstance(value, Name):
            seen.add(id(value))
            waiting += value[:_MOST_SEEN]
        elif isinstance(value, dict):
            seen.add(id(value))
            waiting += list(value.values())[:_MOST_SEEN]


def format_type(text: str) -> str | None:
    """Write a type of numpy as ONNX does; None for those that it has no name for."""
    found = _KIND.fullmatch(text)
    if found is None:
        return None
    if found[1] in {"?", "b"} and found[2] in {"", "1"}:
        return "bool"
    if found[1] in {"U", "O"}:
        return "string"
    return f"{_TYPES[found[1]]}{int(found[2] or 0) * 8}" if found[1] in _TYPES else None


def array_shape(value: object) -> tuple[int, ...] | None:
    """Find the shape of an array of numpy, as pickle or joblib write it."""
    if not isinstance(value, Made):
        return None
    shape = value.facts.get("shape")
    if isinstance(value.state, tuple) and len(value.state) == 5:  # noqa: PLR2004  version, shape, type, order, values
        shape = value.state[1]
    if not isinstance(shape, tuple) or not all(isinstance(size, int) and 0 <= size < 1 << 63 for size in shape):
        return None
    return tuple(size for size in shape if isinstance(size, int))


def array_texts(value: object) -> list[str] | None:
    """Find the texts of an array of texts; None where it is none."""
    if isinstance(value, Made) and value.array is not None:
        value = value.array
    if isinstance(value, Made) and isinstance(value.state, tuple) and len(value.state) == 5:  # noqa: PLR2004
        value = value.state[4]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        return None
    return [item for item in value if isinstance(item, str)]
