"""Commands that have commands: ``gitreg hooks install`` and the like."""

# ruff: noqa: ANN401  typer keeps the classes of contexts, parameters and formatters to itself

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer

from gitreg.cli.app import Command, Group, app


class Subcommands(Group):
    """The commands of a command, in one list."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Show the commands in the order in which they are defined."""
        shown = [(name, self.commands[name]) for name in self.list_commands(ctx) if not self.commands[name].hidden]
        width = formatter.width - 6 - max(len(name) for name, _ in shown)
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(width)) for name, command in shown], col_max=30)


def make_group(name: str, group: str, sentence: str, *lines: str) -> typer.Typer:
    """Make a command that has commands; `subcommand` adds them.

    Args:
        name: what a person types.
        group: the group in the help of all commands.
        sentence: what it is for.
        lines: examples.
    """
    made = typer.Typer(cls=Subcommands, no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    app.add_typer(made, name=name, help=sentence, epilog=_write_examples(lines), rich_help_panel=group)
    return made


def subcommand(
    group: typer.Typer, name: str, *lines: str, hidden: bool = False
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Make a function a command of a group.

    Args:
        group: what `make_group` made.
        name: what a person types behind the name of the group.
        lines: examples.
        hidden: whether to leave it out of the list: what only git starts is no command for a person.
    """
    return group.command(name, cls=Command, epilog=_write_examples(lines), hidden=hidden)


def _write_examples(lines: tuple[str, ...]) -> str:
    """Write examples so that nothing joins their lines."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
