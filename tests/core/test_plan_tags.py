from __future__ import annotations

import pytest

from gitreg.core.events import LATEST_TIME, Kind
from gitreg.core.new_tags import CLOCK_TOLERANCE, Decision, Known, choose_time, name_tags, to_event, used_versions
from gitreg.core.plan import plan_assignment, plan_deprecation, plan_deregistration, plan_registration, plan_unassignment
from gitreg.core.reduce import reduce_artifact
from gitreg.core.state import Artifact
from gitreg.core.tags import parse_tag
from gitreg.errors import Refused, UsageFault
from tests.support.environment import EMAIL, NAME, START
from tests.support.events import A, B, make_event, tell


def know(*facts: tuple[str, str] | tuple[str, str, str], taken: tuple[str, ...] = ()) -> Known:
    """Know what some tags state, and that more names are taken."""
    events = tell(*facts)
    return Known(
        artifact=reduce_artifact("churn", events)[0], events=events, taken=frozenset({event.tag for event in events} | {*taken})
    )


NEW = know()
ONE = know(("churn@v1.0.0", A), ("churn#prod#1", A))


def names(known: Known, *decisions: Decision) -> list[str]:
    return [tag.name for tag in name_tags(known, decisions, at=START)]


def test_a_registration_is_simple_and_an_assignment_is_counted() -> None:
    registration = plan_registration(NEW, A, version="v1.0.0")
    assert names(NEW, registration, plan_assignment(NEW, "prod", commit=A, version="v1.0.0")) == ["churn@v1.0.0", "churn#prod#1"]


def test_a_counter_is_one_more_than_the_highest_on_any_tag_of_the_artifact() -> None:
    known = know(("churn@v1.0.0", A), ("churn#dev#7", A), taken=("churn@deprecated#9",))
    assert names(known, plan_assignment(known, "prod", commit=A, version="v1.0.0")) == ["churn#prod#10"]


def test_several_counted_tags_of_one_step_count_on() -> None:
    decisions = [plan_assignment(ONE, stage, commit=B, version=None) for stage in ("dev", "prod")]
    assert names(ONE, *decisions) == ["churn#dev#2", "churn#prod#3"]


def test_a_simple_name_that_is_taken_gets_a_counter() -> None:
    known = know(("churn@v1.0.0", A), ("churn@v1.0.0!", A), ("churn@deprecated", A), ("churn@v1.0.0#4", B))
    assert names(known, plan_deregistration(known, "v1.0.0")) == ["churn@v1.0.0!#5"]
    assert names(known, plan_deprecation(known)) == ["churn@deprecated#5"]


def test_a_name_that_an_unreadable_tag_has_is_taken_too() -> None:
    known = know(taken=("churn@v1.0.0",))
    assert names(known, plan_registration(known, A, version="v1.0.0")) == ["churn@v1.0.0#1"]


def test_an_unassignment_is_counted_and_names_no_version_in_its_tag() -> None:
    assert names(ONE, plan_unassignment(ONE, "prod", version=None)) == ["churn#prod!#2"]


def test_an_artifact_of_a_folder_has_an_equals_sign_in_its_tags() -> None:
    known = Known(artifact=Artifact(name="models/nlp:sent"))
    assert names(known, plan_registration(known, A)) == ["models/nlp=sent@v0.0.1"]


def test_each_tag_of_a_step_comes_a_second_after_the_one_before() -> None:
    decisions = [plan_registration(NEW, A), plan_assignment(NEW, "prod", commit=A, version="v0.0.1")]
    assert [tag.at for tag in name_tags(NEW, decisions, at=START)] == [START, START + 1]


def test_the_message_is_the_persons_or_else_the_subject_and_then_the_trailers() -> None:
    decision = plan_assignment(ONE, "dev", commit=A, version="v1.0.0")
    [tag] = name_tags(ONE, [decision], at=START)
    assert tag.message == "Assigning stage dev to artifact churn version v1.0.0\n\nGitreg-Version: v1.0.0\n"
    [tag] = name_tags(ONE, [decision], at=START, text="Looks good\n\nReally\n")
    assert tag.message == "Looks good\n\nReally\n\nGitreg-Version: v1.0.0\n"
    with pytest.raises(UsageFault, match="Gitreg-"):
        name_tags(ONE, [decision], at=START, text="Gitreg-Version: v9.0.0")


def test_a_tag_that_no_file_system_could_hold_is_refused() -> None:
    known = Known(artifact=Artifact(name="a" * 200))
    with pytest.raises(UsageFault, match=r"a part of 26\d characters"):
        name_tags(known, [plan_assignment(known, "b" * 60, commit=A, version=None)], at=START)


def test_a_tag_that_would_be_too_long_to_be_read_is_refused() -> None:
    known = Known(artifact=Artifact(name="/".join(["a" * 150] * 40)))
    with pytest.raises(UsageFault, match="characters, and gitreg reads"):
        name_tags(known, [plan_registration(known, A)], at=START)


@pytest.mark.parametrize(("ago", "at"), [(100, START), (1, START), (0, START + 1), (-5, START + 6), (-300, START + 301)])
def test_a_tag_is_made_now_or_a_second_after_the_last_event(ago: int, at: int) -> None:
    events = [make_event("churn@v1.0.0", A, START - ago), make_event("churn#prod#1", A, START - 1000)]
    known = Known(artifact=Artifact(name="churn"), events=events, taken=frozenset({"churn@v1.0.0", "churn#prod#1"}))
    assert choose_time(known, now=START, accept_clock=False) == at


def test_the_first_tag_is_made_now() -> None:
    assert choose_time(NEW, now=START, accept_clock=False) == START


def test_a_last_event_far_in_the_future_means_that_a_clock_is_wrong() -> None:
    future = START + CLOCK_TOLERANCE + 1
    known = Known(artifact=Artifact(name="churn"), events=[make_event("churn@v1.0.0", A, future)])
    with pytest.raises(Refused, match="lies 301 seconds in the future") as caught:
        choose_time(known, now=START, accept_clock=False)
    assert "--accept-clock" in caught.value.hint
    assert choose_time(known, now=START, accept_clock=True) == future + 1


def test_after_the_end_of_time_comes_nothing() -> None:
    events = [make_event("churn@v1.0.0", A, LATEST_TIME)]
    known = Known(artifact=Artifact(name="churn"), events=events, taken=frozenset({"churn@v1.0.0"}))
    with pytest.raises(Refused, match="at the end of time"):
        choose_time(known, now=START, accept_clock=True)


def test_versions_are_used_that_any_readable_name_speaks_of() -> None:
    assert used_versions(["churn@v1.0.0", "churn@v2.0.0!#3", "churn#prod#1", "other", "churn@deprecated"]) == {"v1.0.0", "v2.0.0"}


@pytest.mark.parametrize("kind", Kind)
def test_the_event_of_a_new_tag_is_what_a_reader_will_read(kind: Kind) -> None:
    decisions = {
        Kind.REGISTRATION: plan_registration(ONE, B),
        Kind.DEREGISTRATION: plan_deregistration(ONE, "v1.0.0"),
        Kind.ASSIGNMENT: plan_assignment(ONE, "dev", commit=A, version="v1.0.0"),
        Kind.UNASSIGNMENT: plan_unassignment(ONE, "prod", version="v1.0.0"),
        Kind.DEPRECATION: plan_deprecation(ONE),
    }
    [tag] = name_tags(ONE, [decisions[kind]], at=START)
    event = to_event(tag, tag_id="f" * 40, author=NAME, author_email=EMAIL)
    parsed = parse_tag(event.tag)
    assert parsed is not None
    assert (event.kind, event.artifact, event.stage, event.counter) == (parsed.kind, "churn", parsed.stage, parsed.counter)
    assert (event.at, event.author, event.commit, tag.commit) == (START, NAME, tag.decision.commit, event.commit)
    assert event.named_version == ("v1.0.0" if kind in {Kind.ASSIGNMENT, Kind.UNASSIGNMENT} else None)
    assert not event.message.endswith("\n")
