"""Names of tags that look like those of the registry and are none: nobody reads them, and who made them may not know."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gitreg.core.names import DIRECTORY, NAME, from_tag_name
from gitreg.core.tags import LONGEST_TAG, parse_tag
from gitreg.core.versions import check_version
from gitreg.errors import SyntaxFault

_NEAR: Final = re.compile(
    rf"(?P<artifact>(?:{DIRECTORY}=)?{NAME})(?:@(?P<version>[vV]?\.?[0-9][^#!]*)(?P<rest>.*)|#.+)", re.DOTALL
)


class NearMiss(NamedTuple):
    """The name of a tag that is nearly one of the registry: the artifact that it seems to speak of, and what is wrong."""

    artifact: str
    reason: str


def find_near_miss(text: str) -> NearMiss | None:
    """Find out whether a name is nearly that of a registry tag.

    Args:
        text: the name without ``refs/tags/``.

    Returns:
        None for one that is a registry tag, and for one that looks like no version and no stage, such as ``churn@nightly``.
    """
    match = _NEAR.fullmatch(text) if len(text) <= LONGEST_TAG and parse_tag(text) is None else None
    if match is None:
        return None
    artifact = from_tag_name(match["artifact"])
    if match["version"] is None:
        return NearMiss(artifact, "behind '#' stands a stage, then nothing, '!', or '#' with a number")
    try:
        check_version(match["version"])
    except SyntaxFault as fault:
        return NearMiss(artifact, fault.hint or fault.message)
    return NearMiss(artifact, "behind a version stands nothing, '!', or '#' with a number")
