"""Pipelines that were run in part, and files that were changed after they were made."""

from __future__ import annotations

from gitreg.core.drift import Run
from gitreg.core.stale import find_missing, find_stale

PREPARE = Run("prepare", {}, "dvc.lock", read={"data": "md5:1"}, made={"clean": "md5:2"})
TRAIN = Run("train", {}, "dvc.lock", read={"clean": "md5:2"}, made={"model": "md5:3", "m.json": "md5:4", "far": "etag:5"})


def told(*runs: Run, metrics: dict[str, tuple[str, ...]] | None = None) -> tuple[str, ...]:
    return find_stale(runs, metrics or {}, lambda path, digest: digest not in (metrics or {})[path])


def test_a_pipeline_that_was_run_as_a_whole_is_not_stale() -> None:
    assert told(PREPARE, TRAIN, metrics={"m.json": ("md5:9", "md5:4"), "other.json": ("md5:8",), "far": ("md5:7",)}) == ()


def test_a_stage_that_read_what_another_one_has_made_anew_is_told_whichever_stands_first() -> None:
    again = PREPARE._replace(made={"clean": "md5:7"})
    sentence = "'train' was run with another clean than 'prepare' made last"
    assert told(again, TRAIN) == told(TRAIN, again) == (sentence,)


def test_a_file_of_metrics_that_is_not_what_a_stage_made_is_told() -> None:
    assert told(TRAIN, metrics={"m.json": ("md5:9",)}) == ("'train' made another m.json than this commit has",)


def test_of_very_many_sentences_the_first_are_told() -> None:
    runs = [Run(str(number), {}, "l", read={"clean": "md5:0"}) for number in range(9)]
    assert len(told(PREPARE, *runs)) == 5


def test_a_parameter_that_a_file_has_no_more_is_told_where_it_is_wanted() -> None:
    run = TRAIN._replace(params={"p.yaml": {"on": True, "opt.name": "adam", "rate": 1}, "gone.yaml": {"x": 1}})
    sentence = "'train' was run with opt.name=adam, and p.yaml of this commit has no such parameter"
    assert find_missing([run], {"p.yaml": {"on": True, "rate": 2}}, {}) == (sentence,)
    assert find_missing([run], {"p.yaml": {"rate": 2}}, {"p.yaml": ("opt",)}) == (sentence,)
    assert find_missing([run], {"p.yaml": {"rate": 2}}, {"p.yaml": ("rate",)}) == ()
