"""The commands that write events."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import WRITE, command
from gitreg.cli.options import (
    AcceptClock,
    BumpPart,
    DryRun,
    Json,
    Message,
    Name,
    NoDataCheck,
    OptionalSelector,
    Push,
    Repo,
    SameCommit,
    Sign,
    Stage,
    Target,
    Version,
    refuse_without,
)


@command(
    "register",
    WRITE,
    "gitreg register churn",
    "gitreg register churn HEAD~1 --version v1.2.0",
    "gitreg register churn --bump minor --push",
)
def register(
    name: Name,
    rev: Annotated[str, typer.Argument(metavar="REV", help="The revision that is the version.")] = "HEAD",
    version: Version = None,
    bump: BumpPart = None,
    same_commit: SameCommit = False,
    message: Message = "",
    push: Push = None,
    no_data_check: NoDataCheck = False,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Register a version of an artifact."""
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.register(
            name, rev, version=version, bump=bump, same_commit=same_commit, message=message,
            push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run, data_check=not no_data_check,
        )  # fmt: skip
    answer_written(written, json=json)


@command("promote", WRITE, "gitreg promote 'churn#staging' prod", hidden=True)
@command(
    "assign",
    WRITE,
    "gitreg assign churn@v1.2.0 prod",
    "gitreg assign 'churn#staging' prod --push",
    "gitreg assign churn staging --rev HEAD~1",
    "gitreg assign churn staging --register --bump minor",
)
def assign(
    selector: Target,
    stage: Stage,
    rev: Annotated[
        str | None, typer.Option("--rev", metavar="REV", help="The version registered at this revision.", show_default=False)
    ] = None,
    register: Annotated[
        bool, typer.Option("--register", help="Register a version first, in one step with the assignment.")
    ] = False,
    version: Version = None,
    bump: BumpPart = None,
    same_commit: SameCommit = False,
    message: Message = "",
    push: Push = None,
    no_data_check: NoDataCheck = False,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Assign a stage to a version (alias: promote).

    The version must be named, as NAME@VERSION, NAME@latest, NAME#STAGE or with --rev: there is no silent default.
    """
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    refuse_without("--register", register, version=version, bump=bump, same_commit=same_commit, no_data_check=no_data_check)
    with Registry(repo) as registry:
        if register:
            written = registry.register_and_assign(
                f"{selector}@{version}" if version else selector, stage, rev=rev or "HEAD", bump=bump, same_commit=same_commit,
                message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run, data_check=not no_data_check,
            )  # fmt: skip
        else:
            written = registry.assign(
                selector, stage, rev=rev, message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run
            )
    answer_written(written, json=json)


@command("unassign", WRITE, "gitreg unassign churn prod", "gitreg unassign churn@v1.2.0 prod --push")
def unassign(
    selector: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="The version; without one, the current holder.", show_default=False)
    ],
    stage: Stage,
    message: Message = "",
    push: Push = None,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Take a stage off a version.

    The stage falls back to the holder before.
    """
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.unassign(
            selector, stage, message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run
        )
    answer_written(written, json=json)


@command("rollback", WRITE, "gitreg rollback churn prod --push", "gitreg rollback churn prod --to v1.1.0")
def rollback(
    name: Name,
    stage: Stage,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", help="This version, in place of the holder before.", show_default=False),
    ] = None,
    message: Message = "",
    push: Push = None,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Assign a stage to the holder before the current one.

    A second rollback comes back to where the first one began; --to names the version instead.
    """
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.rollback(
            name, stage, to=to, message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run
        )
    answer_written(written, json=json)


@command("deregister", WRITE, "gitreg deregister churn@v1.2.0 -m 'Trained on the wrong data' --push")
def deregister(
    selector: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="The version to withdraw.", show_default=False)],
    message: Message = "",
    push: Push = None,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Withdraw a version.

    Its stages fall back to the holders before; registering it again on the same commit brings them back.
    """
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.deregister(selector, message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run)
    answer_written(written, json=json)


@command("deprecate", WRITE, "gitreg deprecate churn -m 'Replaced by churn2' --push")
def deprecate(
    name: Name,
    message: Message = "",
    push: Push = None,
    sign: Sign = None,
    accept_clock: AcceptClock = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Mark an artifact as no longer of use.

    Its next registration or assignment revives it.
    """
    from gitreg.cli.answers import answer_written
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.deprecate(name, message=message, push=push, sign=sign, accept_clock=accept_clock, dry_run=dry_run)
    answer_written(written, json=json)


@command("push", WRITE, "gitreg push", "gitreg push churn", "gitreg push churn@v1.2.0 --dry-run")
def push(
    selector: OptionalSelector = None,
    no_data_check: NoDataCheck = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Publish the registry tags that the remote lacks.

    They go in order, and at most three at a time, since hosts drop the events of more.
    """
    from gitreg.cli.answers import answer_pushed
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        written = registry.push(selector, dry_run=dry_run, data_check=not no_data_check)
    answer_pushed(written, json=json)
