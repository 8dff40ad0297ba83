"""The files through which a job of CI hands answers on."""

from __future__ import annotations

import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from gitreg.errors import ExternalFault, Refused, UsageFault

_HINT = "look at its folder and its permissions"
_ELSEWHERE = "name a file: --dotenv gitreg.env"


def append_file(path: str, text: str) -> None:
    """Add to a file that the host of the job has named.

    Raises:
        ExternalFault: it cannot be written.
    """
    try:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise ExternalFault(f"{path!r} cannot be written: {error.strerror}", hint=_HINT) from error


def replace_text(path: str, text: str) -> None:
    """Write a file that a person has named, in place of a plain file that stands there.

    Raises:
        UsageFault: it names no file.
        Refused: what stands there is no plain file: a device, a pipe, a folder, or a link, which a checkout may have brought.
        ExternalFault: it cannot be written.
    """
    place = _choose_place(path)
    temporary = place.with_name(f".gitreg-{token_hex(8)}.tmp")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.replace(place)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            temporary.unlink()
        reason = error.strerror if isinstance(error, OSError) else error
        raise ExternalFault(f"{path!r} cannot be written: {reason}", hint=_HINT) from error


def _choose_place(path: str) -> Path:
    """Say where a file goes that may replace a plain one, and nothing else.

    Raises:
        UsageFault: it names no file.
        Refused: something else stands there.
    """
    place = Path(path)
    if place.name in {"", ".."} or "\0" in path:
        raise UsageFault(f"{path!r} names no file", hint=_ELSEWHERE)
    with suppress(OSError):  # what cannot be looked at cannot be written either, and then that is said
        if not stat.S_ISREG(place.lstat().st_mode):
            raise Refused(f"{path!r} is no plain file, so it is not replaced", hint=_ELSEWHERE)
    return place
