"""How far a transfer is: on a terminal, and only if it takes longer than a person waits without asking."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from threading import Lock
from types import TracebackType
from typing import Final, Self

from gitreg.cli import console

_PATIENCE: Final = 1.0  # seconds


class Progress:
    """A bar on standard error; nothing where nobody sees it, or wants quiet."""

    def __init__(self) -> None:
        """Begin to wait."""
        self._total: int | None = None
        self._arrived = 0
        self._begin: float | None = None
        self._is_shown = console.is_terminal(sys.stderr) and not console.WISHES.quiet
        self._one = Lock()
        self._draw: Callable[[int], None] | None = None
        self._stop: Callable[[], None] = _do_nothing

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away; where a person has interrupted, say what that means."""
        self._stop()
        if kind is not None and issubclass(kind, KeyboardInterrupt) and self._arrived:
            console.hint("run it again to go on where it stopped")

    def expect(self, total: int | None) -> None:
        """Take note of how many bytes are coming."""
        self._total = total
        self._begin = time.monotonic()

    def advance(self, count: int) -> None:
        """Take note of bytes that have arrived; any thread may say so."""
        with self._one:
            self._arrived += count
            if self._draw is not None:
                self._draw(self._arrived)
            elif self._is_shown and self._begin is not None and time.monotonic() - self._begin > _PATIENCE:
                self._start()

    def _start(self) -> None:
        """Show the bar: rich takes its time, which nobody notices now."""
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as Bar

        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        bar = Bar(*columns, console=Console(stderr=True), transient=True)
        task = bar.add_task("", total=self._total, completed=self._arrived)
        bar.start()
        self._stop = bar.stop
        self._draw = lambda arrived: bar.update(task, completed=arrived)


def _do_nothing() -> None:
    """End nothing."""
