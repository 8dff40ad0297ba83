"""The commands that tell others what happened."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, WRITE, command
from gitreg.cli.options import At, Fetch, JobTag, Json, OptionalSelector, Repo, refuse_without
from gitreg.core.announcements import Channel


@command("feed", READ, "gitreg feed -o feed.xml", "gitreg feed 'churn#prod' --limit 20 -o public/churn.xml --force")
def feed(
    selector: OptionalSelector = None,
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="FILE", show_default=False, help="The file. Default: standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace what is there.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="COUNT", min=0, help="At most so many entries.")] = 50,
    at: At = None,
    fetch: Fetch = False,
    repo: Repo = ".",
) -> None:
    """Write what happened as a feed (Atom), for readers of news.

    An entry for each event, newest first, with a link to the tag where the remote is on GitHub or GitLab. The ids are made of
    those of the tag objects and never change; the same events make the same file.
    """
    from gitreg.cli import console
    from gitreg.registry import Registry

    to = None if output == "-" else output
    refuse_without("--output", to is not None, force=force)
    with Registry(repo) as registry:
        text = registry.feed(selector, to, limit=limit, force=force, at=at, fetch=fetch)
    if to is None:
        console.write(text)


@command(
    "notify",
    WRITE,
    "gitreg notify --to slack",
    "gitreg notify 'churn#prod#3' --to teams --to webhook",
    "gitreg notify 'churn#prod#3' --to webhook --dry-run",
)
def notify(
    tag: JobTag = None,
    to: Annotated[
        list[Channel] | None, typer.Option("--to", help="Whom to tell; may be repeated.  [required]", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 7 if somebody could not be told.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", "-n", help="Print what would be sent, and send nothing.")] = False,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Tell people and programs what a tag changed.

    The message says from which version to which, and whether that was a rollback. Addresses come from the environment alone, so
    that no list of processes and no log shows them:

    \b
    slack     GITREG_SLACK_URL    an incoming webhook
    teams     GITREG_TEAMS_URL    a workflow that posts what a webhook gets
    webhook   GITREG_WEBHOOK_URL  a CloudEvent, signed with GITREG_WEBHOOK_SECRET

    A webhook is signed as Standard Webhooks says (webhook-id, webhook-timestamp, webhook-signature). Each is tried three times,
    ten seconds long. Whoever cannot be told is a warning, and the exit code stays 0: the deployment is done all the same.
    """  # noqa: D301  backspaces keep paragraphs as they are
    from gitreg.cli.notified import answer_notified
    from gitreg.cli.surroundings import find_job_tag
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        notified = registry.notify(tag or find_job_tag(), to or (), dry_run=dry_run, fetch=fetch)
    return answer_notified(notified, strict=strict, json=json)
