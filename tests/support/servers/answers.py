"""Web servers of a few lines: a test says what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support.servers.process import LOOPBACK


class Quiet:
    """What all of them have, before `BaseHTTPRequestHandler` among the classes that a server's own is made of."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def run_answers(answers: Callable[..., BaseHTTPRequestHandler]) -> Iterator[int]:
    """Answer on a free port, which it gives, until the end of the block."""
    with ThreadingHTTPServer((LOOPBACK, 0), answers) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
