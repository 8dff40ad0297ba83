from __future__ import annotations

from datetime import UTC, datetime

from gitreg.core.events import LATEST_TIME, Kind, order
from tests.support.events import make_event


def test_events_are_ordered_by_time_before_all_else() -> None:
    assert order(make_event("m#prod#9", at=1)) < order(make_event("m#prod#2", at=2))


def test_events_of_one_second_are_ordered_by_counter_as_a_number() -> None:
    assert order(make_event("m#prod#9", at=1)) < order(make_event("m#prod#10", at=1))


def test_a_tag_without_counter_counts_as_zero() -> None:
    assert order(make_event("z@v1.0.0", at=1)) < order(make_event("a#prod#1", at=1))


def test_events_of_one_second_and_counter_are_ordered_by_tag_name() -> None:
    assert order(make_event("m#prod#1", at=1)) < order(make_event("m#staging#1", at=1))
    assert order(make_event("m@v1.0.0", at=1)) < order(make_event("m@v1.0.0!", at=1))


def test_the_latest_time_is_the_last_second_that_a_calendar_shows() -> None:
    assert datetime.fromtimestamp(LATEST_TIME, UTC).isoformat() == "9999-12-31T23:59:59+00:00"


def test_a_kind_reads_as_the_word_of_the_json() -> None:
    assert [str(kind) for kind in Kind] == ["registration", "deregistration", "assignment", "unassignment", "deprecation"]
