"""`--fetch`: the registry tags that the remote has and this clone lacks."""

from __future__ import annotations

from collections.abc import Mapping

from gitreg.core.tags import REF_PREFIX, pick_tags
from gitreg.errors import Unanswerable
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.remote import fetch_tags, list_remote_tags
from gitreg.operations.context import Context, read_context_settings


def fetch_registry_tags(context: Context, artifact: str | None = None) -> tuple[str, ...]:
    """Bring the remote's registry tags; nothing that is here already is moved.

    Args:
        context: where to.
        artifact: the one whose tags are wanted, or None: all.

    Returns:
        The names of the tags that are new here.

    Raises:
        Unanswerable: a tag is another one here than on the remote, so one of the two was moved.
        ExternalFault: the remote does not answer.
    """
    git = context.repository.git
    remote = read_context_settings(context).remote
    patterns = artifact_patterns(artifact) if artifact is not None else (f"{REF_PREFIX}*",)
    theirs = pick_tags(list_remote_tags(git, remote, patterns))
    ours, _ = list_tags(git, patterns if artifact is not None else (REF_PREFIX,))
    check_same(ours, theirs, remote)
    missing = tuple(name for name in theirs if name not in ours)
    fetch_tags(git, remote, missing, named=True)
    return missing


def check_same(ours: Mapping[str, str], theirs: Mapping[str, str], remote: str) -> None:
    """Refuse to go on where one name means two things.

    Raises:
        Unanswerable: a tag differs.
    """
    moved = sorted(name for name, object_id in theirs.items() if ours.get(name, object_id) != object_id)
    if moved:
        more = f" and {len(moved) - 1} more" if len(moved) > 1 else ""
        message = f"tag {moved[0]!r}{more} is another one here than on {remote!r}"
        hint = f"to drop yours for the remote's: git fetch --force {remote} 'refs/tags/{moved[0]}:refs/tags/{moved[0]}'"
        raise Unanswerable(message, hint=hint)
