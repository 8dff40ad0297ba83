from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gitreg.files.scalars import resolve_plain, resolve_tagged, resolve_value


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
    resolve_value(text)


NUMBERS = [
    *[
        "1_000",
        "0b1",
        "-0b1_0",
        "0b12",
        "1_0.5",
        "010",
        "08",
        "0_8",
        "0o7",
        "0o1_7",
        "0o8",
        "-0o7",
        "0x1F",
        "+0x1F",
        "0x_1F",
        "0X1F",
    ],
    *[
        "1e5",
        "1e-3",
        "1.e5",
        "1_e5",
        "1e1_0",
        "5.e3",
        ".5e3",
        "-.5e3",
        ".5e+3",
        ".e3",
        ".5",
        "+.5",
        "._5",
        "5.",
        "1_",
        "-_1",
        "1._5",
    ],
    *[
        "1:30",
        "1:30.5",
        "y",
        "yes",
        "on",
        "~",
        "null",
        "true",
        "TRUE",
        "tRUE",
        ".inf",
        "-.INF",
        "1e400",
        "nan",
        "1,000",
        "1.2.3",
        "",
        "+",
    ],
]


def as_dvc(text: str) -> object:
    """Read a scalar with the loader that DVC uses."""
    return YAML(typ="safe").load(f"key: {text}\n")["key"]


@pytest.mark.parametrize("text", NUMBERS)
def test_a_value_is_what_dvc_takes_it_for(text: str) -> None:
    assert (resolve_value(text), type(resolve_value(text))) == (as_dvc(text), type(as_dvc(text)))


@given(st.text(alphabet="+-._0123456789xobeEfnN", min_size=1, max_size=8))
def test_every_number_is_what_dvc_takes_it_for(text: str) -> None:
    try:
        value = as_dvc(text)
    except (YAMLError, ValueError):  # DVC stops at it
        return
    if not isinstance(value, date):
        assert repr(resolve_value(text)) == repr(value)


@pytest.mark.parametrize(
    "text", ["2024-05-01", "2024-13-45", "2024-05-01T10:00:00Z", "-_", "0x_", "._", "9" * 10_000, f"0b{'1' * 10_000}"]
)
def test_dates_and_what_dvc_stops_at_stay_text(text: str) -> None:
    assert resolve_value(text) == text


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("str", "123"),
        ("str", ""),
        ("int", "1_0"),
        ("float", "3"),
        ("float", "1e5"),
        ("bool", "yes"),
        ("null", "x"),
        ("timestamp", "x"),
    ],
)
def test_a_tag_says_what_a_value_is(tag: str, text: str) -> None:
    expected = text if tag == "timestamp" else as_dvc(f'!!{tag} "{text}"')
    value = resolve_tagged(f"tag:yaml.org,2002:{tag}", text)
    assert (value, type(value)) == (expected, type(expected))


def test_a_tag_that_only_says_that_there_is_none_changes_nothing() -> None:
    assert resolve_tagged("!", "12") == 12


@pytest.mark.parametrize(
    ("tag", "text"), [("int", "x"), ("int", "1.5"), ("float", "true"), ("bool", "2"), ("binary", "aGk="), ("!mine", "1")]
)
def test_a_tag_that_does_not_fit_or_that_nobody_knows_is_an_error(tag: str, text: str) -> None:
    with pytest.raises(ValueError, match=tag):
        resolve_tagged(tag if tag.startswith("!") else f"tag:yaml.org,2002:{tag}", text)
