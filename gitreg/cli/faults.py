"""The one funnel for everything that goes wrong: an exit code, a sentence, a hint, and never a traceback unasked."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from gitreg.cli import console
from gitreg.errors import ExternalFault, GitregError, SyntaxFault
from gitreg.render.text import escape

INTERRUPTED: Final = 130
READER_LEFT: Final = 141
BUG: Final = 70

_LONGEST: Final = 2000  # characters of a message that a person still reads
_WIDEST: Final = 60  # characters of a text with a caret below


def run(action: Callable[[], int]) -> int:
    """Run a command, and turn whatever it raises into an exit code and what a person should read."""
    try:
        code = _finish(action)
    except GitregError as error:
        report(error)
        code = error.exit_code
    except KeyboardInterrupt:
        console.complain("error", "interrupted")
        code = INTERRUPTED
    except console.ReaderLeft:
        code = READER_LEFT
    except OSError as error:
        report(_from_system(error))
        code = ExternalFault.exit_code
    except Exception as error:  # noqa: BLE001  what nobody foresaw
        report_bug(error)
        code = BUG
    return _flush_after(code)


def report(error: GitregError) -> None:
    """Print an error as one sentence, with what helps."""
    if console.WISHES.verbose:
        _trace(error)
    console.complain("error", _shorten(error.message), *_caret(error))
    if error.hint:
        console.complain("hint", _shorten(error.hint))


def report_bug(error: Exception) -> None:
    """Print what nobody foresaw as one line, and say where everything is that helps to mend it."""
    from gitreg.cli.bugs import write_log

    if console.WISHES.verbose:
        _trace(error)
    first = str(error).partition("\n")[0]
    console.complain("error", _shorten(f"this is a bug of gitreg: {type(error).__name__}: {first}"))
    path = write_log(error)
    console.complain("hint", f"please report it with the log {path}" if path else "please report it; --verbose shows more")


def _finish(action: Callable[[], int]) -> int:
    """Run a command and write out what it printed."""
    code = action()
    console.flush()
    return code


def _flush_after(code: int) -> int:
    """Write out what a command printed before it failed; that this fails too changes nothing."""
    with suppress(console.ReaderLeft, GitregError):
        console.flush()
    return code


def _from_system(error: OSError) -> ExternalFault:
    """Turn what the operating system says into one of our errors."""
    place = f"{error.filename}: " if error.filename else ""
    return ExternalFault(f"{place}{error.strerror or error}", hint="run: gitreg doctor")


def _caret(error: GitregError) -> tuple[str, ...]:
    """Draw a text that does not follow its grammar, with a caret below the place."""
    if not isinstance(error, SyntaxFault) or not error.text:
        return ()
    from rich.cells import cell_len  # a character of Chinese is two columns wide

    start = max(0, error.position - _WIDEST)
    before, rest = error.text[start : error.position], error.text[error.position : error.position + _WIDEST]
    return escape(before + rest), " " * cell_len(escape(before)) + "^"


def _shorten(text: str) -> str:
    """Cut the middle out of a text that nobody would read."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]} ... {text[-_LONGEST // 2 :]}"


def _trace(error: BaseException) -> None:
    """Print a traceback, for those who asked for it."""
    text = "".join(traceback.format_exception(error))
    if sys.stderr is not None:
        sys.stderr.write(escape(text, lines=True))
