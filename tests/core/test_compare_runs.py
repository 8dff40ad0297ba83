"""Parameters that versions were made with, where files say something else of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.compared import Comparison, Kind, Side, ValueRow, has_no_differences, pair_params
from gitreg.core.comparison import compare_facts
from gitreg.core.drift import Run, choose_run, find_drift, overlay
from gitreg.core.entries import Entry
from gitreg.core.facts import Facts, Missing
from gitreg.core.importance import format_point
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from tests.support.events import A, B, C

MISSING = Missing.MISSING
ENTRY = Entry(name="churn", file="artifacts.yaml", line=1)
BROKEN_PARAMS = Problem(code="GR401", message="it is no YAML", file="p")
BROKEN_LOCK = Problem(code="GR101", message="it is no YAML", file="dvc.lock")


def make_side(commit: str, file: Mapping[str, Value], lock: Mapping[str, Value], **more: Any) -> Side:
    """Make a side as facts are read: a parameter has the value of the lock, where it has one."""
    runs, written = [Run("train", {"p": lock}, "dvc.lock")], {"p": file}
    run = choose_run(runs, written)
    facts = Facts(
        artifact="churn",
        commit=commit,
        entry=ENTRY,
        params=overlay(written, run),
        run=run,
        drift=tuple(find_drift(runs, written)),
        **more,
    )
    return Side(label=commit[:1], facts=facts, run=run)


def compare(*sides: tuple[Mapping[str, Value], Mapping[str, Value]], **last: Any) -> Comparison:
    """Compare sides of different commits, each with what the file and the lock say; the last one has more facts."""
    made = [make_side(commit, file, lock) for commit, (file, lock) in zip((A, B, C), sides, strict=False)]
    return compare_facts([*made[:-1], make_side(made[-1].facts.commit, *sides[-1], **last)])


def say(comparison: Comparison) -> list[str]:
    return [format_point(point) for point in comparison.important]


def test_a_parameter_that_was_written_and_not_run_did_not_change() -> None:
    found = compare(({"epochs": 20}, {"epochs": 20}), ({"epochs": 99}, {"epochs": 20}))
    ((made, written),) = pair_params(found)
    assert (made.values, made.kinds) == ((20, 20), (Kind.SAME,))
    assert (written.values, written.kinds) == ((20, 99), (Kind.CHANGED,))
    assert say(found) == []
    assert not has_no_differences(found)


def test_a_parameter_that_was_run_and_not_written_changed() -> None:
    found = compare(({"epochs": 400}, {"epochs": 400}), ({"epochs": 400}, {"epochs": 100}))
    assert say(found) == ["parameters changed: epochs 400 -> 100 (-75%)"]


def test_of_a_side_without_a_lock_nobody_knows_what_it_was_made_with_where_files_are_not_run() -> None:
    found = compare(({"x": 1}, {}), ({"x": 1}, {"x": 2}), ({"x": 1}, {}))
    (row,) = found.made
    assert (row.values, row.kinds) == ((MISSING, 2, 1), (Kind.UNKNOWN, Kind.UNKNOWN))
    assert say(found) == []
    alike = compare(({"x": 1}, {}), ({"x": 2}, {"x": 2}))
    assert say(alike) == ["parameters changed: x 1 -> 2 (+100%)"]


def test_with_a_lock_that_cannot_be_read_what_a_file_says_is_no_change() -> None:
    broken = {"problems": (BROKEN_LOCK,)}
    found = compare(({"x": 1, "y": 1}, {"x": 1, "y": 1}), ({"x": 2, "y": 1}, {}), **broken)
    assert [(row.name, row.values, row.kinds) for row in found.made] == [
        ("x", (1, MISSING), (Kind.UNKNOWN,)),
        ("y", (1, 1), (Kind.SAME,)),
    ]
    assert say(found) == ["not all of b could be read: dvc.lock"]


def test_what_only_the_lock_says_of_a_broken_file_is_not_known_of_the_file() -> None:
    found = compare(({"x": 1, "y": 1}, {"x": 1}), ({"x": 1, "y": 1}, {"x": 1}), problems=(BROKEN_PARAMS,))
    made, written = pair_params(found)[0]
    assert (made.values, made.kinds) == ((1, 1), (Kind.SAME,))
    assert (written.values, written.kinds, written.deltas) == ((1, MISSING), (Kind.UNKNOWN,), (None,))
    assert found.params[1].values == (1, 1)  # a file may be read in part


def test_a_broken_file_differs_from_itself_in_nothing() -> None:
    side = make_side(A, {"x": 1}, {"x": 1}, problems=(BROKEN_PARAMS,))
    assert has_no_differences(compare_facts([side, side]))


def test_what_the_lock_of_its_stages_does_not_list_comes_last() -> None:
    found = compare(({"a": 1, "lr": 1}, {"lr": 1}), ({"a": 2, "lr": 2}, {"lr": 2}))
    assert [(row.name, row.is_beside) for row in found.made] == [("a", True), ("lr", False)]
    assert say(found) == ["parameters changed: lr 1 -> 2 (+100%), a 1 -> 2 (+100%) (not in dvc.lock for its stages)"]


@pytest.mark.parametrize("lock", [{}, {"other": 1}], ids=["no lock", "a lock of other names"])
def test_without_a_lock_that_has_something_of_the_file_nothing_is_said_of_it(lock: Mapping[str, Value]) -> None:
    found = compare(({"a": 1}, {}), ({"a": 2}, lock))
    assert say(found) == ["parameters changed: a 1 -> 2 (+100%)"]


_TABLES = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2), max_size=3)
_SIDES = st.tuples(_TABLES, _TABLES)
MIRROR = {Kind.ADDED: Kind.REMOVED, Kind.REMOVED: Kind.ADDED}


@given(_SIDES, _SIDES)
def test_each_parameter_of_files_has_a_row_of_what_versions_were_made_with(
    one: tuple[Mapping[str, Value], Mapping[str, Value]], other: tuple[Mapping[str, Value], Mapping[str, Value]]
) -> None:
    there, back = compare(one, other), compare(other, one)
    assert [made.label for made, _ in pair_params(there)] == [written.label for _, written in pair_params(there)]
    assert [made.files for made, _ in pair_params(there)] == [written.files for _, written in pair_params(there)]
    assert len(there.made) == len({*one[0], *other[0]})
    assert [_turn(row) for row in there.made] == [(row.name, row.values, row.kinds[0]) for row in back.made]


def _turn(row: ValueRow) -> tuple[object, ...]:
    return row.name, row.values[::-1], MIRROR.get(row.kinds[0], row.kinds[0])
