"""The entry of the program."""

from __future__ import annotations

import gc
import sys


def main() -> int:
    """Run the command line that this process was given; return its exit code."""
    # A short process that makes many small values and drops none: looking for cycles among the events of 100,000 tags costs a
    # third of the whole run, and finds nothing.
    gc.disable()
    try:
        from gitreg.cli.console import prepare_streams
        from gitreg.cli.faults import run

        prepare_streams()
        return run(lambda: _dispatch(sys.argv[1:]))
    except KeyboardInterrupt:  # before there was anybody to say it
        return 130


def _dispatch(arguments: list[str]) -> int:
    """Answer what must be fast at once, and leave the rest to typer, which takes 60 ms to import."""
    if arguments == ["--version"]:
        from gitreg.cli.console import say
        from gitreg.version import __version__

        say(f"gitreg {__version__}")
        return 0
    if arguments[:1] == ["--complete"]:
        from gitreg.cli.completion import complete

        return complete(arguments[1:])
    if arguments[:3] == ["hooks", "run", "pre-push"] and not {"-h", "--help"} & set(arguments):
        from gitreg.cli.before_push import has_nothing_to_check

        if has_nothing_to_check():
            return 0
    if arguments[:1] == ["hooks"] and arguments[2:3] == ["--"]:
        from gitreg.cli.driven import drive

        code = drive(arguments[1], arguments[3:])
        if code is not None:
            return code
    from gitreg.cli.commands import run_command

    return run_command(arguments)
