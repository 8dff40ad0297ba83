"""Keeping secrets out of sentences: addresses that git says, and that files hold, may have passwords and tokens in them."""

from __future__ import annotations

import re

# A password may hold an "@", and one that should have been quoted even a "/": what follows the colon is then no port.
_USER = re.compile(r"(?<=://)(?:[^/\s]*@|[^/@:\s\[]+:(?![0-9]*(?:[/?#\s'\"]|$))[^\s@]*@)")
_QUERY = re.compile(
    r"([?&](?:[A-Za-z_-]*(?:token|sig|signature|key|password|secret|credential)[A-Za-z_-]*|X-Amz-[A-Za-z-]+)=)[^&\s'\"]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """Take user names, passwords, tokens and signatures out of the addresses in a text."""
    return _QUERY.sub(r"\1***", _USER.sub("", text))
