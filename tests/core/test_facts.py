"""Values by their names: of one file, of several, and of none."""

from __future__ import annotations

from gitreg.core.facts import Missing, find_value, merge_values
from gitreg.core.pipelines import Table

TABLE: Table = {"metrics.json": {"auc": 0.9, "loss.val": None}, "other.json": {"auc": 0.8}}


def test_a_value_is_found_by_its_name_or_by_file_and_name() -> None:
    assert (find_value(TABLE, "auc"), find_value(TABLE, "other.json:auc")) == (0.9, 0.8)


def test_a_value_that_is_nothing_is_not_a_missing_one() -> None:
    assert find_value(TABLE, "loss.val") is None
    assert find_value(TABLE, "f1") is Missing.MISSING
    assert find_value(TABLE, "third.json:auc") is Missing.MISSING


def test_only_a_name_that_several_files_have_carries_the_file() -> None:
    assert merge_values(TABLE) == {"metrics.json:auc": 0.9, "other.json:auc": 0.8, "loss.val": None}
