"""`--fetch`: the registry tags that the remote has and this clone lacks."""

from __future__ import annotations

from collections.abc import Mapping

from gitreg.core.tags import parse_tag
from gitreg.errors import Unanswerable
from gitreg.git.refs import list_tags
from gitreg.git.remote import fetch_tags, list_remote_tags
from gitreg.operations.context import Context, read_context_settings


def fetch_registry_tags(context: Context) -> tuple[str, ...]:
    """Bring the remote's registry tags; nothing that is here already is moved.

    Returns:
        The names of the tags that are new here.

    Raises:
        Unanswerable: a tag is another one here than on the remote, so one of the two was moved.
        ExternalFault: the remote does not answer.
    """
    git = context.repository.git
    remote = read_context_settings(context).remote
    theirs = {name: object_id for name, object_id in list_remote_tags(git, remote).items() if parse_tag(name)}
    ours, _ = list_tags(git)
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
        hint = f"if the remote is right: git fetch --force {remote} 'refs/tags/{moved[0]}:refs/tags/{moved[0]}'"
        raise Unanswerable(message, hint=hint)
