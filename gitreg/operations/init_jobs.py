"""`init --ci`: the files with which the jobs of a host follow the registry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gitreg.core.views import Edited
from gitreg.errors import UsageFault
from gitreg.files.templates import JOBS, SCRIPTS, read_template
from gitreg.operations.changes import Change, read_file, render_diff
from gitreg.operations.context import Context, read_lenient_settings

_NEXT: Final = {
    "github": (
        "write .registry/deploy.sh and .registry/deployed.sh, and commit all of it to the default branch",
        "make an environment for each stage (Settings, Environments), with its secret DEPLOY_TOKEN and who has to approve",
        "let only those push tags '**#*' and '**@v*' who may deploy (Settings, Rules), and nobody move or delete them",
        "a secret REGISTRY_PUSH_TOKEN of a GitHub App lets promotions start the workflow for tags; else they deploy",
        "a tag on a commit from before this one starts no job: promote with the button, or start registry-reconcile",
    ),
    "gitlab": (
        "write .registry/deploy.sh and .registry/deployed.sh, and commit all of it to the default branch",
        "protect the tags '*#*' and '*@v*' (Settings, Repository) and an environment for each stage (Settings, CI/CD)",
        "the variables GITREG_PUSH_TOKEN and GITREG_REVIEW_TOKEN hold project access tokens: .gitlab/registry-*.yml say which",
        "a pipeline schedule of the default branch runs registry-reconcile (Build, Pipeline schedules)",
        "a tag on a commit from before this one starts no job: play that schedule to deploy it",
    ),
}
_ROOT: Final = ".gitlab-ci.yml"
_INCLUDED: Final = b"registry-on-tag"


def plan_jobs(context: Context, forge: str) -> list[Change]:
    """Plan the files for the jobs of a host; what is there already stays.

    Args:
        context: where.
        forge: ``github`` or ``gitlab``.

    Raises:
        UsageFault: nobody knows such a host.
    """
    if forge not in JOBS:
        raise UsageFault(f"there are no files for jobs of {forge!r}", hint=f"there are those of {' and '.join(JOBS)}")
    changes, stages = [], read_lenient_settings(context).stages or ()
    for template, file in {**JOBS[forge], **SCRIPTS}.items():
        before = read_file(context, file, make=True)
        changes.append(Change(file=file, before=before, after=read_template(template, stages) if before is None else before))
    return changes


def describe_jobs(context: Context, changes: Sequence[Change], forge: str, *, dry_run: bool) -> list[Edited]:
    """Say what was written, and with the last file what a person does next.

    Args:
        context: as there.
        changes: what `plan_jobs` planned.
        forge: the host.
        dry_run: whether nothing was written.
    """
    notes = _NEXT[forge] if any(change.before is None for change in changes) else ()
    root = next((change for change in changes if change.file == _ROOT), None)
    if root is not None and root.before is not None and _INCLUDED not in root.before:
        _, _, lines = (
            read_template("gitlab/gitlab-ci.yml", read_lenient_settings(context).stages or ()).decode().partition("include:\n")
        )
        notes = (f"{_ROOT} is there already: add these to what stands below 'include:' in it\n{lines.rstrip()}", *notes)
    last = len(changes) - 1
    return [
        Edited(file=change.file, diff=render_diff(change), dry_run=dry_run, notes=notes if number == last else ())
        for number, change in enumerate(changes)
    ]
