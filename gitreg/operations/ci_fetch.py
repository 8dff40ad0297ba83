"""`ci fetch`: what a checkout of CI lacks so that the registry can be read in it, and never more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from gitreg.core.ci_fetch import Gap, Mended, RemoteTag, find_gap
from gitreg.core.tags import REF_PREFIX, parse_tag, pick_tags
from gitreg.errors import ExternalFault
from gitreg.git.mend import fetch_history, fetch_over, is_shallow, list_remote_tag_targets
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.operations.context import Context, read_context_settings, require_clone
from gitreg.operations.moment import head_commit

_NO_CREDENTIALS: Final = ("could not read", "Authentication failed", "Access denied", "Permission denied", "terminal prompts")


def mend_checkout(context: Context, artifact: str | None = None, *, history: bool = False, dry_run: bool = False) -> Mended:
    """Bring the registry tags that a clone lacks, also over lightweight ones that a checkout made of them.

    Args:
        context: where to.
        artifact: the one whose tags are wanted, or None: all.
        history: bring the commits before those of HEAD and of registry tags, too.
        dry_run: only find out what would be brought.

    Raises:
        Unanswerable: a tag was moved.
        ExternalFault: the remote does not answer, or wants to know who asks.
    """
    require_clone(context)
    git, location = context.repository.git, context.repository.location
    remote = read_context_settings(context).remote
    theirs = list_theirs(context, remote, artifact)
    ours, _ = list_tags(git, artifact_patterns(artifact) if artifact is not None else (REF_PREFIX,))
    gap = find_gap(pick_tags(ours, artifact), theirs, remote)
    deepen = history and location.shallow
    if not dry_run:
        _fetch_tags(context, remote, gap, theirs)
        if deepen:
            _fetch_commits(context, remote, theirs, gap)
    shallow = location.shallow and (dry_run or is_shallow(git))
    return Mended(gap=gap, remote=remote, history=deepen, shallow=shallow and not (dry_run and deepen), dry_run=dry_run)


def list_theirs(context: Context, remote: str, artifact: str | None) -> dict[str, RemoteTag]:
    """Ask the remote for its registry tags.

    Args:
        context: where.
        remote: its name.
        artifact: the one whose tags are wanted, or None: all.

    Raises:
        ExternalFault: it does not answer, or wants to know who asks.
    """
    patterns = artifact_patterns(artifact) if artifact is not None else (f"{REF_PREFIX}*",)
    try:
        listed = list_remote_tag_targets(context.repository.git, remote, patterns)
    except ExternalFault as fault:
        raise _explain(fault) from fault
    return {name: tag for name, tag in listed.items() if (parsed := parse_tag(name)) and artifact in {None, parsed.artifact}}


def _fetch_tags(context: Context, remote: str, gap: Gap, theirs: dict[str, RemoteTag]) -> None:
    """Fetch tags; into a shallow clone without the history behind commits that are not here.

    Commits that are here keep their history: to cut it off at them would take away what the checkout has brought.
    """
    wanted = {**dict.fromkeys(gap.missing, False), **dict.fromkeys(gap.lightweight, True)}
    git, shallow = context.repository.git, context.repository.location.shallow
    absent = _find_absent(context, {name: theirs[name].target or "" for name in wanted}) if shallow and wanted else frozenset()
    fetch_over(git, remote, {name: taken for name, taken in wanted.items() if name not in absent})
    fetch_over(git, remote, {name: taken for name, taken in wanted.items() if name in absent}, depth=1)


def _find_absent(context: Context, targets: dict[str, str]) -> frozenset[str]:
    """Find the tags whose commits are not here."""
    found = context.repository.objects.stat(targets.values())
    return frozenset(name for name, target in zip(targets, found, strict=True) if not target.type)


def _fetch_commits(context: Context, remote: str, theirs: dict[str, RemoteTag], gap: Gap) -> None:
    """Bring the history of HEAD and of registry tags."""
    names: Iterable[str] = (name for name in theirs if name not in gap.left)
    head = head_commit(context.repository.objects)
    wanted = [*([head] if head else []), *(REF_PREFIX + name for name in names)]
    fetch_history(context.repository.git, remote, wanted)


def _explain(fault: ExternalFault) -> ExternalFault:
    """Say what to do where a checkout left no credentials behind."""
    if not any(sign in fault.message for sign in _NO_CREDENTIALS):
        return fault
    hint = (
        "let the checkout bring all tags (fetch-depth: 0; GitLab: GIT_DEPTH: 0), or keep credentials (persist-credentials: true)"
    )
    return ExternalFault(fault.message, hint=hint)
