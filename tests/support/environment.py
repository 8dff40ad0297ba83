"""The environment of every process that a test starts: nothing of the developer's own git, shell or gitreg."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NAME: Final = "Ann Example"
EMAIL: Final = "ann@example.com"
AUTHOR: Final = f"{NAME} <{EMAIL}>"
START: Final = 1_767_225_600  # 2026-01-01T00:00:00Z

_PASSED_ON: Final = ("PATH", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONDONTWRITEBYTECODE")
_PASSED_ON_PREFIXES: Final = ("COVERAGE_", "COV_CORE_")  # so that started processes are measured too


def isolated_environment(home: Path, *, now: int = START, tz: str = "+0000", author: str = AUTHOR) -> dict[str, str]:
    """Make an environment from nothing.

    Args:
        home: the folder that takes the place of the home folder; it need not exist.
        now: the time that git writes, in seconds since 1970.
        tz: the time zone that git writes.
        author: the author and committer, as ``Name <address>``.
    """
    name, _, email = author.removesuffix(">").partition(" <")
    date = f"@{now} {tz}"
    return {
        **_passed_on(os.environ),
        "HOME": str(home),
        "USERPROFILE": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TEMPLATE_DIR": "",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": email,
        "GIT_AUTHOR_DATE": date,
        "GIT_COMMITTER_NAME": name,
        "GIT_COMMITTER_EMAIL": email,
        "GIT_COMMITTER_DATE": date,
    }


def _passed_on(environment: Mapping[str, str]) -> dict[str, str]:
    """Pick the variables without which no process runs."""
    return {name: value for name, value in environment.items() if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)}
