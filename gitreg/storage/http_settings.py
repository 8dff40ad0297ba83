"""From the options of DVC's ``http`` and ``webdav`` remotes to credentials and limits."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from gitreg.errors import SettingsFault
from gitreg.storage.connections import Limits, Origin
from gitreg.storage.options import Value, secrets_of
from gitreg.storage.store import StoreSettings
from gitreg.storage.web import Credentials

FILE: Final = ".dvc/config"

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What HTTP takes for the name of a method or of a header."""

_NO_QUOTES: Final = "!$%&'()*+,/:;=?@[]~"


def web_address(settings: StoreSettings) -> str:
    """Take user, password and fragment out of the address of a store, and make http of webdav.

    Raises:
        SettingsFault: it is no address of a web server.
    """
    try:
        parts = urlsplit(settings.url)
        scheme = parts.scheme.replace("webdav", "http")
        path, query = (quote(part, safe=_NO_QUOTES) for part in (parts.path, parts.query))
        url = parts._replace(scheme=scheme, netloc=parts.netloc.rpartition("@")[2], path=path, query=query, fragment="").geturl()
        Origin.of(url)
    except ValueError as error:
        message = f"the url of the storage {settings.name!r} is no address of a web server"
        raise SettingsFault(message, file=FILE, hint="see: dvc remote list") from error
    return url


def limits_of(options: Mapping[str, Value]) -> Limits:
    """Choose how patient and how strict connections are."""
    verify = options.get("ssl_verify", True)
    certificate = (
        (str(options["cert_path"]), str(options.get("key_path") or options["cert_path"])) if "cert_path" in options else None
    )
    return Limits(
        verify=verify if isinstance(verify, bool) else str(verify),
        connect=float(options.get("connect_timeout", options.get("timeout", Limits().connect))),
        read=float(options.get("read_timeout", options.get("timeout", Limits().read))),
        certificate=certificate,
    )


def http_credentials(settings: StoreSettings, options: Mapping[str, Value]) -> Credentials:
    """Make the header that says who we are to a web server.

    Raises:
        SettingsFault: something lacks, or the way of it is unknown.
    """
    user, password = options.get("user"), options.get("password")
    match str(options.get("auth", "")).lower():
        case "":
            parts = urlsplit(settings.url)
            if parts.password is None:
                return Credentials()
            return _credentials(settings, "Authorization", _basic(unquote(parts.username or ""), unquote(parts.password)))
        case "basic" if user is not None and password is not None:
            return _credentials(settings, "Authorization", _basic(str(user), str(password)))
        case "custom" if "custom_auth_header" in options and password is not None:
            return _credentials(settings, str(options["custom_auth_header"]), str(password))
        case "basic" | "custom" as way:
            lacks = "user and password" if way == "basic" else "custom_auth_header and password"
            message = f"the storage {settings.name!r} (auth {way}) needs {lacks}"
            raise SettingsFault(message, file=FILE, hint=f"dvc remote modify --local {settings.name} password ...")
        case way:
            message = f"the storage {settings.name!r} has auth {way!r}, which neither DVC nor gitreg can do"
            raise SettingsFault(message, file=FILE, hint="use basic or custom")


def webdav_credentials(settings: StoreSettings, options: Mapping[str, Value]) -> Credentials:
    """Make the header that says who we are to a server of WebDAV: a token, or user and password, or a header of its own.

    Raises:
        SettingsFault: it cannot be sent.
    """
    parts = urlsplit(settings.url)
    user = options.get("user") or (unquote(parts.username) if parts.username else None)
    password = str(options.get("password") or unquote(parts.password or ""))
    if token := options.get("token"):
        return _credentials(settings, "Authorization", f"Bearer {token}")
    if user:
        return _credentials(settings, "Authorization", _basic(str(user), password))
    if header := options.get("custom_auth_header"):
        return _credentials(settings, str(header), password)
    return Credentials()


def _credentials(settings: StoreSettings, header: str, value: str) -> Credentials:
    """Make credentials of a header that can be sent.

    Raises:
        SettingsFault: it would be more than one header.
    """
    if not TOKEN.fullmatch(header) or not value.isprintable() or not _is_latin(value):
        message = f"user, password or header of the storage {settings.name!r} holds what no header may hold"
        raise SettingsFault(message, file=FILE, hint=f"correct it: dvc remote modify --local {settings.name} password ...")
    return Credentials(headers={header: value}, secrets=(*secrets_of(settings), value))


def _basic(user: str, password: str) -> str:
    """Write user and password as HTTP wants them."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _is_latin(value: str) -> bool:
    """Say whether a header can hold a text."""
    return all(ord(letter) <= 0xFF for letter in value)  # noqa: PLR2004  the last of Latin-1
