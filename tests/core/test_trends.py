from __future__ import annotations

import math

import pytest

from gitreg.core.facts import Facts, Missing
from gitreg.core.pipelines import Value
from gitreg.core.trends import Trend, list_metric_names, list_trends


def facts(**metrics: Value) -> Facts:
    return Facts(artifact="churn", commit="a" * 40, metrics={"metrics.json": metrics})


def trend(goal: str | None, *values: Value | Missing) -> Trend:
    return Trend(name="auc", goal=goal, values=values)


def test_names_are_those_of_all_versions_once() -> None:
    assert list_metric_names([facts(auc=1, loss=2), facts(f1=1, auc=3)]) == ("auc", "loss", "f1")


def test_a_trend_has_a_value_for_each_version() -> None:
    found = list_trends(["auc", "metrics.json:loss"], [facts(auc=1), facts(auc=2, loss=3)], {"auc": "higher", "loss": "lower"})
    assert [(known.goal, known.values) for known in found] == [("higher", (1, 2)), ("lower", (Missing.MISSING, 3))]


def test_only_finite_numbers_are_drawn() -> None:
    values: tuple[Value | Missing, ...] = (1, 0.5, True, None, "x", math.nan, math.inf, Missing.MISSING, 10**400)
    assert trend(None, *values).numbers == (1.0, 0.5, *([None] * 7))


@pytest.mark.parametrize(
    ("goal", "values", "best"),
    [
        ("higher", (1, 3, 3, 2), 1),
        ("lower", (1, 3, 1), 0),
        ("higher", (math.nan, None), None),
        (None, (1, 2), None),
        ("sideways", (1, 2), None),
    ],
)
def test_the_best_value_is_the_first_that_no_other_beats(goal: str | None, values: tuple[Value, ...], best: int | None) -> None:
    assert trend(goal, *values).best == best


def test_a_version_whose_files_differ_has_no_value_of_that_name() -> None:
    two = Facts(artifact="churn", commit="b" * 40, metrics={"a.json": {"auc": 1}, "b.json": {"auc": 2}})
    [plain, one] = list_trends(["auc", "b.json:auc"], [facts(auc=3), two], {})
    assert (plain.values, one.values) == ((3, Missing.MISSING), (Missing.MISSING, 2))
