"""Values by their names: of one file, of several, and of none."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.facts import Missing, find_agreed, find_by_file, find_value, merge_values, name_apart
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


def test_a_name_stands_for_the_values_in_all_files_and_with_a_file_for_one() -> None:
    assert find_by_file(TABLE, "auc") == {"metrics.json": 0.9, "other.json": 0.8}
    assert find_by_file(TABLE, "other.json:auc") == {"other.json": 0.8}


def test_of_two_different_values_none_is_the_value_and_two_that_are_the_same_are_one() -> None:
    same: Table = {"a": {"auc": 1, "bad": float("nan")}, "b": {"auc": 1.0, "bad": float("nan")}}
    assert (find_agreed(TABLE, "auc"), find_agreed(TABLE, "f1")) == (Missing.MISSING, Missing.MISSING)
    assert (find_agreed(TABLE, "other.json:auc"), find_agreed(TABLE, "loss.val"), find_agreed(same, "auc")) == (0.8, None, 1)
    assert find_agreed(same, "bad") is not Missing.MISSING
    assert find_agreed({"a": {"x": 1}, "b": {"x": True}}, "x") is Missing.MISSING


def test_a_name_of_different_values_becomes_one_name_a_file_beside_the_name_where_that_is_enough() -> None:
    alone: Table = {"metrics.json": {"auc": 0.7}}
    apart = ("metrics.json:auc", "other.json:auc")
    assert name_apart(["auc", "loss.val", "gone", "auc"], [TABLE]) == (*apart, "loss.val", "gone")
    assert name_apart(["auc", apart[1]], [TABLE, alone]) == ("auc", *apart)
    assert name_apart(["auc"], []) == ("auc",)


names = st.sampled_from(["auc", "a.loss", "other.json:auc"])
tables = st.dictionaries(
    st.sampled_from(["metrics.json", "other.json"]),
    st.dictionaries(st.sampled_from(["auc", "a.loss"]), st.sampled_from([1, True, None, "x"])),
)


@given(st.lists(names), st.lists(tables))
def test_no_value_is_lost_where_names_are_put_apart(asked: list[str], listed: list[Table]) -> None:
    found = name_apart(asked, listed)
    for table in listed:
        told = [repr(find_agreed(table, name)) for name in found]
        assert all(repr(value) in told for name in asked for value in find_by_file(table, name).values())
