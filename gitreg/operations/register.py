"""The verbs that write events: each turns a request into decisions and publishes them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from shlex import quote

from gitreg.core.entries import Entry
from gitreg.core.new_tags import Decision, Known
from gitreg.core.plan import (
    find_target,
    plan_assignment,
    plan_deprecation,
    plan_deregistration,
    plan_registration,
    plan_rollback,
    plan_unassignment,
)
from gitreg.core.problems import Problem, format_cause
from gitreg.core.select import require_active, require_holder
from gitreg.core.selectors import Selector
from gitreg.core.settings import check_stage_allowed
from gitreg.core.verdicts import Verified
from gitreg.core.versions import Bump, check_version, is_version
from gitreg.core.views import Written
from gitreg.errors import GitregError, NotFound, Refused, UsageFault
from gitreg.operations.causes import advise, find_cause
from gitreg.operations.context import Context, read_context_settings
from gitreg.operations.load_entries import load_entry
from gitreg.operations.names import without_events
from gitreg.operations.options import WriteOptions, Writing, fill_in
from gitreg.operations.publish import publish
from gitreg.operations.uncommitted import find_uncommitted


@dataclass(frozen=True, slots=True, kw_only=True)
class Registering:
    """What to register: a version or the part that counts up, and whether the commit may have another version."""

    version: str | None = None
    bump: Bump | None = None
    same_commit: bool = False


def register(context: Context, artifact: str, rev: str, *, wanted: Registering, options: WriteOptions) -> Written:
    """Register a version of an artifact at a revision."""
    check_registering(wanted)
    commit = _resolve_commit(context, artifact, rev)

    writing = fill_in(options, read_context_settings(context))
    verified = _check_bytes(context, artifact, commit, writing)

    def decide(known: Known) -> list[Decision]:
        return [_registration(known, commit, wanted)]

    written = publish(context, artifact, decide, writing)
    entry, found = _look_for_entry(context, commit, artifact)
    written = _add_problems(context, written, commit, entry, found)
    if entry is not None or (verified is not None and verified.annotated) or found is None:
        return written
    cause = find_cause(found, artifact)
    if cause is not None:
        note = f"{artifact!r} has no entry that can be read at {commit[:7]}: {format_cause(cause)}; {advise(cause, commit)}"
        return replace(written, notes=(*written.notes, note))
    file = find_uncommitted(context, artifact, commit)
    what = f"git add {quote(file)} && git commit" if file else f"gitreg annotate '{artifact}' --path PATH --commit"
    note = f"{artifact!r} has no entry at {commit[:7]}; for the next version: {what}"
    return replace(written, notes=(*written.notes, note))


def assign(context: Context, selector: Selector, stage: str, *, rev: str | None, options: WriteOptions) -> Written:
    """Assign a stage to what a selector, or a revision, names."""
    settings = read_context_settings(context)
    check_stage_allowed(settings, stage)
    commit = context.repository.objects.resolve_commit(rev) if rev is not None else None
    _check_target(selector, rev, stage)

    def decide(known: Known) -> list[Decision]:
        if commit is not None:
            version = find_target(known, commit)
            return [plan_assignment(known, stage, commit=commit, version=version)]
        if not known.taken:
            raise without_events(context, selector.artifact)
        if selector.stage is not None:
            holder = require_holder(known.artifact, selector.stage)
            return [plan_assignment(known, stage, commit=holder.commit, version=holder.version)]
        chosen = require_active(known.artifact, selector.version or "")
        return [plan_assignment(known, stage, commit=chosen.commit, version=chosen.version)]

    return publish(context, selector.artifact, decide, fill_in(options, settings))


def register_and_assign(
    context: Context, artifact: str, stage: str, *, rev: str, wanted: Registering, options: WriteOptions
) -> Written:
    """Register a version at a revision and assign a stage to it, in one step."""
    settings = read_context_settings(context)
    check_stage_allowed(settings, stage)
    check_registering(wanted)
    commit = context.repository.objects.resolve_commit(rev)
    writing = fill_in(options, settings)
    _check_bytes(context, artifact, commit, writing)

    def decide(known: Known) -> list[Decision]:
        registration = _registration(known, commit, wanted)
        return [registration, plan_assignment(known, stage, commit=commit, version=registration.version)]

    written = publish(context, artifact, decide, writing)
    return _add_problems(context, written, commit, *_look_for_entry(context, commit, artifact))


def unassign(context: Context, selector: Selector, stage: str, *, options: WriteOptions) -> Written:
    """Take a stage off a version, or off its current holder."""
    if selector.stage is not None:
        message = f"'{selector.artifact}#{selector.stage}' names a stage where a version is wanted"
        raise UsageFault(message, hint=f"gitreg unassign '{selector.artifact}' {stage}")

    def decide(known: Known) -> list[Decision]:
        _require_known(context, known)
        version = selector.version and require_active(known.artifact, selector.version).version
        return [plan_unassignment(known, stage, version=version)]

    return publish(context, selector.artifact, decide, fill_in(options, read_context_settings(context)))


def rollback(context: Context, artifact: str, stage: str, *, to: str | None, options: WriteOptions) -> Written:
    """Assign a stage to the holder before the current one, or to a version."""
    settings = read_context_settings(context)
    check_stage_allowed(settings, stage)

    def decide(known: Known) -> list[Decision]:
        _require_known(context, known)
        return [plan_rollback(known, stage, to=to)]

    return publish(context, artifact, decide, fill_in(options, settings))


def deregister(context: Context, selector: Selector, *, options: WriteOptions) -> Written:
    """Withdraw a version, and so take its stages off it."""
    if selector.version is None:
        message = f"{selector.artifact!r} names no version"
        raise UsageFault(
            message, hint=f"say which: gitreg deregister '{selector.artifact}@v1.2.0'; a whole artifact: gitreg deprecate"
        )

    def decide(known: Known) -> list[Decision]:
        _require_known(context, known)
        return [plan_deregistration(known, selector.version or "")]

    return publish(context, selector.artifact, decide, fill_in(options, read_context_settings(context)))


def deprecate(context: Context, artifact: str, *, options: WriteOptions) -> Written:
    """Mark an artifact as no longer of use, until its next Registration or Assignment."""
    return publish(context, artifact, lambda known: [plan_deprecation(known)], fill_in(options, read_context_settings(context)))


def _check_bytes(context: Context, artifact: str, commit: str, writing: Writing) -> Verified | None:
    """Ask the storage for the bytes of a version that is to be published; None where nobody wants that."""
    publishes = (writing.push or context.repository.mirror is not None) and not writing.keep
    if not (publishes and writing.data_check):
        return None
    from gitreg.operations.check_bytes import check_bytes  # what stays in this clone needs none of it
    from gitreg.operations.load_pointers import Place

    place = Place(artifact, commit)
    verified = check_bytes(context, [place])[place]
    file = None if verified.annotated else find_uncommitted(context, artifact, commit)
    if file is not None:
        message = f"the entry of {artifact!r} stands in {file} and in no commit, so the version would have none"
        raise Refused(message, hint=f"commit it: git add {quote(file)} && git commit; or go without: --no-data-check")
    return verified


def _look_for_entry(context: Context, commit: str, artifact: str) -> tuple[Entry | None, list[Problem] | None]:
    """Read the entry of an artifact at a commit, and the problems of the files that may have it; None: nobody here knows."""
    try:
        return load_entry(context.repository.objects, commit, artifact)
    except GitregError:  # a partial clone may lack the file: what is written is written, and must not end as a failure
        return None, None


def _add_problems(context: Context, written: Written, commit: str, entry: Entry | None, found: list[Problem] | None) -> Written:
    """Add what is wrong with the pipeline of a new version.

    Not of a repository that was opened by its address: from there each file would have to be fetched for it.
    """
    if entry is None or found is None or context.repository.mirror is not None:
        return written
    from gitreg.operations.register_problems import find_version_problems

    try:
        return replace(written, problems=find_version_problems(context.repository.objects, commit, entry, found))
    except GitregError as error:
        return replace(written, notes=(*written.notes, f"what its pipeline was run with is not known: {error.message}"))


def _resolve_commit(context: Context, artifact: str, rev: str) -> str:
    """Resolve what is to be registered.

    Raises:
        NotFound: there is no such commit; perhaps a version stands in its place.
    """
    try:
        return context.repository.objects.resolve_commit(rev)
    except NotFound as error:
        if is_version(rev):
            raise NotFound(
                error.message, hint=f"the version is an option: gitreg register '{artifact}' --version {rev}"
            ) from error
        if rev == "HEAD":
            raise NotFound("this repository has no commit yet", hint="git add FILES && git commit") from error
        raise


def _registration(known: Known, commit: str, wanted: Registering) -> Decision:
    """Decide one Registration."""
    return plan_registration(known, commit, version=wanted.version, bump=wanted.bump, same_commit=wanted.same_commit)


def check_registering(wanted: Registering) -> None:
    """Refuse a version together with a bump, and a version that is none, before anything is read.

    Raises:
        UsageFault: as it says.
    """
    if wanted.version is not None:
        check_version(wanted.version)
        if wanted.bump is not None:
            message = "a version and a part to bump were both given"
            raise UsageFault(message, hint="give --version or --bump, not both")


def _check_target(selector: Selector, rev: str | None, stage: str) -> None:
    """Refuse a request that names no target, or two.

    Raises:
        UsageFault: as it says; there is no silent default for what goes to production.
    """
    named = selector.version is not None or selector.stage is not None
    if rev is None and not named:
        message = f"which version of {selector.artifact!r} goes to {stage!r} was not said"
        raise UsageFault(
            message, hint=f"gitreg assign '{selector.artifact}@latest' {stage}, or '{selector.artifact}@v1.2.0', or --rev REV"
        )
    if rev is not None and named:
        message = "a version or stage and --rev were both given"
        raise UsageFault(message, hint=f"gitreg assign '{selector.artifact}' {stage} --rev {rev}")


def _require_known(context: Context, known: Known) -> None:
    """Refuse an artifact without tags.

    Raises:
        NotFound: it has none.
    """
    if not known.taken:
        raise without_events(context, known.artifact.name)
