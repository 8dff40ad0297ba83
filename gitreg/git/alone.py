"""One writer at a time in one clone: what is decided must still hold when it is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from gitreg.git.location import Location

_NAME: Final = "gitreg-writing"


@contextmanager
def alone(location: Location) -> Iterator[None]:
    """Wait until no other gitreg writes to this clone, and keep the others waiting.

    Two tags of different names never collide in git, so two processes could decide on the same state and contradict each other.
    The system lets go of the lock when its holder dies, so it is never stale. Where there is no such lock, or no right to make
    its file, we go on without: the names of tags are free for one writer only in any case.
    """
    try:
        import fcntl
    except ImportError:
        yield
        return
    descriptor = None
    try:
        with suppress(OSError):
            descriptor = os.open(location.common_dir / _NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)
