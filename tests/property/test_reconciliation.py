from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.events import Event
from gitreg.core.reconciliation import Action, Change, Place, Scope, plan_reconciliation
from gitreg.core.reduce import reduce_events
from gitreg.core.state import find_holder
from tests.property.strategies import soups
from tests.support.events import A, B, C

HELD = st.one_of(st.none(), st.sampled_from(["v1.0.0", "v1.0.0+b", "v2.0.0-rc.1", "v2.0.0", "v9.9.9", A, B, C, "d" * 40]))
DEPLOYED = st.dictionaries(st.builds(Place, st.sampled_from(["m", "dir:m", "x"]), st.sampled_from(["prod", "dev", "qa"])), HELD)


def plan(events: list[Event], deployed: Mapping[Place, str | None]) -> tuple[Change, ...]:
    return plan_reconciliation(events, deployed, scope=Scope())[0]


def carry_out(deployed: Mapping[Place, str | None], changes: tuple[Change, ...]) -> dict[Place, str | None]:
    """Do what is said, but for what a person has to look at."""
    done = {change.place: change.wanted for change in changes if change.action is not Action.UNKNOWN}
    return {**deployed, **done}


@given(events=soups(), deployed=DEPLOYED)
def test_what_was_reconciled_once_needs_nothing_more(events: list[Event], deployed: dict[Place, str | None]) -> None:
    changes = plan(events, deployed)
    unknown = tuple(change for change in changes if change.action is Action.UNKNOWN)
    assert plan(events, carry_out(deployed, changes)) == unknown


@given(events=soups(), deployed=DEPLOYED)
def test_the_difference_carried_out_gives_what_the_registry_says(events: list[Event], deployed: dict[Place, str | None]) -> None:
    changes = plan(events, deployed)
    there = carry_out(deployed, changes)
    left = {change.place for change in changes if change.action is Action.UNKNOWN}
    state = reduce_events(events)
    wanted = {
        Place(name, stage): holder
        for name, artifact in state.artifacts.items()
        for stage in artifact.stages
        if (holder := find_holder(artifact, stage))
    }
    for place in {*there, *wanted} - left:
        holder = wanted.get(place)
        assert there.get(place) in ({None} if holder is None else {holder.version or holder.commit, holder.commit})


@given(events=soups(), deployed=DEPLOYED)
def test_every_action_is_what_it_is_called(events: list[Event], deployed: dict[Place, str | None]) -> None:
    known = {text for event in events for text in (event.version, event.commit)}
    for change in plan(events, deployed):
        assert change.deployed == deployed.get(change.place)
        assert change.deployed != change.wanted
        match change.action:
            case Action.DEPLOY:
                assert change.deployed is None
            case Action.REPLACE:
                assert change.deployed in known
                assert change.wanted is not None
            case Action.REMOVE:
                assert change.wanted is None
            case Action.UNKNOWN:
                assert change.deployed is not None
        if change.action is not Action.UNKNOWN:  # there is always an event that says so
            assert change.event is not None
            assert change.event.artifact == change.place.artifact
        if change.wanted is not None:
            assert change.event is not None
            assert (change.event.stage, change.event.commit) == (change.place.stage, change.commit)


@given(events=soups(), deployed=DEPLOYED, data=st.data())
def test_the_order_of_events_and_of_places_never_matters(
    events: list[Event], deployed: dict[Place, str | None], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(events))
    turned = dict(reversed(list(deployed.items())))
    assert plan(shuffled, turned) == plan(events, deployed)
