"""What a write did, or would do, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gitreg.core.drift import STALE
from gitreg.core.events import Event, Kind
from gitreg.core.problems import format_cause
from gitreg.core.views import Edited, Written
from gitreg.core.words import format_count
from gitreg.render.text import format_commit, format_target

_MOST_PROBLEMS: Final = 6
_DONE = {
    Kind.REGISTRATION: "Registered",
    Kind.DEREGISTRATION: "Deregistered",
    Kind.ASSIGNMENT: "Assigned",
    Kind.UNASSIGNMENT: "Unassigned",
    Kind.DEPRECATION: "Deprecated",
}
_TO_DO = {
    Kind.REGISTRATION: "register",
    Kind.DEREGISTRATION: "deregister",
    Kind.ASSIGNMENT: "assign",
    Kind.UNASSIGNMENT: "unassign",
    Kind.DEPRECATION: "deprecate",
}


def describe_written(written: Written) -> tuple[str, ...]:
    """Say what a write made, one sentence for each tag; a dry run shows the messages of the tags too."""
    lines: list[str] = []
    for event in written.created:
        lines.append(_describe_event(event, dry_run=written.dry_run))
        if written.dry_run:
            lines.extend(f"    {line}".rstrip() for line in event.message.splitlines())
    if written.pushed and written.created:
        lines.append(_describe_push(written))
    return tuple(lines)


def describe_pushed(written: Written) -> tuple[str, ...]:
    """Say which tags `push` published."""
    if not written.created:
        return (f"Nothing to push{_to(written.remote) if written.remote else ''}",)
    verb = "Would push" if written.dry_run else "Pushed"
    return tuple(f"{verb} '{event.tag}'{_to(written.remote)}" for event in written.created)


def advise_written(written: Written) -> str:
    """Say what to do next, or nothing."""
    if written.dry_run or written.pushed or not written.created or not written.remote:
        return ""
    return f"publish {'them' if len(written.created) > 1 else 'it'}: gitreg push {written.created[-1].artifact}"


def describe_problems(written: Written) -> tuple[str, ...]:
    """Say what is wrong with the files that a new version is made from: the first of very many."""
    found = [problem.message if problem.code == STALE else format_cause(problem) for problem in written.problems or ()]
    told = list(dict.fromkeys(found))
    left = len(told) - _MOST_PROBLEMS
    return (*told[:_MOST_PROBLEMS], *([f"and {format_count(left, 'more problem')} of its files"] if left > 0 else []))


def advise_mending(written: Written) -> str:
    """Say what helps against the problems of a new version, or nothing."""
    if not written.problems:
        return ""
    when = "first" if written.dry_run else "for the next version"
    return f"mend it {when}; see: gitreg check --rev {format_commit(written.problems[0].commit or 'HEAD')}"


def describe_edited(edits: Sequence[Edited]) -> tuple[str, ...]:
    """Say which files changed, and in which commit; a dry run shows the diff."""
    return tuple(line for edit in edits for line in _describe_edit(edit))


def advise_edited(edits: Sequence[Edited]) -> str:
    """Say what to do next, or nothing."""
    files = " ".join(edit.file for edit in edits if edit.diff and edit.commit is None and not edit.dry_run)
    if files:
        return f"commit {'them' if ' ' in files else 'it'}: git add {files} && git commit"
    unpushed = next((edit for edit in edits if edit.commit and not edit.pushed and edit.remote), None)
    return "publish it: git push" if unpushed else ""


def _describe_event(event: Event, *, dry_run: bool) -> str:
    """Say what one tag states and what it is called."""
    verb = f"Would {_TO_DO[event.kind]}" if dry_run else _DONE[event.kind]
    target = format_target(event.artifact, event.version, event.commit)
    at = "" if event.version is None or not event.commit else f" at {format_commit(event.commit)}"
    if event.kind is Kind.DEPRECATION:
        what = event.artifact
    elif event.kind is Kind.ASSIGNMENT:
        what = f"{target}{at} to {event.stage}"
    elif event.kind is Kind.UNASSIGNMENT:
        what = f"{target}{at} from {event.stage}"
    else:
        what = f"{target}{at}"
    return f"{verb} {what} as '{event.tag}'"


def _describe_push(written: Written) -> str:
    """Say that the remote has the tags."""
    verb = "Would push" if written.dry_run else "Pushed"
    what = "it" if len(written.created) == 1 else format_count(len(written.created), "tag")
    return f"{verb} {what}{_to(written.remote)}"


def _describe_edit(edit: Edited) -> tuple[str, ...]:
    """Say what happened to one file."""
    if not edit.diff:
        return (f"Nothing to change in {edit.file}",)
    is_new = edit.diff.startswith("--- /dev/null")
    if edit.dry_run:
        return (f"Would {'create' if is_new else 'change'} {edit.file}", *edit.diff.splitlines())
    committed = f" in commit {format_commit(edit.commit)}" if edit.commit else ""
    pushed = f", pushed{_to(edit.remote)}" if edit.pushed else ""
    return (f"{'Created' if is_new else 'Changed'} {edit.file}{committed}{pushed}",)


def _to(remote: str) -> str:
    """Name the remote."""
    return f" to {remote}" if remote else ""
