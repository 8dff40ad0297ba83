"""The one door to the parser of TOML."""

from __future__ import annotations

import tomllib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.files.toml import parse_toml
from gitreg.files.unreadable import UnreadableError
from gitreg.files.values_file import read_values

_LARGEST = 1 << 20
_FULL = 1_000_000  # characters


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a." * 20_000 + "a=1\n", "it is nested more than 64 levels deep"),
        ("[" + "a . " * 20_000 + "a]\n", "it is nested more than 64 levels deep"),
        ('"a".' * 20_000 + "a=1\n", "it is nested more than 64 levels deep"),
        ('"\\"".' * 20_000 + "a=1\n", "it is nested more than 64 levels deep"),
        ("'a'." * 20_000 + "a=1\n", "it is nested more than 64 levels deep"),
        ("x={" + "a." * 20_000 + "a=1}\n", "it is nested more than 64 levels deep"),
        ("".join(f"k{number}." + "a." * 60 + "a=1\n" for number in range(_FULL // 130)), "it has more than 50000 tables"),
        ("".join(f"[k{number}]\n" for number in range(_FULL // 10)), "it has more than 50000 tables"),
        ("[[a]]\n" * (_FULL // 6), "it has more than 50000 tables"),
        ("a=[" + "{a.b=1}," * (_FULL // 8) + "]\n", "it has more than 50000 tables"),
        (
            "[" + "a." * 60 + "a]\n" + "".join(f"k{number}=1\n" for number in range(90_000)),
            "it is nested too deep for its length",
        ),
        ("a = " + "1" * 10_000, "it has a number of more than 5000 digits"),
        ("#" * (_LARGEST + 1), f"it has {_LARGEST + 1} bytes, more than {_LARGEST}"),
    ],
)
def test_what_would_take_the_parser_gigabytes_is_refused_before_it_begins(text: str, message: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(UnreadableError) as caught:
            parse_toml(text.encode(), _LARGEST)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()
    assert caught.value.message == message


@pytest.mark.parametrize(
    "text",
    [
        f"a = [{', '.join(f'0.{number}' for number in range(20_000))}]\n",
        f"a = '{'https://files.example.com/a.b.c ' * 2000}'\n",
        f"a = '{'.' * 5000}'\n",
        "a." * 64 + "a = 1\n",
        "".join(f"[a.b{number}]\nc.d = 1.5\n" for number in range(2000)),
        "".join(f"k{number} = {number}\n" for number in range(40_000)),
    ],
    ids=range(6),
)
def test_what_people_and_programs_write_is_read(text: str) -> None:
    assert parse_toml(text.encode(), _LARGEST) == tomllib.loads(text)


@given(st.text(alphabet="ab.='\"\\[]{}, 1#\n", max_size=60))
def test_a_small_file_is_read_as_the_parser_of_python_reads_it(text: str) -> None:
    try:
        expected = tomllib.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"\w"):
            parse_toml(text.encode(), _LARGEST)
    else:
        assert parse_toml(text.encode(), _LARGEST) == expected


def test_values_and_packages_go_through_the_same_door() -> None:
    values, problem = read_values("params.toml", b"a." * 20_000 + b"a=1\n")
    assert values == {}
    assert problem is not None
    assert (problem.code, problem.file, problem.message) == ("GR401", "params.toml", "it is nested more than 64 levels deep")
