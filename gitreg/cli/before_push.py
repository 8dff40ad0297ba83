"""What git hands to the hook before a push, looked at before anything else is imported: most pushes have no registry tag."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitreg.registry import Registry

_LIKE_OURS = re.compile("^[^\n]* refs/tags/[^ \n]*[@#][^ \n]* [0-9a-f]+$", re.MULTILINE)


@cache
def read_refs() -> str:
    """Read standard input, once."""
    return "" if sys.stdin is None else sys.stdin.buffer.read().decode("utf-8", "surrogateescape")


def is_asked() -> bool:
    """Say whether a person, and no git, started this: then there is nothing on standard input."""
    return sys.stdin is not None and sys.stdin.isatty()


def has_nothing_to_check() -> bool:
    """Say whether no registry tag can be among the refs, or gitreg itself pushes and has checked them."""
    return not is_asked() and (bool(os.environ.get("GITREG_PUSHING")) or _LIKE_OURS.search(read_refs()) is None)


def open_pushing() -> Registry:
    """Open the repository that is pushed from.

    Raises:
        UsageFault: no git started this.
        Unanswerable: there is no repository.
    """
    from gitreg.errors import UsageFault
    from gitreg.registry import Registry

    if is_asked():
        raise UsageFault("git writes the refs of a push to standard input, and this is a terminal", hint="gitreg hooks install")
    return Registry.open_hooked()
