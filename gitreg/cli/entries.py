"""The commands that change files."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gitreg.cli.app import WRITE, command
from gitreg.cli.entry_options import (
    Base,
    Custom,
    Description,
    Framework,
    Goal,
    Homepage,
    Label,
    License,
    Metrics,
    Owner,
    Params,
    Task,
    Type,
)
from gitreg.cli.fields import collect_fields, require_fields
from gitreg.cli.options import Commit, DryRun, Json, Message, Name, PushEdit, Repo


class Forge(StrEnum):
    """A host of repositories that runs jobs."""

    GITHUB = "github"
    GITLAB = "gitlab"


@command(
    "init",
    WRITE,
    "gitreg init --hooks",
    "gitreg init --storage /mnt/models",
    "gitreg init --storage s3://BUCKET/PREFIX",
)
def init(
    storage: Annotated[
        str | None,
        typer.Option("--storage", metavar="DIR|URL", help="Where bytes are kept: DVC's default remote.", show_default=False),
    ] = None,
    hooks: Annotated[bool, typer.Option("--hooks", help="Let git call gitreg too, as 'gitreg hooks install' does.")] = False,
    ci: Annotated[
        Forge | None, typer.Option("--ci", help="Write files for jobs: deployment, review, promotion.", show_default=False)
    ] = None,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Write the files that a registry begins with.

    They are .gitreg.yaml, artifacts.yaml and a line of .gitattributes, with --storage those of DVC, and with --ci those that are
    in examples/; what is there already stays.
    """
    from gitreg.cli.hooked import answer_begun
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        if hooks:
            registry.install_hooks(dry_run=True)  # before anything is written, since it may be refused
        edits = registry.init(storage=storage, ci=ci, dry_run=dry_run)
        hooked = registry.install_hooks(dry_run=dry_run) if hooks else None
    answer_begun(edits, hooked, json=json)


@command(
    "annotate",
    WRITE,
    "gitreg annotate churn --path models/churn.pkl --type model",
    "gitreg annotate churn --label tabular --custom threshold=0.7 --commit",
    "gitreg annotate churn --metrics metrics.json:test.f1,test.loss --goal test.loss=lower",
    "gitreg annotate churn --inspect --unset schema",
)
def annotate(
    name: Name,
    path: Annotated[
        str | None, typer.Option("--path", help="File or folder, from the folder of its artifacts.yaml, or a URL.")
    ] = None,
    type: Type = None,
    description: Description = None,
    label: Label = None,
    owner: Owner = None,
    license: License = None,
    framework: Framework = None,
    task: Task = None,
    homepage: Homepage = None,
    base: Base = None,
    metrics: Metrics = None,
    params: Params = None,
    goal: Goal = None,
    custom: Custom = None,
    unset: Annotated[
        list[str] | None, typer.Option("--unset", metavar="FIELD", help="A field to take away; may be repeated.")
    ] = None,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Fill framework and schema from the file; what is written already stays.")
    ] = False,
    commit: Commit = False,
    message: Message = "",
    push: PushEdit = None,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Write or change what artifacts.yaml says of an artifact.

    What may be repeated is added to what is there; --unset FIELD takes all of a field away.
    """
    from gitreg.cli.answers import answer_edited
    from gitreg.registry import Registry

    fields = collect_fields(
        unset=unset, custom=custom, labels=label, path=path, type=type, description=description, owner=owner,
        license=license, framework=framework, task=task, homepage=homepage, base=base,
        metrics=metrics, params=params, goals=goal,
    )  # fmt: skip
    if not inspect:
        require_fields(fields)
    with Registry(repo) as registry:
        edited = registry.annotate(name, fields, inspect=inspect, commit=commit, push=push, message=message, dry_run=dry_run)
    answer_edited([edited], json=json)


@command("remove", WRITE, "gitreg remove churn", "gitreg remove churn --commit --push")
def remove(
    name: Name,
    commit: Commit = False,
    message: Message = "",
    push: PushEdit = None,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Remove what artifacts.yaml says of an artifact.

    Its versions and stages stay.
    """
    from gitreg.cli.answers import answer_edited
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        edited = registry.remove(name, commit=commit, push=push, message=message, dry_run=dry_run)
    answer_edited([edited], json=json)
