"""The commands that read."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Format, Json, OptionalSelector, Repo, Selector, refuse_both
from gitreg.core.event_formats import EventFormat
from gitreg.core.events import Kind
from gitreg.core.views import Sort


@command(
    "show",
    READ,
    "gitreg show",
    "gitreg show churn",
    "gitreg show 'churn#prod'",
    "gitreg show churn --metrics",
    "gitreg show --metric auc",
    "gitreg show --at 2026-01-31 --json",
)
def show(
    selector: OptionalSelector = None,
    everything: Annotated[bool, typer.Option("--all", "-a", help="Show deprecated artifacts and inactive versions too.")] = False,
    type: Annotated[
        str | None, typer.Option("--type", metavar="TYPE", help="Only artifacts of this type.", show_default=False)
    ] = None,
    label: Annotated[
        list[str] | None, typer.Option("--label", metavar="LABEL", help="Only artifacts with this label; may be repeated.")
    ] = None,
    stage: Annotated[
        str | None, typer.Option("--stage", metavar="STAGE", help="Only artifacts that hold this stage.", show_default=False)
    ] = None,
    sort: Annotated[Sort, typer.Option("--sort", help="Sort artifacts by name, or the last changed first.")] = Sort.NAME,
    metric: Annotated[
        list[str] | None,
        typer.Option("--metric", metavar="NAME", help="Add a column: a metric of the newest versions; may be repeated."),
    ] = None,
    metrics: Annotated[bool, typer.Option("--metrics", help="Show how all metrics of an artifact moved.")] = False,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Show the registry, an artifact, or a version."""
    from gitreg.cli.answers import answer_view
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        view = registry.show(
            selector,
            at=at,
            fetch=fetch,
            everything=everything,
            type=type,
            labels=label or (),
            stage=stage,
            sort=sort,
            metric=metric or (),
            metrics=metrics,
        )
    answer_view(view, json=json)


@command(
    "history",
    READ,
    "gitreg history",
    "gitreg history 'churn#prod'",
    "gitreg history --since 2026-01-01 --event assignment",
    "gitreg history --format cloudevents | kcat -P -b broker -t models",
)
def history(
    selector: OptionalSelector = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME|REV", help="Leave out what happened before.", show_default=False)
    ] = None,
    event: Annotated[Kind | None, typer.Option("--event", help="Only events of this kind.", show_default=False)] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", metavar="COUNT", min=0, help="At most so many.", show_default=False)
    ] = None,
    format: Format = EventFormat.TEXT,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """List what happened, newest first.

    CloudEvents (--format cloudevents) are a line of JSON each, the oldest first. The id is that of the tag object, so a receiver
    can drop what it has seen; the source is the address of the remote, and the data are what --json prints of the event.

    \b
    registration    dev.gitreg.version.registered.v1
    deregistration  dev.gitreg.version.deregistered.v1
    assignment      dev.gitreg.stage.assigned.v1
    unassignment    dev.gitreg.stage.unassigned.v1
    deprecation     dev.gitreg.artifact.deprecated.v1
    """  # noqa: D301  backspaces keep paragraphs as they are
    from gitreg.cli.answers import answer_history
    from gitreg.registry import Registry

    refuse_both(json, format)
    with Registry(repo) as registry:
        events = registry.history(selector, at=at, since=since, kind=event, limit=limit, fetch=fetch)
        source = registry.origin().source if format is EventFormat.CLOUDEVENTS else None
    answer_history(events, json=json, source=source)


@command("resolve", READ, "gitreg resolve 'churn#prod'", "git checkout $(gitreg resolve churn@latest --commit)")
def resolve(
    selector: Selector,
    commit: Annotated[bool, typer.Option("--commit", help="Print the full id of the commit.")] = False,
    tag: Annotated[bool, typer.Option("--tag", help="Print the name of the tag that says so.")] = False,
    path: Annotated[
        bool, typer.Option("--path", help="Print the path of the artifact, from the root of the repository.")
    ] = False,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Print the version that a selector stands for, on one line."""
    from gitreg.cli.answers import answer_resolution, choose_field
    from gitreg.registry import Registry

    wanted = choose_field(commit=commit, tag=tag, path=path)
    with Registry(repo) as registry:
        resolution = registry.resolve(selector, at=at, fetch=fetch, path=path or json)
    answer_resolution(resolution, wanted, json=json)


@command("stages", READ, "gitreg stages", "gitreg stages --json")
def stages(at: At = None, fetch: Fetch = False, json: Json = False, repo: Repo = ".") -> None:
    """List the stages and what holds them."""
    from gitreg.cli.answers import answer_stages
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        found = registry.stages(at=at, fetch=fetch)
    answer_stages(found, json=json)
