"""What Tab offers: commands, options, artifacts, versions behind ``@``, stages behind ``#``.

The scripts in ``scripts/`` ask with ``gitreg --complete WORD...``; the last word is the one that is being typed. The answer is
one candidate a line; the line ``:files`` asks the shell for files.
"""

# ruff: noqa: ANN401  typer keeps the classes of commands and parameters to itself

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from gitreg.cli.console import say
from gitreg.core.selectors import LATEST, STABLE
from gitreg.errors import GitregError

FILES: Final = ":files"

_TAKES_FILES: Final = frozenset({"--repo", "--path", "--output", "--deployed", "--metrics", "--params"})
_LISTS: Final = {"A B [C...]": "SELECTOR"}  # what each of several arguments is


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A command line that is being typed.

    Attributes:
        command: the command, or None where it is not yet there.
        given: its arguments so far.
        option: the option whose value is being typed, or None.
        repo: where the repository is.
        word: what is there of the word.
    """

    command: Any
    given: Sequence[str]
    option: Any
    repo: str
    word: str


def complete(words: Sequence[str]) -> int:
    """Print the candidates for the last word; whatever goes wrong, there are none."""
    try:
        line = _read_line(words)
        say(*sorted(candidate for candidate in _candidates(line) if candidate == FILES or candidate.startswith(line.word)))
    except GitregError:
        return 0
    return 0


def _read_line(words: Sequence[str]) -> Line:
    """Find command, arguments and option in the words."""
    *before, word = words or [""]
    command, given, waiting = None, [], None
    repo = os.environ.get("GITREG_REPO", ".")
    for one in before:
        if waiting is not None:
            repo, waiting = (one if "--repo" in waiting.opts else repo), None
        elif one.startswith("-"):
            waiting = _option_with_value(command, one)
        elif command is None:
            command = _commands().get(one)
        elif one in _subcommands(command):
            command = _subcommands(command)[one]
        else:
            given.append(one)
    return Line(command=command, given=given, option=waiting, repo=repo, word=word)


def _candidates(line: Line) -> Iterable[str]:
    """Say what may stand in the place of the word."""
    if line.option is not None:
        return _values(line, line.option)
    if line.word.startswith("-"):
        parameters = line.command.get_params(_context(line.command)) if line.command else []
        return [
            name for parameter in parameters for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("--")
        ]
    if line.command is None:
        return [name for name, command in _commands().items() if not command.hidden]
    if _subcommands(line.command):
        return [name for name, command in _subcommands(line.command).items() if not command.hidden]
    arguments = [parameter for parameter in line.command.params if parameter.param_type_name == "argument"]
    if len(line.given) < len(arguments) or (arguments and arguments[-1].nargs < 0):
        return _values(line, arguments[min(len(line.given), len(arguments) - 1)])
    return []


def _values(line: Line, parameter: Any) -> Iterable[str]:
    """Say what a parameter may be."""
    if _TAKES_FILES & set(parameter.opts):
        return [FILES]
    choices = getattr(parameter.type, "choices", None)
    if choices:
        return [str(getattr(choice, "value", choice)) for choice in choices]
    for option, complete_option in _OPTIONS.items():
        if option in parameter.opts:
            return complete_option(line)
    wanted = _LISTS.get(parameter.metavar, parameter.metavar)
    if wanted in {"NAME", "SELECTOR", "NAME@VERSION", "NAME[@VERSION]", "STAGE", "VERSION"}:
        return _names(line, wanted)
    if wanted == "SELECTOR|FILE":
        return _names_or_files(line)
    return _query_words(line) if wanted == "QUERY..." else []


def _names(line: Line, wanted: str) -> Iterable[str]:
    """Ask the registry for names."""
    from gitreg.registry import Registry

    with Registry(line.repo) as registry:
        if wanted == "STAGE":
            return registry.stage_names()
        if wanted == "VERSION":
            return registry.versions_of(line.given[0].partition("@")[0]) if line.given else ()
        artifact, at, _ = line.word.partition("@")
        if at and wanted != "NAME":
            return [f"{artifact}@{version}" for version in (LATEST, STABLE, *registry.versions_of(artifact))]
        artifact, number_sign, _ = line.word.partition("#")
        if number_sign and wanted == "SELECTOR":
            return [f"{artifact}#{stage}" for stage in registry.stage_names()]
        return _selectors(registry.names(), line.word, wanted)


def _names_or_files(line: Line) -> Iterable[str]:
    """Offer names where one begins so, and otherwise files; outside of a repository there are files only."""
    with suppress(GitregError):
        found = [name for name in _names(line, "SELECTOR") if name.startswith(line.word)]
        if found:
            return found
    return [FILES]


def _goals(line: Line) -> Iterable[str]:
    """Offer both ways that a metric may go."""
    metric, equals, _ = line.word.rpartition("=")
    return [f"{metric}={way}" for way in ("higher", "lower")] if equals else []


def _tables(line: Line) -> Iterable[str]:
    """Offer the tables of an export that are not named yet."""
    from gitreg.core.exports import TABLES

    before, comma, _ = line.word.rpartition(",")
    given = before.split(",")
    return [
        f"{before}{comma}{name}" for name in (*(table.name for table in TABLES), *([] if comma else ["all"])) if name not in given
    ]


def _metrics(line: Line) -> Iterable[str]:
    """Ask the registry for names of metrics."""
    from gitreg.core.query import Field
    from gitreg.registry import Registry

    with Registry(line.repo) as registry:
        return registry.search_words(Field.METRIC)


def _sortings(line: Line) -> Iterable[str]:
    """Ask the registry for what versions can be sorted by."""
    from gitreg.cli.query_completion import complete_sorting
    from gitreg.registry import Registry

    with Registry(line.repo) as registry:
        return complete_sorting(line.word, registry.search_words)


_OPTIONS: Final = {"--goal": _goals, "--metric": _metrics, "--sort": _sortings, "--what": _tables}


def _query_words(line: Line) -> Iterable[str]:
    """Ask the registry for what a query may say."""
    from gitreg.cli.query_completion import complete_query
    from gitreg.registry import Registry

    with Registry(line.repo) as registry:
        return complete_query(line.word, registry.search_words)


def _selectors(names: Iterable[str], word: str, wanted: str) -> list[str]:
    """Offer names; where there is one only, what may stand behind it too."""
    found = [name for name in names if name.startswith(word)]
    if len(found) != 1 or wanted == "NAME":
        return found
    follow = {"NAME@VERSION": ("@",), "NAME[@VERSION]": ("", "@")}.get(wanted, ("", "@", "#"))
    return [f"{found[0]}{sign}" for sign in follow]


def _commands() -> dict[str, Any]:
    """List all commands."""
    from gitreg.cli.commands import load_commands

    listed: dict[str, Any] = load_commands().commands
    return listed


def _subcommands(command: Any) -> dict[str, Any]:
    """List the commands of a command that has some."""
    listed: dict[str, Any] = getattr(command, "commands", {})
    return listed


def _context(command: Any) -> Any:
    """Make the context that a command needs to list its options."""
    return command.context_class(command, info_name=command.name, help_option_names=["-h", "--help"])


def _option_with_value(command: Any, name: str) -> Any:
    """Find the option that waits for a value."""
    for parameter in command.params if command is not None else ():
        if name in parameter.opts and not getattr(parameter, "is_flag", False):
            return parameter
    return None
