"""The command that compares the deployed with the registry."""

from __future__ import annotations

import sys
from typing import Annotated, Final

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Format, Json, Repo, refuse_both
from gitreg.core.event_formats import EventFormat

_LARGEST: Final = 9 << 20  # bytes of standard input that are read; what is longer is refused as a file of that size is


@command(
    "reconcile",
    READ,
    "gitreg reconcile --deployed deployed.yaml",
    "kubectl get configmap models -o jsonpath='{.data.deployed}' | gitreg reconcile --deployed - --fetch",
    "gitreg reconcile --deployed deployed.yaml --stage prod --exit-code",
    "gitreg reconcile --deployed deployed.json --format cloudevents",
)
def reconcile(
    deployed: Annotated[
        str,
        typer.Option("--deployed", "-d", metavar="FILE", help="What is deployed; - reads standard input.", show_default=False),
    ],
    stage: Annotated[
        list[str] | None, typer.Option("--stage", metavar="STAGE", help="Only this stage; may be repeated.", show_default=False)
    ] = None,
    artifact: Annotated[
        list[str] | None,
        typer.Option("--artifact", metavar="NAME", help="Only this artifact; may be repeated.", show_default=False),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if there is anything to do.")] = False,
    format: Format = EventFormat.TEXT,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Compare what is deployed with what the registry says.

    Events are lost and overtake each other; this finds what is to be done all the same. Nothing is run and nothing is changed.

    \b
    deploy    nothing is there, and the registry says a version
    replace   another version is there
    remove    the registry says that nothing should be there any more
    unknown   the registry never knew what is there: leave it until somebody knows why

    The file says all that is deployed, in YAML or JSON; a place that it does not name has nothing. It is {churn: {prod: v1.2.0,
    staging: null}}, or a list of {artifact: churn, stage: prod, version: v1.2.0}. Where a stage holds a commit without a version,
    its full id stands for the version. Name the stages that the file speaks of with --stage, if it does not speak of all.

    CloudEvents have the types dev.gitreg.deployment.missing.v1, .outdated.v1, .obsolete.v1 and .unknown.v1; their data are what
    --json prints of each.
    """  # noqa: D301  backspaces keep paragraphs as they are
    from gitreg.cli.reconciled import answer_reconciliation
    from gitreg.registry import Registry

    refuse_both(json, format)
    given: str | bytes = deployed
    if deployed == "-":
        given = sys.stdin.buffer.read(_LARGEST) if sys.stdin is not None else b""  # who closed it says nothing
    with Registry(repo) as registry:
        found = registry.reconcile(given, artifacts=artifact or (), stages=stage or (), at=at, fetch=fetch)
        source = registry.origin().source if format is EventFormat.CLOUDEVENTS else None
    answer_reconciliation(found, source=source, json=json)
    return int(exit_code and bool(found.changes))
