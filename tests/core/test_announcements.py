from __future__ import annotations

from gitreg.core.announcements import Announcement, Move, make_announcement
from gitreg.core.events import Event
from gitreg.core.reduce import resolve_events
from tests.support.environment import START
from tests.support.events import A, B, C, make_event

STORY = [
    make_event("churn@v1.0.0", A, START),
    make_event("churn#prod#1", A, START + 1),
    make_event("churn@v2.0.0", B, START + 2),
    make_event("churn#prod#2", B, START + 3),
    make_event("churn#dev#3", B, START + 4),
]


def announce(events: list[Event], tag: str) -> Announcement:
    return make_announcement(next(event for event in resolve_events(events) if event.tag == tag), events)


def test_the_first_holder_follows_nothing() -> None:
    told = announce(STORY, "churn#prod#1")
    assert (told.moves, told.previous, told.is_rollback) == ((Move("prod", None, "v1.0.0"),), None, False)


def test_the_next_holder_follows_the_one_before_whatever_came_later() -> None:
    told = announce([*STORY, make_event("churn#prod#4", A, START + 9)], "churn#prod#2")
    assert (told.moves, told.previous, told.is_rollback) == ((Move("prod", "v1.0.0", "v2.0.0"),), "v1.0.0", False)


def test_a_lower_version_is_a_rollback() -> None:
    told = announce([*STORY, make_event("churn#prod#4", A, START + 9)], "churn#prod#4")
    assert (told.moves, told.is_rollback) == ((Move("prod", "v2.0.0", "v1.0.0"),), True)


def test_a_bare_commit_is_no_rollback() -> None:
    told = announce([*STORY, make_event("churn#prod#4", C, START + 9)], "churn#prod#4")
    assert (told.moves, told.is_rollback) == ((Move("prod", "v2.0.0", C),), False)


def test_what_is_assigned_again_stays() -> None:
    told = announce([*STORY, make_event("churn#prod#4", B, START + 9)], "churn#prod#4")
    assert (told.moves, told.is_rollback) == ((Move("prod", "v2.0.0", "v2.0.0"),), False)


def test_an_unassignment_may_fall_back_or_leave_nothing() -> None:
    fallen = [*STORY, make_event("churn#prod!#4", B, START + 9)]
    assert announce(fallen, "churn#prod!#4").moves == (Move("prod", "v2.0.0", "v1.0.0"),)
    gone = [*fallen, make_event("churn#prod!#5", A, START + 10)]
    assert announce(gone, "churn#prod!#5").moves == (Move("prod", "v1.0.0", None),)


def test_a_deregistration_tells_every_stage_that_changes_hands() -> None:
    told = announce([*STORY, make_event("churn@v2.0.0!", B, START + 9)], "churn@v2.0.0!")
    assert told.moves == (Move("dev", "v2.0.0", None), Move("prod", "v2.0.0", "v1.0.0"))
    assert (told.latest_before, told.latest, told.previous, told.is_rollback) == ("v2.0.0", "v1.0.0", "v2.0.0", False)


def test_a_registration_tells_the_greatest_version_before() -> None:
    told = announce(STORY, "churn@v2.0.0")
    assert (told.moves, told.latest_before, told.latest, told.previous) == ((), "v1.0.0", "v2.0.0", "v1.0.0")


def test_a_deprecation_changes_no_stage() -> None:
    told = announce([*STORY, make_event("churn@deprecated", B, START + 9)], "churn@deprecated")
    assert (told.moves, told.latest_before, told.latest) == ((), "v2.0.0", "v2.0.0")


def test_a_version_that_was_registered_after_its_commit_was_assigned_is_called_by_its_name() -> None:
    late = [make_event("churn#prod#1", A, START), make_event("churn@v1.0.0", A, START + 1), *STORY[2:]]
    assert announce(late, "churn#prod#1").moves == (Move("prod", None, "v1.0.0"),)
    assert announce(late, "churn#prod#2").moves == (Move("prod", "v1.0.0", "v2.0.0"),)
