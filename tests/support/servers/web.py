"""A plain web server over a folder: with ranges, with HTTP's PUT, and with any trouble that a test asks for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from tests.support.servers.answers import Quiet, run_answers
from tests.support.servers.hold import Hold
from tests.support.servers.process import LOOPBACK
from tests.support.servers.storage import StorageServer

_RANGE: Final = re.compile(r"bytes=([0-9]+)-([0-9]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with one answer.

    Attributes:
        status: an error in place of an answer.
        location: a redirection to this address in place of an answer.
        drop_after: the connection ends after so many bytes of the body, fewer than were announced.
        truncate_to: the body has only so many bytes, and that is what is announced.
        replace_with: other bytes of the file's place, as a store has them whose disk is damaged.
        without_length: nothing announces how long the body is; its end is that of the connection.
        without_ranges: the server does not know ranges, and sends the whole.
        hold: before the body, the server waits here for the test.
    """

    status: int | None = None
    location: str | None = None
    drop_after: int | None = None
    truncate_to: int | None = None
    replace_with: bytes | None = None
    without_length: bool = False
    without_ranges: bool = False
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request that came.

    Attributes:
        headers: with names in lower case.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(repr=False)

    @property
    def range(self) -> str | None:
        """The range that was asked for."""
        return self.headers.get("range")


@dataclass(slots=True)
class Web:
    """A web server.

    Attributes:
        root: the folder.
        port: where it listens.
        requests: all that came, in order.
        login: name and password without which nobody gets anything; None opens the door.
    """

    root: Path
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    login: tuple[str, str] | None = None
    _troubles: list[tuple[str, Trouble]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The URL of the folder."""
        return f"http://{LOOPBACK}:{self.port}"

    def storage(self, name: str) -> StorageServer:
        """Make a folder of its own on the server."""
        folder = self.root / name
        folder.mkdir(parents=True)
        login = self.login
        return StorageServer(
            kind="web",
            url=f"{self.address}/{name}",
            options={"method": "PUT", **({"auth": "basic", "user": login[0]} if login else {})},
            local_options={"password": login[1]} if login else {},
            folder=folder,
            port=self.port,
        )

    def trouble(self, trouble: Trouble, *, path: str = "", times: int = 1) -> None:
        """Make trouble for the next requests of a body (GET).

        Args:
            trouble: what is wrong.
            path: something in the path of the requests that meet it.
            times: how many of them do.
        """
        self._troubles.extend([(path, trouble)] * times)

    def next_trouble(self, path: str) -> Trouble:
        """Take the trouble that a request meets."""
        for index, (part, trouble) in enumerate(self._troubles):
            if part in path:
                del self._troubles[index]
                return trouble
        return Trouble()

    def admits(self, authorization: str | None) -> bool:
        """Say whether somebody may come in."""
        return self.login is None or authorization == "Basic " + base64.b64encode(":".join(self.login).encode()).decode()


class _Answers(Quiet, BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    def __init__(self, web: Web, *args: object) -> None:
        self._web = web
        super().__init__(*args)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        place = self._come_in()
        if place is not None and self._require(place):
            self._begin(200, place.stat().st_size)

    def do_GET(self) -> None:
        place = self._come_in()
        trouble = self._web.next_trouble(self.path)
        if place is None:
            return
        if trouble.location is not None:
            self._begin(302, 0, Location=trouble.location)
        elif trouble.status is not None:
            self._begin(trouble.status, 0)
        elif self._require(place):
            self._send(place.read_bytes() if trouble.replace_with is None else trouble.replace_with, trouble)

    def do_PUT(self) -> None:
        body = self._read_body()
        place = self._come_in()
        if place is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(body)
            self._begin(201, 0)

    def _come_in(self) -> Path | None:
        """Note the request and find the file that it is about; None if nobody may come in."""
        path = unquote(urlsplit(self.path).path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._web.requests.append(Request(self.command, path, headers))
        if self._web.admits(headers.get("authorization")):
            return self._web.root / path.lstrip("/")
        self._begin(401, 0, **{"WWW-Authenticate": 'Basic realm="tests"'})
        return None

    def _require(self, place: Path) -> bool:
        """Answer that a file is not there, if so."""
        if not place.is_file():
            self._begin(404, 0)
        return place.is_file()

    def _send(self, data: bytes, trouble: Trouble) -> None:
        """Send a body, or a range of it."""
        size, start = len(data), 0
        asked = None if trouble.without_ranges else _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked:
            start = int(asked[1])
            if start >= size:
                self._begin(416, 0, **{"Content-Range": f"bytes */{size}"})
                return
            data = data[start : int(asked[2]) + 1 if asked[2] else None]
        body = data[: trouble.truncate_to]
        headers = {"Content-Range": f"bytes {start}-{start + len(data) - 1}/{size}"} if asked else {}
        self._begin(206 if asked else 200, None if trouble.without_length else len(body), **headers)
        if trouble.hold is not None:
            self.wfile.flush()
            trouble.hold.arrive()
        with suppress(OSError):
            self.wfile.write(body[: trouble.drop_after])
        if trouble.drop_after is not None or trouble.without_length:
            self.close_connection = True

    def _begin(self, status: int, length: int | None, **headers: str) -> None:
        """Send the head of an answer."""
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        for name, value in headers.items():
            self.send_header(name, value)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def _read_body(self) -> bytes:
        """Read what the client sends, in one piece or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body


@contextmanager
def run_web(root: Path) -> Iterator[Web]:
    """Serve a folder until the end of the block."""
    root.mkdir(parents=True, exist_ok=True)
    web = Web(root)
    with run_answers(partial(_Answers, web)) as web.port:
        yield web
