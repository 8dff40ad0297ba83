"""Whether a commit is in the history of a version, and which versions have it."""

from __future__ import annotations

from gitreg.core.lineage import Containment
from gitreg.core.selectors import Selector
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.versions import precedence
from gitreg.errors import NotFound, Unanswerable
from gitreg.operations.context import Context
from gitreg.operations.show import choose_time, deny
from gitreg.operations.trace_tags import Registered, find_target


def find_commit(context: Context, selector: Selector, rev: str, *, at: str | None, fetched: bool = False) -> Containment:
    """Find out whether a commit is in the history of a version, of the holder of a stage, or of any version of an artifact.

    Args:
        context: where.
        selector: of any kind.
        rev: a revision that names the commit.
        at: a moment; None: now.
        fetched: whether all tags of the remote were fetched just now.

    Raises:
        NotFound: the selector stands for nothing, or the revision for no commit.
        Unanswerable: this clone lacks tags, or history that would be needed to know.
    """
    registered = Registered(context, at=choose_time(context, at), fetched=fetched)
    artifact = registered.artifact(selector.artifact)
    whole = selector.version is None and selector.stage is None
    target = None if whole else find_target(context, registered, selector, at=at, fetched=fetched)
    if target is None and not artifact.versions:
        deny(context, NotFound(f"{artifact.name!r} has no version", hint="see what there is: gitreg show --all"), fetched=fetched)
    commit = context.repository.objects.resolve_commit(rev)
    found = _Search(context, artifact, target.version or target.holder if target else None).find(commit)
    versions = sorted((one for one in artifact.versions if one.active and one.commit in found), key=_order, reverse=True)
    first = min(versions, key=lambda one: (one.registered_at, precedence(one.version)), default=None)
    return Containment(
        artifact=artifact.name,
        version=target.version.version if target and target.version else None,
        stage=selector.stage,
        commit=commit,
        subject=_read_subject(context, commit),
        target=target.commit if target else None,
        contained=target.commit in found if target else first is not None,
        versions=tuple(one.version for one in versions),
        first=first.version if first else None,
        first_at=first.registered_at if first else None,
    )


class _Search:
    """Looks for a commit in the histories of all versions of an artifact, and of the target."""

    def __init__(self, context: Context, artifact: Artifact, target: Version | Assignment | None) -> None:
        """Collect the commits and the tags that name them."""
        self._context = context
        self._artifact = artifact
        self._tags = {version.tag: version.commit for version in artifact.versions if version.active}
        if target is not None:
            self._tags[target.tag] = target.commit

    def find(self, commit: str) -> set[str]:
        """List the commits of versions that have it in their history.

        Raises:
            Unanswerable: the history that is here does not say.
        """
        if self._context.repository.mirror is not None:
            from gitreg.git.ancestry import Ancestry

            tips = set(self._tags.values())
            return Ancestry(self._context.repository.objects).list_descending(tips, commit) & tips
        if self._context.repository.location.shallow:
            message = f"this clone is shallow, so nobody here knows which versions have commit {commit[:7]} in their history"
            raise Unanswerable(message, hint="git fetch --unshallow")
        from gitreg.git.commit_log import list_containing
        from gitreg.git.refs import artifact_patterns

        tags = list_containing(self._context.repository.git, commit, artifact_patterns(self._artifact.name))
        return {self._tags[tag] for tag in tags & self._tags.keys()}


def _order(version: Version) -> tuple[int, int, int, bool, tuple[tuple[int, int, str], ...]]:
    """Order versions by precedence."""
    return precedence(version.version)


def _read_subject(context: Context, commit: str) -> str:
    """Read the first line of the message of a commit."""
    content = next(iter(context.repository.objects.contents([commit], types=("commit",)))).content
    return content.partition(b"\n\n")[2].lstrip(b"\n").partition(b"\n")[0].decode("utf-8", "replace").strip()
