"""Tags that are other ones than they were: somebody rewrote what was said before."""

from __future__ import annotations

from collections.abc import Mapping

from gitreg.core.tags import parse_tag
from gitreg.errors import Unanswerable
from gitreg.git.addresses import Address


def check_unmoved(tags: Mapping[str, str], remembered: Mapping[str, str], address: Address) -> None:
    """Hold what a remote says now against what it said before: ids by name.

    Raises:
        Unanswerable: a tag is another one than it was.
    """
    for name in sorted(name for name, object_id in tags.items() if remembered.get(name, object_id) != object_id):
        if not _may_move(name):
            message = f"tag {name!r} of {address.shown!r} was moved since it was last seen here"
            raise Unanswerable(message, hint=f"find out who moved it; to accept it: gitreg cache clear '{address.shown}'")


def _may_move(name: str) -> bool:
    """Say whether a tag may move: a stage without a counter, as GTO makes it if it is told to."""
    tag = parse_tag(name)
    return tag is not None and tag.stage is not None and tag.counter is None
