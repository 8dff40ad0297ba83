from __future__ import annotations

from gitreg.core.effects import describe_effects
from gitreg.core.new_tags import Known
from gitreg.core.reduce import reduce_artifact
from tests.support.environment import START
from tests.support.events import A, B, make_event, tell

LATER = START + 86_400


def know(*facts: tuple[str, str] | tuple[str, str, str]) -> Known:
    events = tell(*facts)
    return Known(artifact=reduce_artifact("churn", events)[0], events=events, taken=frozenset(event.tag for event in events))


TWO = know(("churn@v1.0.0", A), ("churn@v2.0.0", B), ("churn#prod#1", A), ("churn#prod#2", B))


def test_an_event_that_changes_what_it_says_and_nothing_else_needs_no_sentence() -> None:
    assert not list(describe_effects(TWO, [make_event("churn#prod#3", A, LATER, named="v1.0.0")]))


def test_a_deregistration_says_where_its_stages_go() -> None:
    assert list(describe_effects(TWO, [make_event("churn@v2.0.0!", B, LATER)])) == ["'prod' goes to v1.0.0"]


def test_a_deregistration_of_the_only_holder_says_that_nothing_holds_the_stage_any_more_and_an_unassignment_need_not() -> None:
    known = know(("churn@v1.0.0", A), ("churn#prod#1", A))
    assert list(describe_effects(known, [make_event("churn@v1.0.0!", A, LATER)])) == ["nothing holds 'prod' any more"]
    assert not list(describe_effects(known, [make_event("churn#prod!#2", A, LATER)]))


def test_an_unassignment_says_to_whom_the_stage_goes() -> None:
    assert list(describe_effects(TWO, [make_event("churn#prod!#3", B, LATER)])) == ["'prod' goes to v1.0.0"]


def test_a_registration_that_brings_assignments_back_says_so() -> None:
    known = know(("churn@v1.0.0", A), ("churn#prod#1", A), ("churn@v1.0.0!", A))
    assert list(describe_effects(known, [make_event("churn@v1.0.0#2", A, LATER)])) == ["'prod' goes to v1.0.0"]


def test_a_stage_that_goes_to_a_bare_commit_names_the_commit() -> None:
    known = know(("churn#prod#1", A), ("churn#prod#2", B))
    assert list(describe_effects(known, [make_event("churn#prod!#3", B, LATER)])) == ["'prod' goes to aaaaaaa"]


def test_what_revives_a_deprecated_artifact_says_so() -> None:
    known = know(("churn@v1.0.0", A), ("churn@deprecated", A))
    assert list(describe_effects(known, [make_event("churn@v2.0.0", B, LATER)])) == [
        "'churn' was deprecated, and is in use again"
    ]


def test_the_first_use_of_a_stage_names_those_that_there_are() -> None:
    assert list(describe_effects(TWO, [make_event("churn#prd#3", A, LATER, named="v1.0.0")])) == [
        "'prd' is a new stage of 'churn', beside prod"
    ]


def test_a_new_artifact_names_the_one_that_it_looks_like() -> None:
    new = Known(artifact=reduce_artifact("chrun", [])[0])
    made = [make_event("chrun@v0.0.1")]
    assert list(describe_effects(new, made, {"churn", "fraud"})) == ["'chrun' is a new artifact; there is 'churn' already"]
    assert not list(describe_effects(new, made, {"fraud"}))
