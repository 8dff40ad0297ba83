from __future__ import annotations

from gitreg.core.words import format_count


def test_counts_agree_with_their_nouns() -> None:
    assert [format_count(number, "warning") for number in (0, 1, 2)] == ["0 warnings", "1 warning", "2 warnings"]


def test_an_irregular_plural_is_given() -> None:
    assert [format_count(number, "entry", "entries") for number in (0, 1, 2)] == ["0 entries", "1 entry", "2 entries"]
