"""The terminal: data to standard output, everything else to standard error, and every text escaped."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, NoReturn, TextIO

from gitreg.errors import ExternalFault
from gitreg.render.text import escape


@dataclass(slots=True)
class Wishes:
    """What the person said about output in general; set while the command line is read."""

    quiet: bool = False
    verbose: bool = False


class ReaderLeft(Exception):
    """Nobody reads our standard output any more."""


WISHES: Final = Wishes()

_STYLES: Final = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "hint": "\x1b[36m",
    "note": "\x1b[36m",
    "bold": "\x1b[1m",
    "faint": "\x1b[2m",
    "ok": "\x1b[32m",
}
_PLAIN: Final = "\x1b[0m"


def prepare_streams() -> None:
    """Make sure that output never fails on a character, and that no file of ours is opened in place of a closed stream."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def say(*lines: str) -> None:
    """Print lines of data."""
    write(guard("".join(f"{escape(line, lines=True)}\n" for line in lines)))


def hint(text: str) -> None:
    """Say what to do next, unless the person wants quiet."""
    if text and not WISHES.quiet:
        complain("hint", text)


def note(text: str) -> None:
    """Say what the person should know, unless they want quiet."""
    if not WISHES.quiet:
        complain("note", text)


def warn(text: str) -> None:
    """Say what is wrong, but not with this command, unless the person wants quiet."""
    if not WISHES.quiet:
        complain("warning", text)


def complain(kind: str, text: str, *more: str) -> None:
    """Print a line to standard error, with its kind in front, and further lines indented.

    A closed or full standard error is no reason to fail. What was said before stands before it, also where both go to one file.
    """
    with suppress(OSError, ValueError):
        if sys.stdout is not None:
            sys.stdout.flush()
    body = guard("".join(f"  {escape(line, lines=True)}\n" for line in more))
    try:
        if sys.stderr is not None:
            sys.stderr.write(f"{paint(f'{kind}:', kind, sys.stderr)} {guard(escape(text, lines=True))}\n{body}")
            sys.stderr.flush()
    except OSError:
        _discard(2)


def guard(text: str) -> str:
    """Keep what is meant for people from being a command to the host, where the output is the log of one of its jobs."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return text
    from gitreg.render.job_log import disarm

    return disarm(text)


def write(text: str) -> None:
    """Write to standard output what is escaped already.

    Raises:
        ReaderLeft: standard output is closed.
        ExternalFault: it cannot be written to.
    """
    if sys.stdout is None:
        raise ReaderLeft
    try:
        sys.stdout.write(text)
    except OSError as error:
        _explain(error)


def flush() -> None:
    """Write out what is buffered, before anybody else tries to when the process ends.

    Raises:
        ReaderLeft: standard output is closed.
        ExternalFault: it cannot be written to.
    """
    if sys.stdout is not None:
        try:
            sys.stdout.flush()
        except OSError as error:
            _explain(error)


def is_terminal(stream: TextIO | None) -> bool:
    """Say whether a person reads a stream."""
    return stream is not None and not stream.closed and stream.isatty()


def has_colour(stream: TextIO | None) -> bool:
    """Say whether a stream may be coloured (https://no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


def paint(text: str, style: str, stream: TextIO | None) -> str:
    """Colour a text, if the stream may be coloured and there is such a style."""
    return f"{_STYLES[style]}{text}{_PLAIN}" if style in _STYLES and has_colour(stream) else text


def _discard(descriptor: int) -> None:
    """Let what is still buffered for a stream go nowhere: Python would try again at its end, and exit with 120."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _explain(error: OSError) -> NoReturn:
    """Say why standard output cannot be written to, and let nobody try again."""
    _discard(1)
    if error.errno in {errno.EPIPE, errno.EBADF, errno.EINVAL}:
        raise ReaderLeft from error
    message = f"the output cannot be written: {error.strerror}"
    raise ExternalFault(message, hint="free some space, or send the output elsewhere") from error
