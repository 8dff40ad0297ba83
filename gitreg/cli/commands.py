"""Runs one command line through typer."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any, Final

import typer
from typer.main import get_command

from gitreg.cli.app import app
from gitreg.cli.console import say
from gitreg.errors import GitregError, UsageFault

MODULES: Final = {
    "entries": ("init", "annotate", "remove"),
    "adding": ("add",),
    "write": ("register", "assign", "promote", "unassign", "rollback", "deregister", "deprecate", "push"),
    "read": ("show", "history", "resolve", "stages"),
    "searching": ("search",),
    "fetching": ("get", "url"),
    "inspecting": ("inspect",),
    "comparing": ("compare",),
    "diffing": ("diff",),
    "exporting": ("export", "card"),
    "reproducing": ("reproduce",),
    "tracing": ("trace",),
    "reconciling": ("reconcile",),
    "notifying": ("feed", "notify"),
    "tag_names": ("check-ref", "parse-tag"),
    "ci": ("ci",),
    "look_after": ("check", "doctor", "completion"),
    "storing": ("verify", "gc"),
    "cache": ("cache",),
    "hooking": ("hooks",),
    "driving": ("hooks",),
}
"""The modules that define the commands, in the order of the help."""

# The copy of click inside typer raises ClickException for a wrong command line; typer exports only this descendant of it.
_WRONG_LINE: Final[type[Exception]] = typer.BadParameter.__mro__[2]


def load_commands(name: str = "") -> Any:  # noqa: ANN401  a class that typer keeps to itself
    """Build the commands.

    Args:
        name: the one that will run; its module is enough, which saves a third of the time. Anything else loads all of them, for
            the help and for "did you mean".
    """
    wanted = [module for module, names in MODULES.items() if name in names]
    for module in wanted or MODULES:
        import_module(f"gitreg.cli.{module}")
    return get_command(app)


def run_command(arguments: list[str]) -> int:
    """Run a command line.

    `typer.Typer.__call__` would print errors and end the process in its own way; this hands everything to our funnel.

    Returns:
        The exit code.

    Raises:
        GitregError: what the command raises, and UsageFault for a wrong command line.
    """
    group = load_commands(next((word for word in arguments if not word.startswith("-")), ""))
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
    options = getattr(error, "possibilities", None)
    sentence, _, suggestion = (error.message if options else error.format_message()).partition(" Did you mean ")
    sentence = re.sub(r"\.$", "", sentence.strip())
    context = getattr(error, "ctx", None)
    hint = f"see: {context.command_path if context is not None else 'gitreg'} --help"
    if suggestion:
        hint = f"did you mean {suggestion.strip()}"
    elif options:
        hint = f"did you mean {', '.join(sorted(options))}?"
    elif _is_short_option(error):
        hint = getattr(getattr(context, "command", None), "no_option", "") or hint
    return UsageFault(sentence[:1].lower() + sentence[1:], hint=hint)


def _is_short_option(error: Any) -> bool:  # noqa: ANN401  a class that typer does not export
    """Say whether a command line is wrong because there is no such option of one letter."""
    name = getattr(error, "option_name", None)
    return isinstance(name, str) and name.startswith("-") and not name.startswith("--")
