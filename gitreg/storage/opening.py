"""Opening a store: a folder and plain HTTP by ourselves, everything else through DVC."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from gitreg.errors import ExternalFault
from gitreg.storage.folder import Folder
from gitreg.storage.store import Store, StoreSettings

_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+)://")


def open_store(settings: StoreSettings) -> Store:
    """Open a store; nothing is asked of it yet.

    Raises:
        ExternalFault: what it needs is not installed.
    """
    scheme = _SCHEME.match(settings.url)
    if scheme is None:
        return Folder(settings.name, Path(settings.url))
    if scheme[1] in {"http", "https"}:
        from gitreg.storage.http import Http

        return Http(settings)
    if scheme[1] == "s3":
        from gitreg.storage.s3 import S3

        return S3(settings)
    raise ExternalFault(f"storage of the kind {scheme[1]} is not supported", hint="use a folder")
