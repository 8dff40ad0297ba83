"""Random walks: what gitreg and plain git write in turns is read alike, but for the differences of `test_differences`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings

from gitreg.core.views import ArtifactDetail
from tests.compat.both import Both, Gto, GtoError, State, open_both
from tests.compat.walks import VERSIONS, Step, Walk, calm_walks, find_situations, wild_walks
from tests.property.reference import Reference
from tests.support.repository import Repository

EVERYTHING: Final = {"versions", "stages", "latest", "deprecated"}
MAY_DIFFER: Final = {
    "tie": EVERYTHING,
    "elsewhere": EVERYTHING - {"deprecated"},
    "shared": EVERYTHING - {"deprecated"},
    "again": {"versions"},
    "bare": {"stages"},
    "revived": {"deprecated"},
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A repository with a commit for each version, which every walk copies."""
    repository = Repository.create(tmp_path_factory.mktemp("walks") / "template")
    for _ in VERSIONS:
        repository.tick()
        repository.commit()
    return repository


@contextmanager
def walked(template: Repository, gto: Gto, steps: list[Step], *, calm: bool) -> Iterator[Walk]:
    """Walk in a copy of the template."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "repository"
        shutil.copytree(template.path, path)
        with open_both(Repository(path, now=template.now), gto) as both:
            walk = Walk(both, both.repository.git("rev-list", "--reverse", "HEAD").split(), calm)
            for step in steps:
                walk.take(step)
            yield walk


@settings(max_examples=25)
@given(steps=calm_walks)
def test_after_a_calm_walk_both_say_the_same(template: Repository, gto: Gto, steps: list[Step]) -> None:
    with walked(template, gto, steps, calm=True) as walk:
        told = walk.both.agree()
        assert told.count("\n") + bool(told) == len(walk.events)


@settings(max_examples=25)
@given(steps=wild_walks)
def test_after_a_wild_walk_gitreg_says_what_the_rules_say_and_gto_the_same_but_for_the_listed_differences(
    template: Repository, gto: Gto, steps: list[Step]
) -> None:
    with walked(template, gto, steps, calm=False) as walk:
        for name, events in walk.events.items():
            detail = walk.both.registry.show(name, everything=True)
            assert isinstance(detail, ArtifactDetail)
            assert detail.artifact == Reference(name, events).artifact()
        situations = {name: find_situations(events) for name, events in walk.events.items()}
        check_gto(walk.both, situations)


def check_gto(both: Both, situations: dict[str, set[str]]) -> None:
    """Check that GTO says what gitreg says, but for what the situations of each artifact explain."""
    may_stop = bool(set().union(*situations.values()) & {"shared", "elsewhere"})
    for name, said in said_by_gto(both, may_stop=may_stop).items():
        allowed: set[str] = set().union(*(MAY_DIFFER[situation] for situation in situations[name]))
        assert keep(both.gitreg_state()[name], EVERYTHING - allowed) == keep(said, EVERYTHING - allowed)


def said_by_gto(both: Both, *, may_stop: bool) -> State:
    """Say what GTO says of all artifacts; nothing where it stops at several versions on one commit, and may."""
    try:
        state = both.gto_state()
    except GtoError as error:
        if may_stop and error.kind == "ManyVersions":
            return {}
        raise
    assert state.keys() == both.gitreg_state().keys()
    return state


def keep(facts: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """Pick some of what is said of an artifact."""
    return {key: value for key, value in facts.items() if key in keys}
