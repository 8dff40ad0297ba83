from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.pipelines import Value
from gitreg.files import yaml
from gitreg.files.values_file import LARGEST_VALUES, MOST_NAMES, read_values


def values_of(path: str, text: str | bytes) -> dict[str, Value]:
    values, problem = read_values(path, text.encode() if isinstance(text, str) else text)
    assert problem is None
    return values


def sentence_of(path: str, text: str | bytes) -> str:
    values, problem = read_values(path, text.encode() if isinstance(text, str) else text)
    assert values == {}
    assert problem is not None
    assert (problem.code, problem.file) == ("GR401", path)
    return problem.message


def test_nested_names_become_dotted_in_the_order_of_the_file() -> None:
    assert list(values_of("m.json", '{"z": {"b": 1, "a": 2}, "y": 3}').items()) == [("z.b", 1), ("z.a", 2), ("y", 3)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("m.json", '{"train": {"rate": 0.5, "layers": [8, 16], "name": "a", "fast": true, "seed": 7}}'),
        ("m.yaml", "train: {rate: 0.5, layers: [8, 16], name: a, fast: true, seed: 7}"),
        ("m.yml", "train:\n  rate: 0.5\n  layers:\n  - 8\n  - 16\n  name: a\n  fast: true\n  seed: 7\n"),
        ("m.toml", '[train]\nrate = 0.5\nlayers = [8, 16]\nname = "a"\nfast = true\nseed = 7\n'),
        ("metrics", "train: {rate: 0.5, layers: [8, 16], name: a, fast: true, seed: 7}"),
    ],
)
def test_all_formats_say_the_same(path: str, text: str) -> None:
    assert values_of(path, text) == {
        "train.rate": 0.5,
        "train.layers": "[8, 16]",
        "train.name": "a",
        "train.fast": True,
        "train.seed": 7,
    }


def test_numbers_are_exact_and_those_beyond_all_sense_are_texts() -> None:
    long = "9" * 400
    found = values_of("m.json", f'{{"a": 0.1, "b": 12345678901234567890123, "c": {long}, "d": 1e999, "e": NaN}}')
    assert (found["a"], found["b"], found["c"], found["d"]) == (0.1, 12345678901234567890123, long, math.inf)
    assert isinstance(found["e"], float)
    assert math.isnan(found["e"])


def test_yaml_may_have_anchors_and_numbers_for_keys() -> None:
    found = values_of("m.yaml", "base: &x {rate: 1}\nbig: {<<: *x, size: 2}\nrecall: {0: 0.5, 1: 0.25}\nday: 2026-01-31\n")
    assert found == {"base.rate": 1, "big.size": 2, "big.rate": 1, "recall.0": 0.5, "recall.1": 0.25, "day": "2026-01-31"}


def test_dates_of_toml_are_texts() -> None:
    assert values_of("m.toml", "day = 2026-01-31\nlist = [2026-01-31]\n") == {"day": "2026-01-31", "list": '["2026-01-31"]'}


def test_an_empty_mapping_says_nothing() -> None:
    assert values_of("m.json", '{"a": {}}') == {}


@pytest.mark.parametrize(
    ("path", "text", "sentence"),
    [
        ("m.json", '{"a": 1,}', "it is no JSON: Expecting property name enclosed in double quotes"),
        ("m.json", b"\xff\xfe{", "it is no JSON: its bytes are not UTF-8"),
        ("m.json", "[" * 100_000, "it is nested more than 64 levels deep"),
        ("m.json", '{"a":' * 100 + "1" + "}" * 100, "it is nested more than 64 levels deep"),
        ("m.json", "0.5", "the top level is no mapping from names to values"),
        ("m.yaml", "- 1", "the top level is no mapping from names to values"),
        ("m.yaml", "a: [", "the file is no YAML: did not find expected node content"),
        ("m.yaml", "a: " + "[" * 100, "the file is nested more than 64 levels deep"),
        ("m.toml", "a =", "it is no TOML: Invalid value (at end of document)"),
        ("m.toml", b"a = '\xff'", "it is no TOML: its bytes are not UTF-8"),
        ("m.toml", "a = " + "9" * 5000, "it is no TOML: Exceeds the limit (4300 digits)"),
        ("m.toml", "a = " + "[" * 100_000, "it is nested more than 64 levels deep"),
        ("params.py", "import os", "it is Python, which is never run; gitreg reads JSON, YAML and TOML"),
    ],
)
def test_what_cannot_be_read_is_a_problem(path: str, text: str | bytes, sentence: str) -> None:
    assert sentence_of(path, text).startswith(sentence)


@pytest.mark.parametrize(
    ("path", "text", "sentence", "line", "column"),
    [
        ("m.json", '{"auc": 0.9,\n "loss": }', "it is no JSON: Expecting value", 2, 10),
        ("m.yaml", "a:\n  b: [1\n", "the file is no YAML: did not find expected ',' or ']'", 2, 8),
        ("m.toml", "a = 1\nb = = 2\n", "it is no TOML: Invalid value", 2, 5),
    ],
)
def test_where_a_parser_stopped_is_the_place_of_the_problem(path: str, text: str, sentence: str, line: int, column: int) -> None:
    _, problem = read_values(path, text.encode())
    assert problem is not None
    assert (problem.message, problem.file, problem.line, problem.column) == (sentence, path, line, column)
    assert "this line" in problem.hint


def test_a_file_that_is_too_large_is_not_read() -> None:
    large = b" " * (LARGEST_VALUES + 1)
    assert "more than" in sentence_of("m.json", large)
    assert "more than" in sentence_of("m.yaml", large)
    assert "more than" in sentence_of("m.toml", large)


def test_aliases_that_stand_for_billions_are_refused() -> None:
    lines = ["a: &a [" + "x," * 10 + "]"] + [f"{chr(98 + i)}: &{chr(98 + i)} [{f'*{chr(97 + i)},' * 10}]" for i in range(10)]
    assert "more than 1000000 values" in sentence_of("m.yaml", "\n".join(lines))


def test_of_a_file_with_too_many_values_the_first_are_read() -> None:
    values, problem = read_values("m.json", json.dumps({str(number): number for number in range(MOST_NAMES + 5)}).encode())
    assert len(values) == MOST_NAMES
    assert problem is not None
    assert problem.message == "it has more than 10000 values, so only the first of them are read"


def test_a_value_that_is_too_long_is_left_out() -> None:
    values, problem = read_values("m.json", json.dumps({"a": "x" * 70_000, "b": [1] * 70_000, "c": 1}).encode())
    assert values == {"c": 1}
    assert problem is not None
    assert problem.message == "the value 'a' has 70000 characters, so it is left out"


@given(st.sampled_from(["m.json", "m.yaml", "m.toml"]), st.binary(max_size=60))
def test_no_bytes_make_it_fail(path: str, data: bytes) -> None:
    values, problem = read_values(path, data)
    assert problem is None or problem.code == "GR401"
    assert all(value is None or isinstance(value, str | int | float) for value in values.values())


@given(st.dictionaries(st.text("abc", min_size=1), st.integers() | st.floats(allow_nan=False) | st.booleans() | st.text()))
def test_what_json_can_say_comes_back_exactly(values: dict[str, Value]) -> None:
    assert values_of("m.json", json.dumps(values)) == values


PARSERS = [yaml.compiled_events, yaml.pure_events]


@pytest.mark.parametrize("events", PARSERS)
def test_yaml_means_what_dvc_takes_it_for(events: yaml.Events, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "_fastest_events", lambda: events)
    text = "id: !!str 123\nn: 1_000\nb: 0b11\nquoted: !!int '5'\nlist: [!!str 1, 1_0]\n1_0: x\nmap: !!map {x: .5e3}\nplain: ! 7\n"
    found, problem = read_values("p.yaml", text.encode())
    assert problem is None
    assert found == {
        "id": "123", "n": 1000, "b": 3, "quoted": 5, "list": '["1", 10]', "10": "x", "map.x": ".5e3", "plain": 7,
    }  # fmt: skip


@pytest.mark.parametrize("events", PARSERS)
@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("x: 1\nx: 2\n", "the key 'x' stands twice", (2, 1)),
        ("a:\n  x: 1\n  'x': 1\n", "the key 'x' stands twice", (3, 3)),
        ("1: a\n'1': b\n", "the key '1' stands twice", (2, 1)),
        ("a: 1\n---\nb: 2\n", "a second document begins here", (2, 1)),
        ("a: !mine 1\n", "nobody knows what the tag '!mine' makes of this value", (1, 4)),
        ("a: !mine [1]\n", "nobody knows what the tag '!mine' makes of this value", (1, 4)),
        ("a: !!int x\n", "nobody knows what the tag 'tag:yaml.org,2002:int' makes of this value", (1, 4)),
    ],
)
def test_a_file_that_dvc_refuses_has_no_values(
    text: str, message: str, place: tuple[int, int], events: yaml.Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml, "_fastest_events", lambda: events)
    found, problem = read_values("p.yaml", text.encode())
    assert found == {}
    assert problem is not None
    assert (problem.code, problem.message, (problem.line, problem.column)) == ("GR401", message, place)


@pytest.mark.parametrize(("path", "text"), [
    ("m.json", '{"b.c": 1, "b": {"c": 2}, "d": 3}'), ("m.yaml", "b: {c: 2}\nd: 3\nb.c: 1\n"), ("m.toml", "d = 3\nb.c = 2\n'b.c' = 1\n"),
])  # fmt: skip
def test_a_name_that_stands_for_two_values_has_none(path: str, text: str) -> None:
    found, problem = read_values(path, text.encode())
    assert found == {"d": 3}
    assert problem is not None
    assert problem.message == "the name 'b.c' stands for two values, so neither is read"


def test_a_name_that_stands_twice_for_one_value_has_it() -> None:
    assert read_values("m.json", b'{"b.c": 1, "b": {"c": 1.0}}') == ({"b.c": 1}, None)
