"""The application: what typer does not do by itself. Grouped help, options that work everywhere, errors in our own style."""

# ruff: noqa: ANN401  typer keeps the classes of contexts, parameters and formatters to itself

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from gitreg.cli.console import WISHES, say
from gitreg.version import __version__

WRITE: Final = "Write"
READ: Final = "Read"
LOOK_AFTER: Final = "Look after"

_HELP: Final = """A model registry that is your git repository.

Versions and stages are annotated tags, metadata is YAML in commits: whoever has a clone has the registry."""

_EXAMPLES: Final = """\b
Examples:
  gitreg register churn --bump minor --push
  gitreg assign churn@latest prod --push
  gitreg show churn
  git checkout $(gitreg resolve 'churn#prod' --commit)

gitreg COMMAND --help says more of each command."""


def _set_quiet(_context: Any, _parameter: Any, value: bool) -> None:
    """Keep that the person wants quiet."""
    WISHES.quiet |= value


def _set_verbose(_context: Any, _parameter: Any, value: bool) -> None:
    """Keep that the person wants to know more."""
    WISHES.verbose |= value


def _flag(*names: str, help: str, callback: Callable[..., None]) -> TyperOption:
    """Make a flag that stands at every command without being an argument of its function."""
    return TyperOption(param_decls=list(names), is_flag=True, default=False, expose_value=False, callback=callback, help=help)


_EVERYWHERE: Final = (
    _flag("--quiet", "-q", help="Print data and errors only.", callback=_set_quiet),
    _flag("--verbose", "-v", help="Print the traceback of an error.", callback=_set_verbose),
)


def _show_help(context: Any, _parameter: Any, value: bool) -> None:
    """Print the help through our console, which knows about closed pipes and full disks."""
    if value and not context.resilient_parsing:
        say(context.get_help())
        context.exit()


class Command(TyperCommand):
    """A command with the options that stand everywhere.

    Attributes:
        no_option: the hint for whoever gave a short option that there is not; empty: the usual one.
    """

    no_option: ClassVar[str] = ""

    def get_params(self, ctx: Any) -> list[Any]:
        """Put them behind the command's own, before ``--help``."""
        *own, help_option = super().get_params(ctx)
        help_option.callback = _show_help
        return [*own, *_EVERYWHERE, help_option]

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Write required arguments without typer's braces."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


class Group(TyperGroup):
    """All commands, with their help in groups."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Put the options that stand everywhere before ``--help``."""
        *own, help_option = super().get_params(ctx)
        help_option.callback = _show_help
        return [*own, *_EVERYWHERE, help_option]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Show the commands first: that is what a person looks for."""
        self.format_commands(ctx, formatter)
        records = [parameter.get_help_record(ctx) for parameter in self.get_params(ctx)]
        with formatter.section("Options"):
            formatter.write_dl([record for record in records if record is not None])

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Show the commands group by group, in the order in which they are defined."""
        shown = [(name, self.commands[name]) for name in self.list_commands(ctx) if not self.commands[name].hidden]
        width = formatter.width - 6 - max(len(name) for name, _ in shown)
        for group in (WRITE, READ, LOOK_AFTER):
            rows = [(name, command.get_short_help_str(width)) for name, command in shown if _panel(command) == group]
            with formatter.section(group):
                formatter.write_dl(rows, col_max=30)


app = typer.Typer(
    name="gitreg",
    cls=Group,
    help=_HELP,
    epilog=_EXAMPLES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command(
    name: str, group: str, *lines: str, hidden: bool = False, kind: type[Command] = Command
) -> Callable[[Callable[..., int | None]], Callable[..., int | None]]:
    """Make a function a command.

    Args:
        name: what a person types.
        group: the group in the help.
        lines: examples.
        hidden: whether to leave it out of the list of commands.
        kind: a class that reads the command line in another way.
    """
    epilog = "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
    return app.command(name, cls=kind, epilog=epilog, rich_help_panel=group, hidden=hidden)


def _print_version(value: bool) -> None:
    """Print the version and stop."""
    if value:
        say(f"gitreg {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(False, "--version", is_eager=True, callback=_print_version, help="Print the version."),
) -> None:
    """Keep what stands before the command; the docstring that people read is `_HELP`."""


def _panel(command: Any) -> str:
    """Say which group a command belongs to."""
    return str(getattr(command, "rich_help_panel", ""))
