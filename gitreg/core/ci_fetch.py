"""What a checkout of CI lacks, and what has to be fetched so that the registry can be read in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from gitreg.errors import Unanswerable


class RemoteTag(NamedTuple):
    """A tag of the remote: the object that its ref names, and the object behind it where that is an annotated tag."""

    object_id: str
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a clone lacks of the remote's registry tags, sorted by name.

    Attributes:
        missing: tags that are not here.
        lightweight: tags that are lightweight here and annotated on the remote: what actions/checkout before v6.0.2 makes.
        left: tags that are lightweight on the remote too; they state nothing, here or there.
    """

    missing: tuple[str, ...] = ()
    lightweight: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What `ci fetch` brought, or with `dry_run` would bring.

    Attributes:
        gap: what was lacking.
        remote: where it came from.
        history: whether the commits before those of HEAD and of registry tags were brought as well.
        shallow: whether the clone lacks history still.
    """

    gap: Gap
    remote: str
    history: bool = False
    shallow: bool = False
    dry_run: bool = False


def find_gap(ours: Mapping[str, str], theirs: Mapping[str, RemoteTag], remote: str) -> Gap:
    """Compare the registry tags of a clone with the remote's.

    Args:
        ours: object ids by name without ``refs/tags/``.
        theirs: tags by name.
        remote: its name.

    Raises:
        Unanswerable: a name means two things, and neither is a mere shadow of the other: a tag was moved.
    """
    for name in sorted(ours.keys() & theirs.keys()):
        if ours[name] not in theirs[name]:
            message = f"tag {name!r} is another one here than on {remote!r}: it was moved after this job was started"
            raise Unanswerable(message, hint="find out who moved it; a registry tag never moves")
    annotated = sorted(name for name, tag in theirs.items() if tag.target is not None)
    return Gap(
        missing=tuple(name for name in annotated if name not in ours),
        lightweight=tuple(name for name in annotated if ours.get(name) == theirs[name].target),
        left=tuple(sorted(name for name, tag in theirs.items() if tag.target is None)),
    )
