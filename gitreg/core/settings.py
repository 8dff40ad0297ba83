"""Settings: what ``.gitreg.yaml`` or GTO's ``.gto`` restricts and presets."""

from __future__ import annotations

from dataclasses import dataclass

from gitreg.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a repository.

    Attributes:
        stages: allowed stages in order of promotion, or None: any.
        types: allowed types of artifacts, or None: any.
        remote: the remote that ``--push`` and ``--fetch`` mean.
        push: whether to push without being asked.
        file: the file that they come from, or None: defaults.
    """

    stages: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    remote: str = "origin"
    push: bool = False
    file: str | None = None


def check_stage_allowed(settings: Settings, stage: str) -> None:
    """Refuse a stage that the settings do not list.

    Raises:
        Refused: it is not listed.
    """
    if settings.stages is not None and stage not in settings.stages:
        message = f"stage {stage!r} is not among the stages of {_origin(settings)}: {', '.join(settings.stages)}"
        raise Refused(message, hint=f"use one of them, or add {stage!r} to 'stages' in {_origin(settings)}")


def check_type_allowed(settings: Settings, kind: str) -> None:
    """Refuse a type of artifact that the settings do not list.

    Raises:
        Refused: it is not listed.
    """
    if settings.types is not None and kind not in settings.types:
        message = f"type {kind!r} is not among the types of {_origin(settings)}: {', '.join(settings.types)}"
        raise Refused(message, hint=f"use one of them, or add {kind!r} to 'types' in {_origin(settings)}")


def _origin(settings: Settings) -> str:
    """Say where settings come from."""
    return settings.file or "the environment"
