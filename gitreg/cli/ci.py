"""The commands for jobs of CI."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from gitreg.cli.app import READ
from gitreg.cli.groups import make_group, subcommand
from gitreg.cli.options import DryRun, Json, Repo

CI: Final[typer.Typer] = make_group("ci", READ, "Say in a job of CI what event started it.", "gitreg ci event", "gitreg ci fetch")


@subcommand(
    CI,
    "event",
    "gitreg ci event",
    "gitreg ci event --fetch --require",
    "gitreg ci event --dotenv gitreg.env --json > event.json",
)
def event(
    ref: Annotated[
        str | None,
        typer.Option("--ref", metavar="REF", help="The tag. Default: the one that started this job.", show_default=False),
    ] = None,
    stage: Annotated[
        str | None,
        typer.Option("--stage", metavar="STAGE", help="What is deployed to. Default: that of the event.", show_default=False),
    ] = None,
    require: Annotated[bool, typer.Option("--require", help="Exit with 1 if it is no event of the registry.")] = False,
    dotenv: Annotated[
        str | None,
        typer.Option("--dotenv", metavar="FILE", help="Write variables for GitLab's dotenv report.", show_default=False),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Bring the tags that the checkout lacks, if any.")] = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Say what event of the registry started this job.

    On GitHub (Forgejo, Gitea) the answers become outputs of the step and a line of the summary. --dotenv leaves type, path
    and description empty where they are more than a plain word: --json has them. Exits with 6 if tags are missing
    in this checkout: a wrong answer would be worse.

    A deregistration names no stage: stages are those that it takes the version from, and --stage says which of them holder is of.
    """
    from gitreg.cli.job_answers import answer_job_event
    from gitreg.cli.surroundings import read_job
    from gitreg.core.ci_event import read_job_tag
    from gitreg.registry import Registry

    job = read_job()
    commit = job.commit if not ref or read_job_tag(ref) == job.tag else None
    with Registry(repo) as registry:
        found = registry.ci_event(ref or job.tag, stage=stage or None, commit=commit, fetch=fetch)
    answer_job_event(found, job, dotenv=dotenv, require=require, json=json)


@subcommand(CI, "fetch", "gitreg ci fetch", "gitreg ci fetch churn --dry-run", "gitreg ci fetch --history")
def fetch(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The tags of this artifact only. Default: all.", show_default=False)
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="Bring the commits before them, too.")] = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Bring the registry tags that the checkout of a job lacks.

    Tags that actions/checkout before v6.0.2 has made lightweight are fetched anew; no other tag is ever moved.
    """
    from gitreg.cli.job_answers import answer_mended
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        mended = registry.ci_fetch(name, history=history, dry_run=dry_run)
    answer_mended(mended, json=json)
