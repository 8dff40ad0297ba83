"""`push`: publishes registry tags that the remote lacks, in order, at most three at a time."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from gitreg.core.events import Event, Kind, order
from gitreg.core.reduce import reduce_artifact, resolve_all
from gitreg.core.select import choose_version
from gitreg.core.selectors import Selector
from gitreg.core.tags import pick_tags
from gitreg.core.views import Written
from gitreg.core.words import format_count
from gitreg.errors import Conflict, NotFound, Raced
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.remote import MOST_TAGS_A_PUSH, find_push_place, list_remote_tags, push_tags
from gitreg.operations.context import Context, read_context_settings, require_clone
from gitreg.operations.fetch import check_same
from gitreg.operations.load_tags import read_listed
from gitreg.operations.old_jobs import describe_old_jobs

_MOST_NOTES: Final = 3


def push(context: Context, selector: Selector | None, *, dry_run: bool, data_check: bool = True) -> Written:
    """Publish the registry tags of this clone that the remote lacks, oldest first.

    Hosts drop the events of tags beyond the third of one push, so each push has at most three.

    Args:
        context: where.
        selector: an artifact, a version or a stage, or None: all.
        dry_run: only say which.
        data_check: ask the storages first whether they have the bytes of the versions.

    Raises:
        Refused: a storage lacks the bytes of a version.
        NotFound: there is no such artifact, version or stage in this clone.
        Conflict: the remote has one of the names meanwhile; the tags before it are published.
        Unanswerable: a tag is another one there.
        ExternalFault: the remote does not answer.
    """
    require_clone(context)
    repository = context.repository
    remote = read_context_settings(context).remote
    patterns = artifact_patterns(selector.artifact) if selector else ("refs/tags/*",)
    theirs = list_remote_tags(repository.git, remote, patterns, place=find_push_place(repository.git, remote))
    ours, _ = list_tags(repository.git, patterns if selector else ("refs/tags/",))
    registry = pick_tags(ours)
    check_same(registry, theirs, remote)
    tags = read_listed(repository, registry, artifact=selector.artifact if selector else None)
    _require_known(selector, tags.names)
    events = resolve_all(tags.events)
    meant = events if selector is None else _select(events, selector)
    chosen = sorted((event for event in meant if event.tag not in theirs), key=order)
    notes = tuple(f"left out: {problem.message}" for problem in tags.problems if problem.tag not in theirs)
    if data_check:
        check_event_bytes(context, chosen)
    if not dry_run:
        _push(context, remote, chosen)
    notes += tuple(islice(describe_old_jobs(context, remote, chosen), _MOST_NOTES))
    return Written(created=tuple(chosen), pushed=not dry_run, remote=remote, dry_run=dry_run, notes=notes)


def check_event_bytes(context: Context, events: Iterable[Event]) -> None:
    """Ask the storages for the bytes of the versions among events; of what is withdrawn with them nobody will ask.

    Args:
        context: where.
        events: what is to be published.

    Raises:
        Refused: a storage lacks the bytes of a version.
        ExternalFault: a storage does not answer.
    """
    events = list(events)
    registered = [event for event in events if event.kind is Kind.REGISTRATION]
    withdrawn = {(event.artifact, event.version) for event in events if event.kind is Kind.DEREGISTRATION}
    if not registered:
        return
    from gitreg.operations.check_bytes import check_bytes
    from gitreg.operations.load_pointers import Place

    wanted = (event for event in registered if (event.artifact, event.version) not in withdrawn)
    check_bytes(context, (Place(event.artifact, event.commit) for event in wanted))


def _push(context: Context, remote: str, events: list[Event]) -> None:
    """Push events in order."""
    remaining, published = iter(events), 0
    while batch := list(islice(remaining, MOST_TAGS_A_PUSH)):
        try:
            push_tags(context.repository.git, remote, {event.tag: event.tag_id for event in batch})
        except Raced as error:
            names = ", ".join(repr(event.tag) for event in batch)
            before = f"; {format_count(published, 'tag')} before are published" if published else ""
            message = f"{remote!r} has one of {names} by now, made by somebody else{before}"
            hint = f"drop yours and decide again: git tag -d '{batch[0].tag}', then use --push"
            raise Conflict(message, hint=hint) from error
        published += len(batch)


def _select(events: list[Event], selector: Selector) -> list[Event]:
    """Keep the events of the version or stage that a selector names.

    Raises:
        NotFound: there is none.
    """
    if selector.stage is not None:
        found = [event for event in events if event.stage == selector.stage]
        if not found:
            message = f"{selector.stage!r} was never assigned to {selector.artifact!r} in this clone"
            raise NotFound(message, hint=f"see what there is: gitreg history '{selector.artifact}'")
        # an Assignment without its Registration would be one of a bare commit
        versions = {event.version for event in found}
        return [event for event in events if event in found or (event.stage is None and event.version in versions)]
    if selector.version is None:
        return events
    version = choose_version(reduce_artifact(selector.artifact, events)[0], selector.version)
    return [event for event in events if event.version == version.version]


def _require_known(selector: Selector | None, names: frozenset[str]) -> None:
    """Refuse an artifact without tags.

    Raises:
        NotFound: it has none here.
    """
    if selector is not None and not names:
        message = f"there is no tag of {selector.artifact!r} in this clone"
        raise NotFound(message, hint="see what there is: gitreg show --all")
