from __future__ import annotations

from gitreg.core.entries import Entry, Pointer, PointerKind


def test_an_entry_needs_no_more_than_a_name_and_a_place() -> None:
    entry = Entry(name="churn", file="artifacts.yaml", line=1)
    assert (entry.path, entry.labels, entry.goals, entry.unknown) == (None, (), {}, {})


def test_two_entries_share_no_mapping() -> None:
    first, second = (Entry(name="churn", file="artifacts.yaml", line=1) for _ in range(2))
    assert first == second
    assert first.goals is not second.goals


def test_the_kinds_of_pointers_read_as_the_words_of_the_json() -> None:
    assert [str(kind) for kind in PointerKind] == ["dvc", "git", "lfs", "url", "missing"]
    assert Pointer(kind=PointerKind.MISSING, path="a").hash is None
