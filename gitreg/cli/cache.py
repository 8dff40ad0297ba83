"""The command that looks after what is kept of repositories that were read by their address."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gitreg.cli.app import LOOK_AFTER, command
from gitreg.cli.options import DryRun, Json
from gitreg.errors import UsageFault


class Act(StrEnum):
    """What to do with the cache."""

    INFO = "info"
    CLEAR = "clear"


@command(
    "cache",
    LOOK_AFTER,
    "gitreg cache info",
    "gitreg cache clear",
    "gitreg cache clear https://example.com/models.git",
)
def cache(
    act: Annotated[Act, typer.Argument(metavar="info|clear", help="Look, or remove.", show_default=False)],
    address: Annotated[
        str | None,
        typer.Argument(metavar="URL", help="Remove what is kept of this repository. Default: of all.", show_default=False),
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Show or clear what is kept of repositories read by URL.

    It is kept so that the next read is fast, and so that a tag that was moved is noticed. Clearing is safe: all is fetched again
    when it is wanted, and tags are then taken as they are.
    """
    from gitreg.cli.caches import answer_cache, answer_cleared
    from gitreg.registry.caching import clear_cache, read_cache

    if act is Act.CLEAR:
        answer_cleared(clear_cache(address, dry_run=dry_run), dry_run=dry_run, json=json)
        return
    if address is not None or dry_run:
        raise UsageFault("'gitreg cache info' takes neither an address nor --dry-run", hint="gitreg cache info")
    answer_cache(read_cache(), json=json)
