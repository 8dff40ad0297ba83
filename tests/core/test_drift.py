"""Parameters that a pipeline was run with, where files have others."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import pytest

from gitreg.core.candidates import Candidate
from gitreg.core.compared import Side
from gitreg.core.comparison import compare_facts
from gitreg.core.drift import (
    STALE,
    Drift,
    Run,
    agree,
    choose_run,
    describe_drift,
    find_drift,
    order_runs,
    overlay,
    report_stale,
    restore_written,
)
from gitreg.core.fact_sources import leading_stages
from gitreg.core.facts import Facts
from gitreg.core.findings import Finding, QueryColumn, list_notes
from gitreg.core.pipelines import Material, Stage, Table, Value
from gitreg.core.problems import Problem
from gitreg.core.query import Field

WRITTEN: Table = {"params.yaml": {"rate": 0.99, "seed": 1, "gone": nan}, "more.json": {"depth": 3}}
RUN = Run("train", {"params.yaml": {"rate": 0.2, "seed": 1, "old": 5, "gone": nan}, "else.yaml": {"x": 1}}, "dvc.lock")
FOUND = Drift(lock="dvc.lock", stage="train", file="params.yaml", name="rate", run=0.2, written=0.99)


def make_stage(name: str, *, deps: tuple[str, ...] = (), outs: tuple[str, ...] = (), params: Table | None = None) -> Stage:
    materials = [tuple(Material(path=path) for path in paths) for paths in (deps, outs)]
    return Stage(name=name, file="a/dvc.yaml", deps=materials[0], outs=materials[1], params=params or {}, locked=True)


def test_a_parameter_drifts_where_the_file_has_another_value_than_the_lock_and_nan_is_nan() -> None:
    assert list(find_drift([RUN], WRITTEN)) == [FOUND]


def test_true_is_not_the_one_that_a_pipeline_was_run_with() -> None:
    [found] = find_drift([Run("train", {"params.yaml": {"seed": 1}}, "dvc.lock")], {"params.yaml": {"seed": True}})
    assert (found.run, found.written) == (1, True)


def test_only_what_files_have_is_taken_from_the_lock() -> None:
    assert choose_run([Run("train", {"params.yaml": {"rate": 0.2, "old": 5}, "else.yaml": {"x": 1}}, "")], WRITTEN) == {
        "params.yaml": {"rate": 0.2}
    }


def test_of_a_file_that_cannot_be_read_the_lock_says_all_and_it_stands_beside_what_other_files_say() -> None:
    run = choose_run([RUN], WRITTEN, {"else.yaml"})
    assert run["else.yaml"] == {"x": 1}
    assert overlay(WRITTEN, run) == {**overlay(WRITTEN, choose_run([RUN], WRITTEN)), "else.yaml": {"x": 1}}


def test_what_files_say_comes_back_after_the_lock_took_its_place() -> None:
    made = overlay(WRITTEN, choose_run([RUN], WRITTEN))
    assert made["params.yaml"]["rate"] == 0.2
    assert restore_written(made, [FOUND])["params.yaml"]["rate"] == 0.99
    assert restore_written(made, []) is made


def test_of_two_stages_that_were_run_with_different_values_the_one_that_makes_the_artifact_counts() -> None:
    train = make_stage("train", outs=("a/model",), params={"p": {"x": 1}})
    measure = make_stage("measure", deps=("a/model",), outs=("a/metrics",), params={"p": {"x": 2}})
    other = make_stage("plain", deps=("a/model",))
    stages = (train, measure, other)
    runs = order_runs(stages, leading_stages("a/model", stages))
    assert [(run.stage, run.lock) for run in runs] == [
        ("measure", "a/dvc.lock"),
        ("plain", "a/dvc.lock"),
        ("train", "a/dvc.lock"),
    ]
    assert choose_run(runs, {"p": {"x": 9}}) == {"p": {"x": 1}}
    assert leading_stages(None, stages) == ()


def test_a_few_are_told_and_the_others_are_counted() -> None:
    assert describe_drift([FOUND]) == ("'train' was run with rate=0.2, and params.yaml of this commit has 0.99",)
    assert describe_drift([FOUND] * 7, "the index")[-1] == "2 more parameters of this kind"
    [problem] = report_stale(["told"], "dvc.lock", artifact="churn", commit=None)
    assert (problem.code, problem.message, problem.file, problem.artifact) == (STALE, "told", "dvc.lock", "churn")


@pytest.mark.parametrize(
    ("run", "written", "told"),
    [
        (True, None, ("true", "null")),
        (0.5, "0.5", ("0.5", '"0.5"')),
        ("on", True, ("on", "true")),
        (nan, 10**30, ("nan", "1" + "0" * 30)),
    ],
)
def test_values_are_told_as_files_have_them(run: Value, written: Value, told: tuple[str, str]) -> None:
    [sentence] = describe_drift([replace(FOUND, run=run, written=written)])
    assert sentence == f"'train' was run with rate={told[0]}, and params.yaml of this commit has {told[1]}"


def test_files_are_compared_with_files_and_the_problem_is_not_told_beside_the_note_of_the_side() -> None:
    stale = Problem(code=STALE, message="told")
    facts = Facts(artifact="churn", commit="a", params={"params.yaml": {"rate": 0.2}}, drift=(FOUND,), problems=(stale,))
    comparison = compare_facts([Side(label="old", facts=facts), Side(label="new", facts=facts)])
    assert [row.values for row in comparison.params] == [(0.99, 0.99)]
    assert comparison.problems == ()


def test_a_search_tells_of_the_parameters_that_it_lists_and_of_no_others() -> None:
    facts = Facts(artifact="churn", commit="abcdef0123", drift=(FOUND,))
    version = Finding(candidate=Candidate(artifact="churn", version="v1.0.0", commit="abcdef0123", facts=facts))
    bare = Finding(candidate=Candidate(artifact="churn", version=None, commit="abcdef0123", facts=facts))
    unread = Finding(candidate=Candidate(artifact="churn", version=None, commit="abcdef0123"))
    text = "'train' was run with rate=0.2, and params.yaml of this commit has 0.99"
    rate = QueryColumn(Field.PARAM, "rate")
    assert list_notes([version, bare, unread], [rate]) == (f"churn v1.0.0: {text}", f"churn abcdef0: {text}")
    assert list_notes([version], [QueryColumn(Field.PARAM, "params.yaml:rate")]) == (f"churn v1.0.0: {text}",)
    assert list_notes([version], [QueryColumn(Field.PARAM, "seed"), QueryColumn(Field.METRIC, "rate")]) == ()
    assert list_notes([version] * 12, [rate])[-1] == "2 more notes of this kind"


def test_stages_agree_where_no_parameter_has_two_values() -> None:
    one, other = (
        Run("a", {"p.yaml": {"x": 1, "y": 2}}, "dvc.lock"),
        Run("b", {"p.yaml": {"x": 1}, "q.yaml": {"y": 3}}, "dvc.lock"),
    )
    assert agree([one, other])
    assert agree([])
    assert not agree([one, Run("b", {"p.yaml": {"x": True}}, "dvc.lock")])
