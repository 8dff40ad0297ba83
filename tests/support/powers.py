"""The powers of root: it reads and writes what no permission lets it, and tests of permissions must do without that."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_VERSION_3: Final = 0x20080522  # of the structures of capget(2)
_PAST_PERMISSIONS: Final = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


@contextmanager
def powers_of_anybody() -> Iterator[None]:
    """Let permissions count for this thread until the end of the block, also where root runs the tests."""
    if os.geteuid() != 0:
        yield
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, powers = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable: twice
    _require(libc.capget(header, powers))
    before = powers[0]
    powers[0] &= ~_PAST_PERMISSIONS
    _require(libc.capset(header, powers))
    try:
        yield
    finally:
        powers[0] = before
        _require(libc.capset(header, powers))


def _require(answer: int) -> None:
    """Fail where the system has refused."""
    if answer:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
