"""Names of artifacts and stages: what is read, and what may be written.

::

    artifact  = [dir ":"] name                       in a tag ":" is written "="
    name      = [a-zA-Z0-9] ( [a-zA-Z0-9_/-]* [a-zA-Z0-9] )?
    dir       = [a-zA-Z0-9_./-]+                     path of a folder from the repository root
    stage     = same characters as name

Reading takes all that this grammar and ``git check-ref-format`` allow. Writing is stricter, so that a name never collides with
another one on any file system and never looks like an option.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from gitreg.errors import Conflict, SyntaxFault

# The grammar of `name` and `dir`, said so that there is one way to match: every tag of a repository is held against it. No `*+`
# stands behind a group, since Python before 3.11.5 keeps what the last, failed round of such a group has taken.
NAME: Final = r"[a-zA-Z0-9]+(?:[_/-]+[a-zA-Z0-9]+)*"
DIRECTORY: Final = r"[a-zA-Z0-9_./-]++"

_NAME = re.compile(NAME)
_ARTIFACT = re.compile(rf"(?:({DIRECTORY}):)?({NAME})")
_LONGEST_PART: Final = 200  # a loose ref is a file: 255 bytes less ".lock" and the rest of the tag


def is_name(text: str) -> bool:
    """Say whether a text is a plain name or a stage."""
    return _NAME.fullmatch(text) is not None


def is_artifact(text: str) -> bool:
    """Say whether a text is the name of an artifact as gitreg reads it."""
    return _ARTIFACT.fullmatch(text) is not None and is_ref_path(to_tag_name(text))


def is_ref_path(text: str) -> bool:
    """Say whether git takes a text of our alphabet as a ref, when it stands behind ``refs/tags/``.

    Source: ``git help check-ref-format``, rules 1, 3, 6 and 7; the other rules speak of characters that our grammar lacks.
    """
    if not text or ".." in text or "//" in text or "/." in text or text.startswith((".", "/")) or text.endswith((".", "/")):
        return False
    return ".lock" not in text or not any(part.endswith(".lock") for part in text.split("/"))


def to_tag_name(artifact: str) -> str:
    """Write the name of an artifact as it stands in a tag."""
    return artifact.replace(":", "=", 1)


def from_tag_name(text: str) -> str:
    """Read the name of an artifact as it stands in a tag; the inverse of `to_tag_name`."""
    return text.replace("=", ":", 1)


def split_artifact(artifact: str) -> tuple[str, str]:
    """Split a full name into the folder (empty for the root) and the plain name."""
    directory, colon, name = artifact.rpartition(":")
    return (directory, name) if colon else ("", artifact)


def join_artifact(directory: str, name: str) -> str:
    """Join a folder (empty for the root) and a plain name; the inverse of `split_artifact`."""
    return f"{directory}:{name}" if directory else name


def check_artifact_name(artifact: str) -> None:
    """Refuse a name that gitreg would read but does not write.

    Raises:
        SyntaxFault: the name is outside the grammar or against the stricter rules for writing.
    """
    if _ARTIFACT.fullmatch(artifact) is None:
        raise SyntaxFault("artifact name", artifact, _misfit(artifact, _ARTIFACT), _expected(artifact), hint=_NAME_HINT)
    directory, name = split_artifact(artifact)
    if directory:
        _check_parts("artifact name", artifact, directory, 0)
    _check_parts("artifact name", artifact, name, len(artifact) - len(name))


def check_stage_name(stage: str) -> None:
    """Refuse a stage that gitreg would read but does not write.

    Raises:
        SyntaxFault: the stage is outside the grammar or holds a ``/``.
    """
    if "/" in stage:
        raise SyntaxFault("stage", stage, stage.index("/"), "a stage has no '/', since git could not keep it beside 'prod'")
    if not is_name(stage):
        raise SyntaxFault("stage", stage, _misfit(stage, _NAME), _expected(stage), hint=_STAGE_HINT)
    _check_parts("stage", stage, stage, 0)


def check_case(what: str, name: str, existing: Iterable[str]) -> None:
    """Refuse a new name that differs from an existing one only by case.

    On file systems that ignore case the two refs would be one file.

    Raises:
        Conflict: there is such a name.
    """
    folded = name.casefold()
    for other in existing:
        if other != name and other.casefold() == folded:
            message = f"{what} {name!r} differs from {other!r} only by case"
            raise Conflict(message, hint=f"use {other!r}, or choose a name that is different in more than case")


_STAGE_HINT: Final = "letters, digits, '-' and '_', with a letter or digit first and last"
_NAME_HINT: Final = "letters, digits, '-', '_' and '/', with a letter or digit first and last; a folder may stand before ':'"


def _check_parts(kind: str, text: str, path: str, offset: int) -> None:
    """Hold every part between slashes against the rules for writing."""
    position = offset
    for part in path.split("/"):
        problem = _part_problem(part)
        if problem:
            raise SyntaxFault(kind, text, position, problem, hint=_NAME_HINT)
        position += len(part) + 1


def _part_problem(part: str) -> str:
    """Say what is wrong with one part of a path, or nothing."""
    if not part:
        return "a part between slashes is empty"
    if part.startswith("-"):
        return "a part begins with '-'"
    if part.startswith(".") or ".." in part or part.endswith("."):
        return "a part begins or ends with '.', or holds '..'"
    if part.casefold().endswith(".lock"):
        return "a part ends in '.lock', which git keeps for itself"
    if len(part) > _LONGEST_PART:
        return f"a part is longer than {_LONGEST_PART} characters"
    return ""


def _misfit(text: str, pattern: re.Pattern[str]) -> int:
    """Find the first character at which a text leaves a pattern."""
    match = pattern.match(text)
    return min(match.end(), max(len(text) - 1, 0)) if match else 0


def _expected(text: str) -> str:
    """Say in words what a text that is no name lacks."""
    if not text:
        return "it is empty"
    if not text.isascii():
        return "only ASCII letters and digits are allowed"
    return "it does not fit the grammar of names"
