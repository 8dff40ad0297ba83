"""Laws of merging three ways."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from gitreg.core.facts import Missing
from gitreg.core.merge_entries import Side, choose_side, freeze, list_clashes, merge_entries

WORDS = st.sampled_from(["a", "b", "c"])
ATOMS = WORDS | st.sampled_from([0, 1, 1.0, True, None])
LABELS = st.lists(WORDS, max_size=3, unique=True)
REFERENCES = st.lists(WORDS | st.fixed_dictionaries({"path": WORDS}, optional={"keys": LABELS}), max_size=3)
TREES = st.recursive(ATOMS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6)
ENTRIES = st.fixed_dictionaries(
    {}, optional={"path": WORDS, "labels": LABELS, "metrics": REFERENCES, "custom": TREES, "schema": TREES, "made-up": TREES}
)
FILES: st.SearchStrategy[dict[str, Any]] = st.dictionaries(
    st.sampled_from(["churn", "ltv", "zoo"]), ENTRIES | st.none(), max_size=3
)


def unordered(value: object) -> object:
    """Make a key of a value in which lists have no order."""
    if isinstance(value, dict):
        return frozenset((key, unordered(item)) for key, item in value.items())
    return frozenset(map(unordered, value)) if isinstance(value, list) else freeze(value)


@given(FILES, FILES)
def test_a_side_that_changed_nothing_takes_what_the_other_has(base: dict[str, Any], other: dict[str, Any]) -> None:
    assert freeze(merge_entries(base, base, other)) == freeze(other)
    assert freeze(merge_entries(base, other, base)) == freeze(other)


@given(FILES, FILES)
def test_sides_that_did_the_same_agree(base: dict[str, Any], both: dict[str, Any]) -> None:
    assert freeze(merge_entries(base, both, both)) == freeze(both)


@given(FILES, FILES, FILES)
def test_it_does_not_matter_which_side_is_ours_but_for_order(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    one, other = merge_entries(base, ours, theirs), merge_entries(base, theirs, ours)
    assert {path for path, _ in list_clashes(one)} == {path for path, _ in list_clashes(other)}
    assert unordered(choose_side(one, Side.OURS)) == unordered(choose_side(other, Side.THEIRS))


@given(FILES, FILES, FILES)
def test_nothing_that_one_side_added_is_lost(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    merged = merge_entries(base, ours, theirs)
    for side in (ours, theirs):
        for name, entry in side.items():
            assert name in merged or name in base
            labels = (entry or {}).get("labels", [])
            found = merged.get(name, Missing.MISSING)
            if isinstance(found, dict) and isinstance(found.get("labels"), list):
                added = set(labels) - set((base.get(name) or {}).get("labels", []))
                assert added <= set(found["labels"])


@given(FILES, FILES, FILES)
def test_a_merge_without_a_clash_is_merged_with_either_side_again_as_it_is(
    base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    merged = merge_entries(base, ours, theirs)
    assume(not list_clashes(merged))
    assert freeze(merge_entries(theirs, merged, theirs)) == freeze(merged)
