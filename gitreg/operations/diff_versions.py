"""Which version has what HEAD's side of `diff` has already, so that another one would have nothing new."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from gitreg.core.facts import Facts
from gitreg.core.registry_diff import ArtifactChange
from gitreg.core.registry_diff_summary import choose_next, find_registered
from gitreg.core.state import find_version
from gitreg.operations.context import Context
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts

_MOST: Final = 50  # artifacts of which the greatest version is read: a diff lists the next step of no more


def add_registered(context: Context, changes: Iterable[ArtifactChange], after: Mapping[str, Facts]) -> tuple[ArtifactChange, ...]:
    """Add the version that needs no successor: one at the commit itself, or the greatest one where it has the same.

    Args:
        context: where.
        changes: with their states.
        after: facts of HEAD's side by name.
    """
    listed = list(changes)
    wanted = [change for change in listed if change.after in after and choose_next(change) is not None][:_MOST]
    places = {change.name: place for change in wanted if (place := _place_latest(change)) is not None}
    facts = dict(load_facts(context, places.values(), EVERYTHING))
    found = {
        change.name: find_registered(change, after[change.after or ""], facts[places[change.name]])
        for change in wanted
        if change.name in places
    }
    return tuple(replace(change, registered=found.get(change.name)) for change in listed)


def _place_latest(change: ArtifactChange) -> Place | None:
    """Say where the greatest version of an artifact is, under the name that it has now."""
    state = change.state
    if state is None or state.latest is None or state.name != change.after:
        return None
    latest = find_version(state, state.latest)
    return Place(state.name, latest.commit) if latest is not None else None
