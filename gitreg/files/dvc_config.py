"""DVC's configuration: which stores there are, and which one counts.

The format is ConfigObj's: ``[core]``, ``[cache]`` and a section ``['remote "NAME"']`` for each store. Source: ``dvc/config.py``
of DVC 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gitreg.errors import SettingsFault

_CONTENT: Final = re.compile(r" \('.*'\)| \(\".*\"\)")
_LARGEST: Final = 1 << 20  # bytes; a person writes far less
_REMOTE: Final = re.compile(r'\s*remote\s+"(.*)"\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DvcConfig:
    """What one file of DVC's configuration says.

    Attributes:
        remote: the name of the store that counts where none is named.
        remotes: the options of each store by its name, all names in lower case.
        cache_dir: the folder of the cache, as written.
    """

    remote: str | None = None
    remotes: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    cache_dir: str | None = None


def read_dvc_config(data: bytes, file: str) -> DvcConfig:
    """Read a file of DVC's configuration.

    Args:
        data: its bytes.
        file: its path, for what is said of it.

    Raises:
        SettingsFault: it cannot be read.
    """
    if not data.strip():
        return DvcConfig()
    sections = _parse(data, file)
    core, cache = _options(sections.get("core")), _options(sections.get("cache"))
    remotes = {match[1].lower(): _options(section) for name, section in sections.items() if (match := _REMOTE.fullmatch(name))}
    remote = core.get("remote")
    return DvcConfig(remote=remote.lower() if remote else None, remotes=remotes, cache_dir=cache.get("dir"))


def _parse(data: bytes, file: str) -> dict[str, object]:
    """Parse the sections."""
    from configobj import ConfigObj, ConfigObjError

    if len(data) > _LARGEST:
        message = f"DVC's configuration has {len(data)} bytes, so it is not read"
        raise SettingsFault(message, file=file, hint="make it a file of sensible size")
    try:
        lines = data.decode("utf-8-sig").splitlines()
        return dict(ConfigObj(lines, interpolation=False).dict())
    except (ConfigObjError, ValueError) as error:
        # what stands in the line may be a password
        message = f"DVC's configuration cannot be read: {_CONTENT.sub('', str(error).partition(chr(10))[0])}"
        raise SettingsFault(message, file=file, hint="correct it, or see what DVC says: dvc config --list") from error


def _options(section: object) -> dict[str, str]:
    """Take the options of a section, in lower case; ConfigObj makes a list of a value with commas."""
    if not isinstance(section, dict):
        return {}
    options = {str(key).lower(): ",".join(value) if isinstance(value, list) else value for key, value in section.items()}
    return {key: value for key, value in options.items() if isinstance(value, str)}
