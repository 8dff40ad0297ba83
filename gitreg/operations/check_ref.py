"""`check-ref` and `parse-tag`: what a tag states."""

from __future__ import annotations

from gitreg.core.events import Event
from gitreg.core.problems import Problem
from gitreg.core.reduce import resolve_events
from gitreg.core.tags import REF_PREFIX, TagName, parse_tag, strip_ref
from gitreg.errors import AnswerIsNo, NotFound, Unanswerable
from gitreg.operations.context import Context
from gitreg.operations.load_tags import load_tags
from gitreg.operations.wholeness import require_whole


def read_tag_event(context: Context, tag: str) -> Event:
    """Say what event a tag states.

    Args:
        context: where.
        tag: a name, with or without ``refs/tags/``.

    Raises:
        AnswerIsNo: it is no registry tag.
        NotFound: there is no such tag.
        Unanswerable: the tag is quarantined, or this clone lacks the tags that say which version it means.
    """
    event, _ = read_tag_events(context, tag)
    if event.stage is not None and event.version is None:
        require_whole(context.repository.location)
    return event


def read_tag_events(context: Context, tag: str) -> tuple[Event, list[Event]]:
    """Read the event that a tag states, and all others of its artifact, as far as this clone has them.

    Raises:
        AnswerIsNo: it is no registry tag.
        NotFound: there is no such tag.
        Unanswerable: the tag is quarantined.
    """
    name = strip_ref(tag)
    parsed = require_tag(name)
    tags = load_tags(context.repository, parsed.artifact)
    event = next((known for known in resolve_events(tags.events) if known.tag == name), None)
    if event is None:
        raise _no_event(name, tags.names, tags.problems)
    return event, tags.events


def find_artifact(tag: str) -> str:
    """Say which artifact a tag is of: its name, with or without ``refs/tags/``.

    Raises:
        AnswerIsNo: it is no registry tag.
    """
    return require_tag(strip_ref(tag)).artifact


def require_tag(name: str) -> TagName:
    """Read the name of a registry tag.

    Raises:
        AnswerIsNo: it is none.
    """
    parsed = parse_tag(name)
    if parsed is None:
        message = f"{name!r} is no registry tag"
        raise AnswerIsNo(
            message, hint="registry tags look like 'churn@v1.2.0', 'churn@v1.2.0!', 'churn#prod#3' and 'churn@deprecated'"
        )
    return parsed


def _no_event(name: str, names: frozenset[str], problems: list[Problem]) -> NotFound | Unanswerable:
    """Say why a tag states no event."""
    problem = next((found for found in problems if found.tag == name), None)
    if problem is not None:
        return Unanswerable(problem.message, hint=problem.hint)
    assert name not in names  # noqa: S101  every listed tag is an event or a problem
    return NotFound(f"there is no tag {name!r}", hint=f"git fetch origin '{REF_PREFIX}{name}:{REF_PREFIX}{name}'")
