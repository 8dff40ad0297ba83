"""The command that makes a version again possible."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.fetching import Storage
from gitreg.cli.options import At, Fetch, Json, Repo, Selector


@command(
    "reproduce",
    READ,
    "gitreg reproduce churn@v1.2.0 -o again",
    "gitreg reproduce 'churn#prod' -o again --outputs",
    "gitreg reproduce churn@v1.2.0 -o again --repo URL",
)
def reproduce(
    selector: Selector,
    output: Annotated[str, typer.Option("--output", "-o", metavar="DIR", show_default=False, help="A new or empty folder.")],
    no_data: Annotated[bool, typer.Option("--no-data", help="Fetch no data.")] = False,
    outputs: Annotated[bool, typer.Option("--outputs", help="Fetch the bytes of the version, too.")] = False,
    remote: Storage = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="COUNT", min=1, help="Files that arrive at once. Default: 8.", show_default=False),
    ] = None,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Check a version out with its data, to make it again.

    The commit of the version in a repository of its own, and the data that its pipeline reads, each checked against its hash.
    REPRODUCE.md and reproduce.json there say what to run, in which environment, and which hashes should come out. Nothing of the
    repository is run: no hook, no filter, no pipeline stage; submodules stay empty. All arrives, or nothing does.
    """
    from gitreg.cli.progress import Progress
    from gitreg.cli.reproduced import answer_reproduced
    from gitreg.registry import Registry

    with Registry(repo) as registry, Progress() as progress:
        reproduced = registry.reproduce(
            selector,
            output,
            at=at,
            fetch=fetch,
            data=not no_data,
            outputs=outputs,
            remote=remote,
            jobs=jobs,
            expect=progress.expect,
            advance=progress.advance,
        )
    answer_reproduced(reproduced, json=json)
