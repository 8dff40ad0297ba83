"""The command that says what a change does to the registry."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import Fetch, Json, Repo
from gitreg.errors import UsageFault

_BASE = "A revision, or a version: 'main', HEAD~3, 'churn#prod'. Default: where HEAD left the default branch."
_HEAD = "Another one. Default: the work tree."


@command(
    "diff",
    READ,
    "gitreg diff",
    "gitreg diff HEAD --staged",
    "gitreg diff main HEAD --merge-base --against prod",
    "gitreg diff --md > comment.md",
    "gitreg diff --exit-code",
)
def diff(
    base: Annotated[str | None, typer.Argument(metavar="BASE", help=_BASE, show_default=False)] = None,
    head: Annotated[str | None, typer.Argument(metavar="HEAD", help=_HEAD, show_default=False)] = None,
    merge_base: Annotated[
        bool, typer.Option("--merge-base", help="Compare with the merge base of BASE and HEAD, not with BASE.")
    ] = False,
    staged: Annotated[bool, typer.Option("--staged", help="Look at what is staged in place of the work tree.")] = False,
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="STAGE", help="Compare also with what is in this stage.", show_default=False),
    ] = None,
    markdown: Annotated[bool, typer.Option("--md", help="Print Markdown, for a comment on a pull request.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if the registry differs or has new errors.")
    ] = False,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Show what changed in the registry between two revisions.

    Artifacts that were added, removed, renamed or changed, with their metrics, parameters, data and packages; and what check
    finds, new or not. In a job of GitHub or GitLab the base is that of the pull request.
    """
    from gitreg.cli.diffed import answer_diff
    from gitreg.registry import Registry

    if markdown and json:
        raise UsageFault("--md and --json were both given", hint="choose one of them")
    if merge_base and base is None:
        raise UsageFault(
            "--merge-base needs BASE", hint="gitreg diff --merge-base main; without BASE the merge base is taken anyway"
        )
    with Registry(repo) as registry:
        found = registry.diff(base, head, merge_base=merge_base, staged=staged, against=against, fetch=fetch)
    return answer_diff(found, markdown=markdown, json=json, exit_code=exit_code)
