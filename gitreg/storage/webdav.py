"""WebDAV: plain HTTP with folders, renaming and lists. No DVC is needed, save for a command that prints a token."""

from __future__ import annotations

import posixpath
import secrets
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from threading import Lock
from typing import Final, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, GitregError, Refused
from gitreg.storage.addresses import join_address
from gitreg.storage.http import Http
from gitreg.storage.http_settings import limits_of, web_address, webdav_credentials
from gitreg.storage.keys import check_key
from gitreg.storage.options import convert_options, refuse_questions
from gitreg.storage.store import Stored, StoreSettings
from gitreg.storage.web import Web

_LARGEST: Final = 256 << 20  # bytes of one list, which is that of one folder
_DAV: Final = "{DAV:}"
_LISTS: Final = 207
_GONE: Final = frozenset({404, 410})
_DONE: Final = range(200, 207)
_CONFLICT: Final = 409
_NOT_NOW: Final = frozenset(
    {405, 409, 423}
)  # it is there, the folder above is not, somebody else makes it: the next PUT will tell
_CANNOT_MOVE: Final = frozenset({405, 501, 502})


class _Entry(NamedTuple):
    """A file or folder of a list: its path on the server, without quotes."""

    path: str
    size: int | None
    modified: float | None
    is_folder: bool


def open_webdav(settings: StoreSettings) -> WebDav:
    """Open a server of WebDAV.

    Args:
        settings: its address, and options as those of a ``webdav`` remote of DVC.

    Raises:
        SettingsFault: an option is unknown or makes no sense.
    """
    url = web_address(settings)
    options = convert_options(settings, urlsplit(settings.url).scheme)
    refuse_questions(settings, options)
    limits = limits_of({"timeout": 30, **options})
    return WebDav(settings.name, url, Web(url, webdav_credentials(settings, options), limits))


class WebDav(Http):
    """A server of WebDAV that keeps bytes below an address; see `open_webdav`."""

    def __init__(self, name: str, url: str, web: Web) -> None:
        """Connect to nothing yet."""
        super().__init__(name, url, web)
        self._folders: set[str] = set()
        self._lock = Lock()
        self._root = unquote(urlsplit(url).path).strip("/")

    def size(self, key: str) -> int | None:
        """Ask for the properties: of a folder a server may answer HEAD with the size of a page."""
        found = next(iter(self._properties(self._place(key), key, depth="0")), None)
        if found is None or found.is_folder:
            return None
        return super().size(key) if found.size is None else found.size

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Send a file to a name beside its own, and rename it; where the server cannot do that, to its own at once."""
        self._make_folder(posixpath.dirname(check_key(key)))
        beside = posixpath.join(posixpath.dirname(key), f".gitreg-{secrets.token_hex(8)}.tmp")
        try:
            super().upload(path, beside, advance)
            is_moved = self._move(beside, key)
        except BaseException:
            with suppress(GitregError):
                self.delete(beside)
            raise
        if not is_moved:
            self.delete(beside)
            super().upload(path, key, lambda _count: None)

    def list(self, prefix: str) -> Iterator[Stored]:
        """List one folder after the other."""
        waiting = [check_key(prefix)]
        while waiting:
            folder = waiting.pop()
            below = f"{folder}/" if folder else ""
            for entry in self._properties(f"{self._place(folder).rstrip('/')}/", folder, depth="1"):
                key = self._key(entry)
                if key is None or not key.startswith(below) or len(key) == len(below):
                    continue
                if entry.is_folder:
                    waiting.append(key)
                else:
                    yield Stored(key, entry.size or 0, entry.modified)

    def _key(self, entry: _Entry) -> str | None:
        """Find the key of an entry; None for what is not in this store."""
        path = entry.path.strip("/")
        if self._root and not path.startswith(f"{self._root}/"):
            return None
        key = path[len(self._root) :].lstrip("/")
        with suppress(Refused):
            return check_key(key)
        return None

    def _properties(self, place: str, key: str, *, depth: str) -> tuple[_Entry, ...]:
        """Ask for the properties of a file, or of a folder and what is in it; nothing where there is nothing."""
        with self._web.ask("PROPFIND", place, {"Depth": depth, "Content-Length": "0"}) as answer:
            if answer.status in _GONE:
                return ()
            if answer.status != _LISTS or answer.is_packed:
                raise self._fault(key, answer, doing="PROPFIND")
            data = bytearray()
            for piece in answer.pieces():
                data += piece
                if len(data) > _LARGEST:
                    raise ExternalFault(f"the list of {self.address(key)} has no end", hint="ask who runs the server")
        try:
            return _parse_list(bytes(data))
        except (ET.ParseError, ValueError) as error:
            message = f"the list of {self.address(key)} is not what WebDAV says it is"
            raise ExternalFault(message, hint="check the url of the storage: dvc remote list") from error

    def _move(self, key: str, to: str) -> bool:
        """Rename a file over another one; say whether the server knows how to."""
        with self._web.ask("MOVE", self._place(key), {"Destination": self._place(to), "Overwrite": "T"}) as answer:
            if answer.status in _CANNOT_MOVE:
                return False
            if answer.status not in _DONE:
                raise self._fault(to, answer, doing="MOVE")
            return True

    def _make_folder(self, folder: str) -> None:
        """Make a folder, and those above it up to the root of the store, if this run has not done so."""
        with self._lock:  # two who make the same one at once lock each other out
            if folder in self._folders:
                return
            missing = [folder]
            while self._make_one(missing[-1]) == _CONFLICT and missing[-1]:
                missing.append(posixpath.dirname(missing[-1]))
            for above in reversed(missing[:-1]):
                self._make_one(above)
            self._folders.update(missing)

    def _make_one(self, folder: str) -> int:
        """Make a folder in one that is there; give the status of the answer."""
        place = f"{join_address(self._url, quote(folder)).rstrip('/')}/"
        with self._web.ask("MKCOL", place) as answer:
            if answer.status not in _DONE and answer.status not in _NOT_NOW:
                raise self._fault(folder, answer, doing="MKCOL")
            return answer.status


class _NoDoctype(ET.TreeBuilder):
    """Builds documents without a type, in whatever encoding they come."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse."""
        raise ValueError(f"the document type {name!r}, {pubid!r}, {system!r}")


def _parse_list(data: bytes) -> tuple[_Entry, ...]:
    """Read an answer to PROPFIND.

    Raises:
        ValueError: it has a document type, of which WebDAV knows none, and which could blow it up.
        ParseError: it is no XML.
    """
    root = ET.fromstring(data, ET.XMLParser(target=_NoDoctype()))  # noqa: S314  it has no entities
    return tuple(_read_entry(node) for node in root.iter(f"{_DAV}response"))


def _read_entry(node: ET.Element) -> _Entry:
    """Read one file or folder."""
    size = node.findtext(f".//{_DAV}getcontentlength", "")
    modified = None
    with suppress(ValueError):
        modified = parsedate_to_datetime(node.findtext(f".//{_DAV}getlastmodified", "")).timestamp()
    path = unquote(urlsplit(node.findtext(f"{_DAV}href", "").strip()).path)
    is_folder = node.find(f".//{_DAV}resourcetype/{_DAV}collection") is not None
    return _Entry(path, int(size) if size.isdecimal() else None, modified, is_folder)
