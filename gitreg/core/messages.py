"""The message of a registry tag: a subject, an optional body, and one last block of ``Gitreg-`` trailers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from gitreg.errors import UsageFault

TRAILER_PREFIX: Final = "Gitreg-"
VERSION_TRAILER: Final = "Gitreg-Version"

_TRAILER = re.compile(r"^(Gitreg-[A-Za-z0-9-]+):(.*)$", re.MULTILINE)  # blanks are stripped later: here they would cost a square
_SIGNATURES: Final = (
    "-----BEGIN PGP SIGNATURE-----",
    "-----BEGIN PGP MESSAGE-----",
    "-----BEGIN SSH SIGNATURE-----",
    "-----BEGIN SIGNED MESSAGE-----",
)


def format_message(subject: str, text: str, trailers: Mapping[str, str]) -> str:
    """Write a message.

    Args:
        subject: the first line where the person gave no text.
        text: what the person said; it takes the place of the subject.
        trailers: names, which begin with ``Gitreg-``, and values of one line.

    Returns:
        The message with a final newline.

    Raises:
        UsageFault: the person's text has a line that begins with ``Gitreg-``, a NUL, or a line that begins a signature.
    """
    check_text(text)
    body = text.strip() or subject
    block = "\n".join(f"{name}: {value}" for name, value in trailers.items())
    return f"{body}\n\n{block}\n" if block else f"{body}\n"


def check_text(text: str) -> None:
    """Refuse a person's text that could be read as something else than text.

    Raises:
        UsageFault: as `format_message`.
    """
    if "\0" in text:
        message = "the message holds a NUL character"
        raise UsageFault(message, hint="give plain text to -m")
    for line in text.splitlines():
        if line.lstrip().casefold().startswith(TRAILER_PREFIX.casefold()):
            message = f"the message has a line that begins with {TRAILER_PREFIX!r}, which gitreg keeps for itself"
            raise UsageFault(message, hint=f"begin the line {line[:40]!r} with another word")
        if line.lstrip().startswith(_SIGNATURES):
            message = "the message has a line that begins a signature"
            raise UsageFault(message, hint="leave out the signature; git makes one when it is configured to sign")


def parse_trailers(message: str) -> dict[str, str]:
    """Read the ``Gitreg-`` trailers: the last block of lines, if each of its lines is one.

    Returns:
        Names and values; the last one of a name counts.
    """
    if TRAILER_PREFIX not in message:
        return {}
    block = message.rstrip().rpartition("\n\n")[2]
    trailers = _TRAILER.findall(block)
    if len(trailers) != block.count("\n") + 1:
        return {}
    return {name: value.strip(" \t") for name, value in trailers}


def strip_trailers(message: str) -> str:
    """Cut the block of ``Gitreg-`` trailers: what is left is what a person said."""
    return message.rstrip().rpartition("\n\n")[0] if parse_trailers(message) else message


def strip_signature(message: str) -> str:
    """Cut a signature that git appended to a message."""
    if "-----BEGIN " not in message:
        return message
    for marker in _SIGNATURES:
        if message.startswith(marker):
            return ""
        head, found, _ = message.partition(f"\n{marker}")
        if found:
            return f"{head}\n"
    return message
