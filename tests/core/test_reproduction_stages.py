"""Which pipeline stages make a version again."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.fact_sources import leading_stages, related_stages
from gitreg.core.pipelines import Material, Pipeline, Stage
from gitreg.core.reproduction_stages import Choice, choose_stages, describe_left_out


def make_stage(name: str, deps: str, outs: str) -> Stage:
    materials = [tuple(Material(path=path) for path in texts.split()) for texts in (deps, outs)]
    return Stage(name=name, file="dvc.yaml", deps=materials[0], outs=materials[1])


def choose(path: str | None, *stages: Stage, is_there: Callable[[str], bool] = lambda _: True) -> Choice:
    return choose_stages(path, [Pipeline(file="dvc.yaml", stages=stages)], is_there)


def names(choice: Choice) -> tuple[list[str], list[tuple[str, str]]]:
    return [stage.name for stage in choice.stages], [(stage.name, path) for stage, path in choice.left_out]


TRAIN_A = make_stage("train@a", "a.csv", "a.bin metrics/a.json")
TRAIN_B = make_stage("train@b", "b.csv", "b.bin metrics/b.json")
MEASURE_A = make_stage("measure@a", "a.bin holdout.csv", "scores/a.json")
REPORT = make_stage("report", "metrics/a.json metrics/b.json", "report.json")
SUMMARY = make_stage("summary", "report.json", "summary.json")


def test_a_stage_that_reads_what_other_stages_make_is_left_out_with_all_that_starts_from_it() -> None:
    chosen = choose("a.bin", SUMMARY, REPORT, TRAIN_A, TRAIN_B, MEASURE_A)
    assert names(chosen) == (["train@a", "measure@a"], [("report", "metrics/b.json"), ("summary", "report.json")])


def test_a_stage_that_reads_a_folder_which_other_stages_write_into_is_left_out() -> None:
    assert names(choose("a.bin", TRAIN_A, TRAIN_B, make_stage("report", "metrics", "r"))) == (
        ["train@a"],
        [("report", "metrics")],
    )
    assert names(choose("a.bin", TRAIN_A, make_stage("report", "metrics", "r"))) == (["train@a", "report"], [])


def test_a_stage_that_measures_with_what_is_not_known_is_left_out_and_one_that_makes_the_artifact_is_not() -> None:
    assert names(choose("a.bin", TRAIN_A, MEASURE_A, is_there=lambda _: False)) == (["train@a"], [("measure@a", "holdout.csv")])


def test_what_no_stage_makes_is_made_by_none() -> None:
    assert choose("other", TRAIN_A) == choose(None, TRAIN_A) == Choice()


def test_the_stages_that_are_left_out_are_named_with_what_they_lack() -> None:
    assert describe_left_out(Choice()) == ()
    assert describe_left_out(choose("a.bin", TRAIN_A, TRAIN_B, REPORT)) == (
        "not run again, since they read what is not made here: 'report' (metrics/b.json)",
    )
    many = tuple((make_stage(f"s{number}", "", ""), "b") for number in range(6))
    assert describe_left_out(Choice(left_out=many))[0].endswith("'s4' (b), ...")


PATHS = st.sampled_from(["a", "a/b", "c", "d", "e/f", "e", "g"])
STAGES = st.lists(st.tuples(st.sets(PATHS, max_size=3), st.sets(PATHS, min_size=1, max_size=2)), max_size=6)


@given(PATHS, STAGES, st.sets(PATHS))
def test_whatever_is_run_needs_no_stage_that_is_not(path: str, drawn: list[tuple[set[str], set[str]]], there: set[str]) -> None:
    stages = [make_stage(f"s{number}", " ".join(deps), " ".join(outs)) for number, (deps, outs) in enumerate(drawn)]
    choice = choose(path, *stages, is_there=there.__contains__)
    run = {stage.name for stage in choice.stages}
    if not choice.stages:
        assert not leading_stages(path, stages)
        return
    for stage in choice.stages:
        for dep in stage.deps:
            makers = {one.name for one in stages for out in one.outs if meet(out.path, dep.path)} - {stage.name}
            assert makers <= run
    assert run | {stage.name for stage, _ in choice.left_out} == {
        stage.name for stage in related_stages(path, [Pipeline(file="dvc.yaml", stages=tuple(stages))])
    }
    assert run >= {stage.name for stage in leading_stages(path, stages)}


def meet(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")
