"""The commands that look after the registry."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from gitreg.cli.app import LOOK_AFTER, command
from gitreg.cli.options import Json, Repo
from gitreg.cli.shells import Shell


class Format(StrEnum):
    """How `check` prints problems."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
    CODEQUALITY = "codequality"


@command(
    "check",
    LOOK_AFTER,
    "gitreg check",
    "gitreg check --staged",
    "gitreg check --rev main --strict",
    "gitreg check --format github                              # annotations of a pull request",
    "gitreg check --format sarif > gitreg.sarif                # for GitHub's code scanning",
    "gitreg check --format codequality > gl-code-quality.json  # for GitLab's merge requests",
)
def check(
    staged: Annotated[bool, typer.Option("--staged", help="Look at the files that are staged, and at nothing else.")] = False,
    rev: Annotated[
        str | None, typer.Option("--rev", metavar="REV", help="Look at the files of this revision.", show_default=False)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the answer no, too.")] = False,
    format: Annotated[Format | None, typer.Option("--format", help="How to print problems.", show_default="text")] = None,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Find every problem in files, tags and state.

    Exits with 1 if there is an error.
    """
    from gitreg.cli.checked import answer_check
    from gitreg.errors import UsageFault
    from gitreg.registry import Registry

    if json and format not in {None, Format.JSON}:
        raise UsageFault(f"--json and --format {format} are two formats", hint="give one of them")
    with Registry(repo) as registry:
        report = registry.check(staged=staged, rev=rev)
    return answer_check(report, Format.JSON if json else format or Format.TEXT, strict=strict)


@command("doctor", LOOK_AFTER, "gitreg doctor", "gitreg doctor --offline")
def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the remote.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings make the answer no, too.")] = False,
    json: Json = False,
    repo: Repo = ".",
) -> int:
    """Find out whether this machine and clone are fit.

    Exits with 1 if there is an error.
    """
    from gitreg.cli.answers import answer_examination
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        report = registry.doctor(offline=offline)
    return answer_examination(report, json=json, strict=strict)


@command(
    "completion",
    LOOK_AFTER,
    'eval "$(gitreg completion bash)"    # in ~/.bashrc',
    'eval "$(gitreg completion zsh)"     # in ~/.zshrc, after compinit',
    "gitreg completion fish | source    # in ~/.config/fish/config.fish",
)
def completion(shell: Annotated[Shell, typer.Argument(help="The shell to print a script for.", show_default=False)]) -> None:
    """Print the script that makes a shell complete with Tab."""
    from gitreg.cli.answers import answer_script

    answer_script(shell)
