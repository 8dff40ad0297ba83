from __future__ import annotations

from typing import Any

import pytest

from gitreg.core.driven import MergedFile
from gitreg.core.merge_entries import Clash, Side, choose_side, describe_clash, list_clashes, merge_entries, merge_order


def merge_fields(base: Any, ours: Any, theirs: Any) -> Any:
    return merge_entries({"churn": base}, {"churn": ours}, {"churn": theirs})["churn"]


def describe(merged: object) -> list[str]:
    return [describe_clash(path, clash) for path, clash in list_clashes(merged)]


def test_entries_that_both_sides_add_stand_in_the_order_of_their_names() -> None:
    base: dict[str, object] = {"churn": {}, "fraud": {}}
    merged = merge_entries(base, {**base, "ltv": {}, "segment": {}}, {"ant": {}, **base, "lead": {}, "zoo": {}, "ltv": {}})
    assert list(merged) == ["ant", "churn", "fraud", "lead", "ltv", "segment", "zoo"]


def test_the_order_of_ours_stays_where_it_is_no_order_of_names() -> None:
    merged = merge_entries({}, {"z": {}, "b": {}, "y": {}}, {"a": {}, "c": {}, "zz": {}})
    assert list(merged) == ["a", "z", "b", "c", "y", "zz"]


def test_an_entry_that_one_side_removed_is_gone_and_one_that_the_other_changed_clashes() -> None:
    base: dict[str, object] = {"a": {"owner": "x"}, "b": {"owner": "x"}, "c": {"owner": "x"}}
    merged = merge_entries(base, {"b": {"owner": "x"}, "c": {"owner": "y"}}, {"a": {"owner": "y"}, "b": {"owner": "x"}})
    assert describe(merged) == ["a, removed here and changed there", "c, changed here and removed there"]
    assert choose_side(merged, Side.OURS) == {"b": {"owner": "x"}, "c": {"owner": "y"}}
    assert choose_side(merged, Side.THEIRS) == {"a": {"owner": "y"}, "b": {"owner": "x"}}


def test_fields_are_merged_each_for_itself() -> None:
    base = {"path": "p", "owner": "x", "type": "model"}
    ours = {"path": "p", "owner": "y", "type": "model", "task": "t"}
    theirs = {"path": "q", "owner": "x", "license": "MIT"}
    merged = merge_fields(base, ours, theirs)
    assert merged == {"path": "q", "owner": "y", "task": "t", "license": "MIT"}
    assert list(merged) == ["path", "owner", "license", "task"]


def test_a_field_that_both_sides_changed_clashes_unless_to_the_same_value() -> None:
    merged = merge_entries(
        {"a": {"path": "p", "owner": "o"}}, {"a": {"path": "q", "owner": "x"}}, {"a": {"path": "q", "owner": "y"}}
    )
    assert merged["a"] == {"path": "q", "owner": Clash("o", "x", "y")}
    assert describe(merged) == ["a: owner"]


def test_true_is_not_one_and_one_is_not_one_point_zero() -> None:
    assert merge_fields({"custom": 1}, {"custom": 1}, {"custom": True}) == {"custom": True}
    assert merge_fields({"custom": 1.0}, {"custom": 1}, {"custom": 1.0}) == {"custom": 1}
    assert merge_fields({"custom": float("nan")}, {"custom": 2}, {"custom": float("nan")}) == {"custom": 2}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "merged"),
    [
        (["a"], ["a", "o"], ["a", "t"], ["a", "o", "t"]),
        (["a", "b"], ["b"], ["a", "b", "t"], ["b", "t"]),
        (["a", "b"], ["b", "o"], ["a"], ["o"]),
        (["a"], ["a", "x"], ["x", "a"], ["a", "x"]),
        ([], ["o"], ["t"], ["o", "t"]),
        (None, ["o"], ["t"], ["o", "t"]),
    ],
)
def test_labels_are_united(base: Any, ours: Any, theirs: Any, merged: Any) -> None:
    assert merge_fields({"labels": base}, {"labels": ours}, {"labels": theirs}) == {"labels": merged}


def test_files_of_metrics_are_united_and_so_is_what_is_taken_from_each() -> None:
    base = ["m.json", {"path": "n.json", "keys": ["a"]}]
    ours = ["m.json", {"path": "n.json", "keys": ["a", "o"]}, "o.json"]
    theirs = [{"path": "n.json", "keys": ["a", "t"]}]
    merged = merge_fields({"metrics": base}, {"metrics": ours}, {"metrics": theirs})
    assert merged == {"metrics": [{"path": "n.json", "keys": ["a", "o", "t"]}, "o.json"]}


def test_a_file_of_metrics_that_is_taken_wholly_here_and_in_part_there_clashes() -> None:
    base = {"metrics": [{"path": "m.json", "keys": ["a"]}]}
    merged = merge_fields(base, {"metrics": ["m.json"]}, {"metrics": [{"path": "m.json", "keys": ["b"]}]})
    assert describe({"churn": merged}) == ["churn: metrics"]


def test_a_file_of_metrics_that_stands_twice_or_is_none_is_a_word_of_a_list() -> None:
    merged = merge_fields({"params": []}, {"params": ["p", "p"]}, {"params": [3]})
    assert merged == {"params": ["p", 3]}


def test_free_metadata_is_merged_key_by_key_and_lists_in_it_are_not() -> None:
    base = {"custom": {"a": {"x": 1}, "list": [1]}}
    ours = {"custom": {"a": {"x": 1, "o": 2}, "list": [1, 2]}}
    theirs = {"custom": {"a": {"x": 1, "t": 3}, "list": [1, 3], "new": None}}
    merged = merge_fields(base, ours, theirs)
    assert merged["custom"]["a"] == {"x": 1, "t": 3, "o": 2}
    assert merged["custom"]["new"] is None
    assert describe({"churn": merged}) == ["churn: custom.list"]


def test_a_schema_is_one_thing() -> None:
    merged = merge_fields({"schema": {}}, {"schema": {"inputs": []}}, {"schema": {"outputs": []}})
    assert describe({"churn": merged}) == ["churn: schema"]


def test_a_clash_inside_what_cannot_be_marked_inside_is_one_of_the_whole() -> None:
    sides: list[dict[str, object]] = [{"a": {"path": path, "custom": {"x": path}}} for path in "bot"]
    assert describe(merge_entries(*sides, whole={("a", "custom")})) == ["a: path", "a: custom"]
    assert describe(merge_entries(*sides, whole={("a",)})) == ["a"]
    clean = merge_entries({"a": {}}, {"a": {"o": 1}}, {"a": {"t": 1}}, whole={("a",)})
    assert clean == {"a": {"t": 1, "o": 1}}


def test_what_was_no_mapping_is_merged_where_both_sides_made_it_one() -> None:
    assert merge_entries({}, {}, {}) == {}
    assert merge_fields("text", "text", {"a": 1}) == {"a": 1}
    assert merge_fields("text", {"a": 1}, {"b": 1}) == {"b": 1, "a": 1}


def test_keys_of_two_sides_keep_the_order_of_each() -> None:
    assert merge_order("ab", "xaob", "atbc") == list("xaotbc")
    assert merge_order("", "", "abc") == list("abc")
    assert merge_order("ab", "bo", "ba") == list("boa")


def test_a_file_is_merged_when_nobody_has_to_decide() -> None:
    assert MergedFile(path="a").is_clean
    assert not MergedFile(path="a", clashes=("x",)).is_clean
    assert not MergedFile(path="a", conflicts=1).is_clean
    assert not MergedFile(path="a", unmerged=True).is_clean
