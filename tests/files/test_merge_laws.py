"""Laws of merging files: whatever people write and edit, the merged file says what the merged entries say."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from gitreg.core.merge_entries import Side, choose_side, freeze, list_clashes, merge_entries
from gitreg.errors import FileFault, NotFound
from gitreg.files.edit import remove_entry, set_entry
from gitreg.files.merge import FileMerge
from gitreg.files.merge_markers import Markers
from gitreg.files.nodes import to_value
from gitreg.files.yaml import parse_yaml
from tests.files.strategies import CHANGES, file_texts

NAMES = st.sampled_from(["a", "b", "churn", "d", "zeta", "zoo", "A1"])
EDITS = st.lists(st.tuples(NAMES, CHANGES | st.none()), max_size=3)


def values(data: bytes) -> dict[str, Any]:
    document = parse_yaml(data, "artifacts.yaml")
    assert document.problems == ()
    assert document.root is not None
    return {str(key.value): to_value(value) for key, value in document.root.pairs}


def given_file(text: str) -> bytes:
    assume(not parse_yaml(text.encode(), "artifacts.yaml").problems)
    return text.encode()


def edit(data: bytes, edits: list[tuple[str, dict[str, Any] | None]]) -> bytes:
    """Edit a file as `annotate` and `remove` do; what they refuse is left out."""
    for name, changes in edits:
        with suppress(FileFault, NotFound):
            data = remove_entry(data, name) if changes is None else set_entry(data, name, changes)
    return data


def resolve(text: str, side: Side) -> str:
    """Choose one side everywhere, as a person can."""
    kept, skip = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<< "):
            skip = side is Side.THEIRS
        elif line.startswith("======="):
            skip = side is Side.OURS
        elif line.startswith(">>>>>>> "):
            skip = False
        elif not skip:
            kept.append(line)
    return "".join(kept)


def check_merge(base: bytes, ours: bytes, theirs: bytes) -> None:
    """Merge three files, and compare with the merge of what they say."""
    expected = merge_entries(values(base), values(ours), values(theirs))
    try:
        merge = FileMerge(base, ours, theirs)
        merged = merge.write(Markers()).decode()
    except FileFault as error:
        assert "would not say" in error.message, "nothing else may happen to a file that can be read"  # noqa: PT017
        assert any(mark in text for text in (base, ours, theirs) for mark in (b"|+", b">+"))  # they take the blank lines below
        return
    if not merge.clashes:
        assert freeze(values(merged.encode())) == freeze(expected)
        return
    names = {path[0] for path, _ in list_clashes(expected)}
    assert {clash.partition(":")[0].partition(",")[0] for clash in merge.clashes} == names
    for side in (Side.OURS, Side.THEIRS):
        found, wanted = values(resolve(merged, side).encode()), choose_side(expected, side)
        assert isinstance(wanted, dict)
        assert found.keys() == wanted.keys()
        assert {name for name in found if freeze(found[name]) != freeze(wanted[name])} <= names


@given(file_texts(), EDITS, EDITS)
def test_a_merge_of_edits_says_what_the_merged_entries_say(text: str, ours: Any, theirs: Any) -> None:
    base = given_file(text)
    check_merge(base, edit(base, ours), edit(base, theirs))


@given(file_texts(), file_texts(), file_texts())
def test_a_merge_of_any_files_says_what_the_merged_entries_say(base: str, ours: str, theirs: str) -> None:
    check_merge(given_file(base), given_file(ours), given_file(theirs))


@given(file_texts(), file_texts())
def test_a_side_that_changed_nothing_takes_the_bytes_of_the_other(base: str, other: str) -> None:
    before, after = given_file(base), given_file(other)
    assert FileMerge(before, before, after).write(Markers()) == after
    assert FileMerge(before, after, before).write(Markers()) == after
    assert FileMerge(before, after, after).write(Markers()) == after


@given(file_texts(), EDITS, CHANGES)
def test_no_line_of_ours_changes_where_theirs_only_adds_an_entry(text: str, ours: Any, fields: dict[str, Any]) -> None:
    base = given_file(text)
    here, there = edit(base, ours), set_entry(base, "new", fields)
    assume(here.endswith(b"\n") and b"+" not in here)
    merged = iter(FileMerge(base, here, there).write(Markers()).splitlines())
    assert all(line in merged for line in here.splitlines() if line.strip() not in {b"", b"{}"})


@given(st.binary(), st.binary(), st.binary())
def test_any_bytes_are_merged_or_refused(base: bytes, ours: bytes, theirs: bytes) -> None:
    with suppress(FileFault):
        FileMerge(base, ours, theirs).write(Markers())
