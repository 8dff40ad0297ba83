"""Addresses for people: no user names, passwords, tokens or signatures in them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

# A password may hold an "@", and one that should have been quoted even a "/": what follows the colon is then no port.
_USER: Final = re.compile(r"(?<=://)(?:[^/\s]*@|[^/@:\s\[]+:(?![0-9]*(?:[/?#\s'\"]|$))[^\s@]*@)")
_USER_WITH_SPACES: Final = re.compile(r"(?<=://)[^/]*@")
_QUERY: Final = re.compile(r"(?<=[^\s?])\?(?!versionId=)[^\s'\"<>]*=[^\s'\"<>]*")
_WHOLE_QUERY: Final = re.compile(r"(://[^\s'\"<>?]*)(?:\?(?!versionId=)[^\s'\"<>]*|(\?versionId=[^\s'\"<>&]*)[^\s'\"<>]*)")
_SHORTEST: Final = 4  # a secret of three characters or fewer would take letters out of ordinary words
_LONGEST: Final = 200


def format_address(url: str) -> str:
    """Write an address without who may open it: no user, no query."""
    return _format_text(_USER_WITH_SPACES.sub("", url))


def format_reason(error: BaseException, secrets: Iterable[str] = ()) -> str:
    """Write what an error of a library says as part of a sentence: one line, not long, without secrets.

    Args:
        error: what was raised.
        secrets: texts that may not appear.
    """
    text = " ".join(str(error).split()).rstrip(".") or type(error).__name__
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST:
            text = text.replace(secret, "***")
    text = _format_text(text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def join_address(url: str, key: str) -> str:
    """Write the address of a key below that of its store, before the query if there is one; an empty key is the store itself."""
    if not key:
        return url
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path.rstrip('/')}/{key}", fragment="").geturl()


def _format_text(text: str) -> str:
    """Take users and queries out of the addresses in a text."""
    shown = _WHOLE_QUERY.sub(lambda match: match[1] + (match[2] or ""), _USER.sub("", text))
    return _QUERY.sub("", shown)
