"""What `check` says of pipelines that were not run again, in one folder and in several."""

from __future__ import annotations

from gitreg.core.drift import STALE
from tests.operations.picture import Open
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository


def make_chain(middle: str = "p") -> dict[str, str]:
    """Write three pipelines, each in a folder of its own, that were run one after the other; the last one read `middle`."""
    return {
        "artifacts.yaml": "churn: {path: c/model}\n",
        "a/dvc.yaml": format_definition({"fetch": ", params: [rate], outs: [raw]"}),
        "a/dvc.lock": format_lock({"fetch": ({}, {"raw": "r"})}, {"fetch": {"rate": 0.1}}),
        "a/params.yaml": "rate: 0.2\n",
        "b/dvc.yaml": format_definition({"prepare": ", deps: [../a/raw], outs: [prepared]"}),
        "b/dvc.lock": format_lock({"prepare": ({"../a/raw": "r"}, {"prepared": "p"})}),
        "c/dvc.yaml": format_definition({"train": ", deps: [../b/prepared], outs: [model]"}),
        "c/dvc.lock": format_lock({"train": ({"../b/prepared": middle}, {"model": "m"})}),
    }


def test_check_follows_pipelines_into_other_folders_as_trace_does(repository: Repository, opened: Open) -> None:
    repository.commit(make_chain("old"))
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    told = {(problem.file, problem.message) for problem in registry.check(rev="HEAD").problems if problem.code == STALE}
    assert told == {
        ("a/dvc.lock", "'fetch' was run with rate=0.1, and a/params.yaml of this commit has 0.2"),
        ("c/dvc.lock", "'train' was run with another b/prepared than 'prepare' made last"),
    }
    assert {message for _, message in told} == set(registry.trace("churn@v1.0.0").notes)
    assert {problem.message for problem in registry.register("churn", same_commit=True).problems or ()} == {
        message for _, message in told
    }
    assert len([problem for problem in registry.check().problems if problem.code == STALE]) == 2


def test_check_says_nothing_of_pipelines_that_agree(repository: Repository, opened: Open) -> None:
    repository.commit({**make_chain(), "a/params.yaml": "rate: 0.1\n"})
    assert [problem for problem in opened(repository).check(rev="HEAD").problems if problem.code == STALE] == []


def test_pipelines_that_read_each_other_in_a_circle_are_followed_once(repository: Repository, opened: Open) -> None:
    circle = {**make_chain(), "a/dvc.yaml": format_definition({"fetch": ", deps: [../c/model], params: [rate], outs: [raw]"})}
    repository.commit(circle)
    assert len([problem for problem in opened(repository).check(rev="HEAD").problems if problem.code == STALE]) == 1


def test_metrics_that_were_changed_by_hand_are_told(repository: Repository, opened: Open) -> None:
    repository.commit(
        {
            "artifacts.yaml": "churn: {path: model}\n",
            "dvc.yaml": format_definition({"train": ", outs: [model], metrics: [m.json: {cache: false}]"}),
            "dvc.lock": format_lock({"train": ({}, {"model": "m", "m.json": "{}"})}),
            "m.json": '{"auc": 1}',
        }
    )
    registry = opened(repository)
    found = {
        report: [problem.message for problem in listed.problems if problem.code == STALE]
        for report, listed in {"revision": registry.check(rev="HEAD"), "work tree": registry.check()}.items()
    }
    assert found == {
        "revision": ["'train' made another m.json than this commit has"],
        "work tree": ["'train' made another m.json than the work tree has"],
    }
