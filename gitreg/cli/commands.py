"""Runs one command line through typer."""

from __future__ import annotations

import re
from typing import Any, Final

import typer
from typer.main import get_command

from gitreg.cli import entries, look_after, read, write  # noqa: F401  they define the commands
from gitreg.cli.app import app
from gitreg.cli.console import say
from gitreg.errors import GitregError, UsageFault

# The copy of click inside typer raises ClickException for a wrong command line; typer exports only this descendant of it.
_WRONG_LINE: Final[type[Exception]] = typer.BadParameter.__mro__[2]


def load_commands() -> Any:  # noqa: ANN401  a class that typer keeps to itself
    """Build all commands."""
    return get_command(app)


def run_command(arguments: list[str]) -> int:
    """Run a command line.

    `typer.Typer.__call__` would print errors and end the process in its own way; this hands everything to our funnel.

    Returns:
        The exit code.

    Raises:
        GitregError: what the command raises, and UsageFault for a wrong command line.
    """
    group = load_commands()
    try:
        with group.make_context("gitreg", arguments) as context:
            return int(group.invoke(context) or 0)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort as error:
        raise KeyboardInterrupt from error
    except _WRONG_LINE as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            say(str(error))
            return UsageFault.exit_code
        raise _translate(error) from error


def _translate(error: Any) -> GitregError:  # noqa: ANN401  a class that typer does not export
    """Say in our style what is wrong with a command line."""
    sentence, _, suggestion = error.format_message().partition(" Did you mean ")
    sentence, _, options = sentence.partition(" (Possible options: ")
    sentence = re.sub(r"\.$", "", sentence.strip())
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "gitreg"
    help_hint = f"see: {path} --help"
    if suggestion:
        help_hint = f"did you mean {suggestion.strip()}"
    elif options:
        help_hint = f"did you mean {options.rstrip(')')}?"
    return UsageFault(sentence[:1].lower() + sentence[1:], hint=help_hint)
