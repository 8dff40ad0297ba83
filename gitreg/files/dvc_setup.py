"""What ``dvc init`` and ``dvc remote add`` write."""

from __future__ import annotations

from typing import Final

from gitreg.errors import Refused
from gitreg.files.dvc_config import read_dvc_config

_IGNORED: Final = b"/config.local\n/tmp\n/cache\n"
_DVCIGNORE: Final = (
    b"# Add patterns of files dvc should ignore, which could improve\n"
    b"# the performance. Learn more at\n"
    b"# https://dvc.org/doc/user-guide/dvcignore\n"
)

SETUP: Final[dict[str, bytes]] = {".dvc/.gitignore": _IGNORED, ".dvc/config": b"", ".dvcignore": _DVCIGNORE}
"""The files that DVC needs, and their bytes where they are new."""

CONFIG: Final = ".dvc/config"


def add_default_remote(data: bytes | None, name: str, url: str) -> bytes:
    """Add a default remote to DVC's configuration, in DVC's own way of writing it; all else stays.

    Args:
        data: the bytes of ``.dvc/config``.
        name: of the remote.
        url: its address or path.

    Returns:
        The new bytes; the old ones where they say so already.

    Raises:
        Refused: there is another default remote, or another remote of that name.
        SettingsFault: the configuration cannot be read.
    """
    before = data or b""
    config = read_dvc_config(before, CONFIG)
    there = config.remotes.get(name)
    if config.remote is not None and (config.remote != name or there is None or there.get("url") != url):
        place = config.remotes.get(config.remote, {}).get("url", "nowhere")
        message = f"there is a default storage already: {config.remote!r} at {place}"
        raise Refused(message, hint=f"change it: dvc remote modify {config.remote} url URL; or add another: dvc remote add")
    if there is not None and there.get("url") != url:
        raise Refused(
            f"there is a storage {name!r} already, at {there.get('url')}", hint=f"make it the default: dvc remote default {name}"
        )
    if config.remote is not None:
        return before
    return _write(before, name, None if there is not None else url)


def _write(before: bytes, name: str, url: str | None) -> bytes:
    """Write the two sections with ConfigObj, which DVC uses too."""
    from configobj import ConfigObj

    config = ConfigObj(before.decode("utf-8-sig").splitlines(), interpolation=False, encoding=None)
    config.setdefault("core", {})["remote"] = name
    if url is not None:
        config[f'remote "{name}"'] = {"url": url}
    config.indent_type = config.indent_type or "    "
    return ("\n".join(config.write()) + "\n").encode("utf-8")
