from __future__ import annotations

from typing import Any

import pytest

from gitreg.core.entries import Entry, Pointer, PointerKind, merge_entries
from gitreg.core.problems import Problem


def test_an_entry_needs_no_more_than_a_name_and_a_place() -> None:
    entry = Entry(name="churn", file="artifacts.yaml", line=1)
    assert (entry.path, entry.labels, entry.goals, entry.unknown) == (None, (), {}, {})


def test_two_entries_share_no_mapping() -> None:
    first, second = (Entry(name="churn", file="artifacts.yaml", line=1) for _ in range(2))
    assert first == second
    assert first.goals is not second.goals


def test_the_kinds_of_pointers_read_as_the_words_of_the_json() -> None:
    assert [str(kind) for kind in PointerKind] == ["dvc", "git", "lfs", "url", "missing"]
    assert Pointer(kind=PointerKind.MISSING, path="a").hash is None


def make_entry(file: str = "artifacts.yaml", **fields: Any) -> Entry:
    return Entry(**{"name": "churn", "file": file, "line": 3, **fields})


def merge(entry: Entry, other: Entry) -> tuple[Entry, list[Problem]]:
    merged, problems = merge_entries({"churn": entry}, {"churn": other})
    return merged["churn"], problems


def test_artifacts_yaml_wins_field_by_field_and_dvc_yaml_fills_the_gaps() -> None:
    mine = make_entry(type="model", description="", labels=("a",), virtual=False, unknown={"x": 1})
    other = make_entry(
        "dvc.yaml",
        path="m.pkl",
        type="dataset",
        description="long",
        labels=("b",),
        virtual=True,
        custom={"k": 1},
        unknown={"x": 2, "y": 3},
    )
    expected = make_entry(
        path="m.pkl", type="model", description="", labels=("a",), virtual=False, custom={"k": 1}, unknown={"x": 1, "y": 3}
    )
    assert merge(mine, other) == (expected, [])


def test_what_only_one_file_names_is_kept_as_it_is() -> None:
    mine, other = make_entry(), make_entry("dvc.yaml", name="fraud")
    merged, problems = merge_entries({"churn": mine}, {"fraud": other})
    assert (list(merged.items()), problems) == ([("churn", mine), ("fraud", other)], [])


def test_two_paths_that_disagree_are_a_problem_and_artifacts_yaml_counts() -> None:
    merged, problems = merge(make_entry(path="a.pkl"), make_entry("dvc.yaml", path="b.pkl"))
    assert merged.path == "a.pkl"
    [problem] = problems
    assert (problem.code, problem.file, problem.line, problem.artifact) == ("GR110", "artifacts.yaml", 3, "churn")
    assert problem.message == "the path of 'churn' is 'a.pkl' in artifacts.yaml and 'b.pkl' in dvc.yaml"


@pytest.mark.parametrize(
    ("path", "other"),
    [("m", "m"), ("./m", "m"), ("a/../m/", "m"), ("s3://b/m", "s3://b/m"), ("m", "${path}"), (None, "m"), ("m", None)],
)
def test_two_paths_that_mean_one_place_agree(path: str | None, other: str | None) -> None:
    assert merge(make_entry(path=path), make_entry("dvc.yaml", path=other))[1] == []


@pytest.mark.parametrize(("path", "other"), [("s3://b/m", "s3://b/./m"), ("m", "s3://b/m"), ("s3://b/m", "m")])
def test_addresses_agree_only_letter_by_letter(path: str, other: str) -> None:
    assert len(merge(make_entry(path=path), make_entry("dvc.yaml", path=other))[1]) == 1


def test_problems_of_merging_are_sorted_by_artifact() -> None:
    names = ["b", "a", "c"]
    mine = {name: make_entry(name=name, path="x") for name in names}
    other = {name: make_entry("dvc.yaml", name=name, path="y") for name in names}
    assert [problem.artifact for problem in merge_entries(mine, other)[1]] == ["a", "b", "c"]
