"""The command that searches."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.options import At, Fetch, Json, Repo
from gitreg.cli.query_arguments import QueryCommand


@command(
    "search",
    READ,
    "gitreg search churn",
    "gitreg search type:model stage:prod 'package:tensorflow<2.12'",
    "gitreg search 'license:gpl* or license:agpl*' --history",
    "gitreg search 'metric.auc>0.9 not label:pii' --sort -metric.auc --limit 10",
    "gitreg search 'data:data/users.csv@1a2b3c' --json",
    "gitreg search 'size:>1GB registered:<2025-01-01'",
    "gitreg search 'has:metric (owner:ml or owner:growth) -framework:sklearn'",
    kind=QueryCommand,
)
def search(
    query: Annotated[
        list[str],
        typer.Argument(metavar="QUERY...", help="What they are like: words and conditions, as told above.", show_default=False),
    ],
    history: Annotated[bool, typer.Option("--history", help="Search every version ever registered.")] = False,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="FIELD", help="Sort by a field, or with '-' before it the greatest first.", show_default=False
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", metavar="COUNT", min=0, help="At most so many.", show_default=False)
    ] = None,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Find the versions that are like this.

    Searched are the active versions that are the latest or the stable one of an artifact or hold a stage, and bare commits that
    hold one; with --history all versions ever registered. Put quotes around a query with signs that the shell reads: < > * ( ).

    \b
    Words:
      churn  "two words"     in the name, the description, a label or the owner
      churn@v1.0.0           name:churn version:v1.0.0; churn#prod: name:churn stage:prod
      a b, a and b           both; 'or' binds less: a b or c d
      not a, -a              the contrary; not as the first word: gitreg search -- -a
      ( )                    what belongs together

    \b
    Conditions:
      FIELD:TEXT             equal, whatever its case; * stands for any text
      FIELD=TEXT             equal to the letter; != is its contrary
      FIELD<VALUE            also <= > >=, with or without ':' before them
      "..." or '...'         around a text with blanks, quotes or parentheses

    \b
    Of the tags:
      name version stage     version:v1.*  version>=v1.2.0  version:latest
      author                 name or address of who registered or assigned it
      registered assigned    registered:2025-01  assigned>=2025-01-31T14:05Z
      active deprecated      active:no (with --history)  deprecated:yes
    A year, month, day, hour or minute is the whole of it, in UTC: <=2025-01-31 ends
    with that day. != and 'not' also mean what has nothing there at all.

    \b
    Of the entry, as it was in the commit of the version:
      type label owner task framework base path
      description            anywhere in it
      license                any part of an SPDX expression: license:gpl*
      schema.input schema.output    the name of an input or output
      custom.KEY             custom.team:risk  custom.team.lead:ann  custom.limit>0.5
      size hash              size>1.5GB (10^9 bytes each; GiB: 2^30)  hash:1a2b

    \b
    Of the files and the pipeline in the commit of the version:
      metric.NAME param.NAME metric.auc>0.9  param.optimizer:adam*
                             metric."metrics.json:val auc"<=1e-3
      package                package:numpy  package:'tensorflow>=2,<2.12'
      data                   a path, the beginning of a hash, or PATH@HASH

    \b
      has:FIELD              whether there is any: has:license  has:metric.auc

    Packages are those of the files in the nearest folder that has some: of the artifact, its pipeline and the folders above.
    There lock files count before requirements, and requirements-dev.txt, groups for development and extras only if they are
    all there is.

    What a file leaves open is neither a match nor none: 'tensorflow>=2' answers package:tensorflow<2.12 with unknown, and so does
    a file that cannot be read, and a version of which nothing names licence, packages or data. These are listed on standard
    error and under "unknown" in JSON, each with its reason; the contrary of unknown is unknown.

    Exits with 1 if nothing matches.
    """  # noqa: D301  backspaces keep paragraphs as they are
    from gitreg.cli.found import answer_findings
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        findings = registry.search(" ".join(query), history=history, at=at, sort=sort, limit=limit, fetch=fetch)
    return answer_findings(findings, json=json, history=history)
