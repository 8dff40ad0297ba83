"""Tables of an export, and what may stand in them."""

from __future__ import annotations

import math

import pytest

from gitreg.core.exported import CountedProblem, Exported, WrittenTable
from gitreg.core.exports import TABLES, Cell, ColumnType, Format, choose_tables, make_row, number_of, text_of
from gitreg.core.problems import Problem
from gitreg.errors import UsageFault

NAMES = [table.name for table in TABLES]


def test_all_tables_are_chosen_where_none_is_named() -> None:
    assert choose_tables([]) == choose_tables(["all"]) == choose_tables(["events,all"]) == choose_tables([" "]) == TABLES


def test_tables_are_chosen_by_name_in_their_own_order() -> None:
    assert [table.name for table in choose_tables(["events, versions", "data"])] == ["versions", "events", "data"]


def test_a_table_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UsageFault) as caught:
        choose_tables(["metrics,metricks"])
    assert caught.value.message == "there is no table 'metricks'"
    assert caught.value.hint == "tables: versions, events, metrics, params, packages, data, lineage, all"


def test_every_table_of_versions_has_their_key_first() -> None:
    assert all(
        [column.name for column in table.columns[:2]] == ["artifact", "version"] for table in TABLES if table.name != "events"
    )


def test_no_table_has_two_columns_of_one_name() -> None:
    assert all(len({column.name for column in table.columns}) == len(table.columns) for table in TABLES)


def test_the_columns_stay_what_they_are() -> None:
    # Others build on these names and types: columns are only ever added.
    assert {table.name: " ".join(f"{column.name}:{column.type}" for column in table.columns) for table in TABLES} == {
        "versions": "artifact:text version:text commit_id:text active:boolean latest:boolean stable:boolean deprecated:boolean "
        "stages:list registered_at:time author:text author_email:text message:text tag:text type:text description:text "
        "labels:list owner:text license:text framework:text task:text homepage:text base:text path:text kind:text hash:text "
        "size:integer files:integer problems:integer",
        "events": "event:text artifact:text version:text stage:text commit_id:text tag:text tag_id:text happened_at:time "
        "author:text author_email:text message:text",
        "metrics": "artifact:text version:text file:text name:text value:number text:text goal:text",
        "params": "artifact:text version:text file:text name:text value:number text:text",
        "packages": "artifact:text version:text package:text package_version:text specifier:text file:text",
        "data": "artifact:text version:text path:text hash:text size:integer files:integer repository:text "
        "repository_commit:text",
        "lineage": "artifact:text version:text source:text source_kind:text source_label:text edge:text target:text "
        "target_kind:text target_label:text target_hash:text",
    }


@pytest.mark.parametrize(
    ("cell", "clean"),
    [
        ("a\udcffb", "a\\xffb"),
        (("x", "\udc80"), ("x", "\\x80")),
        (1 << 63, None),
        (-(1 << 63), -(1 << 63)),
        (True, True),
        (0.5, 0.5),
        (None, None),
    ],
)
def test_a_row_holds_what_every_format_can(cell: Cell, clean: Cell) -> None:
    assert make_row("data", cell).cells == (clean,)


@pytest.mark.parametrize(
    ("value", "number", "text"),
    [
        (1, 1.0, "1"),
        (-0.25, -0.25, "-0.25"),
        (True, None, "true"),
        (False, None, "false"),
        (None, None, None),
        ("0.9", None, "0.9"),
        (math.nan, None, "nan"),
        (math.inf, None, "inf"),
        (10**400, None, hex(10**400)),
    ],
)
def test_a_value_is_a_number_where_it_is_a_finite_one(value: object, number: float | None, text: str | None) -> None:
    assert (number_of(value), text_of(value)) == (number, text)


def test_every_type_of_column_is_used() -> None:
    assert {column.type for table in TABLES for column in table.columns} == set(ColumnType)


def test_what_an_export_wrote_has_no_problems_unless_it_says_so() -> None:
    written = Exported(format=Format.CSV, tables=(WrittenTable(name="events", rows=1, file=None),), versions=0, target=None)
    assert (written.problems, written.more) == ((), 0)
    assert CountedProblem(Problem(code="GR401", message="something"), 1).versions == ()
