"""The commands that look after the bytes."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import LOOK_AFTER, command
from gitreg.cli.options import Fetch, Json, Repo
from gitreg.errors import UsageFault


@command(
    "verify",
    LOOK_AFTER,
    "gitreg verify churn@v1.2.0",
    "gitreg verify 'churn#prod' --deep",
    "gitreg verify --all --remote backup",
)
def verify(
    selector: Annotated[
        str | None,
        typer.Argument(
            metavar="SELECTOR", help="A version, the holder of a stage, or an artifact: its active versions.", show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="All active versions of all artifacts.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read every object and hash it, which takes as long as to fetch them.")
    ] = False,
    remote: Annotated[
        str | None,
        typer.Option(
            "--remote", metavar="NAME|URL|PATH", help="The storage to ask. Default: as DVC is configured.", show_default=False
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="COUNT", min=1, help="Questions at once. Default: 8.", show_default=False),
    ] = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Find out whether the bytes of versions are really there.

    Exits with 1 if bytes are missing or are others, and with 7 if somebody did not answer.
    """
    from gitreg.cli.looked_after import answer_verification
    from gitreg.cli.progress import Progress
    from gitreg.registry import Registry

    if everything is (selector is not None):
        message = "a selector and --all were both given" if everything else "what is to be verified was not said"
        raise UsageFault(message, hint="gitreg verify churn@v1.2.0; or everything: gitreg verify --all")
    with Registry(repo) as registry, Progress() as progress:
        progress.expect(None)
        verification = registry.verify(selector, remote=remote, deep=deep, jobs=jobs, fetch=fetch, advance=progress.advance)
    return answer_verification(verification, json=json)


@command(
    "gc",
    LOOK_AFTER,
    "gitreg gc",
    "gitreg gc --remote storage",
    "gitreg gc --remote storage --older-than 90 --delete",
)
def gc(
    cache: Annotated[bool, typer.Option("--cache", help="Clean up DVC's cache of this clone. This is the default.")] = False,
    remote: Annotated[
        str | None,
        typer.Option("--remote", metavar="NAME|URL|PATH", help="Clean up this storage instead.", show_default=False),
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete; without it, only say what would be deleted.")] = False,
    older_than: Annotated[float, typer.Option("--older-than", metavar="DAYS", min=0, help="Leave alone what is younger.")] = 14,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Delete bytes that no tag, branch or other ref needs.

    Every version that was ever registered is kept. Repositories that share a storage do not know of each other: never clean up
    a storage that another repository uses too.
    """
    from gitreg.cli.looked_after import answer_garbage
    from gitreg.registry import Registry

    if cache and remote is not None:
        raise UsageFault("--cache and --remote were both given", hint="clean up one after the other")
    with Registry(repo) as registry:
        garbage = registry.gc(remote=remote, older_than=older_than, delete=delete)
    answer_garbage(garbage, json=json)
