from __future__ import annotations

import pytest

from gitreg.core.messages import check_text, format_message, parse_trailers, strip_signature, strip_trailers
from gitreg.errors import UsageFault


def test_a_message_is_subject_and_one_last_block_of_trailers() -> None:
    message = format_message("Assign prod", "", {"Gitreg-Version": "v1.0.0", "Gitreg-Reason": "tests passed"})
    assert message == "Assign prod\n\nGitreg-Version: v1.0.0\nGitreg-Reason: tests passed\n"


def test_a_message_without_trailers_is_the_subject_alone() -> None:
    assert format_message("Register m v1.0.0", "", {}) == "Register m v1.0.0\n"


def test_what_the_person_said_takes_the_place_of_the_subject() -> None:
    message = format_message("Assign prod", "\nBetter recall\n\nOn all folds.\n", {"Gitreg-Version": "v1.0.0"})
    assert message == "Better recall\n\nOn all folds.\n\nGitreg-Version: v1.0.0\n"


@pytest.mark.parametrize("text", ["Gitreg-Version: v9.9.9", "fine\n  gitreg-version: v9", "fine\rGITREG-x", "fine\u2028Gitreg-x"])
def test_a_text_with_a_line_that_looks_like_a_trailer_is_refused(text: str) -> None:
    with pytest.raises(UsageFault, match="gitreg keeps for itself"):
        format_message("Assign prod", text, {})


def test_a_text_that_only_speaks_of_gitreg_is_no_trailer() -> None:
    check_text("see Gitreg-Version in the manual\nGitreg is fine, too")


def test_a_text_with_a_nul_is_refused() -> None:
    with pytest.raises(UsageFault, match="NUL"):
        check_text("a\0b")


@pytest.mark.parametrize("kind", ["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"])
def test_a_text_that_begins_a_signature_is_refused(kind: str) -> None:
    with pytest.raises(UsageFault, match="begins a signature"):
        check_text(f"fine\n-----BEGIN {kind}-----\nabc")


def test_a_text_that_begins_a_signature_behind_blanks_is_refused_since_blanks_are_stripped() -> None:
    with pytest.raises(UsageFault, match="begins a signature"):
        check_text("  -----BEGIN PGP SIGNATURE-----")


def test_trailers_are_read_from_the_last_block() -> None:
    assert parse_trailers("Subject\n\nBody\n\nGitreg-Version: v1.0.0\nGitreg-By:x\n") == {
        "Gitreg-Version": "v1.0.0",
        "Gitreg-By": "x",
    }


def test_blanks_around_the_value_of_a_trailer_are_no_part_of_it() -> None:
    assert parse_trailers("S\n\nGitreg-A:  x y \t\nGitreg-B:\nGitreg-C:\tz") == {
        "Gitreg-A": "x y",
        "Gitreg-B": "",
        "Gitreg-C": "z",
    }


def test_a_trailer_of_a_million_blanks_is_read_at_once() -> None:
    value = f"x{' ' * 1_000_000}y"
    assert parse_trailers(f"S\n\nGitreg-Version: {value}") == {"Gitreg-Version": value}


def test_the_last_trailer_of_a_name_counts() -> None:
    assert parse_trailers("S\n\nGitreg-Version: v1.0.0\nGitreg-Version: v2.0.0") == {"Gitreg-Version": "v2.0.0"}


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Subject",
        "Subject\nGitreg-Version: v1.0.0",
        "S\n\nGitreg-Version: v1.0.0\nand more",
        "S\n\nGitreg-Version: v1.0.0\n\nlater text",
        "S\n\nSigned-off-by: Ann\nGitreg-Version: v1.0.0",
    ],
)
def test_a_block_with_any_other_line_holds_no_trailers(message: str) -> None:
    assert parse_trailers(message) == {}


@pytest.mark.parametrize("kind", ["PGP SIGNATURE", "PGP MESSAGE", "SSH SIGNATURE", "SIGNED MESSAGE"])
def test_a_signature_is_cut_off(kind: str) -> None:
    assert strip_signature(f"Subject\n\nBody\n-----BEGIN {kind}-----\nabc\n-----END {kind}-----\n") == "Subject\n\nBody\n"


def test_a_message_that_is_only_a_signature_is_empty() -> None:
    assert strip_signature("-----BEGIN SSH SIGNATURE-----\nabc\n") == ""


@pytest.mark.parametrize(
    "message", ["Subject\n", "Keys begin with -----BEGIN PGP SIGNATURE-----\n", "A\n-----BEGIN CERTIFICATE-----\n"]
)
def test_a_message_without_signature_stays_whole(message: str) -> None:
    assert strip_signature(message) == message


def test_trailers_are_read_behind_a_signature_that_was_cut_off() -> None:
    signed = "S\n\nGitreg-Version: v1.0.0\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n"
    assert parse_trailers(strip_signature(signed)) == {"Gitreg-Version": "v1.0.0"}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("Subject\n\nBody\n\nGitreg-Version: v1.0.0\nGitreg-Other: x\n", "Subject\n\nBody"),
        ("Subject\n\nGitreg-Version: v1.0.0\nand more\n", "Subject\n\nGitreg-Version: v1.0.0\nand more\n"),
        ("Gitreg-Version: v1.0.0", ""),
        ("Subject", "Subject"),
    ],
)
def test_without_its_trailers_a_message_is_what_a_person_said(message: str, said: str) -> None:
    assert strip_trailers(message) == said
