"""Requests to web servers: credentials go to the server that they are for and to no other, wherever it redirects to."""

from __future__ import annotations

import http.client
import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import quote, urljoin

from gitreg.errors import ExternalFault
from gitreg.storage.addresses import format_address, format_reason
from gitreg.storage.connections import Connections, Limits, Origin
from gitreg.version import __version__

_SIZE: Final = re.compile("[0-9]{1,18}")
_MOST_REDIRECTS: Final = 5
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_NO_QUOTES: Final = "!#$%&'()*+,/:;=?@[]~"
_READING: Final = frozenset({"GET", "HEAD"})
_BROKEN: Final = (http.client.IncompleteRead, ConnectionResetError, ConnectionAbortedError, BrokenPipeError)
_DRAIN: Final = 64 << 10  # bytes of an answer nobody wants that are read to keep the connection
_PIECE: Final = 256 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What proves who we are.

    Attributes:
        headers: sent to the server that they are for.
        secrets: texts that appear in no sentence.
    """

    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


class Body(Protocol):
    """Something to send, from its beginning."""

    def read(self, size: int = -1, /) -> bytes:
        """Give the next bytes; none at the end."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place."""


class Answer:
    """What a server answers.

    Args:
        url: of the server that answered at last.
        connection: that it comes through.
        response: its head, and its bytes as they are read.
        fault: says what an error in the middle is.
    """

    def __init__(
        self,
        url: str,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        fault: Callable[[str, Exception], ExternalFault],
    ) -> None:
        """Read nothing but the head."""
        self.url = url
        self.connection = connection
        self.status = response.status
        self.reason = response.reason
        self.headers = response.headers
        self._response = response
        self._fault = fault

    @property
    def length(self) -> int | None:
        """Read how many bytes the server says there are."""
        text = self.headers.get("Content-Length", "")
        return int(text) if _SIZE.fullmatch(text) else None

    @property
    def is_packed(self) -> bool:
        """Say whether the bytes are compressed, though nobody asked for that, so that they are not those of the file."""
        return self.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}

    def pieces(self) -> Iterator[bytes]:
        """Read the bytes as they come.

        Raises:
            ExternalFault: they stop before the end.
        """
        try:
            while piece := self._response.read1(_PIECE):
                yield piece
        except (OSError, http.client.HTTPException) as error:
            raise self._fault(self.url, error) from error
        if self._response.length:
            raise self._fault(self.url, http.client.IncompleteRead(b"", self._response.length))

    def drain(self) -> bool:
        """Read what is left, if that is little, so that the connection can be used again.

        Returns:
            Whether nothing is left.
        """
        response = self._response
        with suppress(OSError, http.client.HTTPException), response:
            left = response.length
            if response.isclosed() or left == 0:
                return True
            return left is not None and left <= _DRAIN and len(response.read()) == left
        return False


class Web:
    """A web server and those that it redirects to.

    Args:
        url: an address on the server that the credentials are for.
        credentials: who we are.
        limits: of each connection.
    """

    def __init__(self, url: str, credentials: Credentials, limits: Limits) -> None:
        """Connect to nothing yet."""
        self._home = Origin.of(url)
        self._credentials = credentials
        self._connections = Connections(limits)

    @property
    def has_credentials(self) -> bool:
        """Say whether somebody else would need credentials too."""
        return bool(self._credentials.headers)

    @contextmanager
    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: Body | None = None) -> Iterator[Answer]:
        """Send a request, follow redirects if it only reads, and give the answer to be read.

        Args:
            method: ``GET``, ``PUT`` and so on.
            url: the address, quoted.
            headers: beside our own ones.
            body: what to send; its ``Content-Length`` is among the headers.

        Raises:
            ExternalFault: the server does not answer, or redirects to where we do not go.
        """
        answer = self._ask(method, url, headers or {}, body)
        try:
            yield answer
        finally:
            self._finish(answer)

    @contextmanager
    def send(self, method: str, url: str, headers: Mapping[str, str], body: Body | None = None) -> Iterator[Answer]:
        """Send one request and give the answer, whatever it is: nothing is followed.

        Args:
            method: as for `ask`.
            url: the address, quoted.
            headers: beside our own ones.
            body: what to send.

        Raises:
            OSError: the server does not answer; what is said of it may hold the address.
            http.client.HTTPException: it does not speak HTTP; the same.
        """
        answer = self._send(method, url, headers, body)
        try:
            yield answer
        finally:
            self._finish(answer)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: Body | None) -> Answer:
        """Send requests until an answer is none that sends us elsewhere."""
        start = url
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                answer = self._send(method, url, headers, body)
            except (OSError, http.client.HTTPException, UnicodeError) as error:  # the last one: a host that cannot be one
                raise self._fault(url, error) from error
            place = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or not place:
                return answer
            self._finish(answer)
            url = self._follow(method, url, place)
        raise ExternalFault(f"{format_address(start)} redirects in a circle", hint="check the url of the storage")

    def _send(self, method: str, url: str, headers: Mapping[str, str], body: Body | None) -> Answer:
        """Send one request, again if a connection that was kept turns out to be closed."""
        origin = Origin.of(url)
        ours = {"User-Agent": f"gitreg/{__version__}", "Accept-Encoding": "identity", **self._connections.extra_headers(origin)}
        secret = self._credentials.headers if origin == self._home else {}
        while True:
            connection, was_used = self._connections.take(origin)
            try:
                response = _request(connection, method, self._connections.target(url), {**ours, **secret, **headers}, body)
            except (ConnectionError, http.client.CannotSendRequest):
                connection.close()
                if not was_used:
                    raise
                self._connections.forget(origin)
                if body is not None:
                    body.seek(0)
            except BaseException:
                connection.close()
                raise
            else:
                return Answer(url, connection, response, self._fault)

    def _finish(self, answer: Answer) -> None:
        """Keep the connection if the answer was read to its end, else close it."""
        if answer.drain():
            self._connections.give_back(Origin.of(answer.url), answer.connection)
        else:
            answer.connection.close()

    def _follow(self, method: str, url: str, place: str) -> str:
        """Decide whether to go where a server sends us.

        Raises:
            ExternalFault: it is no place to go to.
        """
        try:
            # the bytes of a header are read as Latin-1, so quoting them so gives the same bytes again
            target = urljoin(url, quote(place, safe=_NO_QUOTES, encoding="latin-1"))
            here, there = Origin.of(url), Origin.of(target)
        except ValueError as error:
            raise ExternalFault(f"{format_address(url)} redirects to no web server", hint="check its url") from error
        if method not in _READING:
            message = f"{format_address(url)} redirects to {format_address(target)}, and nothing is sent there unasked"
            raise ExternalFault(message, hint="if you trust it, write that address into .dvc/config")
        if (here.scheme, there.scheme) == ("https", "http"):
            message = f"{format_address(url)} redirects to {format_address(target)}, which is not encrypted"
            raise ExternalFault(message, hint="ask who runs the server")
        return target

    def _fault(self, url: str, error: Exception) -> ExternalFault:
        """Say why there is no answer."""
        place = format_address(url)
        if isinstance(error, TimeoutError):
            return ExternalFault(f"{place} does not answer in time", hint="try again, or give it longer: read_timeout")
        if isinstance(error, ssl.SSLCertVerificationError):
            message = f"the certificate of {Origin.of(url).host} is not trusted: {error.verify_message}"
            return ExternalFault(message, hint="if it is your own authority, name its file: ssl_verify in .dvc/config.local")
        if isinstance(error, _BROKEN):
            return ExternalFault(f"{place} broke off the connection", hint="try again: what has arrived is kept")
        reason = (
            error.strerror if isinstance(error, OSError) and error.strerror else format_reason(error, self._credentials.secrets)
        )
        return ExternalFault(f"{place} cannot be reached: {reason}", hint="check the network and the url of the storage")


def _request(
    connection: http.client.HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: Body | None
) -> http.client.HTTPResponse:
    """Send a request and read the head of the answer; a server that refuses a body may answer before it has all of it."""
    try:
        connection.request(method, target, body=body, headers=dict(headers))
    except (BrokenPipeError, ConnectionResetError):
        if body is None:
            raise
    return connection.getresponse()
