from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.entries import Entry
from gitreg.files import dvc_yaml
from gitreg.files.dvc_yaml import read_dvc_yaml


def read(text: str, file: str = "dvc.yaml") -> tuple[dict[str, Entry], list[str]]:
    entries, problems = read_dvc_yaml(text.encode(), file)
    return entries, [f"{problem.code} {problem.line}:{problem.column} {problem.message}" for problem in problems]


def test_the_fields_of_dvc_become_fields_of_the_entry() -> None:
    entries, problems = read(
        "artifacts:\n  churn:\n    path: models/${name}.pkl\n    type: model\n    desc: Churn\n    labels: [a]\n    meta: {k: [1]}\n",
        "x/dvc.yaml",
    )
    assert problems == []
    assert entries == {
        "x:churn": Entry(
            name="x:churn",
            file="x/dvc.yaml",
            line=2,
            path="models/${name}.pkl",
            type="model",
            description="Churn",
            labels=("a",),
            custom={"k": [1]},
        )
    }


def test_the_rest_of_the_file_may_be_whatever_dvc_allows() -> None:
    text = "vars: &v [1]\nstages:\n  t: {cmd: !x y, deps: *v}\n  t: {<<: *v}\n1: 2\nartifacts:\n  a: {path: x, labels: *v2}\n  b: &b {path: y}\n  c: *b\n"
    entries, problems = read(text)
    assert (list(entries), problems) == (["a", "b", "c"], [])
    assert entries["c"].path == "y"


def test_a_file_without_the_section_is_not_even_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(dvc_yaml, "parse_yaml")
    assert read("stages: [[[ broken\n") == ({}, [])


@pytest.mark.parametrize(
    "text",
    ["stages: {cmd: cp artifacts x}\n", "x: artifacts: [\n", "# artifacts\n", "artifacts:\n", "- artifacts\n", "artifacts: {}\n"],
)
def test_a_file_without_entries_has_no_problems(text: str) -> None:
    assert read(text) == ({}, [])


def test_a_section_that_cannot_be_read_is_a_problem() -> None:
    assert [problem.split()[0] for problem in read("artifacts:\n  a: [\n")[1]] == ["GR101"]
    assert read("artifacts: [a]\n")[1] == ["GR105 1:12 'artifacts' must be a mapping from names to entries, not a list"]


def test_the_section_is_not_overlooked_in_another_encoding() -> None:
    for encoding in ("utf-16", "utf-16-le", "utf-32-be"):
        entries, problems = read_dvc_yaml("artifacts:\n  a: {path: b}\n".encode(encoding), "dvc.yaml")
        assert (entries, [problem.code for problem in problems]) == ({}, ["GR101"])


def test_problems_are_those_of_the_section_only() -> None:
    text = "stages:\n  t: 1\n  t: 2\nartifacts:\n  a: {path: /x, framework: y, path: z}\n  b c: {}\n  d: 3\nparams:\n  - p\nparams:\n  - q\n"
    entries, problems = read(text)
    assert list(entries) == ["a"]
    assert problems == [
        "GR107 5:13 the path '/x' in 'path' of 'a' is absolute",
        "GR106 5:17 'a' has the unknown field 'framework'",
        "GR103 5:31 the key 'path' stands twice",
        "GR104 6:3 'b c' is no valid name of an artifact",
        "GR105 7:6 the entry 'd' must be a mapping of fields, not the number 3",
    ]


def test_a_wrong_field_is_named_as_it_is_spelled_there() -> None:
    assert read("artifacts: {a: {desc: 3}}\n")[1] == ["GR105 1:23 'desc' of 'a' must be a text, not the number 3"]


@given(st.binary().map(lambda data: b"artifacts:\n " + data))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_dvc_yaml(data, "dvc.yaml")
