"""`add`: the bytes into DVC's cache, the files, the bytes to the storage, one commit, the branch, and the version; in that order.

Whoever stops it in the middle runs it again: what is done is found to be done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from gitreg.core.contents import Advance, no_advance
from gitreg.core.views import Added, Edited, Written
from gitreg.errors import GitregError, Refused
from gitreg.files.dvc_file import OutFacts
from gitreg.git.alone import alone
from gitreg.git.remote import push_branch
from gitreg.git.run import Git
from gitreg.operations.add_files import Edit, choose_committed, list_edits, to_changes
from gitreg.operations.add_plan import Adding, Plan, find_registered_head, plan_addition
from gitreg.operations.add_registration import NEW_COMMIT, ensure_version, plan_version
from gitreg.operations.changes import Change, adopt_changes, make_commit_of, render_diff, write_changes
from gitreg.operations.context import Context
from gitreg.operations.moment import head_commit
from gitreg.operations.options import AddOptions
from gitreg.operations.upload import upload_objects
from gitreg.storage.tracking import Tracked, track


def add(context: Context, wanted: Adding, *, options: AddOptions) -> Added:
    """Track a file or folder with DVC and write its entry; commit, publish and register it if asked to.

    Args:
        context: where.
        wanted: what to add.
        options: how to write.

    Raises:
        Refused: DVC cannot track it here, or settings forbid it.
        Conflict: a file changed meanwhile, or the entry has another path.
        NotFound: there is no such file, or no storage.
        ExternalFault: the disk, the storage or the remote failed; what was done before it stays, and the error says so.
    """
    plan = plan_addition(context, wanted, options)
    dry_run, advance = options.get("dry_run", False), options.get("advance", no_advance)
    if "expect" in options:
        options["expect"](plan.target.size * (2 if plan.store is not None and not dry_run else 1))
    tracked = _track(plan, dry_run=dry_run, advance=advance)
    edits = list_edits(context, plan.target, _facts(tracked), plan.artifact, plan.fields)
    added = Added(
        artifact=plan.artifact,
        path=plan.target.path,
        hash=f"md5:{tracked.digest}",
        size=tracked.size,
        files=tracked.files,
        remote=plan.settings.remote,
        storage=plan.store.name if plan.store else None,
        dry_run=dry_run,
        notes=plan.notes,
    )
    return _preview(context, plan, added, edits) if dry_run else _act(context, plan, added, edits, tracked, advance)


def _track(plan: Plan, *, dry_run: bool, advance: Advance) -> Tracked:
    """Put the bytes into the cache.

    Raises:
        Refused: a pipeline made something else.
    """
    out = plan.target.out
    expected = out.hash.removeprefix("md5:") if out and out.hash and out.hash.startswith("md5:") else None
    if plan.target.is_pipeline:
        dry = track(plan.target.place, plan.target.parts, plan.target.cache, dry_run=True)
        if dry.digest != expected:
            message = f"{plan.target.path!r} is not what the stage {out.stage if out else ''!r} of the pipeline made"
            raise Refused(message, hint="dvc repro, or: dvc commit")
    return track(plan.target.place, plan.target.parts, plan.target.cache, expected=expected, dry_run=dry_run, advance=advance)


def _facts(tracked: Tracked) -> OutFacts:
    """Say what goes into the ``.dvc`` file."""
    return OutFacts(md5=tracked.digest, size=tracked.size, files=tracked.files, executable=tracked.executable)


def _preview(context: Context, plan: Plan, added: Added, edits: Sequence[Edit]) -> Added:
    """Say what would be done."""
    changes = to_changes(context, edits)
    wanted = choose_committed(context, edits, changes) if plan.commit else {}
    edited = _to_edited(plan, changes, dry_run=True)
    left = [change for change in changes if change.file in wanted and change.file not in {edit.file for edit in edited}]
    edited += _to_edited(plan, [replace(change, before=None) for change in left], dry_run=True)
    head = head_commit(context.repository.objects) or NEW_COMMIT
    written: Written | None = None
    if plan.registering is not None:
        written = plan_version(context, plan.artifact, NEW_COMMIT if wanted else head, plan.registering, plan.writing)
    return replace(added, edits=edited, written=written)


def _act(context: Context, plan: Plan, added: Added, edits: Sequence[Edit], tracked: Tracked, advance: Advance) -> Added:
    """Write, send, commit, publish and register."""
    done = ["the bytes are in DVC's cache"]
    with _telling(done):
        with alone(context.repository.location):
            changes = to_changes(context, edits)
            _check_again(context, plan, edits, changes)
            write_changes(context, changes)
        done.append("the files are written")
        added = replace(added, edits=_to_edited(plan, changes))
        if plan.store is not None:
            uploaded = upload_objects(plan.store, plan.target.cache, tracked.objects, advance)
            added = replace(added, uploaded=uploaded.size)
            done.append(f"the storage {plan.store.name!r} has the bytes")
        return _record(context, plan, added, edits, done) if plan.commit else added


def _check_again(context: Context, plan: Plan, edits: Sequence[Edit], changes: Sequence[Change]) -> None:
    """Refuse what could not be seen before the bytes were read.

    Raises:
        Conflict: a file has changes of somebody else; or the version is HEAD's, and there will be another commit.
    """
    wanted = choose_committed(context, edits, changes) if plan.commit else {}
    if wanted and plan.registering is not None and find_registered_head(context, plan) is not None:
        plan_version(context, plan.artifact, NEW_COMMIT, plan.registering, plan.writing)


def _record(context: Context, plan: Plan, added: Added, edits: Sequence[Edit], done: list[str]) -> Added:
    """Commit, publish and register."""
    commit, files = _commit(context, plan, edits)
    done.append(f"commit {commit[:7]} has the files")
    edited = tuple(replace(edit, commit=commit) for edit in added.edits)
    left = [file for file in files if file not in {edit.file for edit in edited}]  # written by an earlier run
    edited += tuple(Edited(file=file, diff="", commit=commit, remote=plan.settings.remote) for file in left)
    added = replace(added, commit=commit, edits=edited)
    if plan.push:
        push_branch(Git(context.work_tree), plan.settings.remote, commit, plan.branch)
        done.append(f"it is pushed to {plan.settings.remote!r}")
        added = replace(added, pushed=True, edits=tuple(replace(edit, pushed=True) for edit in edited))
    if plan.registering is not None:
        written = ensure_version(context, plan.artifact, commit, plan.registering, plan.writing)
        added = replace(added, written=written, notes=(*added.notes, *written.notes))
    return added


def _commit(context: Context, plan: Plan, edits: Sequence[Edit]) -> tuple[str, Collection[str]]:
    """Commit the files, unless HEAD has them already; give the full id, and the files that are new in it."""
    with alone(context.repository.location):
        changes = to_changes(context, edits)
        wanted = choose_committed(context, edits, changes)
        head = head_commit(context.repository.objects)
        if head is not None and not wanted:
            return head, ()
        chosen = [change for change in changes if change.file in wanted]
        made = make_commit_of(context, wanted, plan.message)
        adopt_changes(context, chosen, made, plan.message)
        return made.commit, wanted


def _to_edited(plan: Plan, changes: Sequence[Change], *, dry_run: bool = False) -> tuple[Edited, ...]:
    """Say what changes in each file."""
    remote = plan.settings.remote
    return tuple(
        Edited(file=change.file, diff=diff, dry_run=dry_run, remote=remote) for change in changes if (diff := render_diff(change))
    )


@contextmanager
def _telling(done: Sequence[str]) -> Iterator[None]:
    """Say in an error what is done already, so that a person knows that the same command goes on from there."""
    try:
        yield
    except GitregError as error:
        error.message = f"{error.message}; so far, {', '.join(done)}"
        error.args = (error.message,)
        error.hint = f"{error.hint}; then run it again" if error.hint and "run it again" not in error.hint else error.hint
        raise
