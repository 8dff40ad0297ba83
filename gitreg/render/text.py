"""Small texts: escaped strings, times and commits, as people read them."""

from __future__ import annotations

import re
import time
from typing import Final

_HOSTILE: Final = (
    "\\x00-\\x1f\\x7f\\x80-\\x9f"  # C0, DEL and C1: they move the cursor, ring, hide and rename windows
    "\\u061c\\u202a-\\u202e\\u2066-\\u2069"  # bidirectional: they show text in another order than it stands
    "\\u200b-\\u200f\\ufeff"  # zero-width: they hide
    "\\u2028\\u2029"  # line and paragraph separators: they break lines that we promise to be one
    "\\ud800-\\udfff"  # lone surrogates: bytes that were no UTF-8
)
_KILO: Final = 1000
_UNSAFE = re.compile(f"[{_HOSTILE}]")
_UNSAFE_IN_LINES = re.compile(f"(?![\n\t])[{_HOSTILE}]")


def escape(text: str, *, lines: bool = False) -> str:
    r"""Make a text safe to print: what would act on a terminal, or hide on it, becomes ``\xNN`` or ``\u{...}``.

    Args:
        text: anything, from a repository, a server or a person.
        lines: whether newlines and tabs may stay.
    """
    if text.isprintable():  # nearly always, and false for every character above
        return text
    return (_UNSAFE_IN_LINES if lines else _UNSAFE).sub(_escape_character, text)


def format_time(at: int) -> str:
    """Write a time for a person: ``2026-01-31 09:30 UTC``.

    Args:
        at: seconds since 1970.
    """
    moment = time.gmtime(at)
    return f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02} {moment.tm_hour:02}:{moment.tm_min:02} UTC"


def format_iso_time(at: int) -> str:
    """Write a time for a program, as ISO 8601: ``2026-01-31T09:30:00Z``.

    Args:
        at: seconds since 1970.
    """
    moment = time.gmtime(at)
    date = f"{moment.tm_year:04}-{moment.tm_mon:02}-{moment.tm_mday:02}"
    return f"{date}T{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}Z"


def format_commit(commit: str) -> str:
    """Shorten the id of a commit to the seven characters that people read."""
    return commit[:7]


def format_target(artifact: str, version: str | None, commit: str) -> str:
    """Name a version, or a bare commit, in a sentence: ``churn v1.2.0``, ``churn commit 1a2b3c4``."""
    return f"{artifact} {version}" if version is not None else f"{artifact} commit {format_commit(commit)}"


def format_size(size: int) -> str:
    """Write a number of bytes for a person: ``512 bytes``, ``1.2 MB``."""
    if size < _KILO:
        return f"{size} byte{'' if size == 1 else 's'}"
    amount = float(size)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= _KILO
        if amount < _KILO - 0.05:  # what would be written as 1000.0
            return f"{amount:.1f} {unit}"
    return f"{amount / _KILO:.1f} PB"


def format_day(at: int) -> str:
    """Write the day of a time: ``2026-01-31``.

    Args:
        at: seconds since 1970.
    """
    return format_time(at).partition(" ")[0]


def first_line(text: str) -> str:
    """Take the first line of a message."""
    return text.lstrip("\n").partition("\n")[0].strip()


def _escape_character(match: re.Match[str]) -> str:
    """Write one character as its number."""
    code = ord(match[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{{{code:x}}}"  # noqa: PLR2004  two digits hold no more
