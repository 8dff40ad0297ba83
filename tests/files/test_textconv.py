from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.merge_entries import freeze
from gitreg.files.textconv import describe_entries
from tests.files.strategies import file_texts


def describe(text: str) -> list[str]:
    return describe_entries(text.encode())


def test_each_field_item_and_key_is_a_line_that_names_its_entry() -> None:
    text = """\
# head
zoo: {}
churn:
  made-up: {b: [1, {c: 2}], a: "1"}
  owner: growth # who
  custom:
    threshold: 0.5
    "dotted.key": yes
    empty: []
  labels: [pii, "a, b"]
  metrics:
    - m.json
    - path: n.json
      keys: [auc]
  description: |
    One.

    Two: with a colon.
  path: models/churn.pkl
"""
    assert describe(text) == [
        "churn.path: models/churn.pkl",
        "churn.description: One.",
        "churn.description: ",
        "churn.description: Two: with a colon.",
        "churn.labels: pii",
        "churn.labels: a, b",
        'churn.custom."dotted.key": "yes"',
        "churn.custom.empty: []",
        "churn.custom.threshold: 0.5",
        "churn.owner: growth",
        "churn.metrics[]: m.json",
        "churn.metrics[]: {path: n.json, keys: [auc]}",
        'churn.made-up.a: "1"',
        "churn.made-up.b[]: 1",
        "churn.made-up.b[]: {c: 2}",
        "zoo: {}",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("labels: x", "labels: [x]"),
        ("labels: []", "labels: [[]]"),
        ("labels: {a: 1}", "labels: [{a: 1}]"),
        ("labels:", "labels: [null]"),
        ("custom: {k: [1]}", "custom: {k: 1}"),
        ("custom: []", "custom: [[]]"),
        ("custom: {x: [{}]}", "custom: {x: {}}"),
        ("custom: {x: {'[]': 1}}", "custom: {x: [1]}"),
        ('description: "x\\ny"', 'description: "x\\ny\\n"'),
        ('description: "x\\n"', "description: x"),
        ('description: "x\\ny\\n"', "description: [x, y]"),
        ('description: "x\\ny"', 'description: "x\\n= y\\n"'),
        ('description: "x\\n\\x1b\\n"', r"description: 'x\n\x1b\n'"),
        ("custom: {a.b: 1}", "custom: {a: {b: 1}}"),
    ],
)
def test_values_that_differ_have_lines_that_differ(one: str, other: str) -> None:
    assert describe(f"a: {{{one}}}\n") != describe(f"a: {{{other}}}\n")


def test_a_label_that_stands_alone_and_a_text_that_does_not_end_look_different() -> None:
    assert describe('a: {labels: x, description: "One.\\nTwo."}\n') == [
        "a.description: One.",
        "a.description = Two.",
        "a.labels = x",
    ]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.text('xy\n.=: []-#\t"\\', max_size=6),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("xy.=[]: ", min_size=1, max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(["labels", "custom", "description"]), _VALUES, _VALUES)
def test_two_values_have_the_same_lines_only_if_they_are_the_same(field: str, one: object, other: object) -> None:
    lines = [describe(json.dumps({"a": {field: value}})) for value in (one, other)]
    assert (lines[0] == lines[1]) == (freeze(one) == freeze(other))


def test_comments_order_and_quoting_make_no_difference() -> None:
    assert describe("# x\nb: {owner: 'me'}\na:\n  path: x # y\n") == describe("a: {path: x}\n\nb:\n  owner: me\n")


def test_an_entry_that_cannot_be_read_stands_there_as_it_is_written() -> None:
    assert describe("a:\n  owner: &x me\n  path: *x\nb: {path: p}\n") == ["a:", "  owner: &x me", "  path: *x", "b.path: p"]
    assert describe("a: text\nb:\n") == ["a: text", "b: null"]
    assert describe("a: {path: p}\na: {path: q}\n1: {}\n") == ["a.path: p", "a.path: q", "1: {}"]
    assert describe("b: {path: [}\na: {path: p}\n") == ["b: {path: [}", "a.path: p"]


def test_a_merge_that_is_not_finished_hides_no_entry() -> None:
    text = "a: {path: p}\nb:\n<<<<<<< ours\n  path: o\n=======\n  path: t\n>>>>>>> theirs\n\nc: {path: p}\n"
    marked = ["b: null", "<<<<<<< ours", "  path: o", "=======", "  path: t", ">>>>>>> theirs"]
    assert describe(text) == ["a.path: p", *marked, "c.path: p"]


@pytest.mark.parametrize("data", [b"", b"# only comments\n", b"\xff\xfe", b"- a\n", b"a: " + b"[" * 5000, b"#" * 9_000_000])
def test_whatever_the_file_is_something_is_shown_or_there_is_nothing(data: bytes) -> None:
    assert all("\n" not in line for line in describe_entries(data))


def test_what_is_deeper_than_what_gitreg_writes_is_shown_as_it_is() -> None:
    deep = "[" * 63 + "]" * 63
    assert describe(f"a: {deep}\n") == [f"a: {deep}"]


@given(st.binary() | file_texts().map(str.encode))
def test_a_line_is_one_line(data: bytes) -> None:
    assert all("\n" not in line for line in describe_entries(data))
