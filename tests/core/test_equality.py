from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.entries import Entry
from gitreg.core.equality import are_same

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.floats() | st.text(max_size=1),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=1), inside, max_size=2),
    max_leaves=4,
)


def entry(custom: object) -> Entry:
    return Entry(name="a", file="artifacts.yaml", line=1, custom={"x": custom})


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (0, False), (1.0, True), ("1", 1), (None, False), (math.nan, 0.0), ([], {})]
)
def test_values_of_different_types_are_different_wherever_they_stand(one: object, other: object) -> None:
    for wrap in (lambda x: x, lambda x: [x], lambda x: (2, x), lambda x: {"a": {"b": x}}, entry):
        assert not are_same(wrap(one), wrap(other))
        assert not are_same(wrap(other), wrap(one))
        assert are_same(wrap(one), wrap(one))


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert are_same({"a": [1, math.nan]}, {"a": [1.0, float("nan")]})
    assert not are_same([1, 2], [1])
    assert not are_same({"a": 1}, {"b": 1})
    assert not are_same([1], (1,))


@given(VALUES, VALUES)
def test_it_is_stricter_than_python_but_for_nan(one: object, other: object) -> None:
    assert are_same(one, one)
    assert are_same(one, other) == are_same(other, one)
    if are_same(one, other) and "nan" not in repr(one):
        assert one == other
