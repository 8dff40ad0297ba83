"""The files through which a job of CI hands answers on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from gitreg.errors import ExternalFault

_HINT = "look at its folder and its permissions"


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
    """Write a file that a person has named, in place of what stands there: a link that a checkout has brought is not followed.

    Raises:
        ExternalFault: it cannot be written.
    """
    place = Path(path)
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
