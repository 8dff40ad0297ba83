"""Where the registry comes from: what its events call their source."""

from __future__ import annotations

from gitreg.core.origins import NAMELESS, Origin, parse_origin
from gitreg.operations.context import Context, read_lenient_settings


def find_origin(context: Context) -> Origin:
    """Name the registry: by the address of the remote of the settings, or else by the first commit of its history."""
    mirror = context.repository.mirror
    if mirror is not None:
        found = parse_origin(mirror.address.shown)
    else:
        answer = context.repository.git.read("remote", "get-url", "--", read_lenient_settings(context).remote)
        found = None if answer.code else parse_origin(answer.text.partition("\n")[0])
    return found or Origin(_name_by_commit(context))


def _name_by_commit(context: Context) -> str:
    """Name a registry by its first commit, which is the same in every whole clone, wherever that is."""
    location = context.repository.location
    if location.shallow:
        return NAMELESS
    answer = context.repository.git.read("rev-list", "--max-parents=0", "HEAD", "--")
    first = answer.text.rpartition("\n")[2]
    return NAMELESS if answer.code or not first else f"urn:gitreg:{first}"
