from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gitreg.core.events import Event
from gitreg.core.problems import CATALOGUE
from gitreg.core.reduce import find_stage_problems, reduce_artifact, reduce_events, resolve_events
from gitreg.core.state import find_holder
from tests.property.reference import Reference
from tests.property.strategies import soups
from tests.support.events import A, B

ONE = soups(artifacts=("m",))
# So few versions and commits that lives end, begin elsewhere and come back.
DENSE = soups(artifacts=("m",), versions=("v1.0.0", "v2.0.0-rc.1"), commits=(A, B))
ALONE = soups(artifacts=("m",), versions=("v1.0.0",), commits=(A, B))
CROWDED = soups(artifacts=("m",), commits=(A,))
WORD_BY_WORD = st.one_of(ONE, DENSE, ALONE, CROWDED)
often = settings(max_examples=4 * settings().max_examples)


@often
@given(events=WORD_BY_WORD)
def test_the_reducer_agrees_with_the_rules_taken_word_by_word(events: list[Event]) -> None:
    assert reduce_artifact("m", events)[0] == Reference("m", events).artifact()


@often
@given(events=WORD_BY_WORD)
def test_the_problems_agree_with_the_rules_taken_word_by_word(events: list[Event]) -> None:
    reference = Reference("m", events)
    assert [(found.code, found.tag, found.commit) for found in reduce_artifact("m", events)[1]] == reference.version_problems()
    found_problems = [(found.code, found.tag, found.commit) for found in find_stage_problems(events)]
    assert sorted(found_problems, key=str) == sorted(reference.stage_problems(), key=str)


@given(events=WORD_BY_WORD)
def test_history_agrees_with_the_rules_taken_word_by_word(events: list[Event]) -> None:
    reference = Reference("m", events)
    resolved = [event._replace(version=reference.target(event)[1]) if event.stage else event for event in reference.events]
    assert resolve_events(events) == resolved


@given(events=soups(), data=st.data())
def test_the_order_in_which_events_are_handed_in_never_matters(events: list[Event], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events))
    assert reduce_events(shuffled) == reduce_events(events)
    assert find_stage_problems(shuffled) == find_stage_problems(events)
    assert resolve_events(shuffled) == resolve_events(events)


@given(events=soups())
def test_artifacts_never_see_each_other(events: list[Event]) -> None:
    state = reduce_events(events)
    alone = {
        name: reduce_events(event for event in events if event.artifact == name) for name in {event.artifact for event in events}
    }
    assert state.artifacts == {name: alone[name].artifacts[name] for name in alone}
    assert state.problems == tuple(problem for name in sorted(alone) for problem in alone[name].problems)


@given(events=soups())
def test_every_problem_is_in_the_catalogue_and_tells_its_artifact(events: list[Event]) -> None:
    problems = [*reduce_events(events).problems, *find_stage_problems([event for event in events if event.artifact == "m"])]
    assert all(problem.code in CATALOGUE and problem.artifact in {"m", "dir:m"} for problem in problems)


@given(events=soups())
def test_a_holder_is_a_bare_commit_or_an_active_version_where_it_lives(events: list[Event]) -> None:
    for artifact in reduce_events(events).artifacts.values():
        lives = {(version.commit, version.version) for version in artifact.versions if version.active}
        for stack in artifact.stages.values():
            assert all(target.version is None or (target.commit, target.version) in lives for target in stack)
            assert len({(target.commit, target.version) for target in stack}) == len(stack)


@given(events=soups())
def test_versions_and_stages_tell_the_same_about_who_holds_what(events: list[Event]) -> None:
    for artifact in reduce_events(events).artifacts.values():
        by_version = {(stage, version.version) for version in artifact.versions for stage in version.stages}
        holders = {
            (stage, holder.version) for stage in artifact.stages if (holder := find_holder(artifact, stage)) and holder.version
        }
        assert by_version == holders


@given(events=ONE, data=st.data())
def test_a_version_that_never_was_deregistered_never_moves(events: list[Event], data: st.DataObject) -> None:
    now = data.draw(st.integers(0, 4))
    earlier = {
        version.version: version.commit for version in reduce_artifact("m", [e for e in events if e.at <= now])[0].versions
    }
    deregistered = {event.version for event in events if event.kind == "deregistration"}
    later = {version.version: version.commit for version in reduce_artifact("m", events)[0].versions}
    assert {version: later[version] for version in earlier if version not in deregistered} == {
        version: commit for version, commit in earlier.items() if version not in deregistered
    }
