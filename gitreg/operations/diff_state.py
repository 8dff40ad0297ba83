"""What the registry's tags say of artifacts that change: versions, stages and holders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from gitreg.core.names import from_tag_name
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_events
from gitreg.core.state import Artifact
from gitreg.operations.context import Context
from gitreg.operations.load_tags import read_listed
from gitreg.operations.wholeness import find_gaps, require_whole

_FOLLOWS_ONE_BRANCH: Final = "GR505"  # what such a clone has is true


class States(NamedTuple):
    """What is known of artifacts.

    Attributes:
        artifacts: by name; one without any tag is empty, and one that nobody here can know is left out.
        problems: of their tags.
        notes: why that is, a sentence each.
    """

    artifacts: Mapping[str, Artifact]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def load_states(context: Context, names: Collection[str], *, fetched: bool, required: bool) -> States:
    """Load what the tags say of some artifacts, from one list of tags.

    Args:
        context: where.
        names: of the artifacts.
        fetched: whether all tags of the remote were fetched just now.
        required: whether an answer hangs on them.

    Raises:
        Unanswerable: it does, and this clone lacks tags.
    """
    if not names:
        return States({})
    gaps = [] if fetched else find_gaps(context.repository.location)
    if required and not fetched:
        require_whole(context.repository.location)
    if any(gap.code != _FOLLOWS_ONE_BRANCH for gap in gaps):
        return States({}, (), tuple(f"versions and stages are not known here: {gap.message}: {gap.hint}" for gap in gaps))
    listed, _ = context.repository.list_tags()
    wanted = set(names)
    own = {tag: object_id for tag, object_id in listed.items() if _name_of(tag) in wanted}
    tags = read_listed(context.repository, own)
    known = reduce_events(tags.events).artifacts
    notes = tuple(f"{gap.message}, so versions and stages may be others: {gap.hint}" for gap in gaps)
    artifacts = {name: known.get(name) or Artifact(name=name) for name in names if name in known or not gaps}
    return States(artifacts, tuple(tags.problems), notes)


def _name_of(tag: str) -> str:
    """Name the artifact that a tag would be of."""
    return from_tag_name(tag.partition("#")[0].partition("@")[0])
