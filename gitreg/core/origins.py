"""Where a registry comes from: an address that names it the same everywhere and holds no secret, and its page on the web.

====================================  ==========================================  ================================
the address of the remote             the name of the registry                    its page
====================================  ==========================================  ================================
``https://user:token@github.com/a/b`` ``https://github.com/a/b``                  ``https://github.com/a/b``
``git@gitlab.example.com:a/b.git``    ``https://gitlab.example.com/a/b``          ``https://gitlab.example.com/a/b``
``ssh://git@host.example:2222/b.git`` ``ssh://host.example:2222/b.git``           none
``/srv/b.git``, or no remote          ``urn:gitreg:`` and the id of a commit      none
====================================  ==========================================  ================================

A clone by ssh and one by https name the same registry alike where the host is known to have both at one address.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

NAMELESS: Final = "urn:gitreg:unnamed"
"""The name of a registry that has neither an address nor a first commit."""

_URL = re.compile(
    r"(?P<scheme>https?|ssh|git)://(?:[^/]*@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^/:@\[\]]+)(?P<port>:[0-9]+)?(?P<path>/.*)"
)
_SHORT = re.compile(r"(?:[^/:@]*@)?(?P<host>[^/:@\[\]]{2,}):(?P<path>(?!//|:).+)")
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]")
_UNSAFE = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~/%-]")
_LONGEST: Final = 2000
_WEB_SCHEMES: Final = frozenset({"https", "ssh"})
_WEB_HOSTS: Final = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}  # for networks that let only https out
_SAME_PORT: Final = frozenset({"", ":22", ":443"})


class Forge(StrEnum):
    """A kind of host whose pages we know the addresses of."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a registry comes from.

    Attributes:
        source: a URI that names it.
        web: the address of its page, with https, or None.
        forge: what shows that page.
    """

    source: str
    web: str | None = None
    forge: Forge | None = None

    def tag_page(self, tag: str) -> str | None:
        """Write the address of the page of a tag; None where there is no such page."""
        if self.web is None:
            return None
        folder = "-/tags" if self.forge is Forge.GITLAB else "releases/tag"
        return f"{self.web}/{folder}/{quote_part(tag)}"


def parse_origin(address: str) -> Origin | None:
    """Read the address of a remote; None for a path, and for what is no address.

    Args:
        address: as git writes it, perhaps with a password in it.
    """
    if len(address) > _LONGEST:
        return None
    match = _URL.fullmatch(address) or (None if "://" in address else _SHORT.fullmatch(address))
    if match is None or not _HOST.fullmatch(match["host"]):
        return None
    parts = match.groupdict()
    scheme, host, port = parts.get("scheme") or "ssh", match["host"].lower(), parts.get("port") or ""
    path = _quote_path(match["path"].partition("?")[0].partition("#")[0].strip("/"))
    forge = _find_forge(host)
    if forge is not None and scheme in _WEB_SCHEMES and port in _SAME_PORT and path:
        web = f"https://{_WEB_HOSTS.get(host, host)}/{path.removesuffix('.git')}"
        return Origin(web, web, forge)
    return Origin(f"{scheme}://{host}{port}/{path}") if path else None


def quote_part(text: str) -> str:
    """Write a text as one part of the path of an address."""
    return _quote_path(text).replace("/", "%2F")


def _quote_path(text: str) -> str:
    """Write every character that could mean something in an address as its bytes; what is written so already stays."""
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), text)


def _find_forge(host: str) -> Forge | None:
    """Say what a host is, if its name tells."""
    labels = host.split(".")
    return next((forge for forge in Forge if forge.value in labels[:-1]), None)
