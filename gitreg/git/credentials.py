"""The name and the password in an address: git hears of them when a server asks, and nobody else does.

git itself puts the whole address on the command line of the program that speaks HTTP, where every user of the machine can read
it. So that program gets the address without them, and a credential helper gives them from the environment. It gives them to
the server of the address alone, wherever that sends us on to, and they are not handed on to be kept.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

_URL = re.compile(r"(?P<place>(?P<scheme>https?)://)(?P<user>[^/@]*)@(?P<host>[^/]*)(?P<path>.*)", re.DOTALL)
_HELPER: Final = (
    '!f() { test "$1" != get || printf "username=%s\\npassword=%s\\n" "$GITREG_ASKED_USER" "$GITREG_ASKED_PASSWORD"; }; f'
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """An address, and what was in it.

    Attributes:
        url: the address without them.
        config: git's configuration that brings them to the server.
        environment: the variables that hold them.
    """

    url: str
    config: tuple[tuple[str, str], ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


def split_credentials(url: str) -> Credentials:
    """Take name and password out of an address with http or https; others are left as they are."""
    match = _URL.fullmatch(url)
    if match is None:
        return Credentials(url)
    place = match["place"] + match["host"]
    user, colon, password = (os.fsdecode(unquote_to_bytes(part)) for part in match["user"].partition(":"))
    if not colon:  # a password may still come from whoever keeps the person's passwords
        return Credentials(place + match["path"], ((f"credential.{place}.username", user),) if user else ())
    helpers = ((f"credential.{place}.helper", ""), (f"credential.{place}.helper", _HELPER))  # the empty one drops all before it
    return Credentials(place + match["path"], helpers, {"GITREG_ASKED_USER": user, "GITREG_ASKED_PASSWORD": password})
