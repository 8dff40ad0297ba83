"""Finding what a selector or a request names in the state, or saying that it is not there."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from gitreg.core.names import split_artifact
from gitreg.core.selectors import LATEST, STABLE, Selector
from gitreg.core.state import Artifact, Assignment, Version, find_holder, find_version
from gitreg.errors import NotFound, Refused

_MOST: Final = 3  # artifacts that may have been meant


def choose_version(artifact: Artifact, version: str) -> Version:
    """Find the version that a selector names: an exact one, ``latest`` or ``stable``.

    Raises:
        NotFound: there is none.
    """
    if version not in {LATEST, STABLE}:
        return _require_version(artifact, version)
    chosen = artifact.latest if version == LATEST else artifact.stable
    found = find_version(artifact, chosen) if chosen else None
    if found is None:
        what = "active version" if version == LATEST else "active version that is no pre-release"
        raise NotFound(f"{artifact.name!r} has no {what}", hint=f"register one: gitreg register '{artifact.name}'")
    return found


def require_active(artifact: Artifact, version: str) -> Version:
    """Find a version that may be assigned.

    Raises:
        NotFound: it was never registered.
        Refused: it is deregistered.
    """
    found = choose_version(artifact, version)
    if not found.active:
        message = f"{found.artifact}@{found.version} is deregistered"
        raise Refused(
            message, hint=f"register it again: gitreg register '{found.artifact}' {found.commit[:7]} --version {found.version}"
        )
    return found


def require_holder(artifact: Artifact, stage: str) -> Assignment:
    """Find the current holder of a stage.

    Raises:
        NotFound: nothing holds it.
    """
    holder = find_holder(artifact, stage)
    if holder is None:
        held = ", ".join(artifact.stages)
        hint = f"stages that are held: {held}" if held else f"assign it: gitreg assign '{artifact.name}@latest' {stage}"
        raise NotFound(f"nothing of {artifact.name!r} is in {stage!r}", hint=hint)
    return holder


def no_artifact(name: str, existing: Iterable[str] = (), *, then: bool = False) -> NotFound:
    """Make the error for an artifact that nobody knows, or knew at a past moment."""
    meant = _propose(name, existing)
    if then:
        return NotFound(
            f"there was no artifact {name!r} at that time", hint=meant or f"see what happened when: gitreg history '{name}'"
        )
    return NotFound(f"there is no artifact {name!r}", hint=meant or "see what there is: gitreg show --all")


def no_version_of(name: str, existing: Iterable[str] = ()) -> NotFound:
    """Make the error for an artifact without a tag, of which nobody looked whether it has an entry."""
    hint = f"see what there is: gitreg show --all; register one: gitreg register '{name}'"
    return NotFound(f"there is no version of {name!r}", hint=_propose(name, existing) or hint)


def guess_artifacts(name: str, existing: Iterable[str]) -> tuple[str, ...]:
    """Say which artifacts may have been meant: those of the same name in other folders, or one with nearly the same letters."""
    known = sorted(set(existing) - {name})
    _, plain = split_artifact(name)
    same = [one for one in known if split_artifact(one)[1].casefold() == plain.casefold()]
    inside = [one for one in same if one.casefold().endswith(name.casefold())]
    return tuple((inside or get_close_matches(name, known, n=1) or same or _find_close(plain, known))[:_MOST])


def was_not_there(artifact: Artifact, selector: Selector) -> NotFound:
    """Make the error for what a selector did not stand for at a past moment: nothing that is done now changes that.

    Args:
        artifact: as it was then.
        selector: of a version or a stage.
    """
    name = artifact.name
    hint = f"see what happened when: gitreg history '{name}'"
    if artifact.updated_at is None:
        return NotFound(f"there was no version of {name!r} at that time", hint=hint)
    if selector.stage is not None:
        held = ", ".join(stage for stage in artifact.stages if find_holder(artifact, stage))
        hint = (
            f"stages that were held then: {held}" if held else f"see when something was: gitreg history '{name}#{selector.stage}'"
        )
        return NotFound(f"nothing of {name!r} was in {selector.stage!r} at that time", hint=hint)
    what = {LATEST: "active version", STABLE: "active version that is no pre-release"}.get(
        selector.version or "", f"version {selector.version}"
    )
    return NotFound(f"{name!r} had no {what} at that time", hint=hint)


def _require_version(artifact: Artifact, version: str) -> Version:
    """Find a version that was ever registered."""
    found = find_version(artifact, version)
    if found is None:
        if not artifact.versions:
            raise NotFound(
                f"{artifact.name!r} has no version {version}",
                hint=f"register it: gitreg register '{artifact.name}' --version {version}",
            )
        close = get_close_matches(version, [known.version for known in artifact.versions], n=1, cutoff=0.8)
        hint = f"did you mean {close[0]}?" if close else f"see what there is: gitreg show '{artifact.name}' --all"
        raise NotFound(f"{artifact.name!r} has no version {version}", hint=hint)
    return found


def _propose(name: str, existing: Iterable[str]) -> str:
    """Write which artifacts may have been meant; empty: nobody can guess."""
    meant = guess_artifacts(name, existing)
    return f"did you mean {' or '.join(map(repr, meant))}?" if meant else ""


def _find_close(plain: str, known: Iterable[str]) -> list[str]:
    """Find the artifact in a folder whose own name has nearly these letters."""
    by_name: dict[str, list[str]] = {}
    for one in known:
        by_name.setdefault(split_artifact(one)[1], []).append(one)
    return [one for close in get_close_matches(plain, by_name, n=1) for one in by_name[close]]
