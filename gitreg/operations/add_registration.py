"""The version that `add --register` makes: planned before anything is written, and not made twice."""

from __future__ import annotations

from gitreg.core.new_tags import Decision, Known
from gitreg.core.plan import plan_registration
from gitreg.core.selectors import Selector
from gitreg.core.views import Written
from gitreg.errors import GitregError
from gitreg.operations.context import Context
from gitreg.operations.fetch import fetch_registry_tags
from gitreg.operations.load_tags import load_tags, to_known
from gitreg.operations.options import Writing
from gitreg.operations.publish import publish
from gitreg.operations.push import push
from gitreg.operations.register import Registering

NEW_COMMIT = ""
"""Stands for a commit that is not made yet."""


class _Registered(Exception):
    """A commit has the version already; no error, but a way out of the decision."""

    def __init__(self, version: str) -> None:
        """Keep the version."""
        super().__init__(version)
        self.version = version


def find_registered(context: Context, artifact: str, commit: str, wanted: Registering) -> str | None:
    """Find the version that a commit has already, as far as this clone knows."""
    return _find_version(to_known(artifact, load_tags(context.repository, artifact)), commit, wanted) if commit else None


def plan_version(context: Context, artifact: str, commit: str, wanted: Registering, writing: Writing) -> Written | None:
    """Say which version would be registered.

    Args:
        context: where.
        artifact: the full name.
        commit: the full id, or `NEW_COMMIT`.
        wanted: the version or the part that counts up.
        writing: how to write; nothing is written.

    Returns:
        The version; None where the commit has it already.

    Raises:
        GitregError: it could not be registered.
    """
    if find_registered(context, artifact, commit, wanted) is not None:
        return None
    preview = Writing(remote=writing.remote, push=writing.push, message=writing.message, sign=writing.sign, dry_run=True)
    try:
        return publish(context, artifact, lambda known: _decide(known, commit, wanted), preview)
    except _Registered:
        return None


def ensure_version(context: Context, artifact: str, commit: str, wanted: Registering, writing: Writing) -> Written:
    """Register a version, unless the commit has it already; then only make sure that it is published.

    Raises:
        GitregError: as `gitreg.operations.register.register`.
    """
    version = find_registered(context, artifact, commit, wanted)
    if version is not None:
        note = f"commit {commit[:7]} is {artifact} {version} already"
        if not writing.push:
            return Written(created=(), remote=writing.remote, notes=(note,))
        published = push(context, Selector(artifact, version=version), dry_run=False)
        return Written(created=published.created, pushed=True, remote=writing.remote, notes=(note, *published.notes))
    try:
        return publish(context, artifact, lambda known: _decide(known, commit, wanted), writing)
    except _Registered as found:
        note = f"commit {commit[:7]} is {artifact} {found.version} already"
        try:
            fetch_registry_tags(context, artifact)
        except GitregError as error:
            note = f"{note}, but this clone could not bring its tag: {error.message}"
        return Written(created=(), pushed=True, remote=writing.remote, notes=(note,))


def _decide(known: Known, commit: str, wanted: Registering) -> list[Decision]:
    """Decide, or find that it was decided before."""
    there = _find_version(known, commit, wanted)
    if there is not None:
        raise _Registered(there)
    return [plan_registration(known, commit, version=wanted.version, bump=wanted.bump, same_commit=wanted.same_commit)]


def _find_version(known: Known, commit: str, wanted: Registering) -> str | None:
    """Find the active version of a commit that is the wanted one."""
    if wanted.same_commit:
        return None
    found = [version.version for version in known.artifact.versions if version.active and version.commit == commit]
    return next((version for version in found if wanted.version in {None, version}), None)
