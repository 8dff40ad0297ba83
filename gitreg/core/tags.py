"""The grammar of registry tags: one parser and its inverse.

==============  ================  ==================
event           tag               counted form
==============  ================  ==================
Registration    ``A@v1.2.0``      ``A@v1.2.0#N``
Deregistration  ``A@v1.2.0!``     ``A@v1.2.0!#N``
Assignment      ``A#prod``        ``A#prod#N``
Unassignment    ``A#prod!``       ``A#prod!#N``
Deprecation     ``A@deprecated``  ``A@deprecated#N``
==============  ================  ==================

This is the grammar that GTO 1.10 reads and writes, with ASCII digits only. ``A@created`` is read as nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, assert_never

from gitreg.core.events import Kind
from gitreg.core.names import DIRECTORY, NAME, from_tag_name, is_ref_path, to_tag_name
from gitreg.core.versions import VERSION

REF_PREFIX: Final = "refs/tags/"

_TAG = re.compile(
    rf"(?P<artifact>(?:{DIRECTORY}=)?{NAME})"
    rf"(?:@(?:(?P<version>{VERSION})(?P<deregistered>!)?|deprecated)|\#(?P<stage>{NAME})(?P<unassigned>!)?)"
    r"(?:\#(?P<counter>[0-9]+))?"
)
LONGEST_TAG: Final = 4000  # Python refuses to read a number of more than 4300 digits; no file system holds such a ref


class TagName(NamedTuple):
    """The parts of the name of a registry tag."""

    kind: Kind
    artifact: str
    version: str | None = None
    stage: str | None = None
    counter: int | None = None


def parse_tag(text: str) -> TagName | None:
    """Read the name of a tag.

    Args:
        text: the name without ``refs/tags/``.

    Returns:
        Its parts, or None for a tag that is not ours.
    """
    match = _TAG.fullmatch(text) if len(text) <= LONGEST_TAG else None
    if match is None or not is_ref_path(text):
        return None
    artifact, version, deregistered, stage, unassigned, counter = match.groups()
    if version is not None:
        kind = Kind.DEREGISTRATION if deregistered else Kind.REGISTRATION
    elif stage is not None:
        kind = Kind.UNASSIGNMENT if unassigned else Kind.ASSIGNMENT
    else:
        kind = Kind.DEPRECATION
    return TagName(kind, from_tag_name(artifact), version, stage, None if counter is None else int(counter))


def format_tag(tag: TagName) -> str:
    """Write the name of a tag; the inverse of `parse_tag` but for leading zeros of a counter."""
    counter = "" if tag.counter is None else f"#{tag.counter}"
    return f"{to_tag_name(tag.artifact)}{_middle(tag)}{counter}"


def pick_tags(listed: Mapping[str, str], artifact: str | None = None) -> dict[str, str]:
    """Leave out tags that are not ours, such as a ``churn@nightly`` that somebody moves each night.

    Args:
        listed: object ids by name without ``refs/tags/``.
        artifact: the one whose tags are wanted, or None: all.
    """
    return {
        name: object_id
        for name, object_id in listed.items()
        if (tag := parse_tag(name)) and (artifact is None or tag.artifact == artifact)
    }


def strip_ref(text: str) -> str:
    """Take ``refs/tags/`` off the name of a ref."""
    return text.removeprefix(REF_PREFIX)


def _middle(tag: TagName) -> str:
    """Write the part of a tag between artifact and counter."""
    match tag.kind:
        case Kind.REGISTRATION:
            return f"@{tag.version}"
        case Kind.DEREGISTRATION:
            return f"@{tag.version}!"
        case Kind.ASSIGNMENT:
            return f"#{tag.stage}"
        case Kind.UNASSIGNMENT:
            return f"#{tag.stage}!"
        case Kind.DEPRECATION:
            return "@deprecated"
        case _:
            assert_never(tag.kind)
