"""git's attributes: what is to be done with a file by its path."""

from __future__ import annotations

from typing import Final

from gitreg.git.drivers import ATTRIBUTED
from gitreg.git.run import Git

_DRIVER: Final = "gitreg"


def names_drivers(git: Git) -> bool:
    """Say whether the attributes of ``artifacts.yaml`` name our merge driver or our diff driver.

    Args:
        git: in the root of a work tree.
    """
    completed = git.require(git.read("check-attr", "-z", "merge", "diff", "--", ATTRIBUTED))
    return _DRIVER in completed.stdout.decode("utf-8", "surrogateescape").split("\0")[2::3]
