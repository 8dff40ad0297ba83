"""The command that adds bytes."""

from __future__ import annotations

from typing import Annotated

import typer

from gitreg.cli.app import WRITE, command
from gitreg.cli.entry_options import (
    Base,
    Custom,
    Description,
    Framework,
    Homepage,
    Label,
    License,
    Owner,
    Task,
    Type,
)
from gitreg.cli.fields import collect_fields
from gitreg.cli.options import BumpPart, DryRun, Json, Message, Repo, Version, refuse_without


@command(
    "add",
    WRITE,
    "gitreg add model.onnx --name churn --type model",
    "gitreg add model.onnx --name churn --push",
    'gitreg add data/ --name cars --type dataset --register --bump minor --push -m "More cars"',
)
def add(
    path: Annotated[str, typer.Argument(metavar="PATH", help="The file or folder.", show_default=False)],
    name: Annotated[str, typer.Option("--name", help="Name of the artifact.", show_default=False)],
    type: Type = None,
    description: Description = None,
    label: Label = None,
    owner: Owner = None,
    license: License = None,
    framework: Framework = None,
    task: Task = None,
    homepage: Homepage = None,
    base: Base = None,
    custom: Custom = None,
    commit: Annotated[bool, typer.Option("--commit", help="Commit the files that are written, and nothing else.")] = False,
    push: Annotated[
        bool | None,
        typer.Option("--push/--no-push", help="Send the bytes to the storage, commit, and publish.", show_default=False),
    ] = None,
    register: Annotated[bool, typer.Option("--register", help="Send the bytes, commit, and register a version.")] = False,
    inspect: Annotated[
        bool, typer.Option("--inspect/--no-inspect", help="Fill framework and schema from the headers of the file.")
    ] = True,
    version: Version = None,
    bump: BumpPart = None,
    message: Message = "",
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Let DVC keep a file or folder, and write its entry.

    The bytes go into DVC's cache, PATH.dvc and artifacts.yaml into the repository; what is done already is not done again.
    """
    from gitreg.cli.additions import answer_added
    from gitreg.cli.progress import Progress
    from gitreg.registry import Registry

    refuse_without("--register", register, version=version, bump=bump)
    fields = collect_fields(
        unset=None, custom=custom, labels=label, type=type, description=description, owner=owner, license=license,
        framework=framework, task=task, homepage=homepage, base=base,
    )  # fmt: skip
    with Registry(repo) as registry, Progress() as progress:
        added = registry.add(
            path, name, fields, register=register, version=version, bump=bump, commit=commit, push=push, message=message,
            dry_run=dry_run, inspect=inspect, expect=progress.expect, advance=progress.advance,
        )  # fmt: skip
    answer_added(added, json=json)
