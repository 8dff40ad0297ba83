"""Moments: what ``--at`` and ``--since`` name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gitreg.errors import NotFound, UsageFault
from gitreg.git.objects import Objects, UnknownRevision

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LIKE_DATE = re.compile(r"[0-9]{4}(?:[-/.][0-9]{1,2}){0,2}|[0-9]{8}|[0-9]{1,2}([/.])[0-9]{1,2}\1[0-9]{4}")
_WRITE: Final = "write 2026-05-03, 2026-05-03T14:05 or 2026-05-03T14:05:00+02:00"
# 20 digits hold 2^64; git too takes a longer date for none, and Python refuses to read a number of more than 4300 digits
_COMMITTER = re.compile(rb"^committer [^\n]*> ([0-9]{1,20}) [+-][0-9]{4}$", re.MULTILINE)
_PARENT = re.compile(rb"^parent ([0-9a-f]+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in seconds since 1970, and the commit whose files count then (None: there was none)."""

    at: int
    commit: str | None


def parse_time(text: str, *, end_of_day: bool) -> int | None:
    """Read an ISO 8601 date or time; without an offset it is UTC.

    Args:
        text: such as ``2026-05-03`` or ``2026-05-03T14:05:00+02:00``.
        end_of_day: whether a bare date means its last second or its first.

    Returns:
        Seconds since 1970, or None for a text that does not begin like a date.

    Raises:
        UsageFault: it begins like a date and is none.
    """
    if not _DATE.match(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} is no date or time"
        raise UsageFault(message, hint=_WRITE) from error
    if _DATE.fullmatch(text) and end_of_day:
        moment += timedelta(days=1, seconds=-1)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def find_moment(objects: Objects, text: str) -> Moment:
    """Read what ``--at`` was given: an ISO date or time, or a revision, which stands for its committer time.

    The files that count at a date are those of the last commit of HEAD's first-parent line that is not younger.

    Raises:
        UsageFault: it is a date that does not exist.
        NotFound: it is no date, and no revision either.
    """
    at = parse_time(text, end_of_day=True)
    if at is not None:
        return Moment(at, _commit_before(objects, at))
    commit = _resolve_commit(objects, text)
    return Moment(_committer_time(next(iter(objects.contents([commit]))).content), commit)


def find_time(objects: Objects, text: str) -> int:
    """Read what ``--at`` was given where the files of that moment are not wanted: no commit is looked for."""
    at = parse_time(text, end_of_day=True)
    return find_moment(objects, text).at if at is None else at


def find_since(objects: Objects, text: str) -> int:
    """Read what ``--since`` was given, as `find_time`; a bare date means its first second."""
    at = parse_time(text, end_of_day=False)
    return find_moment(objects, text).at if at is None else at


def head_commit(objects: Objects) -> str | None:
    """Say the full id of HEAD's commit, or None in a repository without commits."""
    try:
        return objects.resolve_commit("HEAD")
    except NotFound:
        return None


def _resolve_commit(objects: Objects, text: str) -> str:
    """Find the commit of a revision; of what is none and looks like a date, say how dates are written."""
    try:
        return objects.resolve_commit(text)
    except UnknownRevision as error:
        if _LIKE_DATE.fullmatch(text):
            raise UnknownRevision(text, hint=f"for a date or time {_WRITE}") from error
        raise


def _commit_before(objects: Objects, at: int) -> str | None:
    """Walk back from HEAD to the first commit that is not younger than a time."""
    commit = head_commit(objects)
    while commit is not None:
        objects.prepare_history(commit)
        found = next(iter(objects.contents([commit])))
        if not found.type or _committer_time(found.content) <= at:
            return commit if found.type else None
        parent = _PARENT.search(found.content)
        commit = parent[1].decode() if parent else None
    return None


def _committer_time(content: bytes) -> int:
    """Cut the committer's time out of a commit object."""
    match = _COMMITTER.search(content.partition(b"\n\n")[0])
    return int(match[1]) if match else 0
