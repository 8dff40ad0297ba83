from __future__ import annotations

import pytest

from gitreg.core.query_values import (
    Span,
    has_prefix,
    is_hash,
    match_text,
    parse_flag,
    parse_number,
    parse_size,
    parse_span,
    split_license,
)

DAY = 86_400
START = 1_735_689_600  # 2025-01-01T00:00:00Z


@pytest.mark.parametrize(("text", "number"), [
    ("0.9", 0.9), (".5", 0.5), ("1.", 1.0), ("1e-3", 0.001), ("-2", -2), ("+7", 7), ("1_000", 1000), ("9007199254740993", 9007199254740993),
    ("", None), ("x", None), ("1e999", None), ("nan", None), ("inf", None), ("0x10", None), ("١", None), ("1" * 5000, None),
])  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    assert (parse_number(text), type(parse_number(text))) == (number, type(number))


@pytest.mark.parametrize(("text", "size"), [
    ("0", 0), ("500", 500), ("500B", 500), ("1kB", 1000), ("1.5GB", 1_500_000_000), ("1.1gb", 1_100_000_000), ("1KiB", 1024),
    ("2 MiB", 2 << 20), ("1TB", 10**12), ("1PB", 10**15), ("1G", None), ("-1", None), ("GB", None), ("1.GB", None), ("1XB", None),
])  # fmt: skip
def test_sizes_have_units(text: str, size: int | None) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(("text", "span"), [
    ("2025", Span(START, START + 365 * DAY - 1)),
    ("2025-02", Span(START + 31 * DAY, START + 59 * DAY - 1)),
    ("2024-02", Span(START - 335 * DAY, START - 306 * DAY - 1)),
    ("2024-12", Span(START - 31 * DAY, START - 1)),
    ("2025-01-01", Span(START, START + DAY - 1)),
    ("2025-01-01T00:01", Span(START + 60, START + 119)),
    ("2025-01-01t01z", Span(START + 3600, START + 7199)),
    ("2025-01-01T01:00:00", Span(START + 3600, START + 3600)),
    ("2025-01-01 00:01:02", Span(START + 62, START + 62)),
    ("2025-01-01T02:00Z", Span(START + 7200, START + 7259)),
    ("2025-01-01T02:00+02:00", Span(START, START + 59)),
    ("2025-01-01T02:00:00+0200", Span(START, START)),
    ("2024-12-31T22:30-01:30", Span(START, START + 59)),
    ("1970-01-01", Span(0, DAY - 1)),
    ("0000", None), ("2025-13", None), ("2025-00-01", None), ("2025-02-29", None), ("2025-01-32", None), ("2025-01-01T24:00", None),
    ("2025-01-01T00:00+25:00", None), ("2025-01T00:00", None), ("2025-01-01T1", None), ("2025-01-01T12:30:15.5", None), ("yesterday", None), ("", None),
])  # fmt: skip
def test_times_are_spans_in_utc(text: str, span: Span | None) -> None:
    assert parse_span(text) == span


def test_flags() -> None:
    assert [parse_flag(text) for text in ("yes", "True", "no", "false", "1")] == [True, True, False, False, None]


@pytest.mark.parametrize(("pattern", "text", "is_match"), [
    ("churn", "Churn", True), ("churn", "churn2", False), ("chu*", "churn", True), ("*rn", "churn", True), ("c*u*n", "churn", True),
    ("c*n*n", "churn", False), ("*", "", True), ("a*a", "a", False), ("**", "x", True), ("*x*y*", "ayx", False), ("straße", "STRASSE", True),
    (".*", "x", False), ("[a]", "a", False), ("?", "x", False), ("a*", "a\nb", True),
])  # fmt: skip
def test_a_star_stands_for_any_text_and_nothing_else_is_special(pattern: str, text: str, is_match: bool) -> None:  # noqa: FBT001
    assert match_text(pattern, text) is is_match


def test_no_pattern_takes_long() -> None:
    assert not match_text("*a" * 4000 + "b", "a" * 100_000)


def test_hashes_are_told_by_their_beginning() -> None:
    assert [is_hash(text) for text in ("abcd", "md5:12ab", "1A2B.dir", "abc", "abcg", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert has_prefix("md5:abcdef", "ABCD")
    assert has_prefix("md5:abcdef", "md5:ab")
    assert not has_prefix("md5:abcdef", "sha256:ab")
    assert not has_prefix("md5:abcdef", "cdef")


def test_a_licence_is_its_parts_and_the_whole() -> None:
    assert split_license("MIT") == ("MIT",)
    assert split_license("(GPL-2.0-only WITH Classpath-exception-2.0) or MIT")[1:] == (
        "GPL-2.0-only",
        "Classpath-exception-2.0",
        "MIT",
    )
