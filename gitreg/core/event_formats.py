"""How events are handed to other programs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from gitreg.core.events import Kind


class EventFormat(StrEnum):
    """How a list of events is printed."""

    TEXT = "text"
    CLOUDEVENTS = "cloudevents"


EVENT_TYPES: Final[Mapping[Kind, str]] = {
    Kind.REGISTRATION: "dev.gitreg.version.registered.v1",
    Kind.DEREGISTRATION: "dev.gitreg.version.deregistered.v1",
    Kind.ASSIGNMENT: "dev.gitreg.stage.assigned.v1",
    Kind.UNASSIGNMENT: "dev.gitreg.stage.unassigned.v1",
    Kind.DEPRECATION: "dev.gitreg.artifact.deprecated.v1",
}
"""The types of CloudEvents that say what a tag states."""
