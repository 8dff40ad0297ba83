from __future__ import annotations

from typing import Any

import pytest

from gitreg.core.compared import Kind, Side
from gitreg.core.comparison import compare_facts
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts
from gitreg.core.goals import IdleGoal, describe_idle, find_idle_goals
from gitreg.core.pipelines import Material
from gitreg.core.problems import Problem
from tests.support.events import A, B

METRICS = {"m.json": {"test.logloss": 1, "test.f1": 2}, "n.json": {"auc": 1}}
NO_GOALS = "nobody says which way a metric is better: write it into the entry, such as goals: {auc: higher}"
NO_METRICS = "'churn' names no metrics, and no pipeline is known to make it: list their files under 'metrics' of its entry in artifacts.yaml"


@pytest.mark.parametrize(
    ("goal", "meant"),
    [
        ("logloss", "test.logloss"),
        ("Test.F1", "test.f1"),
        ("val.f1", "test.f1"),
        ("aucc", "auc"),
        ("x.json:f1", "test.f1"),
        ("speed", None),
    ],
)
def test_a_goal_of_no_metric_is_told_with_the_one_that_is_like_it(goal: str, meant: str | None) -> None:
    others = {"n.json:auc": "higher"} if goal != "aucc" else {}
    assert find_idle_goals({goal: "lower", **others}, METRICS) == [IdleGoal(goal, meant)]


def test_where_no_metrics_are_known_no_goal_is_idle() -> None:
    assert find_idle_goals({"auc": "higher"}, {}) == []


def test_a_metric_that_has_a_goal_is_not_meant_by_another_one() -> None:
    (idle,) = find_idle_goals({"acu": "lower", "auc": "lower"}, {"m.json": {"auc": 1}})
    assert describe_idle(idle, "churn") == "goal 'acu' of 'churn' is of no metric"
    assert describe_idle(IdleGoal("f1", "test.f1"), "churn") == "goal 'f1' of 'churn' is of no metric: did you mean 'test.f1'?"


def hints(*sides: dict[str, Any]) -> tuple[str, ...]:
    made = []
    for commit, more in zip((A, B), sides, strict=True):
        fields = {key.removeprefix("entry_"): more[key] for key in more if key.startswith("entry_")}
        entry = Entry(name="churn", file="artifacts.yaml", line=1, **fields)
        facts = {"entry": entry, **{key: value for key, value in more.items() if not key.startswith("entry_")}}
        made.append(Side(label=commit[:7], facts=Facts(artifact="churn", commit=commit, **facts)))
    return compare_facts(made).hints


IN_GIT = Pointer(kind=PointerKind.GIT, path="m.bin")


@pytest.mark.parametrize(
    ("sides", "texts"),
    [
        (({}, {}), (NO_METRICS,)),
        (({"pointer": IN_GIT}, {"pointer": IN_GIT}), (NO_METRICS.replace(", and no pipeline is known to make it", ""),)),
        (({"run": {"p": {"x": 1}}}, {"run": {"p": {"x": 1}}}), ()),
        (({"entry": None}, {"entry": None}), ()),
        (({"entry_type": "dataset"}, {"entry_type": "dataset"}), ()),
        (({"entry_metrics": ("m.json",)}, {"entry_metrics": ("m.json",)}), ()),
        (({"data": (Material(path="d"),)}, {"data": (Material(path="d"),)}), ()),
        (({"pointer": Pointer(kind=PointerKind.DVC, path="m", stage="train")}, {"entry": None}), ()),
        (({"problems": (Problem(code="GR101", message="it is no YAML", file="dvc.yaml"),)}, {"entry": None}), ()),
        (({"metrics": {"m": {"auc": 1}}}, {"metrics": {"m": {"auc": 2}}}), (NO_GOALS,)),
        (({"metrics": {"m": {"auc": 1}}}, {"metrics": {"m": {"auc": 1}}}), ()),
        (({"metrics": {"m": {"auc": 1}}}, {"entry": None, "metrics": {"m": {"auc": 2}}}), (NO_GOALS,)),
        (({"metrics": {"m": {"auc": 1}}}, {"metrics": {"m": {"auc": 2}}, "entry_goals": {"auc": "higher"}}), ()),
        (
            ({"metrics": {"m": {"auc": 1}}}, {"metrics": {"m": {"auc": 2}}, "entry_goals": {"AUC": "higher"}}),
            ("goal 'AUC' of 'churn' is of no metric: did you mean 'auc'?",),
        ),
    ],
)
def test_what_an_entry_could_say_is_told_where_it_would_help(sides: tuple[dict[str, Any], ...], texts: tuple[str, ...]) -> None:
    assert hints(*sides) == texts


def test_data_is_not_known_to_be_gone_where_no_pipeline_tells() -> None:
    entry = Entry(name="churn", file="artifacts.yaml", line=1)
    data = (Material(path="d.csv", hash="md5:1"),)
    made = Pointer(kind=PointerKind.DVC, path="m", stage="train")

    def judge(pointer: Pointer | None, entry: Entry | None) -> list[Kind]:
        one = Facts(artifact="churn", commit=A, entry=entry, data=data)
        other = Facts(artifact="churn", commit=B, entry=entry, pointer=pointer)
        there, back = ([Side(label="", facts=facts) for facts in pair] for pair in ((one, other), (other, one)))
        return [compare_facts(sides).data[0].kinds[0] for sides in (there, back)]

    assert judge(None, entry) == [Kind.UNKNOWN, Kind.UNKNOWN]
    assert judge(made, entry) == [Kind.REMOVED, Kind.ADDED]
    assert judge(None, None) == [Kind.REMOVED, Kind.ADDED]  # the artifact itself is not there
