"""The hook before a push: what is pushed by hand must be as right as what gitreg pushes, since it stays for ever.

The remote is not asked: git has just read its refs, and hands over what it has under each name that is pushed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final

from gitreg.core.events import Event
from gitreg.core.new_tags import CLOCK_TOLERANCE
from gitreg.core.pushed import (
    Objection,
    PushedRef,
    PushReport,
    check_moves,
    check_number,
    check_problems,
    check_state,
    parse_push,
    pick_registry_refs,
)
from gitreg.core.redaction import redact
from gitreg.core.reduce import reduce_events
from gitreg.errors import GitregError
from gitreg.git.local_config import Setting, read_config
from gitreg.operations.context import Context, now
from gitreg.operations.load_tags import load_tags
from gitreg.operations.pre_push_doubts import describe_doubts
from gitreg.operations.push import check_event_bytes

_YES: Final = frozenset({"true", "yes", "on", "1"})
_NOT_HERE: Final = frozenset({"GR207", "GR208"})  # what is missing in this clone may well be read elsewhere
_NO: Final = frozenset({"false", "no", "off", "0"})


def check_push(context: Context, text: str, remote: str, *, data_check: bool = True) -> PushReport:
    """Find out whether a push may happen.

    Args:
        context: where it comes from.
        text: what git hands to the hook.
        remote: the name of the remote, or its address.
        data_check: ask the storages whether they have the bytes of the versions; the configuration may say no too.
    """
    refs = parse_push(text)
    registry = pick_registry_refs(refs)
    if not registry:
        return PushReport(notes=tuple(describe_doubts(context, refs, (), ())))
    settings = read_config(context.repository.git)
    unread = _find_unread(context, registry)
    objections = check_moves((ref for ref in registry if ref.tag not in unread), redact(remote))
    if not _says(settings, "gitreg.manytags", _YES):
        objections += check_number(refs, registry)
    new = [ref for ref in registry if ref.object_id is not None and (ref.before is None or ref.tag in unread)]
    events, known, found = _check_tags(context, new)
    objections += found
    if data_check and not objections and not _skips_data(settings):
        objections += _check_bytes(context, events)
    return PushReport(tuple(objections), (*_describe_future(events), *describe_doubts(context, refs, events, known)))


def _find_unread(context: Context, refs: Iterable[PushedRef]) -> frozenset[str]:
    """Find tags of the remote that nobody reads, such as lightweight ones: to replace or remove them takes nothing away."""
    before = {ref.tag: ref.before for ref in refs if ref.before is not None and ref.before != ref.object_id}
    _, problems = context.repository.objects.read_events(before)
    return frozenset(problem.tag for problem in problems if problem.tag is not None and problem.code not in _NOT_HERE)


def _check_tags(context: Context, refs: Sequence[PushedRef]) -> tuple[list[Event], list[Event], list[Objection]]:
    """Read tags that are new at the remote, and hold them against what is known here of their artifacts.

    Returns:
        What they state, what is known here, and what must not be.
    """
    events, problems = context.repository.objects.read_events({ref.tag: ref.object_id or "" for ref in refs})
    objections = check_problems(problems)
    artifacts = {event.artifact for event in events}
    known: list[Event] = []
    if artifacts:
        known = load_tags(context.repository, artifacts.pop() if len(artifacts) == 1 else None).events
        pushed = {event.tag: event for event in events}
        state = reduce_events([*pushed.values(), *(event for event in known if event.tag not in pushed)])
        objections += check_state(pushed, state.problems)
    return events, known, objections


def _check_bytes(context: Context, events: Iterable[Event]) -> list[Objection]:
    """Ask the storages for the bytes of the versions."""
    try:
        check_event_bytes(context, events)
    except GitregError as error:
        return [Objection(error.message, error.hint.replace(_OPTION, _SKIP))]
    return []


_OPTION: Final = "--no-data-check"
_SKIP: Final = "GITREG_NO_DATA_CHECK=1 git push ..."


def _describe_future(events: Iterable[Event]) -> Iterable[str]:
    """Say that events lie in the future: all others come before them until then."""
    latest = now() + CLOCK_TOLERANCE
    return [
        f"{event.tag!r} lies in the future; until then it comes after every other event" for event in events if event.at > latest
    ]


def _says(settings: dict[str, Setting], key: str, words: frozenset[str]) -> bool:
    """Say whether a key of git's configuration is set to one of some words."""
    return key in settings and settings[key].value.lower() in words


def _skips_data(settings: dict[str, Setting]) -> bool:
    """Say whether bytes are not to be looked for."""
    return os.environ.get("GITREG_NO_DATA_CHECK", "").lower() not in {"", *_NO} or _says(settings, "gitreg.datacheck", _NO)
