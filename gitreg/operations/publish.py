"""Writing events: decide, make tag objects, let the remote decide, then name them here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from gitreg.core.effects import describe_effects
from gitreg.core.events import Event, Kind
from gitreg.core.new_tags import Decision, Known, NewTag, choose_time, name_tags, to_event
from gitreg.core.plan import check_new_artifact
from gitreg.core.tags import parse_tag, pick_tags
from gitreg.core.views import Written
from gitreg.errors import Conflict, ExternalFault, GitregError, Raced, UsageFault
from gitreg.git.alone import alone
from gitreg.git.identity import read_identity, wants_signature
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.remote import fetch_tags, find_push_place, is_on_branch, list_remote_tags, push_tags
from gitreg.git.write import create_refs, make_signed_tag_object, make_tag_object
from gitreg.operations.context import Context, now
from gitreg.operations.fetch import check_same
from gitreg.operations.load_tags import read_listed, to_known
from gitreg.operations.names import list_tagged
from gitreg.operations.old_jobs import describe_old_jobs
from gitreg.operations.options import Writing
from gitreg.operations.wholeness import require_whole

if TYPE_CHECKING:
    from gitreg.git.mirror import Mirror

Decide: TypeAlias = Callable[[Known], Sequence[Decision]]

TRIES = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """What is known, the tags to be made, and the names of all artifacts where this one is new."""

    known: Known
    tags: tuple[NewTag, ...]
    existing: frozenset[str]

    def describe_effects(self, made: Sequence[Event]) -> Iterator[str]:
        """Say what the events change besides."""
        return describe_effects(self.known, made, self.existing)


def publish(context: Context, artifact: str, decide: Decide, writing: Writing) -> Written:
    """Write the events that are decided on, all or none.

    Args:
        context: where.
        artifact: the one whose tags are read for the decision.
        decide: makes decisions out of what is known, or raises; it is asked again when somebody else was faster.
        writing: how to write.

    Raises:
        Conflict: others were faster five times.
        GitregError: what `decide` raises, and what git and the remote do.
    """
    raced = Raced("")
    mirror = context.repository.mirror
    if mirror is not None:
        writing = _to_the_remote(mirror, writing)
    for _ in range(TRIES):
        try:
            if mirror is not None:
                return _publish_from_mirror(context, mirror, artifact, decide, writing)
            if writing.push:
                return _publish_remotely(context, artifact, decide, writing)
            if writing.dry_run:  # which writes nothing, and may be asked for by who is alone already
                return _publish_locally(context, artifact, decide, writing)
            with alone(context.repository.location):
                return _publish_locally(context, artifact, decide, writing)
        except Raced as error:
            raced = error
    message = f"others wrote to {artifact!r} faster, {TRIES} times in a row: {raced.message}"
    raise Conflict(message, hint=raced.hint or "run it again")


def _publish_locally(context: Context, artifact: str, decide: Decide, writing: Writing) -> Written:
    """Write events to this clone alone."""
    repository = context.repository
    require_whole(repository.location)
    listed, _ = list_tags(repository.git, artifact_patterns(artifact))
    planned = _decide(context, artifact, listed, decide, writing)
    if writing.dry_run:
        return _preview(context, planned, writing)
    made = _make_objects(context, planned.tags, writing)
    create_refs(repository, {event.tag: event.tag_id for event in made})
    return Written(created=made, remote=writing.remote, notes=tuple(planned.describe_effects(made)))


def _to_the_remote(mirror: Mirror, writing: Writing) -> Writing:
    """Say how to write to a repository that was opened by its address: there is no clone that could keep a tag to itself.

    Raises:
        UsageFault: the person wants it kept.
    """
    if writing.keep:
        message = f"what is written to {mirror.address.shown!r} is published at once"
        raise UsageFault(message, hint="leave out --no-push; or preview it: --dry-run; or write in a clone: --repo PATH")
    mirror.turn_to_push()
    return replace(writing, push=True, remote=mirror.address.shown)


def _publish_from_mirror(context: Context, mirror: Mirror, artifact: str, decide: Decide, writing: Writing) -> Written:
    """Write events to a repository that was opened by its address."""
    planned = _decide(context, artifact, mirror.list_tags(artifact), decide, writing)
    if writing.dry_run:
        return _preview(context, planned, writing)
    made = _make_objects(context, planned.tags, writing)
    new = {event.tag: event.tag_id for event in made}
    try:
        known = {event.commit for event in planned.known.events}
        with mirror.pushing({event.commit for event in made} - known) as negotiate:
            _push(context, writing.remote, new, negotiate=negotiate)
    finally:
        mirror.forget()  # somebody was faster, or we were
    mirror.note(new)
    return Written(created=made, pushed=True, remote=writing.remote, notes=tuple(planned.describe_effects(made)))


def _publish_remotely(context: Context, artifact: str, decide: Decide, writing: Writing) -> Written:
    """Write events to the remote, which decides, and then to this clone."""
    remote = writing.remote
    theirs = _read_remote(context, artifact, remote)
    planned = _decide(context, artifact, theirs, decide, writing)
    if writing.dry_run:
        return _preview(context, planned, writing)
    made = _make_objects(context, planned.tags, writing)
    new = {event.tag: event.tag_id for event in made}
    _push(context, remote, new)
    notes = [*planned.describe_effects(made), *_name_here(context, artifact, {**theirs, **new})]
    notes += [*_describe_loose_commits(context, remote, made), *describe_old_jobs(context, remote, made)]
    return Written(created=made, pushed=True, remote=remote, notes=tuple(notes))


def _read_remote(context: Context, artifact: str, remote: str) -> dict[str, str]:
    """Ask the remote for the tags of an artifact, and bring the objects that are missing here, without naming them yet.

    Raises:
        Conflict: this clone has tags of the artifact that the remote lacks, so that a decision would not know of them.
    """
    git = context.repository.git
    patterns = artifact_patterns(artifact)
    place = find_push_place(git, remote)
    theirs = pick_tags(list_remote_tags(git, remote, patterns, place=place), artifact)
    ours = pick_tags(list_tags(git, patterns)[0], artifact)
    check_same(ours, theirs, remote)
    unpublished = sorted(set(ours) - set(theirs))
    if unpublished:
        listed = ", ".join(repr(name) for name in unpublished[:3])
        message = f"this clone has tags of {artifact!r} that {remote!r} lacks: {listed}"
        raise Conflict(message, hint=f"publish them first: gitreg push '{artifact}'; or drop one: git tag -d '{unpublished[0]}'")
    fetch_tags(git, remote, (name for name in theirs if name not in ours), named=False, place=place)
    return theirs


def _decide(context: Context, artifact: str, listed: Mapping[str, str], decide: Decide, writing: Writing) -> Planned:
    """Decide on listed tags, and name the decisions."""
    known = to_known(artifact, read_listed(context.repository, listed, artifact=artifact))
    existing: set[str] = set()
    if not known.taken:
        existing = list_tagged(context) | _list_tagged_remotely(context, writing)
        check_new_artifact(known, existing)
    decisions = decide(known)
    at = choose_time(known, now=now(), accept_clock=writing.accept_clock)
    return Planned(known, name_tags(known, decisions, at=at, text=writing.message), frozenset(existing))


def _list_tagged_remotely(context: Context, writing: Writing) -> set[str]:
    """List the names of all artifacts of the remote, if it decides."""
    if not writing.push or context.repository.mirror is not None:  # whose tags are all the remote's
        return set()
    git = context.repository.git
    listed = list_remote_tags(git, writing.remote, place=find_push_place(git, writing.remote))
    return {tag.artifact for name in listed if (tag := parse_tag(name))}


def _make_objects(context: Context, tags: Sequence[NewTag], writing: Writing) -> tuple[Event, ...]:
    """Write tag objects that nothing names yet."""
    repository = context.repository
    identity = read_identity(repository.git)
    sign = wants_signature(repository.git) if writing.sign is None else writing.sign
    make = make_signed_tag_object if sign else make_tag_object
    return tuple(
        to_event(tag, tag_id=make(repository, tag, identity), author=identity.name, author_email=identity.email) for tag in tags
    )


def _preview(context: Context, planned: Planned, writing: Writing) -> Written:
    """Say what would be written."""
    identity = read_identity(context.repository.git)
    events = tuple(to_event(tag, tag_id="", author=identity.name, author_email=identity.email) for tag in planned.tags)
    notes = [*planned.describe_effects(events)]
    if writing.push:
        notes += describe_old_jobs(context, writing.remote, events)
    return Written(created=events, remote=writing.remote, dry_run=True, notes=tuple(notes))


def _describe_loose_commits(context: Context, remote: str, made: Sequence[Event]) -> Iterator[str]:
    """Name registered commits that no branch of the remote has: a rebase would leave them behind."""
    for event in made:
        if event.kind is Kind.REGISTRATION and not is_on_branch(context.repository.git, remote, event.commit):
            yield f"commit {event.commit[:7]} is on no branch of {remote!r} that this clone knows; push its branch too"


def _push(context: Context, remote: str, new: Mapping[str, str], *, negotiate: bool | None = None) -> None:
    """Push, and find out what happened if the answer is lost on the way.

    Raises:
        Raced: somebody of the same name made the very same tags in the same second; theirs count, and ours are none.
    """
    git = context.repository.git
    try:
        if not push_tags(git, remote, new, negotiate=negotiate):
            raise Raced("the same was written in the same second")
    except ExternalFault as fault:
        if not _has_arrived(context, remote, new):
            raise
        del fault


def _has_arrived(context: Context, remote: str, new: Mapping[str, str]) -> bool:
    """Ask the remote, after a push without an answer, whether it has our very objects."""
    try:
        git, mirror = context.repository.git, context.repository.mirror
        if mirror is not None:
            return mirror.has_tags(new)
        theirs = list_remote_tags(git, remote, [f"refs/tags/{name}" for name in new], place=find_push_place(git, remote))
    except GitregError:
        return False
    return all(theirs.get(name) == object_id for name, object_id in new.items())


def _name_here(context: Context, artifact: str, theirs: Mapping[str, str]) -> Iterator[str]:
    """Give the remote's tags of an artifact their names in this clone too; what cannot be named is a note, not a failure."""
    repository = context.repository
    ours, _ = list_tags(repository.git, artifact_patterns(artifact))
    try:
        create_refs(repository, {name: object_id for name, object_id in theirs.items() if name not in ours})
    except GitregError as error:
        yield f"published, but this clone could not name the tags ({error.message}); bring them with: gitreg show --fetch"
