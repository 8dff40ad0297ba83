"""The rules of state that speak of stages."""

from __future__ import annotations

import pytest

from gitreg.core.reduce import find_stage_problems, reduce_artifact, resolve_events
from gitreg.core.state import Artifact, Assignment
from tests.support.environment import EMAIL, NAME, START
from tests.support.events import A, B, C, tell

Fact = tuple[str, str] | tuple[str, str, str]


def reduce(*facts: Fact) -> Artifact:
    return reduce_artifact("m", tell(*facts))[0]


def stack(*facts: Fact, stage: str = "prod") -> list[str | None]:
    """The versions that could hold a stage, the current holder first; None for a bare commit."""
    return [target.version for target in reduce(*facts).stages.get(stage, ())]


def held(artifact: Artifact) -> dict[str, tuple[str, ...]]:
    return {version.version: version.stages for version in artifact.versions}


def test_an_assignment_gives_the_stage_to_the_version_at_its_commit() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m#prod#1", A))
    assert artifact.stages == {
        "prod": (
            Assignment(
                artifact="m",
                stage="prod",
                version="v1.0.0",
                commit=A,
                tag="m#prod#1",
                assigned_at=START + 60,
                author=NAME,
                author_email=EMAIL,
                message="About m#prod#1",
            ),
        )
    }
    assert held(artifact) == {"v1.0.0": ("prod",)}


def test_it_does_not_matter_whether_the_registration_comes_before_or_after_the_assignment() -> None:
    assert stack(("m#prod#1", A), ("m@v1.0.0", A)) == ["v1.0.0"]


def test_with_no_version_on_its_commit_the_stage_holds_the_bare_commit() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m#prod#1", B))
    [holder] = artifact.stages["prod"]
    assert (holder.version, holder.commit) == (None, B)
    assert held(artifact) == {"v1.0.0": ()}


@pytest.mark.parametrize("named", ["v1.0.0-rc.1", "v1.0.0"])
def test_of_two_versions_on_a_commit_the_trailer_names_the_one_that_is_meant(named: str) -> None:
    facts: list[Fact] = [("m@v1.0.0-rc.1", A), ("m@v1.0.0", A), ("m#prod#1", A, named)]
    assert stack(*facts) == [named]


def test_of_two_versions_on_a_commit_an_assignment_without_trailer_means_the_one_registered_last() -> None:
    assert stack(("m@v1.0.0-rc.1", A), ("m@v1.0.0", A), ("m#prod#1", A)) == ["v1.0.0"]
    assert stack(("m@v1.0.0-rc.1", A), ("m#prod#1", A), ("m@v1.0.0", A)) == ["v1.0.0"]


@pytest.mark.parametrize("named", ["v2.0.0", "v9.9.9", "nonsense"])
def test_a_trailer_that_names_a_version_never_registered_there_is_passed_over(named: str) -> None:
    assert stack(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A, named)) == ["v1.0.0"]
    assert stack(("m@v2.0.0", B), ("m#prod#1", A, named)) == [None]


def test_a_registration_without_effect_puts_no_version_on_its_commit() -> None:
    assert stack(("m@v1.0.0", A), ("m@v1.0.0#1", B), ("m#prod#2", B)) == [None]


def test_both_versions_of_a_commit_may_be_on_one_stack() -> None:
    facts: list[Fact] = [("m@v1.0.0-rc.1", A), ("m@v1.0.0", A), ("m#prod#1", A, "v1.0.0-rc.1"), ("m#prod#2", A, "v1.0.0")]
    assert stack(*facts) == ["v1.0.0", "v1.0.0-rc.1"]


def test_the_target_assigned_last_holds_the_stage() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", B), ("m#prod#2", A))
    assert [target.version for target in artifact.stages["prod"]] == ["v1.0.0", "v2.0.0"]
    assert held(artifact) == {"v1.0.0": ("prod",), "v2.0.0": ()}


def test_a_target_assigned_again_moves_to_the_top_and_stands_on_the_stack_once() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m#prod#3", A))
    assert [(target.version, target.tag) for target in artifact.stages["prod"]] == [
        ("v1.0.0", "m#prod#3"),
        ("v2.0.0", "m#prod#2"),
    ]


def test_with_its_holder_unassigned_a_stage_falls_back_to_the_one_below() -> None:
    assert stack(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m#prod!#3", B)) == ["v1.0.0"]


def test_an_unassigned_target_comes_back_only_when_it_is_assigned_again() -> None:
    facts: list[Fact] = [("m@v1.0.0", A), ("m#prod#1", A), ("m#prod#2", A), ("m#prod!#3", A)]
    assert stack(*facts) == []
    assert stack(*facts, ("m#prod#4", A)) == ["v1.0.0"]


def test_an_unassignment_of_a_target_below_leaves_the_holder() -> None:
    assert stack(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m#prod!#3", A)) == ["v2.0.0"]


def test_a_stage_that_nobody_holds_any_more_is_not_shown() -> None:
    assert reduce(("m@v1.0.0", A), ("m#prod#1", A), ("m#prod!#2", A)).stages == {}


def test_an_unassigned_bare_commit_leaves_its_stage() -> None:
    assert stack(("m#prod#1", A), ("m#prod#2", B), ("m#prod!#3", B)) == [None]
    assert stack(("m#prod#1", A), ("m#prod!#2", A)) == []


def test_an_unassignment_takes_nothing_off_other_stages() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m#prod#1", A), ("m#dev#2", A), ("m#prod!#3", A))
    assert list(artifact.stages) == ["dev"]


def test_an_unassignment_names_its_version_where_two_share_a_commit() -> None:
    facts: list[Fact] = [("m@v1.0.0-rc.1", A), ("m@v1.0.0", A), ("m#prod#1", A, "v1.0.0-rc.1"), ("m#prod#2", A, "v1.0.0")]
    assert stack(*facts, ("m#prod!#3", A, "v1.0.0")) == ["v1.0.0-rc.1"]
    assert stack(*facts, ("m#prod!#3", A, "v1.0.0-rc.1")) == ["v1.0.0"]
    assert stack(*facts, ("m#prod!#3", A)) == ["v1.0.0-rc.1"]


def test_an_unassignment_that_names_no_version_takes_the_version_registered_last_on_its_commit_and_no_other() -> None:
    facts: list[Fact] = [("m@v1.0.0-rc.1", A), ("m#prod#1", A, "v1.0.0-rc.1"), ("m@v1.0.0", A)]
    assert stack(*facts, ("m#prod!#2", A)) == ["v1.0.0-rc.1"]
    assert stack(*facts, ("m#prod#2", A), ("m#prod!#3", A)) == ["v1.0.0-rc.1"]


def test_a_version_that_is_registered_once_more_on_its_commit_is_the_one_registered_last_there() -> None:
    facts: list[Fact] = [("m@v1.0.0", A), ("m@v2.0.0", A), ("m@v1.0.0#1", A)]
    assert stack(*facts, ("m#prod#2", A)) == ["v1.0.0"]


def test_an_unassignment_that_names_a_version_takes_no_other_one() -> None:
    facts: list[Fact] = [("m@v1.0.0-rc.1", A), ("m#prod#1", A, "v1.0.0-rc.1"), ("m@v1.0.0", A)]
    assert stack(*facts, ("m#prod!#2", A, "v1.0.0")) == ["v1.0.0-rc.1"]


def test_a_deregistered_version_is_passed_over() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m@v2.0.0!", B))
    assert [target.version for target in artifact.stages["prod"]] == ["v1.0.0"]
    assert held(artifact) == {"v1.0.0": ("prod",), "v2.0.0": ()}


def test_a_version_registered_again_on_its_commit_brings_its_assignments_back() -> None:
    facts: list[Fact] = [("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m@v2.0.0!", B)]
    assert stack(*facts, ("m@v2.0.0#3", B)) == ["v2.0.0", "v1.0.0"]


def test_a_version_registered_again_elsewhere_leaves_its_assignments_behind() -> None:
    facts: list[Fact] = [("m@v1.0.0", A), ("m#prod#1", A), ("m@v1.0.0!", A), ("m@v1.0.0#2", B)]
    assert stack(*facts) == []
    artifact = reduce(*facts, ("m#prod#3", B))
    assert [(target.version, target.commit) for target in artifact.stages["prod"]] == [("v1.0.0", B)]


def test_an_assignment_of_a_deregistered_version_waits_for_its_return() -> None:
    facts: list[Fact] = [("m@v1.0.0", A), ("m@v1.0.0!", A), ("m#prod#1", A)]
    assert stack(*facts) == []
    assert stack(*facts, ("m@v1.0.0#2", A)) == ["v1.0.0"]


def test_a_version_may_hold_any_number_of_stages() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m#prod#1", A), ("m#eu/dev#2", A), ("m#dev#3", A))
    assert held(artifact) == {"v1.0.0": ("dev", "eu/dev", "prod")}
    assert list(artifact.stages) == ["dev", "eu/dev", "prod"]


def test_a_time_before_an_unassignment_shows_the_stage_as_it_was() -> None:
    events = tell(("m@v1.0.0", A), ("m#prod#1", A), ("m#prod!#2", A))
    then = [event for event in events if event.at <= START + 60]
    assert list(reduce_artifact("m", then)[0].stages) == ["prod"]


def test_history_tells_the_version_that_each_assignment_speaks_of() -> None:
    events = tell(
        ("m@v1.0.0", A), ("m#prod#1", A), ("m#prod#2", B), ("m@v2.0.0", C), ("m#prod#3", C), ("m#prod!#4", C), ("m@deprecated", C)
    )
    resolved = resolve_events(reversed(events))
    assert [(event.tag, event.version) for event in resolved] == [
        ("m@v1.0.0", "v1.0.0"),
        ("m#prod#1", "v1.0.0"),
        ("m#prod#2", None),
        ("m@v2.0.0", "v2.0.0"),
        ("m#prod#3", "v2.0.0"),
        ("m#prod!#4", "v2.0.0"),
        ("m@deprecated", None),
    ]


def problems(*facts: Fact) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.tag) for problem in find_stage_problems(tell(*facts))]


def test_ordinary_events_are_no_problem() -> None:
    assert problems() == []
    assert problems(("m@v1.0.0", A), ("m#prod#1", A, "v1.0.0"), ("m#prod#2", B), ("m#prod!#3", A), ("m@deprecated", A)) == []


def test_two_versions_that_share_a_commit_are_a_problem() -> None:
    [problem] = find_stage_problems(tell(("m@v1.0.0-rc.1", A), ("m@v1.0.0", A), ("m@v2.0.0", B)))
    assert (problem.code, problem.artifact, problem.commit) == ("GR303", "m", A)
    assert problem.message == "versions v1.0.0-rc.1, v1.0.0 of 'm' share commit aaaaaaa; GTO cannot read this repository any more"


def test_one_version_that_came_back_shares_its_commit_with_nobody() -> None:
    assert problems(("m@v1.0.0", A), ("m@v1.0.0!", A), ("m@v1.0.0#1", A)) == []


def test_an_assignment_that_names_a_version_never_registered_there_is_a_problem() -> None:
    [problem] = find_stage_problems(tell(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A, "v2.0.0")))
    assert (problem.code, problem.tag, problem.commit) == ("GR307", "m#prod#1", A)
    assert problem.message == "'m#prod#1' names v2.0.0, which was never registered on commit aaaaaaa"


def test_an_assignment_that_comes_before_the_registration_that_it_names_is_no_problem() -> None:
    assert problems(("m#prod#1", A, "v1.0.0"), ("m@v1.0.0", A)) == []


def test_an_unassignment_that_takes_nothing_off_is_a_problem() -> None:
    [problem] = find_stage_problems(tell(("m@v1.0.0", A), ("m#prod#1", A), ("m#prod!#2", B)))
    assert (problem.code, problem.tag, problem.commit) == ("GR308", "m#prod!#2", B)
    assert problem.message == "'m#prod!#2' unassigns commit bbbbbbb, which did not hold 'prod'"
    assert problems(("m#prod!#1", A), ("m#prod#2", A)) == [("GR308", "m#prod!#1")]


def test_an_assignment_that_is_said_twice_is_no_problem() -> None:
    assert problems(("m@v1.0.0", A), ("m#prod#1", A), ("m#prod#2", A)) == []


def test_an_unassignment_of_a_target_below_the_holder_takes_something_off() -> None:
    assert problems(("m@v1.0.0", A), ("m@v2.0.0", B), ("m#prod#1", A), ("m#prod#2", B), ("m#prod!#3", A)) == []
