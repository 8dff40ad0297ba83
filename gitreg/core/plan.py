"""Decisions: what is known and what is asked for in, events to be out, or the reason why not."""

from __future__ import annotations

from collections.abc import Iterable

from gitreg.core.events import Event, Kind, order
from gitreg.core.messages import VERSION_TRAILER
from gitreg.core.names import check_artifact_name, check_case, check_stage_name
from gitreg.core.new_tags import Decision, Known, used_versions
from gitreg.core.reduce import find_version_at
from gitreg.core.select import choose_version, no_artifact, require_active
from gitreg.core.state import find_holder, find_version
from gitreg.core.versions import Bump, check_version, next_version
from gitreg.errors import Conflict, NotFound, Refused


def plan_registration(
    known: Known, commit: str, *, version: str | None = None, bump: Bump | None = None, same_commit: bool = False
) -> Decision:
    """Decide a Registration.

    Args:
        known: what is known of the artifact.
        commit: the full id of the commit.
        version: the version, or None: the one that follows the greatest ever registered.
        bump: the part to count up, by default the patch.
        same_commit: allow a second version of the artifact on the commit.

    Raises:
        SyntaxFault: the version is not SemVer.
        Conflict: the version is active already.
        Refused: the commit has a version already.
    """
    name = known.artifact.name
    used = used_versions(known.taken)
    wanted = version or next_version(used, bump or Bump.PATCH)
    check_version(wanted)
    check_case("version", wanted, used)
    living = find_version(known.artifact, wanted)
    if living is not None and living.active:
        message = f"{name}@{wanted} is registered already, at {living.commit[:7]}"
        raise Conflict(message, hint=f"let gitreg choose the next one: gitreg register '{name}'; a version never moves")
    _check_neighbours(known, commit, wanted, same_commit=same_commit)
    return Decision(
        kind=Kind.REGISTRATION,
        artifact=name,
        commit=commit,
        version=wanted,
        subject=f"Registering artifact {name} version {wanted}",
    )


def _check_neighbours(known: Known, commit: str, wanted: str, *, same_commit: bool) -> None:
    """Refuse a commit that has another version of the artifact, unless that is asked for and moves no stage.

    Raises:
        Refused: as it says.
    """
    others = [event.version or "" for event in _registrations(known.events, commit) if event.version != wanted]
    if not others:
        return
    other = f"{known.artifact.name}@{others[-1]}"
    if not same_commit:
        message = f"commit {commit[:7]} is {other} already, and GTO stops at a repository with two versions on one commit"
        raise Refused(message, hint="commit the new state first; or, where nobody uses GTO: --same-commit")
    nameless = [event.stage for event in known.events if event.stage and event.commit == commit and event.named_version is None]
    if nameless:
        stage = nameless[0]
        message = (
            f"{stage!r} was assigned to commit {commit[:7]} without naming a version, so it would go from {other} to {wanted}"
        )
        raise Refused(message, hint=f"commit the new state first, or name the version: gitreg assign '{other}' {stage}")


def check_new_artifact(known: Known, existing: Iterable[str]) -> None:
    """Hold the name of an artifact that has no tag yet against the rules for writing.

    Raises:
        SyntaxFault: it breaks them.
        Conflict: it differs from an existing name only by case.
    """
    if not known.taken:
        check_artifact_name(known.artifact.name)
        check_case("artifact", known.artifact.name, existing)


def plan_assignment(known: Known, stage: str, *, commit: str, version: str | None) -> Decision:
    """Decide an Assignment of a stage to a version at its commit, or to a bare commit.

    Raises:
        SyntaxFault: the stage is not a name for writing.
        Conflict: the stage differs from another one by case only, or the target holds it already.
    """
    name = known.artifact.name
    check_stage_name(stage)
    check_case("stage", stage, {event.stage for event in known.events if event.stage})
    holder = find_holder(known.artifact, stage)
    if holder is not None and (holder.commit, holder.version) == (commit, version):
        message = f"{_target(name, version, commit)} holds {stage!r} already"
        raise Conflict(message, hint=f"see who holds what: gitreg show '{name}'")
    what = f"version {version}" if version else f"commit {commit}"
    return Decision(
        kind=Kind.ASSIGNMENT,
        artifact=name,
        commit=commit,
        version=version,
        stage=stage,
        subject=f"Assigning stage {stage} to artifact {name} {what}",
        trailers={VERSION_TRAILER: version} if version else {},
    )


def plan_unassignment(known: Known, stage: str, *, version: str | None) -> Decision:
    """Decide an Unassignment of a version, or of the current holder.

    Raises:
        NotFound: the stage is not held, or not by that version.
    """
    name = known.artifact.name
    stack = known.artifact.stages.get(stage, ())
    holder = next((held for held in stack if version is None or held.version == version), None)
    if holder is None:
        who = f"{name}@{version} is not in" if version else f"nothing of {name!r} is in"
        raise NotFound(f"{who} {stage!r}", hint=f"see who holds what: gitreg show '{name}'")
    what = f"version {holder.version}" if holder.version else f"commit {holder.commit}"
    return Decision(
        kind=Kind.UNASSIGNMENT,
        artifact=name,
        commit=holder.commit,
        version=holder.version,
        stage=stage,
        subject=f"Unassigning stage {stage} from artifact {name} {what}",
        trailers={VERSION_TRAILER: holder.version} if holder.version else {},
    )


def plan_rollback(known: Known, stage: str, *, to: str | None) -> Decision:
    """Decide an Assignment of the holder before the current one, or of a version.

    Raises:
        NotFound: there is no such holder or version.
        Conflict: that version holds the stage already.
    """
    name = known.artifact.name
    if to is not None:
        version = require_active(known.artifact, to)
        return plan_assignment(known, stage, commit=version.commit, version=version.version)
    before = known.artifact.stages.get(stage, ())[1:]
    if not before:
        message = f"{stage!r} of {name!r} has no holder before the current one"
        raise NotFound(message, hint=f"name the version: gitreg rollback '{name}' {stage} --to VERSION")
    return plan_assignment(known, stage, commit=before[0].commit, version=before[0].version)


def plan_deregistration(known: Known, version: str) -> Decision:
    """Decide a Deregistration.

    Raises:
        NotFound: the version was never registered.
        Conflict: it is deregistered already.
    """
    living = choose_version(known.artifact, version)
    if not living.active:
        message = f"{living.artifact}@{living.version} is deregistered already"
        raise Conflict(message, hint=f"see when: gitreg history '{living.artifact}@{living.version}'")
    return Decision(
        kind=Kind.DEREGISTRATION,
        artifact=living.artifact,
        commit=living.commit,
        version=living.version,
        subject=f"Deregistering artifact {living.artifact} version {living.version}",
    )


def plan_deprecation(known: Known) -> Decision:
    """Decide a Deprecation, on the commit of the artifact's last event.

    Raises:
        NotFound: the artifact has no event.
        Conflict: it is deprecated already.
    """
    name = known.artifact.name
    if not known.events:
        raise no_artifact(name)
    if known.artifact.deprecated:
        raise Conflict(
            f"{name!r} is deprecated already", hint=f"registering or assigning a version revives it: gitreg show '{name}' --all"
        )
    last = max(known.events, key=order)
    return Decision(kind=Kind.DEPRECATION, artifact=name, commit=last.commit, subject=f"Deprecating artifact {name}")


def find_target(known: Known, commit: str) -> str | None:
    """Say which version a commit is: the one registered there last, or None for a bare commit.

    Raises:
        Refused: that version is deregistered, or is elsewhere now.
    """
    name = find_version_at(known.events, commit)
    if name is None:
        return None
    version = require_active(known.artifact, name)
    if version.commit != commit:
        message = f"commit {commit[:7]} was {version.artifact}@{version.version}, which now is at {version.commit[:7]}"
        raise Refused(message, hint=f"assign the version: gitreg assign '{version.artifact}@{version.version}' STAGE")
    return version.version


def _registrations(events: Iterable[Event], commit: str) -> list[Event]:
    """Pick the Registrations on one commit."""
    return [event for event in events if event.kind is Kind.REGISTRATION and event.commit == commit]


def _target(name: str, version: str | None, commit: str) -> str:
    """Name a version or a bare commit in a sentence."""
    return f"{name}@{version}" if version else f"commit {commit[:7]}"
