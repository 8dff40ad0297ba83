"""The command that looks into model files."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import READ, command
from gitreg.cli.fetching import Storage
from gitreg.cli.options import At, Fetch, Json, Repo


@command(
    "inspect",
    READ,
    "gitreg inspect 'churn#prod'",
    "gitreg inspect churn@v1.2.0 --repo URL --json",
    "gitreg inspect models/churn.onnx",
)
def inspect(
    target: Annotated[
        str,
        typer.Argument(
            metavar="SELECTOR|FILE",
            show_default=False,
            help="A file or folder if there is one of that name; else 'churn@v1.2.0', 'churn#prod', or 'churn' as HEAD has it.",
        ),
    ],
    remote: Storage = None,
    at: At = None,
    fetch: Fetch = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Say what a model takes and gives, and what loading it runs.

    Only headers are read: nothing is loaded or run, and of a file in a storage only the parts that are needed are fetched.
    Write './churn' for a file that is named like an artifact, and 'churn@latest' for an artifact that is named like a file.
    """
    from gitreg.cli.inspected import answer_inspection, is_file, note_artifact
    from gitreg.registry import Registry, inspect_file

    if is_file(target, asked=remote is not None or at is not None or fetch):
        found = inspect_file(target)
        note_artifact(target, repo)
    else:
        with Registry(repo) as registry:
            found = registry.inspect(target, at=at, remote=remote, fetch=fetch)
    answer_inspection(found, json=json)
