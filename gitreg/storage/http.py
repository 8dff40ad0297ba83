"""Plain web servers: read with ranges, written with PUT or POST. No DVC is needed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, urlsplit

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, NotFound, SettingsFault
from gitreg.storage.addresses import format_address, join_address
from gitreg.storage.files import open_at, take_range
from gitreg.storage.http_settings import FILE, TOKEN, http_credentials, limits_of, web_address
from gitreg.storage.keys import check_key
from gitreg.storage.options import convert_options, refuse_questions
from gitreg.storage.store import PUSH_IT, Stored, StoreSettings
from gitreg.storage.web import Answer, Web

_CONTENT_RANGE: Final = re.compile(r"bytes (?:([0-9]{1,18})-[0-9]{1,18}|\*)/([0-9]{1,18}|\*)")
_OK: Final = 200
_PARTIAL: Final = 206
_REFUSED: Final = frozenset({401, 403, 407})
_GONE: Final = frozenset({404, 410})
_BEYOND: Final = 416
_NO_METHOD: Final = frozenset({405, 501})
_DONE: Final = range(200, 300)
_MOST_IN_VAIN: Final = 8 << 20  # bytes that are read to get at those behind them


def open_http(settings: StoreSettings) -> Http:
    """Open a web server.

    Args:
        settings: its address, and options as those of an ``http`` remote of DVC. The key of the address itself is empty.

    Raises:
        SettingsFault: an option is unknown or makes no sense.
    """
    url = web_address(settings)
    options = convert_options(settings, urlsplit(url).scheme)
    refuse_questions(settings, options)
    method = str(options.get("method", "POST")).upper()
    if not TOKEN.fullmatch(method):
        raise SettingsFault(f"{method!r} is no method of HTTP", file=FILE, hint="it is PUT or POST")
    return Http(settings.name, url, Web(url, http_credentials(settings, options), limits_of(options)), method)


class Http:
    """A web server that keeps bytes below an address; see `open_http`.

    Args:
        name: of the store.
        url: its address, without who may open it.
        web: the way to it.
        method: that puts a file there.
    """

    def __init__(self, name: str, url: str, web: Web, method: str = "PUT") -> None:
        """Connect to nothing yet."""
        self.name = name
        self._url = url
        self._web = web
        self._method = method

    def address(self, key: str) -> str:
        """Write the address without its query, which may sign it."""
        return format_address(join_address(self._url, key))

    def size(self, key: str) -> int | None:
        """Ask for the head; where that says nothing of the size, for the first byte."""
        with self._web.ask("HEAD", self._place(key)) as answer:
            if answer.status in _GONE:
                return None
            if answer.status == _OK and answer.length is not None and not answer.is_packed:
                return answer.length
        with self._web.ask("GET", self._place(key), {"Range": "bytes=0-0"}) as answer:
            if answer.status in _GONE:
                return None
            total = _content_range(answer)[1]
            if answer.status in {_PARTIAL, _BEYOND} and total is not None:
                return total
            if answer.status == _OK and not answer.is_packed:
                return answer.length if answer.length is not None else sum(map(len, answer.pieces()))
            raise self._fault(key, answer)

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Ask for the bytes from a place on; a server that sends all of them has them begin anew."""
        headers = {"Range": f"bytes={start}-"} if start else {}
        with self._web.ask("GET", self._place(key), headers) as answer:
            first, total = _content_range(answer)
            if answer.status == _BEYOND and start:
                if total != start:  # what is there already is of something else
                    self._begin_anew(key, to, advance)
                return
            if answer.status in _GONE:
                raise self._absent(key)
            if answer.status not in {_OK, _PARTIAL} or answer.is_packed or (answer.status == _PARTIAL and first != start):
                raise self._fault(key, answer)
            with open_at(to, start if answer.status == _PARTIAL else 0) as file:
                for piece in answer.pieces():
                    file.write(piece)
                    advance(len(piece))

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Ask for a part; from a server that sends all of it only what is near the beginning is taken."""
        if length <= 0:
            return b""
        with self._web.ask("GET", self._place(key), {"Range": f"bytes={start}-{start + length - 1}"}) as answer:
            if answer.status == _BEYOND:
                return b""
            if answer.status in _GONE:
                raise self._absent(key)
            first = _content_range(answer)[0]
            if answer.status not in {_OK, _PARTIAL} or answer.is_packed or (answer.status == _PARTIAL and first != start):
                raise self._fault(key, answer)
            before = start if answer.status == _OK else 0
            if before > _MOST_IN_VAIN:
                message = f"{self.address(key)} is on a server that gives no parts of files"
                raise ExternalFault(message, hint="fetch it whole: gitreg get")
            return take_range(answer.pieces(), before, length)

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Send a file."""
        with Path(path).open("rb") as file:
            headers = {"Content-Length": str(os.fstat(file.fileno()).st_size), "Content-Type": "application/octet-stream"}
            with self._web.ask(self._method, self._place(key), headers, _Reader(file, advance)) as answer:
                if answer.status not in _DONE:
                    raise self._fault(key, answer, doing=self._method)

    def list(self, prefix: str) -> Iterator[Stored]:
        """Refuse: HTTP has no lists.

        Raises:
            ExternalFault: always.
        """
        check_key(prefix)
        message = f"{self.name!r} is a plain web server ({self.address('')}), which cannot list what it keeps"
        raise ExternalFault(message, hint="clean it up where its files are, or use WebDAV or S3")

    def delete(self, key: str) -> None:
        """Ask the server to delete it; not every server does."""
        with self._web.ask("DELETE", self._place(key)) as answer:
            if answer.status not in _DONE and answer.status not in _GONE:
                raise self._fault(key, answer, doing="DELETE")

    def sign(self, key: str, seconds: int) -> str | None:
        """Give the address, if everybody can read it."""
        del seconds
        return None if self._web.has_credentials else self._place(key)

    def _place(self, key: str) -> str:
        """Write the address of a key for a request."""
        return join_address(self._url, quote(check_key(key)))

    def _begin_anew(self, key: str, to: str, advance: Advance) -> None:
        """Throw away what is there and ask for all."""
        Path(to).write_bytes(b"")
        self.download(key, to, 0, advance)

    def _absent(self, key: str) -> NotFound:
        """Say that there is nothing of a key."""
        return NotFound(f"{self.name!r} has no {self.address(key)}", hint=PUSH_IT)

    def _fault(self, key: str, answer: Answer, doing: str = "GET") -> ExternalFault:
        """Say what an answer that is none means."""
        place = f"{self.address(key)} ({answer.status} {answer.reason})".replace(" )", ")")
        if answer.status in _REFUSED:
            hint = f"give user and password: dvc remote modify --local {self.name} password ..."
            return ExternalFault(f"the server does not let us {_VERBS.get(doing, 'write')} {place}", hint=hint)
        if answer.status in _NO_METHOD:
            hint = "set the method that it takes: dvc remote modify NAME method PUT" if doing == "POST" else "ask who runs it"
            return ExternalFault(f"the server knows no {doing} of {place}", hint=hint)
        if answer.is_packed:
            return ExternalFault(f"the server sends {place} compressed unasked", hint="turn that off for this folder")
        return ExternalFault(f"the server gave no useful answer for {place}", hint="try again, or ask who runs it")


_VERBS: Final = {"GET": "read", "PROPFIND": "read", "DELETE": "delete"}


class _Reader:
    """A file that tells how much of it was read."""

    def __init__(self, file: IO[bytes], advance: Advance) -> None:
        self._file = file
        self._advance = advance

    def read(self, size: int = -1, /) -> bytes:
        """Read, and tell."""
        piece = self._file.read(size)
        self._advance(len(piece))
        return piece

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to another place."""
        return self._file.seek(offset, whence)


def _content_range(answer: Answer) -> tuple[int | None, int | None]:
    """Read where a part begins, and how large the whole is; None where the server does not say."""
    match = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", "").strip())
    if match is None:
        return None, None
    return int(match[1]) if match[1] else None, int(match[2]) if match[2] != "*" else None
