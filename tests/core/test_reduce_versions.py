"""The rules of state that speak of versions and of the artifact as a whole."""

from __future__ import annotations

import pytest

from gitreg.core.events import Event
from gitreg.core.reduce import reduce_artifact, reduce_events
from gitreg.core.state import Artifact, State, Version, find_version
from tests.support.environment import EMAIL, NAME, START
from tests.support.events import A, B, C, make_event, tell


def reduce(*facts: tuple[str, str] | tuple[str, str, str]) -> Artifact:
    return reduce_artifact("m", tell(*facts))[0]


def version_of(artifact: Artifact, version: str) -> Version:
    found = find_version(artifact, version)
    assert found is not None
    return found


def codes(events: list[Event]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.tag) for problem in reduce_artifact("m", events)[1]]


def test_nothing_adds_up_to_nothing() -> None:
    assert reduce_events([]) == State({})
    assert reduce_artifact("m", []) == (Artifact(name="m"), [])


def test_a_registered_version_is_active_and_tells_who_made_it_and_when() -> None:
    assert reduce(("m@v1.0.0", A)).versions == (
        Version(
            artifact="m",
            version="v1.0.0",
            active=True,
            commit=A,
            tag="m@v1.0.0",
            registered_at=START,
            author=NAME,
            author_email=EMAIL,
            message="About m@v1.0.0",
        ),
    )


def test_a_deregistered_version_is_known_and_not_active() -> None:
    version = version_of(reduce(("m@v1.0.0", A), ("m@v1.0.0!", A)), "v1.0.0")
    assert (version.active, version.commit, version.tag) == (False, A, "m@v1.0.0")


def test_an_active_version_never_moves_to_another_commit() -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0#1", B)
    version = version_of(reduce(*facts), "v1.0.0")
    assert (version.active, version.commit, version.tag) == (True, A, "m@v1.0.0")
    assert codes(tell(*facts)) == [("GR301", "m@v1.0.0#1")]


def test_registering_an_active_version_again_on_its_own_commit_changes_nothing() -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0#1", A)
    assert version_of(reduce(*facts), "v1.0.0").tag == "m@v1.0.0"
    assert codes(tell(*facts)) == []


@pytest.mark.parametrize("commit", [A, B])
def test_a_deregistered_version_may_be_registered_again_on_any_commit(commit: str) -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0!", A), ("m@v1.0.0#1", commit)
    version = version_of(reduce(*facts), "v1.0.0")
    assert (version.active, version.commit, version.tag) == (True, commit, "m@v1.0.0#1")
    assert version.registered_at == START + 120
    assert codes(tell(*facts)) == []


def test_a_deregistration_on_another_commit_has_no_effect_and_is_a_problem() -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0!", B)
    assert version_of(reduce(*facts), "v1.0.0").active
    assert codes(tell(*facts)) == [("GR302", "m@v1.0.0!")]


def test_a_deregistration_where_the_version_lived_before_has_no_effect_and_is_a_problem() -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0!", A), ("m@v1.0.0#1", B), ("m@v1.0.0!#2", A)
    assert version_of(reduce(*facts), "v1.0.0").active
    assert codes(tell(*facts)) == [("GR302", "m@v1.0.0!#2")]


def test_a_deregistration_before_its_registration_has_no_effect_and_is_a_problem() -> None:
    facts = ("m@v1.0.0!", A), ("m@v1.0.0", A)
    assert version_of(reduce(*facts), "v1.0.0").active
    assert codes(tell(*facts)) == [("GR302", "m@v1.0.0!")]


def test_a_second_deregistration_has_no_effect_and_is_a_problem() -> None:
    facts = ("m@v1.0.0", A), ("m@v1.0.0!", A), ("m@v1.0.0!#1", A)
    assert codes(tell(*facts)) == [("GR302", "m@v1.0.0!#1")]


def test_the_problem_of_a_moved_version_says_where_it_stays() -> None:
    _, [problem] = reduce_artifact("m", tell(("m@v1.0.0", A), ("m@v1.0.0#1", B)))
    assert problem.message == (
        "'m@v1.0.0#1' registers v1.0.0 again on commit bbbbbbb, but it is active at aaaaaaa and a version never moves; the tag has no effect"
    )
    assert (problem.artifact, problem.commit) == ("m", B)


@pytest.mark.parametrize(
    ("facts", "reason", "hint"),
    [
        ([], "it was never registered", ""),
        ([("m@v1.0.0", B)], "it is active at bbbbbbb", "to withdraw it where it is: gitreg deregister 'm@v1.0.0'"),
        ([("m@v1.0.0", B), ("m@v1.0.0!", B)], "it is not active", ""),
    ],
)
def test_the_problem_of_an_idle_deregistration_says_why(facts: list[tuple[str, str]], reason: str, hint: str) -> None:
    _, [problem] = reduce_artifact("m", tell(*facts, ("m@v1.0.0!#9", A)))
    assert problem.message == f"'m@v1.0.0!#9' deregisters v1.0.0 on commit aaaaaaa, but {reason}; the tag has no effect"
    assert problem.hint == hint


def test_versions_are_sorted_by_precedence_and_not_by_time() -> None:
    artifact = reduce(("m@v2.0.0", A), ("m@v10.0.0", B), ("m@v2.0.0-rc.1", C))
    assert [version.version for version in artifact.versions] == ["v10.0.0", "v2.0.0", "v2.0.0-rc.1"]


def test_the_latest_is_the_greatest_active_version_and_the_stable_one_is_no_prerelease() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m@v2.0.0-rc.1", B), ("m@v3.0.0", C), ("m@v3.0.0!", C))
    assert (artifact.latest, artifact.stable) == ("v2.0.0-rc.1", "v1.0.0")


def test_with_only_prereleases_nothing_is_stable() -> None:
    artifact = reduce(("m@v1.0.0-rc.1", A))
    assert (artifact.latest, artifact.stable) == ("v1.0.0-rc.1", None)


def test_with_only_deregistered_versions_nothing_is_latest() -> None:
    artifact = reduce(("m@v1.0.0", A), ("m@v1.0.0!", A))
    assert (artifact.latest, artifact.stable) == (None, None)


def test_equal_precedence_falls_back_to_the_later_registration() -> None:
    assert reduce(("m@v1.0.0+b", A), ("m@v1.0.0+a", B)).latest == "v1.0.0+a"
    assert reduce(("m@v1.0.0+a", B), ("m@v1.0.0+b", A)).latest == "v1.0.0+b"
    assert reduce(("m@v1.0.0+a", A), ("m@v1.0.0+b", B), ("m@v1.0.0+a!", A), ("m@v1.0.0+a#1", A)).latest == "v1.0.0+a"


def test_an_artifact_is_deprecated_by_its_last_word() -> None:
    assert reduce(("m@v1.0.0", A), ("m@deprecated", A)).deprecated
    assert reduce(("m@deprecated", A)).deprecated
    assert not reduce(("m@v1.0.0", A)).deprecated


@pytest.mark.parametrize("revival", ["m@v2.0.0", "m#prod#2"])
def test_a_registration_or_an_assignment_revives_a_deprecated_artifact(revival: str) -> None:
    assert not reduce(("m@v1.0.0", A), ("m@deprecated", A), (revival, A)).deprecated


@pytest.mark.parametrize("other", ["m@v1.0.0!", "m#prod!#2"])
def test_a_deregistration_or_an_unassignment_revives_nothing(other: str) -> None:
    assert reduce(("m@v1.0.0", A), ("m#prod#1", A), ("m@deprecated", A), (other, A)).deprecated
    assert not reduce(("m@v1.0.0", A), ("m#prod#1", A), (other, A)).deprecated


def test_a_revived_artifact_may_be_deprecated_again() -> None:
    assert reduce(("m@deprecated", A), ("m@v1.0.0", A), ("m@deprecated#1", A)).deprecated


def test_an_artifact_with_only_idle_events_is_known_and_not_deprecated() -> None:
    artifact = reduce(("m@v1.0.0!", A))
    assert (artifact.versions, artifact.deprecated, artifact.updated_at) == ((), False, START)


def test_an_artifact_was_updated_by_its_last_event_of_any_kind() -> None:
    assert reduce(("m@v1.0.0", A), ("m#prod!#1", A)).updated_at == START + 60


def test_events_of_one_second_are_told_apart_by_their_counters() -> None:
    events = [make_event("m@v1.0.0", A), make_event("m@v1.0.0!#1", A), make_event("m@v1.0.0#2", B)]
    [version] = reduce_artifact("m", events)[0].versions
    assert (version.active, version.commit) == (True, B)


def test_artifacts_do_not_see_each_other_and_are_sorted() -> None:
    state = reduce_events(tell(("z@v1.0.0", A), ("dir=m@v1.0.0", A), ("m@v2.0.0", A), ("m@v2.0.0#1", B), ("a@deprecated", A)))
    assert {name: artifact.latest for name, artifact in state.artifacts.items()} == {
        "a": None,
        "dir:m": "v1.0.0",
        "m": "v2.0.0",
        "z": "v1.0.0",
    }
    assert list(state.artifacts) == sorted(state.artifacts)
    assert [problem.artifact for problem in state.problems] == ["m"]


def test_the_order_in_which_events_are_handed_in_does_not_matter() -> None:
    events = tell(("m@v1.0.0", A), ("m#prod#1", A), ("m@v1.0.0!", A), ("m@v1.0.0#2", B), ("m@v1.0.0#3", C), ("m#prod#4", B))
    assert reduce_events(reversed(events)) == reduce_events(events)


def test_what_is_handed_in_is_not_changed() -> None:
    events = tell(("m#prod#1", A), ("m@v1.0.0", A))[::-1]
    before = list(events)
    reduce_events(events)
    assert events == before
