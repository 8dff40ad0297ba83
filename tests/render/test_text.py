from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from gitreg.core.events import LATEST_TIME
from gitreg.render.text import escape, first_line, format_iso_time, format_size, format_target, format_time
from tests.support.events import A

HOSTILE = {
    "escape": "\x1b[31mred",
    "bell": "\a",
    "carriage return": "a\rb",
    "delete": "\x7f",
    "C1 control sequence": "\x9b31m",
    "bidirectional override": "\u202egpj.exe",
    "isolate": "\u2066",
    "arabic letter mark": "\u061c",
    "zero-width space": "a\u200bb",
    "byte order mark": "\ufeff",
    "line separator": "\u2028",
    "byte that is no UTF-8": b"\xff".decode("utf-8", "surrogateescape"),
}


def test_what_acts_on_a_terminal_is_written_as_its_number() -> None:
    assert {name: escape(text) for name, text in HOSTILE.items()} == snapshot(
        {
            "escape": "\\x1b[31mred",
            "bell": "\\x07",
            "carriage return": "a\\x0db",
            "delete": "\\x7f",
            "C1 control sequence": "\\x9b31m",
            "bidirectional override": "\\u{202e}gpj.exe",
            "isolate": "\\u{2066}",
            "arabic letter mark": "\\u{61c}",
            "zero-width space": "a\\u{200b}b",
            "byte order mark": "\\u{feff}",
            "line separator": "\\u{2028}",
            "byte that is no UTF-8": "\\u{dcff}",
        }
    )


@given(st.text())
def test_an_escaped_text_holds_nothing_that_acts_on_a_terminal(text: str) -> None:
    assert not set(escape(text)) & set(
        "".join(map(chr, [*range(32), *range(127, 160), *range(0x200B, 0x2010), *range(0xD800, 0xE000)]))
    )


@given(st.text())
def test_escaping_twice_is_escaping_once(text: str) -> None:
    assert escape(escape(text)) == escape(text)
    assert escape(escape(text, lines=True), lines=True) == escape(text, lines=True)


def test_letters_of_all_languages_stay() -> None:
    assert escape("Grüße, 北京, مرحبا, שלום, 🚀, a b") == "Grüße, 北京, مرحبا, שלום, 🚀, a b"


def test_lines_and_tabs_stay_where_lines_may_be() -> None:
    assert escape("a\n\tb\x1b", lines=True) == "a\n\tb\\x1b"
    assert escape("a\n\tb") == "a\\x0a\\x09b"


@pytest.mark.parametrize("at", [0, LATEST_TIME])
def test_every_time_of_an_event_can_be_written(at: int) -> None:
    assert len(format_iso_time(at)) == len("2026-01-01T00:00:00Z")
    assert len(format_time(at)) == len("2026-01-01 00:00 UTC")


def test_times_are_iso_8601_in_utc() -> None:
    assert (format_time(1_767_225_661), format_iso_time(1_767_225_661)) == ("2026-01-01 00:01 UTC", "2026-01-01T00:01:01Z")


def test_a_target_is_a_version_or_a_commit() -> None:
    assert [format_target("churn", "v1.0.0", A), format_target("churn", None, A)] == ["churn v1.0.0", "churn commit aaaaaaa"]


def test_the_first_line_of_a_message_is_its_subject() -> None:
    assert first_line("\nSubject \n\nBody") == "Subject"
    assert first_line("") == ""


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2**40, "1.1 TB"),
        (10**16, "10.0 PB"),
        (1, "1 byte"),
    ],
)
def test_a_size_is_written_for_people(size: int, text: str) -> None:
    assert format_size(size) == text
