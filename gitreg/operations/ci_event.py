"""`ci event`: what event started a job, after making sure that the view is whole."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from gitreg.core.ci_event import JobEvent, is_current, list_stages, make_slug, read_job_tag
from gitreg.core.events import Event
from gitreg.core.names import check_stage_name, is_name
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_artifact, resolve_events
from gitreg.core.state import find_holder
from gitreg.core.tags import parse_tag
from gitreg.errors import ExternalFault, NotFound, Unanswerable
from gitreg.operations.ci_fetch import list_theirs, mend_checkout
from gitreg.operations.context import Context, read_context_settings
from gitreg.operations.load_entries import entry_path, load_entry
from gitreg.operations.load_tags import Tags, load_tags
from gitreg.operations.wholeness import find_gaps

_MEND = "gitreg ci fetch"
_LONGEST_PATH = 4096  # as Linux has it; a path that is cut would be another one


def read_job_event(
    context: Context, ref: str, *, stage: str | None = None, commit: str | None = None, fetch: bool = False
) -> JobEvent:
    """Find out what event started a job.

    Args:
        context: where.
        ref: the tag, or the full name of a ref; empty: no tag.
        stage: what is deployed to; None: the event's.
        commit: what the host says that the tag named when it started the job; None: not known.
        fetch: mend a checkout that lacks tags of the artifact; one that is whole asks nobody.

    Raises:
        SyntaxFault: no stage can be called so.
        NotFound: there is no such tag, neither here nor on the remote.
        Unanswerable: the view is not whole, the tag was moved, or it states nothing.
        ExternalFault: the remote does not answer.
    """
    if stage is not None and not is_name(stage):
        check_stage_name(stage)  # nothing holds what is no stage, and a deployment would take everything away
    tag = read_job_tag(ref)
    parsed = parse_tag(tag)
    if parsed is None:
        return JobEvent(tag=tag)
    is_clone = context.repository.mirror is None
    tags = load_tags(context.repository, parsed.artifact)
    event = _find_event(tag, tags)
    mended = is_clone and fetch and (event is None or bool(find_gaps(context.repository.location)))
    if mended:
        mend_checkout(context, parsed.artifact)
        tags = load_tags(context.repository, parsed.artifact)
        event = _find_event(tag, tags)
    elif is_clone and event is not None:
        _require_view(context, parsed.artifact, tags)
    if event is None:
        raise _no_event(tag, tags, mended=mended or not is_clone)
    _require_same(event, commit)
    return _describe(context, event, tags, stage or event.stage)


def _find_event(tag: str, tags: Tags) -> Event | None:
    """Find the event that a tag states, with its version."""
    return next((known for known in resolve_events(tags.events) if known.tag == tag), None)


def _require_view(context: Context, artifact: str, tags: Tags) -> None:
    """Make sure that all tags of the artifact are here: by how the clone was made, or else by asking the remote.

    Raises:
        Unanswerable: some are not, or nobody can tell.
    """
    gaps = find_gaps(context.repository.location)
    if not gaps:
        return
    remote = read_context_settings(context).remote
    try:
        theirs = list_theirs(context, remote, artifact)
    except ExternalFault as fault:
        message = f"{gaps[0].message}, and {fault.message}"
        raise Unanswerable(message, hint=f"{fault.hint}; then: {_MEND}") from fault
    missing = sorted(name for name, there in theirs.items() if there.target is not None and name not in tags.names)
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        message = f"this checkout lacks tag {missing[0]!r}{more} of {artifact!r}"
        raise Unanswerable(message, hint=f"{_MEND}; or check out with fetch-depth: 0 (GitLab: GIT_DEPTH: 0)")


def _no_event(tag: str, tags: Tags, *, mended: bool) -> NotFound | Unanswerable:
    """Say why the tag states no event here."""
    problem = next((found for found in tags.problems if found.tag == tag), None)
    if problem is None:
        message = f"there is no tag {tag!r} here"
        if mended:
            return NotFound(f"{message}, nor on the remote", hint="it was deleted, which a registry tag should never be")
        return Unanswerable(message, hint=_MEND)
    return Unanswerable(problem.message, hint=_choose_hint(problem, mended=mended))


def _choose_hint(problem: Problem, *, mended: bool) -> str:
    """Choose what helps: a lightweight tag is a mistake of the checkout, unless the remote has it so too."""
    if problem.code != "GR201":
        return problem.hint
    if mended:
        return "the remote has no annotated one: make registry tags with gitreg, or with git tag --annotate"
    return f"{_MEND}; actions/checkout before v6.0.2 makes such tags"


def _require_same(event: Event, commit: str | None) -> None:
    """Refuse a tag that names another commit than when it started the job.

    Raises:
        Unanswerable: it does.
    """
    if commit is None or commit in {event.commit, event.tag_id}:
        return
    message = f"tag {event.tag!r} names commit {event.commit[:7]}, and named {commit[:7]!r} when it started this job"
    raise Unanswerable(message, hint="find out who moved it; a registry tag never moves")


def _describe(context: Context, event: Event, tags: Tags, stage: str | None) -> JobEvent:
    """Add what the files of the commit say, and what is so now."""
    artifact, _ = reduce_artifact(event.artifact, tags.events)
    fingerprint = sha256(f"{event.artifact}@{event.version or event.commit}".encode()).hexdigest()[:8]
    entry, problems = load_entry(context.repository.objects, event.commit, event.artifact)
    is_of_stage = event.stage in {None, stage}
    notes = [] if is_of_stage else [f"tag {event.tag!r} states nothing of stage {stage!r}"]
    found = JobEvent(
        tag=event.tag,
        event=event,
        slug=make_slug(event, fingerprint),
        current=is_of_stage and is_current(event, artifact),
        stage=stage,
        stages=list_stages(event, tags.events),
        holder=find_holder(artifact, stage) if stage is not None else None,
        notes=(*notes, *(f"{problem.file}: {problem.message}" for problem in problems)),
    )
    if entry is None:
        return found
    path = entry_path(entry) if entry.path is not None else ""
    if len(path) > _LONGEST_PATH:
        path, found = "", replace(found, notes=(*found.notes, "the path is too long to be handed on"))
    return replace(found, type=entry.type or "", path=path, description=entry.description or "")
