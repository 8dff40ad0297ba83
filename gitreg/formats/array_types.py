"""Types of arrays: how many bytes a value of one has, and whether it has no objects of Python in it.

Only what numpy itself writes is known. The size decides where the steps of a pickle go on behind the values of an array; whoever
gets it wrong by a byte does not see the steps that are run.
"""

from __future__ import annotations

import re
from typing import Final

from gitreg.formats.draft import Damaged
from gitreg.formats.pickle_values import Made, Name

_NUMBER: Final = re.compile(r"b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)")
_SIZED: Final = re.compile(r"([SUV])([1-9][0-9]{0,8})")
_PLAIN: Final = re.compile(
    r"[<>|=]?(?:\?|b1|[iu][1248]|f(?:2|4|8|12|16)|c(?:8|16|24|32)|[SUV][0-9]{1,9}|[Mm]8(?:\[[0-9]*[A-Za-z]{1,7}\])?)"
)
_ORDERS: Final = frozenset("<>|=")
_DEEPEST: Final = 8
_HAS_OBJECTS: Final = 1  # a bit of what numpy calls flags
_UNKNOWN: Final = "an array of an unknown kind"


def item_size(dtype: object) -> int | None:
    """Say how many bytes a value of an array has that joblib wrote; None where a pickle of objects stands in their place.

    Raises:
        Damaged: the type is none that numpy writes.
    """
    return _size(dtype, {}, _DEEPEST)


def is_plain(descr: object, depth: int = _DEEPEST) -> bool:
    """Say whether a type in the header of a file of numpy is known, and has no objects in it.

    Args:
        descr: as it stands there: a text, or a list of fields.
        depth: how deep fields may have fields.
    """
    if isinstance(descr, str):
        return _PLAIN.fullmatch(descr) is not None
    if isinstance(descr, list):
        return depth > 0 and all(
            isinstance(part, tuple) and 2 <= len(part) <= 3 and is_plain(part[1], depth - 1)  # noqa: PLR2004  name, type, shape
            for part in descr
        )
    return isinstance(descr, tuple) and len(descr) == 2 and depth > 0 and is_plain(descr[0], depth - 1)  # noqa: PLR2004


def _size(dtype: object, known: dict[int, int | None], depth: int) -> int | None:
    """Read one type, each only once."""
    if not isinstance(dtype, Made) or dtype.call != Name("numpy", "dtype") or dtype.builds != 1 or not depth:
        raise Damaged(_UNKNOWN)
    if id(dtype) not in known:
        known[id(dtype)] = _read_size(_read_text(dtype.arguments), _read_state(dtype.state), known, depth)
    return known[id(dtype)]


def _read_text(arguments: object) -> str:
    """Read what numpy calls the type."""
    if not isinstance(arguments, tuple) or len(arguments) != 3 or arguments[1:] != (False, True):  # noqa: PLR2004
        raise Damaged(_UNKNOWN)
    if not isinstance(arguments[0], str):
        raise Damaged(_UNKNOWN)
    return arguments[0]


def _read_state(state: object) -> tuple[object, ...]:
    """Read the rest: inner type, names, fields, size, alignment and flags."""
    if not isinstance(state, tuple) or (len(state), state[:1]) not in {(8, (3,)), (9, (4,))} or state[1] not in _ORDERS:
        raise Damaged(_UNKNOWN)
    return state[2:8]


def _read_size(text: str, state: tuple[object, ...], known: dict[int, int | None], depth: int) -> int | None:
    """Hold the name against the rest, which decides for numpy."""
    none = (None, None, None)
    if text in {"O8", "O4"} and state == (*none, -1, -1, 63):
        return None
    if (_NUMBER.fullmatch(text) or text in {"M8", "m8"}) and state == (*none, -1, -1, 0):
        return int(re.sub(r"\D", "", text))
    sized = _SIZED.fullmatch(text)
    if sized is None:
        raise Damaged(_UNKNOWN)
    size, flags = int(sized[2]) * (4 if sized[1] == "U" else 1), state[5]
    if state[3] != size or not isinstance(flags, int):
        raise Damaged(_UNKNOWN)
    if sized[1] == "V" and flags & _HAS_OBJECTS:
        return None
    if sized[1] == "V":
        _check_parts(state, size, known, depth)
    elif state[:3] != none or flags & _HAS_OBJECTS:
        raise Damaged(_UNKNOWN)
    return size


def _check_parts(state: tuple[object, ...], size: int, known: dict[int, int | None], depth: int) -> None:
    """Check that no part of a structure, or of an array in one, is an object or reaches over the end."""
    inner, fields = state[0], state[2]
    parts = list(fields.values()) if isinstance(fields, dict) else []
    if inner is not None:
        parts.append((inner[0], 0) if isinstance(inner, tuple) and inner else None)
    if fields is not None and not isinstance(fields, dict):
        raise Damaged(_UNKNOWN)
    for part in parts:
        if not isinstance(part, tuple) or len(part) < 2 or not isinstance(part[1], int):  # noqa: PLR2004  type and place
            raise Damaged(_UNKNOWN)
        length = _size(part[0], known, depth - 1)
        if length is None or not 0 <= part[1] <= size - length:
            raise Damaged(_UNKNOWN)
