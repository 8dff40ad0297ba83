"""Moments: what ``--at`` and ``--since`` name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from gitreg.core.tags import parse_tag, strip_ref
from gitreg.errors import NotFound, UsageFault
from gitreg.git.objects import Objects, UnknownRevision
from gitreg.git.repository import Repository

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


def find_moment(repository: Repository, text: str) -> Moment:
    """Read what ``--at`` was given: an ISO date or time, or a revision.

    A registry tag stands for its own time, which is that of its event; any other revision for its committer time. The files
    that count at a time are those of the last commit of HEAD's first-parent line that is not younger.

    Raises:
        UsageFault: it is a date that does not exist.
        NotFound: it is no date, and no revision either.
    """
    at = _read_time(repository, text, end_of_day=True)
    if at is not None:
        return Moment(at, _commit_before(repository.objects, at))
    commit = _resolve_commit(repository.objects, text)
    return Moment(_committer_time(next(iter(repository.objects.contents([commit]))).content), commit)


def find_time(repository: Repository, text: str) -> int:
    """Read what ``--at`` was given where the files of that moment are not wanted: no commit is looked for."""
    at = _read_time(repository, text, end_of_day=True)
    return find_moment(repository, text).at if at is None else at


def find_since(repository: Repository, text: str) -> int:
    """Read what ``--since`` was given, as `find_time`; a bare date means its first second."""
    at = _read_time(repository, text, end_of_day=False)
    return find_moment(repository, text).at if at is None else at


def head_commit(objects: Objects) -> str | None:
    """Say the full id of HEAD's commit, or None in a repository without commits."""
    try:
        return objects.resolve_commit("HEAD")
    except NotFound:
        return None


def _read_time(repository: Repository, text: str, *, end_of_day: bool) -> int | None:
    """Read a date or time, or that of the event that a registry tag states; None for any other revision."""
    at = parse_time(text, end_of_day=end_of_day)
    return _event_time(repository, strip_ref(text)) if at is None else at


def _event_time(repository: Repository, name: str) -> int | None:
    """Say when a registry tag was made; None for what is no tag, or states no event.

    The commit that it points at may be much older: whoever names an assignment means what held when it was made.
    """
    tag = parse_tag(name)
    tags = repository.list_tags(tag.artifact)[0] if tag is not None else {}
    events, _ = repository.objects.read_events({name: tags[name]}) if name in tags else ([], [])
    return next((event.at for event in events), None)


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
