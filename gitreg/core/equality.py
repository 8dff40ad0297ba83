"""Whether two values say the same: for Python ``True`` is 1, and for whoever reads a file it is not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass


def are_same(one: object, other: object) -> bool:
    """Say whether two values are the same, whatever they are made of.

    1 and 1.0 are one number, as for DVC; true is none; what is no number is the same as what is no number.

    Args:
        one: a value of a file, or facts, which hold such values.
        other: the same.
    """
    if one is other:
        return True
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if isinstance(one, float) and isinstance(other, float):
        return one == other or (one != one and other != other)  # noqa: PLR0124  only NaN is not itself
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(are_same(value, other[key]) for key, value in one.items())
    if type(one) is type(other) and isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(are_same, one, other))
    if type(one) is type(other) and is_dataclass(one):
        return all(are_same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    return one == other
