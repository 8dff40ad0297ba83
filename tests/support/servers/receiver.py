"""A web server that receives what is posted, and answers as a test says."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Final

from tests.support.servers.certificate import Certificate
from tests.support.servers.process import LOOPBACK

_NO_LINGER: Final = struct.pack("ii", 1, 0)  # a close that sends RST


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """How a post is answered.

    Attributes:
        headers: beside the length of the answer.
        resets: the connection breaks instead.
        hangs: nothing comes until the test is over.
        drips: an answer comes a byte at a time, and never ends.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    resets: bool = False
    hangs: bool = False
    drips: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """What came; names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Receiver:
    """The server.

    Attributes:
        posts: what came, in order.
        replies: how the next ones are answered; when there are none left: 200.
    """

    port: int = 0
    scheme: str = "http"
    posts: list[Posted] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def url(self) -> str:
        """An address on it, with a secret in the path and one in the query."""
        return f"{self.scheme}://{LOOPBACK}:{self.port}/services/T0SECRET?sig=Q0SECRET"


class _Answers(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"

    def __init__(self, receiver: Receiver, *args: object) -> None:
        self._receiver = receiver
        super().__init__(*args)  # type: ignore[arg-type]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._receiver.posts.append(Posted(self.command, self.path, headers, body))
        reply = self._receiver.replies.pop(0) if self._receiver.replies else Reply()
        if reply.resets:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            self.connection.close()
            self.close_connection = True
        elif reply.hangs:
            self._receiver.over.wait(60)
            self.close_connection = True
        elif reply.drips:
            self._drip()
        else:
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": "2"}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what came is kept."""

    def _drip(self) -> None:
        """Send a head that never ends."""
        self.close_connection = True
        with suppress(OSError):
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            while not self._receiver.over.wait(0.02):
                self.wfile.write(b"x")


@contextmanager
def run_receiver(certificate: Certificate | None = None) -> Iterator[Receiver]:
    """Receive until the end of the block.

    Args:
        certificate: speak TLS with it.
    """
    receiver = Receiver(scheme="https" if certificate else "http")
    with ThreadingHTTPServer((LOOPBACK, 0), partial(_Answers, receiver)) as server:
        server.daemon_threads = True
        if certificate is not None:
            server.socket = certificate.context.wrap_socket(server.socket, server_side=True)
        receiver.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.over.set()
            server.shutdown()
            thread.join()
