"""The commands that bring bytes, or say where they are."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Json, Repo, Selector, refuse_without

Storage = Annotated[
    str | None,
    typer.Option(
        "--remote", metavar="NAME|URL|PATH", show_default=False, help="The storage to ask. Default: as DVC is configured."
    ),
]


@command(
    "get", READ, "gitreg get 'churn#prod'", "gitreg get churn@v1.2.0 -o models/churn.onnx", "gitreg get churn@latest --repo URL"
)
def get(
    selector: Selector,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            show_default=False,
            help="Where to; into a folder: PATH/. Default: the artifact's own name.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", "-f", help="Replace what is there.")] = False,
    remote: Storage = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="COUNT", min=1, help="Files that arrive at once. Default: 8.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Say what would be fetched from where, and fetch nothing.")
    ] = False,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Fetch the bytes of a version, and check them."""
    from gitreg.cli.arrivals import answer_fetched
    from gitreg.cli.progress import Progress
    from gitreg.registry import Registry

    with Registry(repo) as registry, Progress() as progress:
        fetched = registry.get(
            selector,
            output,
            at=at,
            fetch=fetch,
            force=force,
            remote=remote,
            jobs=jobs,
            dry_run=dry_run,
            expect=progress.expect,
            advance=progress.advance,
        )
    answer_fetched(fetched, json=json)


@command("url", READ, "gitreg url 'churn#prod'", "gitreg url churn@latest --sign --expires 600", "gitreg url churn@v1.2.0 --json")
def url(
    selector: Selector,
    sign: Annotated[bool, typer.Option("--sign", help="Make a link that anybody can read the bytes with for some time.")] = False,
    expires: Annotated[
        int | None,
        typer.Option("--expires", metavar="SECONDS", help="How long the link lasts. Default: 3600.", show_default=False),
    ] = None,
    remote: Storage = None,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Print where the bytes of a version are."""
    from gitreg.cli.arrivals import answer_whereabouts
    from gitreg.registry import Registry

    refuse_without("--sign", sign, expires=expires is not None)
    seconds = (3600 if expires is None else expires) if sign else None
    with Registry(repo) as registry:
        whereabouts = registry.url(selector, at=at, remote=remote, seconds=seconds, fetch=fetch)
    answer_whereabouts(whereabouts, json=json)
