"""The command that follows a version back."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Json, Repo
from gitreg.errors import UsageFault


@command(
    "trace",
    READ,
    "gitreg trace 'churn#prod'",
    "gitreg trace churn@v1.2.0 --code src --json",
    "gitreg trace users@v1.0.0 --reverse",
    "gitreg trace 'churn#staging' --contains 1a2b3c4",
)
def trace(
    selector: Annotated[
        str,
        typer.Argument(
            metavar="SELECTOR",
            show_default=False,
            help="What is meant: 'churn@v1.2.0', 'churn@latest' or 'churn#prod'; with --contains also 'churn'.",
        ),
    ],
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code",
            metavar="PATH",
            show_default=False,
            help="List commits that change this file or folder; may be repeated. Default: the code that the pipeline read.",
        ),
    ] = None,
    reverse: Annotated[bool, typer.Option("--reverse", help="Show what was made from it.")] = False,
    contains: Annotated[
        str | None,
        typer.Option(
            "--contains",
            metavar="COMMIT",
            show_default=False,
            help="Say whether this commit is in its history; exits with 1 if not.",
        ),
    ] = None,
    dot: Annotated[bool, typer.Option("--dot", help="Print a graph for Graphviz.")] = False,
    mermaid: Annotated[bool, typer.Option("--mermaid", help="Print a graph for Mermaid.")] = False,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Show what a version was made from, and by whom.

    From its commit back through the pipeline to data, code, parameters, environment, runs and other versions.
    """
    from gitreg.cli.traced import answer_containment, answer_lineage, choose_format, refuse_with_contains
    from gitreg.registry import Registry

    form = choose_format(json=json, dot=dot, mermaid=mermaid)
    if contains is not None:
        refuse_with_contains(code=code, reverse=reverse, dot=dot, mermaid=mermaid)
        with Registry(repo) as registry:
            return answer_containment(registry.find_commit(selector, contains, at=at, fetch=fetch), json=json)
    if code and reverse:
        raise UsageFault("--code means nothing with --reverse", hint="leave one of them out")
    with Registry(repo) as registry:
        answer_lineage(registry.trace(selector, at=at, code=code or (), reverse=reverse, fetch=fetch), form)
    return 0
