"""Opening a store: folders, HTTP and WebDAV by ourselves, S3 by botocore, everything else through DVC."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from gitreg.errors import SettingsFault
from gitreg.storage.folder import Folder
from gitreg.storage.options import OPTIONS
from gitreg.storage.store import Store, StoreSettings

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://")


def open_store(settings: StoreSettings) -> Store:
    """Open a store; nothing is asked of it yet.

    Raises:
        ExternalFault: what it needs is not installed.
        SettingsFault: its address or its options make no sense.
    """
    _check_url(settings)
    found = _SCHEME.match(settings.url)
    if found is None:
        return Folder(settings.name, Path(settings.url))
    match found[1].lower():
        case "http" | "https":
            from gitreg.storage.http import open_http

            return open_http(settings)
        case "webdav" | "webdavs" if "bearer_token_command" not in settings.options:
            from gitreg.storage.webdav import open_webdav

            return open_webdav(settings)
        case "s3":
            from gitreg.storage.s3 import S3

            return S3(settings)
        case scheme if scheme in OPTIONS:
            from gitreg.storage.cloud import Cloud

            return Cloud(settings, scheme)
        case scheme:
            message = f"storage of the kind {scheme} is not known, only a folder and {', '.join(sorted(OPTIONS))}"
            raise SettingsFault(message, file=".dvc/config", hint="see: dvc remote list")


def _check_url(settings: StoreSettings) -> None:
    """Refuse what no file system and no library could read.

    Raises:
        SettingsFault: it is no path and no address.
    """
    wrong = _CONTROL.search(settings.url) is not None
    if _SCHEME.match(settings.url):  # a path may look like anything
        try:
            urlsplit(settings.url)
        except ValueError:
            wrong = True
    if wrong:
        message = f"the url of the storage {settings.name!r} is no path and no address"
        raise SettingsFault(message, file=".dvc/config", hint="see: dvc remote list")
