"""`verify`: are the bytes of versions really where they should be?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from gitreg.core.reduce import reduce_events
from gitreg.core.selectors import Selector
from gitreg.core.state import Artifact
from gitreg.core.verdicts import Verification
from gitreg.errors import UsageFault
from gitreg.operations.context import Context
from gitreg.operations.load_pointers import Place
from gitreg.operations.load_tags import load_tags
from gitreg.operations.names import without_events
from gitreg.operations.resolve import resolve_selector
from gitreg.operations.show import deny, load_artifact
from gitreg.operations.verify_places import Verifier, Verifying
from gitreg.operations.wholeness import require_whole


class _Target(NamedTuple):
    """What is verified; the version is None for a bare commit that holds a stage."""

    artifact: str
    version: str | None
    commit: str
    registered_at: int


def verify(context: Context, selector: Selector | None, *, how: Verifying, fetched: bool = False) -> Verification:
    """Find out whether the bytes of versions are where they should be.

    Args:
        context: where.
        selector: a version, the holder of a stage, an artifact: all its active versions; None: all active versions.
        how: how to.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        UsageFault: less than one question at once.
        NotFound: there is no such artifact or version.
        Unanswerable: this clone may lack tags.
    """
    if how.jobs is not None and how.jobs < 1:
        raise UsageFault(f"{how.jobs} questions at once are too few", hint="leave --jobs out")
    targets = _choose(context, selector, fetched=fetched)
    verifier = Verifier(context, how)
    # commits that follow one another share most of their files
    places = [Place(target.artifact, target.commit) for target in sorted(targets, key=lambda target: target.registered_at)]
    found = verifier.verify(places)
    rows = tuple(replace(found[Place(target.artifact, target.commit)], version=target.version) for target in targets)
    return Verification(versions=rows, deep=how.deep, objects=verifier.asked)


def _choose(context: Context, selector: Selector | None, *, fetched: bool) -> list[_Target]:
    """Choose what to verify, artifacts by name and versions greatest first."""
    if selector is None:
        if not fetched:
            require_whole(context.repository.location)
        return _list_active(reduce_events(load_tags(context.repository).events).artifacts.values())
    if selector.version is None and selector.stage is None:
        artifact, _ = load_artifact(context, selector.artifact, at=None, fetched=fetched)
        if artifact.updated_at is None:
            deny(context, without_events(context, artifact.name), fetched=fetched)
        return _list_active([artifact])
    found = resolve_selector(context, selector, at=None, path=False, fetched=fetched)
    return [_Target(found.artifact, found.version, found.commit, 0)]


def _list_active(artifacts: Iterable[Artifact]) -> list[_Target]:
    """List the active versions of artifacts."""
    return [
        _Target(artifact.name, version.version, version.commit, version.registered_at)
        for artifact in artifacts
        for version in artifact.versions
        if version.active
    ]
