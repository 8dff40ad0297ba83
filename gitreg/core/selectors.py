"""Selectors: what a person types to name one thing.

``churn`` an artifact, ``churn@v1.2.0`` a version, ``churn@latest`` and ``churn@stable`` the greatest active one with and without
pre-releases, ``churn#prod`` the current holder of a stage; ``models/nlp:churn`` anywhere in place of ``churn``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gitreg.core.names import is_artifact, is_name
from gitreg.core.versions import is_version
from gitreg.errors import SyntaxFault

LATEST: Final = "latest"
STABLE: Final = "stable"


@dataclass(frozen=True, slots=True)
class Selector:
    """A parsed selector; at most one of version and stage is given.

    Attributes:
        version: an exact version, ``latest`` or ``stable``.
    """

    artifact: str
    version: str | None = None
    stage: str | None = None


def parse_selector(text: str) -> Selector:
    """Read a selector.

    Raises:
        SyntaxFault: with the place where the text leaves the grammar.
    """
    at, hash_sign = text.find("@"), text.find("#")
    cut = min((position for position in (at, hash_sign) if position >= 0), default=-1)
    if cut < 0:
        return Selector(_artifact(text, text))
    artifact, rest = _artifact(text[:cut], text), text[cut + 1 :]
    if text[cut] == "#":
        return Selector(artifact, stage=_stage(rest, text, cut + 1))
    return Selector(artifact, version=_version(rest, text, cut + 1))


def format_selector(selector: Selector) -> str:
    """Write a selector; the inverse of `parse_selector`."""
    if selector.version is not None:
        return f"{selector.artifact}@{selector.version}"
    return f"{selector.artifact}#{selector.stage}" if selector.stage is not None else selector.artifact


def _artifact(name: str, text: str) -> str:
    """Check the part that names the artifact."""
    if is_artifact(name):
        return name
    hint = f"write ':' for '=': {text.replace('=', ':', 1)!r}" if is_artifact(name.replace("=", ":", 1)) else _HINT
    bad = next((index for index, sign in enumerate(name) if not (sign.isascii() and (sign.isalnum() or sign in "_/-.:"))), 0)
    raise SyntaxFault("selector", text, bad, "an artifact's name is expected here", hint=hint)


def _version(version: str, text: str, position: int) -> str:
    """Check the part behind ``@``."""
    if version in {LATEST, STABLE} or is_version(version):
        return version
    hint = _HINT
    if is_version(f"v{version}"):
        hint = f"write 'v{version}'"
    elif version in {"greatest", "newest"}:
        hint = "write '@latest'"
    elif is_name(version) and not version.removeprefix("v")[:1].isdigit():
        hint = f"for the holder of a stage write '{text[: position - 1]}#{version}'"
    raise SyntaxFault("selector", text, min(position, len(text)), "a version, 'latest' or 'stable' is expected here", hint=hint)


def _stage(stage: str, text: str, position: int) -> str:
    """Check the part behind ``#``."""
    if is_name(stage):
        return stage
    raise SyntaxFault("selector", text, min(position, len(text)), "a stage is expected here", hint=_HINT)


_HINT: Final = "a selector is 'churn', 'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'"
