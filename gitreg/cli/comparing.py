"""The commands that put versions side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import Fetch, Json, Repo
from gitreg.errors import UsageFault


@command(
    "compare",
    READ,
    "gitreg compare 'churn#prod' churn@latest",
    "gitreg compare churn@v1.0.0 churn@v1.1.0 churn@v1.2.0",
    "gitreg compare 'churn#prod' churn@latest --md > comment.md",
)
def compare(
    selectors: Annotated[
        list[str],
        typer.Argument(
            metavar="A B [C...]",
            help="Two or more versions; all others are compared with A: 'churn@v1.2.0', 'churn@latest', 'churn#prod'.",
            show_default=False,
        ),
    ],
    everything: Annotated[bool, typer.Option("--all", "-a", help="Show what is the same, too.")] = False,
    code: Annotated[
        list[str] | None,
        typer.Option(
            "--code",
            metavar="PATH",
            help="The file or folder that the code is in; may be repeated. Default: what the pipeline reads, or everywhere.",
        ),
    ] = None,
    markdown: Annotated[bool, typer.Option("--md", help="Print Markdown, short enough for a comment.")] = False,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Show how versions differ, and first what is likely to matter.

    Metrics and whether they got better, parameters, data, packages, the schema, the entry, bytes, code and people. Goals of the
    entry (auc: higher) say which way is better.
    """
    from gitreg.cli.compared import answer_comparison
    from gitreg.registry import Registry

    if markdown and json:
        raise UsageFault("--md and --json were both given", hint="choose one of them")
    with Registry(repo) as registry:
        comparison = registry.compare(*selectors, code=code or (), fetch=fetch)
    answer_comparison(comparison, everything=everything, markdown=markdown, json=json)
