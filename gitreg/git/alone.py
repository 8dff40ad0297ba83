"""One writer at a time in one clone: what is decided must still hold when it is written."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gitreg.errors import ExternalFault
from gitreg.git.location import Location

_NAME: Final = "gitreg-writing"
_LONGEST: Final = 60.0  # seconds; a writer is done in a fraction of one, so whoever takes longer hangs or was stopped
_PAUSE: Final = 0.02
_OPEN: Final = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


@contextmanager
def alone(location: Location) -> Iterator[None]:
    """Wait until no other gitreg writes to this clone, and keep the others waiting.

    Two tags of different names never collide in git, so two processes could decide on the same state and contradict each other.
    The system lets go of the lock when its holder dies, so it is never stale. Where there is no such lock, or no right to make
    its file, we go on without: the names of tags are free for one writer only in any case.

    Raises:
        ExternalFault: another one has been writing for a minute.
    """
    place, descriptor = location.common_dir / _NAME, None
    try:
        with suppress(OSError):
            descriptor = os.open(
                place, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0), 0o644
            )
        if descriptor is not None:
            _lock(descriptor, place)
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _lock(descriptor: int, place: Path) -> None:
    """Lock a file, which may take a while; where there are no locks, go on without."""
    try:
        import fcntl
    except ImportError:
        return
    end = time.monotonic() + _LONGEST
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > end:
                message = "another gitreg has been writing to this clone for a minute"
                raise ExternalFault(message, hint=f"wait for it, or find out which one it is: fuser '{place}'") from error
            time.sleep(_PAUSE)
        except OSError:
            return
        else:
            return
