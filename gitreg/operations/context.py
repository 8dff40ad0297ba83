"""What every operation works on: the repository, its settings and the time."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from gitreg.core.events import LATEST_TIME
from gitreg.core.settings import Settings
from gitreg.errors import SettingsFault, Unanswerable, UsageFault
from gitreg.git.repository import Repository
from gitreg.git.trees import CommitTree

SETTINGS_FILE = ".gitreg.yaml"
GTO_SETTINGS_FILE = ".gto"
_LARGEST_SETTINGS = 1 << 20

_SECONDS = re.compile(r"[0-9]{1,20}")
_LATEST_NOW = LATEST_TIME - 3600  # the tags of one command follow each other by a second, and later ones must fit too


@dataclass(frozen=True, slots=True)
class Context:
    """An open repository; `now` is asked once for each write."""

    repository: Repository

    @property
    def work_tree(self) -> Path:
        """The root of the work tree.

        Raises:
            UsageFault: the repository was opened by its address.
            Unanswerable: the repository is bare.
        """
        require_clone(self)
        root = self.repository.location.work_tree
        if root is None:
            message = "this repository has no work tree, so there are no files to change"
            raise Unanswerable(message, hint="run it in a clone")
        return root


def require_clone(context: Context) -> None:
    """Refuse what cannot be done from afar.

    Raises:
        UsageFault: the repository was opened by its address.
    """
    mirror = context.repository.mirror
    if mirror is not None:
        message = f"this needs a clone, and {mirror.address.shown!r} is only an address"
        raise UsageFault(message, hint=f"git clone {quote(mirror.address.shown)}, and run it there")


def now() -> int:
    """Say the time in seconds since 1970; ``GITREG_NOW`` stands in for the clock where a run must be repeatable.

    Raises:
        UsageFault: ``GITREG_NOW`` is no number, or beyond the last second that can be read back.
    """
    given = os.environ.get("GITREG_NOW")
    if not given:
        return int(time.time())
    if not _SECONDS.fullmatch(given) or int(given) > _LATEST_NOW:
        message = f"GITREG_NOW is {given!r}, which is no number of seconds up to the year 9999"
        raise UsageFault(message, hint="unset GITREG_NOW")
    return int(given)


def read_context_settings(context: Context) -> Settings:
    """Read the settings of the work tree, or of HEAD in a bare repository.

    Raises:
        SettingsFault: they are not valid.
    """
    ours, gto = read_settings_files(context)
    if ours is None and gto is None and not any(name.startswith("GITREG_") for name in os.environ):
        return Settings()
    from gitreg.files.settings import read_settings  # most repositories have no settings file

    return read_settings(ours, gto, os.environ)


def read_lenient_settings(context: Context) -> Settings:
    """Read the settings for a view that only orders by them; where they are not valid, `check` says so and the defaults count."""
    try:
        return read_context_settings(context)
    except SettingsFault:
        return Settings()


def read_settings_files(context: Context) -> tuple[bytes | None, bytes | None]:
    """Read the bytes of ``.gitreg.yaml`` and ``.gto``."""
    root = context.repository.location.work_tree
    if root is not None:
        return _read_file(root / SETTINGS_FILE), _read_file(root / GTO_SETTINGS_FILE)
    tree = CommitTree(context.repository.objects, "HEAD")
    return tree.read(SETTINGS_FILE), tree.read(GTO_SETTINGS_FILE)


def _read_file(path: Path) -> bytes | None:
    """Read a settings file of the work tree.

    Raises:
        SettingsFault: it is no plain file, or far too large; to go on without it would be to go on without its rules.
    """
    if not path.is_symlink() and not path.exists():
        return None
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _LARGEST_SETTINGS:
        raise SettingsFault(
            "it is no plain file of sensible size, so it is not read", file=path.name, hint=f"make {path.name} a plain file"
        )
    return path.read_bytes()
