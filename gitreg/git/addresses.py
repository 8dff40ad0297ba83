"""Addresses of repositories: which texts are URLs, which of them we talk to, and which are paths.

==========================  =========================================================================
``https://host/path``       also ``http`` to this very machine (``localhost``, ``127.x.y.z``, ``[::1]``)
``ssh://user@host/path``
``user@host:path``          git's short form of ssh; without ``user@`` the host has two letters or more
``git://host/path``
``file:///path``
==========================  =========================================================================

Whatever names a folder that exists is a path, and so is all that is no URL.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from gitreg.core.redaction import redact
from gitreg.errors import UsageFault

_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?P<user>[^/@?#\\]*)@)?(?P<host>\[[^\]/]*\]|[^/:@?#\\]*)(?P<port>:[0-9]*)?(?P<path>/.*)?",
    re.DOTALL,
)
_SHORT = re.compile(r"(?:(?P<user>[^/@:]+)@)?(?P<host>[^/:@\s\[\]]{2,}|\[[0-9A-Fa-f:]+\]|(?<=@)[A-Za-z0-9]):(?P<path>.+)")
_SHORT_PASSWORD = re.compile(r"(?P<user>[^/:@]+):[^/]*@(?P<rest>[^/@]*:.+)", re.DOTALL)
_ENDS_A_LINE = re.compile(r"%0[0ad]", re.IGNORECASE)
_PROGRAM = re.compile(r"[A-Za-z0-9+.-]+::")  # git starts `git-remote-NAME` for such an address
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff]")
_SCHEMES: Final = ("https", "ssh", "git", "file")
_LONGEST: Final = 4096
_HINT: Final = "give an address with https, ssh, git or file, such as https://example.com/models.git, or a path"


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a repository.

    Attributes:
        url: what git is told; it may hold a password.
        shown: what a person is told; it holds none.
        scheme: how it is talked to, in git's words.
    """

    url: str
    shown: str
    scheme: str

    @property
    def key(self) -> str:
        """A name for it that any file system can hold; the same whoever asks, and whatever the password."""
        return sha256(self.shown.encode()).hexdigest()[:32]


def parse_address(text: str) -> Address | None:
    """Read the address of a repository; None for a path.

    Raises:
        UsageFault: it is a URL, but not one that we talk to.
    """
    if os.path.isdir(text) and not _PROGRAM.match(text):  # noqa: PTH112  a text such as "\0" is no path for pathlib
        return None
    if "://" not in text and not _PROGRAM.match(text):
        if _SHORT_PASSWORD.fullmatch(text) and not _is_place(text):
            raise _refused(text, "has a password in it, and ssh takes none from an address", hint="leave it out, and use a key")
        short = _SHORT.fullmatch(text)
        return None if short is None or _is_place(text) else _check(text, short["host"], short["path"], scheme="ssh")
    match = _URL.fullmatch(text)
    if match is None:
        raise _refused(text, "is no address of a repository")
    scheme, host = match["scheme"].lower(), match["host"].lower()
    if scheme == "http" and not _is_this_machine(host):
        raise _refused(text, "is not encrypted, so whoever is on the way could change the answers", hint="use https")
    if scheme not in {*_SCHEMES, "http"}:
        raise _refused(text, f"cannot be used: gitreg does not talk {scheme!r}")
    if (not host and scheme != "file") or not (match["path"] or "").strip("/"):
        raise _refused(text, "names no repository")
    if scheme == "file" and host not in {"", "localhost"}:
        raise _refused(text, "names a file of another machine")
    rest = f"{match['host'].lower()}{match['port'] or ''}{(match['path'] or '').rstrip('/')}"
    name = match["user"] or ""
    if scheme == "ssh":
        name = name.partition(":")[0]  # git would hand the password on as a part of the name, for everybody to see
    user = f"{name}@" if name else ""
    return _check(f"{scheme}://{user}{rest}", host, match["path"] or "", scheme=scheme)


def _check(url: str, host: str, path: str, *, scheme: str) -> Address:
    """Refuse what a program further on could take for an option, or a terminal for a command."""
    if len(url) > _LONGEST:
        raise _refused(url[:60], "is the beginning of an address that is too long")
    if _UNPRINTABLE.search(url):
        raise _refused(url, "has spaces or control characters in it", hint="write them as %20 and the like")
    user = url.partition("://")[2].partition("@")[0] if "://" in url else url
    if _ENDS_A_LINE.search(user):
        raise _refused(url, "has a line end in the name or the password")
    if host.startswith("-") or path.startswith("-") or user.startswith("-"):
        raise _refused(url, "has a part that begins with '-'")
    return Address(url, _show(url, scheme), scheme)


def _show(url: str, scheme: str) -> str:
    """Take secrets out; ssh's user is part of the address."""
    if scheme == "ssh" and "://" in url:
        user, at, rest = url.removeprefix("ssh://").partition("@")
        return f"ssh://{user}@{redact(rest)}" if at else redact(url)
    return redact(url)


def _is_place(text: str) -> bool:
    """Say whether a text with a colon in it is a path for sure: it has a slash before the colon, or something is there."""
    return "/" in text.partition(":")[0] or Path(text).exists()


def _is_this_machine(host: str) -> bool:
    """Say whether a host is this machine, by its name or number alone."""
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _refused(text: str, why: str, *, hint: str = _HINT) -> UsageFault:
    """Say what is wrong with an address; all before its last ``@`` may be a secret where nobody knows what it means."""
    start, slashes, rest = text.partition("://")
    shown = f"{start}://{rest.rpartition('@')[2]}" if slashes else _SHORT_PASSWORD.sub(r"\g<user>:***@\g<rest>", text)
    return UsageFault(f"{redact(shown)!r} {why}", hint=hint)
