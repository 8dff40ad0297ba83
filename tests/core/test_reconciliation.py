from __future__ import annotations

from collections.abc import Mapping
from time import process_time

import pytest

from gitreg.core.events import Event
from gitreg.core.reconciliation import Action, Change, Place, Scope, check_deployed, plan_reconciliation
from gitreg.errors import SyntaxFault
from tests.support.environment import START
from tests.support.events import A, B, C, make_event

PROD = Place("churn", "prod")
STORY = [
    make_event("churn@v1.0.0", A, START),
    make_event("churn#prod#1", A, START + 1),
    make_event("churn@v2.0.0", B, START + 2),
    make_event("churn#prod#2", B, START + 3),
]


def changes(
    events: list[Event], deployed: Mapping[Place, str | None], *, scope: Scope | None = None, at: int | None = None
) -> list[tuple[str, str, Action, str | None, str | None, str | None]]:
    found, _, _ = plan_reconciliation(events, deployed, scope=scope or Scope(), at=at)
    return [(*change.place, change.action, change.deployed, change.wanted, change.event and change.event.tag) for change in found]


def test_what_is_as_the_registry_says_needs_nothing() -> None:
    assert plan_reconciliation(STORY, {PROD: "v2.0.0"}, scope=Scope()) == ((), 1, ())


def test_nothing_at_all_needs_nothing() -> None:
    assert plan_reconciliation([], {}, scope=Scope()) == ((), 0, ())
    assert plan_reconciliation([], {PROD: None}, scope=Scope()) == ((), 1, ())


def test_where_nothing_is_the_holder_is_deployed() -> None:
    found, compared, _ = plan_reconciliation(STORY, {}, scope=Scope())
    event = make_event("churn#prod#2", B, START + 3)._replace(version="v2.0.0")
    change = Change(place=PROD, action=Action.DEPLOY, deployed=None, wanted="v2.0.0", commit=B, event=event)
    assert (found, compared) == ((change,), 1)
    assert changes(STORY, {PROD: None}) == changes(STORY, {})


def test_an_older_version_is_replaced() -> None:
    assert changes(STORY, {PROD: "v1.0.0"}) == [("churn", "prod", Action.REPLACE, "v1.0.0", "v2.0.0", "churn#prod#2")]


def test_a_version_may_be_deployed_by_the_id_of_its_commit() -> None:
    assert changes(STORY, {PROD: B}) == []
    assert changes(STORY, {PROD: A}) == [("churn", "prod", Action.REPLACE, A, "v2.0.0", "churn#prod#2")]


def test_a_bare_commit_is_wanted_by_its_id() -> None:
    bare = [*STORY, make_event("churn#prod#3", C, START + 4)]
    assert changes(bare, {PROD: C}) == []
    assert changes(bare, {PROD: "v2.0.0"}) == [("churn", "prod", Action.REPLACE, "v2.0.0", C, "churn#prod#3")]


def test_what_was_unassigned_is_removed_by_the_event_that_says_so() -> None:
    gone = [*STORY, make_event("churn#prod!#3", A, START + 4), make_event("churn#prod!#4", B, START + 5)]
    assert changes(gone, {PROD: "v2.0.0"}) == [("churn", "prod", Action.REMOVE, "v2.0.0", None, "churn#prod!#4")]
    assert changes(gone, {PROD: "v1.0.0"}) == [("churn", "prod", Action.REMOVE, "v1.0.0", None, "churn#prod!#3")]


def test_what_was_deregistered_is_removed_or_falls_back() -> None:
    fallen = [*STORY, make_event("churn@v2.0.0!", B, START + 4)]
    assert changes(fallen, {PROD: "v2.0.0"}) == [("churn", "prod", Action.REPLACE, "v2.0.0", "v1.0.0", "churn#prod#1")]
    gone = [*fallen, make_event("churn@v1.0.0!", A, START + 5)]
    assert changes(gone, {PROD: "v2.0.0"}) == [("churn", "prod", Action.REMOVE, "v2.0.0", None, "churn@v2.0.0!")]


def test_what_never_held_the_stage_is_removed_by_what_emptied_it() -> None:
    other = make_event("churn@v3.0.0", C, START + 4)
    emptied = [*STORY, other, make_event("churn#prod!#3", A, START + 5), make_event("churn@v2.0.0!", B, START + 6)]
    assert changes(emptied, {PROD: "v3.0.0"}) == [("churn", "prod", Action.REMOVE, "v3.0.0", None, "churn#prod!#3")]
    withdrawn = [*STORY, other, make_event("churn@v1.0.0!", A, START + 5), make_event("churn@v2.0.0!", B, START + 6)]
    assert changes(withdrawn, {PROD: "v3.0.0"}) == [("churn", "prod", Action.REMOVE, "v3.0.0", None, "churn@v2.0.0!")]


@pytest.mark.parametrize(
    ("place", "there", "wanted", "tag"),
    [
        (PROD, "v9.0.0", "v2.0.0", "churn#prod#2"),
        (PROD, "d" * 40, "v2.0.0", "churn#prod#2"),
        (Place("churn", "dev"), "v1.0.0", None, None),
        (Place("fraud", "prod"), "v1.0.0", None, None),
    ],
)
def test_what_the_registry_never_knew_is_left_to_a_person(place: Place, there: str, wanted: str | None, tag: str | None) -> None:
    found = changes(STORY, {PROD: "v2.0.0", place: there})
    assert found == [(*place, Action.UNKNOWN, there, wanted, tag)]


def test_the_scope_says_what_is_compared() -> None:
    events = [*STORY, make_event("churn#dev#3", B, START + 4), make_event("fraud@v1.0.0", A), make_event("fraud#prod#1", A)]
    deployed = {Place("fraud", "prod"): "v0.0.9"}

    def places(**scope: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(artifact, stage) for artifact, stage, *_ in changes(events, deployed, scope=Scope(**scope))]

    assert places() == [("churn", "dev"), ("churn", "prod"), ("fraud", "prod")]
    assert places(stages=("prod",)) == [("churn", "prod"), ("fraud", "prod")]
    assert places(artifacts=("churn",)) == [("churn", "dev"), ("churn", "prod")]
    assert places(artifacts=("churn",), stages=("dev",)) == [("churn", "dev")]


def test_of_an_earlier_moment_the_state_counts_and_what_came_later_is_known() -> None:
    assert changes(STORY, {PROD: "v2.0.0"}, at=START + 1) == [
        ("churn", "prod", Action.REPLACE, "v2.0.0", "v1.0.0", "churn#prod#1")
    ]
    assert changes(STORY, {PROD: "v2.0.0"}, at=START) == [("churn", "prod", Action.REMOVE, "v2.0.0", None, None)]


@pytest.mark.parametrize("text", ["v1.2.0", "v2.0.0-rc.1+b", A, "0" * 64])
def test_a_version_and_a_full_id_may_be_deployed(text: str) -> None:
    check_deployed(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1.2.0", "write 'v1.2.0'"),
        ("abcdef1", "write the full id of the commit: git rev-parse"),
        ("latest", "write a version such as v1.2.0, the full id of a commit, or null where nothing is deployed"),
        ("", "write a version such as v1.2.0, the full id of a commit, or null where nothing is deployed"),
        (f"{A}\n", "write a version such as v1.2.0, the full id of a commit, or null where nothing is deployed"),
        ("A" * 40, "write a version such as v1.2.0, the full id of a commit, or null where nothing is deployed"),
    ],
)
def test_nothing_else_may(text: str, hint: str) -> None:
    with pytest.raises(SyntaxFault) as caught:
        check_deployed(text)
    assert caught.value.hint == hint


def test_what_is_wrong_with_events_is_told() -> None:
    moved = [*STORY, make_event("churn@v1.0.0#3", C, START + 9)]
    assert [problem.code for problem in plan_reconciliation(moved, {}, scope=Scope()).problems] == ["GR301"]


def test_thousands_of_stages_of_one_artifact_take_no_square_of_time() -> None:
    events = [make_event("churn@v1.0.0", A, START)]
    for number in range(4000):
        events += [make_event(f"churn#s{number}#1", A, START + 1), make_event(f"churn#s{number}!#2", A, START + 2)]
    deployed: dict[Place, str | None] = {Place("churn", f"s{number}"): "v1.0.0" for number in range(4000)}
    started = process_time()
    found = plan_reconciliation(events, deployed, scope=Scope()).changes
    assert {change.action for change in found} == {Action.REMOVE}
    assert process_time() - started < 5  # a fraction of it where nobody measures coverage; a square would take minutes
