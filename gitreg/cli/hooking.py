"""The commands that tie gitreg to git: the hook before a push, and the drivers of merge and diff."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import typer

from gitreg.cli.app import LOOK_AFTER
from gitreg.cli.groups import make_group, subcommand
from gitreg.cli.options import DryRun, Json, Repo

Shared: TypeAlias = Annotated[
    bool, typer.Option("--shared", help="The hook also in a folder that other repositories have hooks in.")
]


class Hook(StrEnum):
    """The hooks that there are."""

    PRE_PUSH = "pre-push"


HOOKS: Final[typer.Typer] = make_group(
    "hooks",
    LOOK_AFTER,
    "Let git call gitreg: before a push, in a merge, in a diff.",
    "gitreg hooks install",
    "gitreg hooks uninstall",
)


@subcommand(HOOKS, "install", "gitreg hooks install", "gitreg hooks install --dry-run")
def install(
    shared: Shared = False,
    dry_run: DryRun = False,
    json: Json = False,
    repo: Repo = ".",
) -> None:
    """Write the pre-push hook, and the drivers of merge and diff.

    A hook that is there already is kept and runs first. All of it is of this clone alone; 'gitreg hooks uninstall' takes it away.
    """
    from gitreg.cli.hooked import answer_hooked
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        answer_hooked(registry.install_hooks(shared=shared, dry_run=dry_run), json=json)


@subcommand(HOOKS, "uninstall", "gitreg hooks uninstall")
def uninstall(shared: Shared = False, dry_run: DryRun = False, json: Json = False, repo: Repo = ".") -> None:
    """Take away what install wrote, and put back what was there."""
    from gitreg.cli.hooked import answer_hooked
    from gitreg.registry import Registry

    with Registry(repo) as registry:
        answer_hooked(registry.uninstall_hooks(shared=shared, dry_run=dry_run), json=json)


@subcommand(HOOKS, "run", 'gitreg hooks run pre-push "$@"    # in a pre-push hook of your own')
def run(
    hook: Annotated[Hook, typer.Argument(metavar="pre-push", help="The hook.", show_default=False)],
    remote: Annotated[str, typer.Argument(metavar="REMOTE", help="The name of the remote, or its address.", show_default=False)],
    address: Annotated[str, typer.Argument(metavar="URL", help="Its address.", show_default=False)],
    no_data_check: Annotated[
        bool,
        typer.Option("--no-data-check", envvar="GITREG_NO_DATA_CHECK", help="Do not ask the storage for the bytes of versions."),
    ] = False,
) -> int:
    """Check the registry tags of a push, as git's hook does.

    git writes the refs to standard input. Exits with 1 if the push must not happen. Refs that are no registry tags are not looked
    at.
    """
    from gitreg.cli.before_push import open_pushing, read_refs
    from gitreg.cli.hooked import answer_push

    del hook, address
    with open_pushing() as registry:
        report = registry.check_push(read_refs(), remote, data_check=not no_data_check)
    return answer_push(report)
