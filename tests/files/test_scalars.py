from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.scalars import resolve_plain


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_these_words_are_nothing(text: str) -> None:
    assert resolve_plain(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False)],
        *[("0", 0), ("-12", -12), ("+3", 3), ("007", 7), ("0o17", 15), ("0xff", 255)],
        *[("1.20", 1.2), (".5", 0.5), ("1.", 1.0), ("1e3", 1000.0), ("-1.5E-2", -0.015), ("1e999", math.inf)],
        *[(".inf", math.inf), ("-.INF", -math.inf), ("+.Inf", math.inf)],
    ],
)
def test_the_core_schema_of_yaml_1_2_knows_these_values(text: str, value: object) -> None:
    assert (resolve_plain(text), type(resolve_plain(text))) == (value, type(value))


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number_is_a_number(text: str) -> None:
    value = resolve_plain(text)
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "No",
        "on",
        "y",
        "1_000",
        "2024-05-01",
        "1:30",
        "0b1",
        "-",
        "+",
        ".",
        "-.nan",
        "tRUE",
        "1 2",
        "1\n",
        "٣",
        "0x",
        "1.2.3",
    ],
)
def test_what_only_yaml_1_1_or_nobody_takes_for_a_value_is_text(text: str) -> None:
    assert resolve_plain(text) == text


def test_a_number_of_ten_thousand_digits_is_text_and_no_crash() -> None:
    assert resolve_plain("9" * 10_000) == "9" * 10_000
    assert resolve_plain(f"0x{'f' * 10_000}") == f"0x{'f' * 10_000}"


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    resolve_plain(text)
