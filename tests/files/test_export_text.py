"""Tables as text, above all as CSV that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.exports import Cell, ColumnType, choose_tables
from gitreg.files.export_text import format_csv_cell, format_csv_header, format_csv_row, format_json_row

(PARAMS,) = choose_tables(["params"])
(EVENTS,) = choose_tables(["events"])
TEXT = ColumnType.TEXT


@pytest.mark.parametrize(
    "formula",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(1)",
        "  =1",
        "\u00a0=1",
        "\u3000\uff1d1",
        "\ufeff=1",
        '"=1',
        "'=1",
        "\x01=1",
        "\x7f@x",
        "-1e5x",
        "+",
    ],
)
def test_a_formula_gets_a_sign_that_makes_it_text(formula: str) -> None:
    assert format_csv_cell(formula, TEXT).startswith("'")


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "\n=1", "\tx", "\r\nx"])
def test_what_begins_with_a_tab_or_a_line_end_is_made_harmless(text: str) -> None:
    assert format_csv_cell(text, TEXT).startswith("'")


@pytest.mark.parametrize("text", ["a;=1", "a\n=1", "a\t@x", 'a; "=1', "a;\n;=1", "- a\n- b"])
def test_a_cell_that_another_separator_would_begin_is_made_harmless(text: str) -> None:
    written = format_csv_cell(text, TEXT)
    assert ";=" not in written
    assert "\n=" not in written
    assert "\t@" not in written
    assert not written.startswith("-")


@pytest.mark.parametrize("text", ["-0.5", "+3", "-1e-9", "12", ".5", "-7."])
def test_a_number_as_text_stays_a_number(text: str) -> None:
    assert format_csv_cell(text, TEXT) == text


@pytest.mark.parametrize(
    ("cell", "kind", "written"),
    [
        (-0.5, ColumnType.NUMBER, "-0.5"),
        (-3, ColumnType.INTEGER, "-3"),
        (True, ColumnType.BOOLEAN, "true"),
        (False, ColumnType.BOOLEAN, "false"),
        (None, TEXT, ""),
        (0, ColumnType.TIME, "1970-01-01T00:00:00Z"),
        (("a", "=b\u202e"), ColumnType.LIST, '["a", "=b\\u202e"]'),
        ((), ColumnType.LIST, "[]"),
        ("a=b-c@d", TEXT, "a=b-c@d"),
        ("ann@example.com", TEXT, "ann@example.com"),
        ("\x1b[31m\u202e", TEXT, "\\x1b[31m\\u{202e}"),
        ("a\nb", TEXT, "a\nb"),
    ],
)
def test_values_are_written_as_themselves(cell: Cell, kind: ColumnType, written: str) -> None:
    assert format_csv_cell(cell, kind) == written


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", ["\t" * 500_000, "; " * 500_000, "\n=" * 500_000, ";" * 500_000 + "="])
def test_a_very_long_text_takes_no_longer_than_its_length(text: str) -> None:
    assert len(format_csv_cell(text, TEXT)) >= len(text)


@given(st.text(st.sampled_from("=+-@;\t\r\n\"' a1\ufeff,")) | st.text())
def test_no_text_at_all_begins_a_formula_in_any_cell_or_line(text: str) -> None:
    written = format_csv_cell(text, TEXT)
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(written), delimiter=separator):
            for cell in row if separator != "," else [written]:
                assert cell.lstrip(' \t\r\n"\ufeff')[:1] not in {"=", "+", "-", "@"} or _is_number(cell)
    assert written[:1] not in {"\t", "\r", "\n"}


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def test_rows_are_lines_that_readers_read_back() -> None:
    cells: tuple[Cell, ...] = ("churn", "v1.0.0", "params.yaml", 'a "b", c', 0.5, "line\nline")
    assert json.loads(format_json_row(PARAMS, cells)) == {
        "artifact": "churn",
        "version": "v1.0.0",
        "file": "params.yaml",
        "name": 'a "b", c',
        "value": 0.5,
        "text": "line\nline",
    }
    text = format_csv_header(PARAMS) + format_csv_row(PARAMS, cells)
    assert list(csv.reader(io.StringIO(text))) == [
        ["artifact", "version", "file", "name", "value", "text"],
        ["churn", "v1.0.0", "params.yaml", 'a "b", c', "0.5", "line\nline"],
    ]


def test_a_line_of_json_is_ascii_and_one_line() -> None:
    cells: tuple[Cell, ...] = ("assignment", "北京", None, None, "c", "t", "i", 1, "\x1b\u2028", "e", "m\nm")
    line = format_json_row(EVENTS, cells)
    assert line.isascii()
    assert line.count("\n") == 1
    assert json.loads(line)["happened_at"] == "1970-01-01T00:00:01Z"
