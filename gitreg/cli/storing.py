"""The commands that look after the bytes."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import LOOK_AFTER, command
from gitreg.cli.options import Json, Repo
from gitreg.errors import UsageFault


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
