"""What started a job of CI: an event of the registry, with what a deployment wants to know of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from gitreg.core.events import Event, Kind, order
from gitreg.core.reduce import reduce_artifact
from gitreg.core.state import Artifact, Assignment, find_holder, find_version
from gitreg.core.tags import REF_PREFIX

LONGEST_SLUG: Final = 63
"""Characters of a label of DNS, and of a value of a label of Kubernetes; a tag of an image may have twice as many."""
LONGEST_TEXT: Final = 2000
"""Characters of a free text that is handed on: all values together must fit into one variable of a process (128 KiB on Linux)."""

_PLAIN_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLAIN_VERSION = re.compile(r"v[0-9]+\.[0-9]+\.[0-9]+")
_NO_LABEL = re.compile(r"[^a-z0-9]+")
_ANY_REF: Final = "refs/"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobEvent:
    """What started a job.

    Attributes:
        tag: the tag that did, or that was asked for; an empty text where none did.
        event: what it states; None where there is no tag, or one that is none of the registry.
        type: of the artifact, as the files of the event's commit say.
        path: of its bytes, from the root of the repository, or a URL.
        description: what the files say, in full.
        slug: artifact and version as one label that DNS, Kubernetes and registries of images take.
        current: whether this is still what the registry says: a job that comes late must not undo a later one.
        stage: that of the event, or the one that was asked for.
        stages: those that change hands by the event: that of an (Un)assignment, and all that a deregistered version held.
        holder: what holds the stage now; after an Unassignment that is another version than the event's, or none.
        notes: sentences that a person should read.
    """

    tag: str = ""
    event: Event | None = None
    type: str = ""
    path: str = ""
    description: str = ""
    slug: str = ""
    current: bool = False
    stage: str | None = None
    stages: tuple[str, ...] = ()
    holder: Assignment | None = None
    notes: tuple[str, ...] = ()


def read_job_tag(text: str) -> str:
    """Read what a job says that it was started by.

    Args:
        text: the name of a tag, or the full name of a ref.

    Returns:
        The name of the tag; empty for a branch, whatever it is called.
    """
    return "" if text.startswith(_ANY_REF) and not text.startswith(REF_PREFIX) else text.removeprefix(REF_PREFIX)


def is_current(event: Event, artifact: Artifact) -> bool:
    """Say whether what an event states is still so.

    Args:
        event: with its version, as `gitreg.core.reduce.resolve_events` fills it in.
        artifact: the state now.
    """
    match event.kind:
        case Kind.REGISTRATION:
            version = find_version(artifact, event.version or "")
            return version is not None and version.active and version.commit == event.commit
        case Kind.DEREGISTRATION:
            version = find_version(artifact, event.version or "")
            return version is not None and not version.active
        case Kind.ASSIGNMENT:
            holder = find_holder(artifact, event.stage or "")
            return holder is not None and _is_target(holder, event)
        case Kind.UNASSIGNMENT:
            return not any(_is_target(held, event) for held in artifact.stages.get(event.stage or "", ()))
        case Kind.DEPRECATION:
            return artifact.deprecated
        case _:
            assert_never(event.kind)


def list_stages(event: Event, events: Sequence[Event]) -> tuple[str, ...]:
    """List the stages that change hands by an event.

    Args:
        event: the event.
        events: all of the artifact, in any order.
    """
    if event.stage is not None:
        return (event.stage,)
    if event.kind is not Kind.DEREGISTRATION:
        return ()
    earlier = [one for one in events if order(one) < order(event)]
    before, _ = reduce_artifact(event.artifact, earlier)
    after, _ = reduce_artifact(event.artifact, [*earlier, event])
    return tuple(stage for stage in sorted(before.stages) if find_holder(before, stage) != find_holder(after, stage))


def make_slug(event: Event, fingerprint: str) -> str:
    """Write artifact and version as one label: small letters, digits and dashes, at most `LONGEST_SLUG` of them.

    A plain name with a plain version loses nothing (``churn-v1-2-0``). Wherever something is lost, the fingerprint keeps apart
    what would look the same (``models-nlp-churn-v1-2-0-rc-1-5a7c0b1e``).

    Args:
        event: the event; without a version, its commit stands for one.
        fingerprint: some hexadecimal digits of a hash of artifact and version.
    """
    what = event.version or event.commit[:12]
    words = _NO_LABEL.sub("-", f"{event.artifact}-{what}".lower()).strip("-")
    is_plain = _PLAIN_NAME.fullmatch(event.artifact) and _PLAIN_VERSION.fullmatch(what)
    if is_plain and len(words) <= LONGEST_SLUG:
        return words
    return f"{words[: LONGEST_SLUG - len(fingerprint) - 1].strip('-')}-{fingerprint}"


def shorten(text: str, most: int = LONGEST_TEXT) -> str:
    """Cut a text that is longer than so many characters, and show that it was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


def _is_target(held: Assignment, event: Event) -> bool:
    """Say whether an event speaks of what is on the stack of a stage; a second Assignment of the same changes nothing."""
    return (held.commit, held.version) == (event.commit, event.version)
