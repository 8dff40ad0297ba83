"""The arguments and options that commands share, each with its help."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

import typer

from gitreg.core.event_formats import EventFormat
from gitreg.core.versions import Bump
from gitreg.errors import UsageFault

_VERSION: Final = "'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'"
_AT: Final = "Look at the registry as it was then: an ISO date or time, or a revision."

# ---- arguments ----
Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="Name of the artifact.", show_default=False)]
Selector: TypeAlias = Annotated[str, typer.Argument(metavar="SELECTOR", help=f"What is meant: {_VERSION}.", show_default=False)]
Target: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SELECTOR", help=f"What is meant: {_VERSION}; or 'churn' with --rev or --register.", show_default=False
    ),
]
OptionalSelector: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="SELECTOR", help=f"What is meant: 'churn', {_VERSION}. Default: everything.", show_default=False),
]
JobTag: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="TAG", help="A tag, with or without refs/tags/. Default in CI: the one that started the job.", show_default=False
    ),
]
Stage: TypeAlias = Annotated[str, typer.Argument(metavar="STAGE", help="Name of the stage.", show_default=False)]

# ---- everywhere ----
Repo: TypeAlias = Annotated[
    str,
    typer.Option(
        "--repo",
        "-r",
        metavar="PATH|URL",
        envvar="GITREG_REPO",
        show_default=False,
        help="A folder in the repository, or its address: https, ssh, git or file.",
    ),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# ---- reading ----
Format: TypeAlias = Annotated[EventFormat, typer.Option("--format", help="A table for people, or a CloudEvent a line.")]
At: TypeAlias = Annotated[str | None, typer.Option("--at", metavar="TIME|REV", help=_AT, show_default=False)]
Fetch: TypeAlias = Annotated[bool, typer.Option("--fetch", help="Bring the registry tags of the remote first.")]

# ---- writing ----
Message: TypeAlias = Annotated[
    str, typer.Option("--message", "-m", metavar="TEXT", help="What to say of it.", show_default=False)
]
Push: TypeAlias = Annotated[
    bool | None, typer.Option("--push/--no-push", help="Publish it at once. Default: as the settings say.", show_default=False)
]
Sign: TypeAlias = Annotated[
    bool | None, typer.Option("--sign/--no-sign", help="Sign the tag. Default: as git is configured.", show_default=False)
]
AcceptClock: TypeAlias = Annotated[
    bool, typer.Option("--accept-clock", help="Write even if the artifact's last event lies in the future.")
]
DryRun: TypeAlias = Annotated[bool, typer.Option("--dry-run", "-n", help="Show what would be written, and write nothing.")]
NoDataCheck: TypeAlias = Annotated[
    bool, typer.Option("--no-data-check", help="Publish even if the storage does not have the bytes of the version.")
]
Version: TypeAlias = Annotated[
    str | None, typer.Option("--version", metavar="VERSION", help="The version, such as v1.2.0.", show_default=False)
]
BumpPart: TypeAlias = Annotated[
    Bump | None, typer.Option("--bump", help="The part of the greatest version to count up. Default: patch.", show_default=False)
]
SameCommit: TypeAlias = Annotated[
    bool, typer.Option("--same-commit", help="Allow a second version of the artifact on the commit.")
]
Commit: TypeAlias = Annotated[bool, typer.Option("--commit", help="Commit that file, and nothing else.")]
PushEdit: TypeAlias = Annotated[
    bool | None, typer.Option("--push/--no-push", help="Commit it and publish the commit.", show_default=False)
]


def refuse_without(needed: str, given: bool, **options: object) -> None:
    """Refuse options that mean nothing without another one.

    Raises:
        UsageFault: `needed` is not given, but one of the options is.
    """
    for name, value in options.items():
        if value and not given:
            message = f"--{name.replace('_', '-')} means nothing without {needed}"
            raise UsageFault(message, hint=f"add {needed}, or leave it out")


def refuse_both(json: bool, format: EventFormat) -> None:
    """Refuse two ways to print the same.

    Raises:
        UsageFault: JSON is wanted, and another format too.
    """
    if json and format is not EventFormat.TEXT:
        raise UsageFault("--json and --format were both given", hint="choose one of them")
