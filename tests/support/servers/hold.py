"""A place in the middle of an answer where a server waits for the test: nobody has to guess with a clock when to kill a client."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event
from typing import Final

_PATIENCE: Final = 60.0  # seconds; a test that waits longer has failed


@dataclass(frozen=True, slots=True)
class Hold:
    """The test waits until a client has come so far; the client waits until it may go on."""

    _reached: Event = field(default_factory=Event)
    _open: Event = field(default_factory=Event)

    def wait_for_client(self) -> None:
        """Wait, in the test, until a client has come so far."""
        if not self._reached.wait(_PATIENCE):
            raise AssertionError("no client came so far")

    def let_go(self) -> None:
        """Let the client go on, and those after it."""
        self._open.set()

    def arrive(self) -> None:
        """Wait, in the server, until the client may go on."""
        self._reached.set()
        self._open.wait(_PATIENCE)
