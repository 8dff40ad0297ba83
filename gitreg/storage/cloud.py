"""Stores that DVC's file systems reach: ssh, WebDAV, Google Cloud, Azure, HDFS, OSS, Google Drive."""

from __future__ import annotations

import posixpath
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urlsplit

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, GitregError, NotFound, Refused
from gitreg.storage.addresses import format_address, join_address
from gitreg.storage.cloud_client import find_class, make_filesystem, read_options
from gitreg.storage.faults import Place, is_absent, make_fault
from gitreg.storage.files import open_at, take_range
from gitreg.storage.keys import check_key, join_version, split_version
from gitreg.storage.options import secrets_of
from gitreg.storage.store import PUSH_IT, Stored, StoreSettings

_PIECE: Final = 4 << 20  # bytes that are asked for at a time
_MOST_IN_VAIN: Final = 8 << 20  # bytes that are read to get at those behind them
_TIMES: Final = ("mtime", "modified", "updated", "last_modified", "LastModified", "modifiedTime")
# a put that fails leaves nothing there, or DVC's own put_file sees to that
_WHOLE_OR_NOTHING: Final = frozenset({"azure", "gdrive", "gs", "oss", "ssh"})
_HINTS: Final[Mapping[str, str]] = {
    "azure": "sign in: az login, or give them: dvc remote modify --local {name} account_key ...",
    "gs": "sign in: gcloud auth application-default login, or name a file: dvc remote modify --local {name} credentialpath ...",
    "ssh": "load your key: ssh-add, or name its file or the password: dvc remote modify --local {name} keyfile ...",
}
_HINT: Final = "give user and password: dvc remote modify --local {name} password ..."


class _Stopped(Exception):
    """Whoever is told of progress wants no more of it."""


class _Teller:
    """Tells progress from the thread of fsspec, where only ordinary errors may be raised: any other would end its event loop.

    Args:
        advance: told of each piece.
    """

    def __init__(self, advance: Advance) -> None:
        self._advance = advance
        self._told = 0
        self.stopped: BaseException | None = None

    def tell(self, _size: int | None, value: int, **_: object) -> None:
        """Take in how many bytes have gone in all."""
        try:
            self._advance(value - self._told)
        except BaseException as error:
            self.stopped = error
            raise _Stopped from error
        self._told = value

    def finish(self, size: int) -> None:
        """Tell what nobody has told: some file systems tell nothing."""
        if size > self._told:
            self._advance(size - self._told)


class Cloud:
    """A place that one of DVC's file systems reaches.

    Args:
        settings: its address, and the options of a remote of DVC. The key of the address itself is empty.
        scheme: of the address.

    Raises:
        ExternalFault: what it needs is not installed.
        SettingsFault: an option is unknown or makes no sense.
    """

    def __init__(self, settings: StoreSettings, scheme: str) -> None:
        """Connect to nothing yet."""
        self.name = settings.name
        self._settings = settings
        self._scheme = scheme
        self._options = read_options(settings, scheme)
        self._class = find_class(scheme)
        # DVC takes the address of WebDAV as the root, and the path of any other address as that of a folder in it
        self._root = "" if scheme.startswith("webdav") else str(self._class._strip_protocol(settings.url))  # noqa: SLF001
        self._lock = Lock()
        self._outer: Any = None
        self._folders: set[str] = set()

    def address(self, key: str) -> str:
        """Write the address, with the version of the file if the key names one."""
        path, version = split_version(key)
        return join_version(format_address(join_address(self._settings.url, path)), version)

    def size(self, key: str) -> int | None:
        """Ask for what the store knows of the file."""
        path = self._path(key)
        with self._faults(key):
            try:
                found = self._filesystem().info(path)
            except Exception as error:
                if is_absent(error):
                    return None
                raise
        return int(found["size"]) if found["type"] == "file" and found["size"] is not None else None

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Read in order from a place on: what has arrived is a beginning, whatever happens."""
        remote = self._open_there(key)
        try:
            with self._faults(key):
                start = _seek(remote, start)
            with open_at(to, start) as file:
                while piece := self._read(key, remote):
                    file.write(piece)
                    advance(len(piece))
        finally:
            with suppress(Exception):
                remote.close()

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Read a part of the file; from a store that cannot begin in the middle only what is near the beginning."""
        if length <= 0:
            return b""
        remote = self._open_there(key)
        try:
            with self._faults(key):
                first = _seek(remote, start)
            if start - first > _MOST_IN_VAIN:
                message = f"{self.address(key)} is in a store that gives no parts of files"
                raise ExternalFault(message, hint="fetch it whole: gitreg get")
            size = min(_PIECE, start - first + length)
            return take_range(iter(lambda: self._read(key, remote, size), b""), start - first, length)
        finally:
            with suppress(Exception):
                remote.close()

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Send a file; where that could leave half of it, to another name first."""
        if self._settings.version_aware:
            message = f"{self.name!r} keeps files under their own names with versions, which only DVC writes into its .dvc files"
            raise Refused(message, hint="push with DVC, and commit what it changes: dvc push")
        Path(path).stat()  # a file that is not there is no fault of the store
        target = self._path(key)
        with self._faults(key):
            if self._scheme in _WHOLE_OR_NOTHING:
                self._put(path, target, advance)
            else:
                self._put_and_rename(path, target, advance)

    def list(self, prefix: str) -> Iterator[Stored]:
        """List all files below."""
        root = self._path("").rstrip("/")
        folder = self._path(prefix)
        with self._faults(prefix):
            try:
                found = self._filesystem().find(folder, detail=True)
            except Exception as error:
                if is_absent(error):
                    return
                raise
        for name, entry in found.items():
            if entry.get("type") == "file":
                key = name.strip("/") if not root else name.removeprefix(root).strip("/")
                yield Stored(key, int(entry.get("size") or 0), _read_time(entry))

    def delete(self, key: str) -> None:
        """Delete the file."""
        path = self._path(key)
        with self._faults(key):
            try:
                self._filesystem().rm_file(path)
            except Exception as error:
                if not is_absent(error):
                    raise

    def sign(self, key: str, seconds: int) -> str | None:
        """Make a link with a signature, where the store knows them."""
        path = self._path(key)
        with self._faults(key), suppress(NotImplementedError):
            link = self._filesystem().sign(path, expiration=seconds)
            return str(link) if link else None
        return None

    def _filesystem(self) -> Any:  # noqa: ANN401  fsspec has no types
        """Connect, once."""
        with self._lock:
            if self._outer is None:
                self._outer = make_filesystem(self._class, self._settings.url, self._options)
            return self._outer.fs

    def _path(self, key: str) -> str:
        """Name a file to DVC's file system."""
        path, version = split_version(check_key(key))
        place = posixpath.join(self._root, path) if path else self._root
        return str(self._class.version_path(place, version)) if version else place

    def _open(self, path: str) -> Any:  # noqa: ANN401  fsspec has no types
        """Open a file to be read from its beginning to its end."""
        options = {} if self._scheme == "ssh" else {"cache_type": "none"}
        return self._filesystem().open(path, "rb", **options)

    def _open_there(self, key: str) -> Any:  # noqa: ANN401  fsspec has no types
        """Open a file that should be there."""
        with self._faults(key):
            try:
                return self._open(self._path(key))
            except Exception as error:
                if is_absent(error):
                    raise NotFound(f"{self.name!r} has no {self.address(key)}", hint=PUSH_IT) from error
                raise

    def _read(self, key: str, remote: Any, size: int = _PIECE) -> bytes:  # noqa: ANN401  fsspec has no types
        """Read the next bytes."""
        with self._faults(key):
            return bytes(remote.read(size))

    def _put(self, path: str, target: str, advance: Advance) -> None:
        """Send a file to a name."""
        from fsspec.callbacks import Callback

        teller = _Teller(advance)
        self._make_folder(posixpath.dirname(target))
        try:
            self._filesystem().put_file(path, target, callback=Callback(hooks={"advance": teller.tell}))
        except Exception:
            if teller.stopped is not None:
                raise teller.stopped from None
            raise
        teller.finish(Path(path).stat().st_size)

    def _put_and_rename(self, path: str, target: str, advance: Advance) -> None:
        """Send a file to a name beside its own, and rename it."""
        filesystem = self._filesystem()
        beside = posixpath.join(posixpath.dirname(target), f".gitreg-{secrets.token_hex(8)}.tmp")
        try:
            self._put(path, beside, advance)
            if self._scheme.startswith("webdav"):
                filesystem.client.move(beside, target, overwrite=True)  # fsspec's own rename copies
            else:
                filesystem.mv(beside, target)
        except BaseException:
            with suppress(Exception):
                filesystem.rm_file(beside)
            raise

    def _make_folder(self, folder: str) -> None:
        """Make a folder if this run has not done so."""
        if folder and folder not in self._folders:
            self._filesystem().makedirs(folder, exist_ok=True)
            self._folders.add(folder)

    @contextmanager
    def _faults(self, key: str) -> Iterator[None]:
        """Make sentences of the errors of libraries."""
        try:
            yield
        except GitregError:
            raise
        except Exception as error:
            raise make_fault(error, self._place(key)) from error

    def _place(self, key: str) -> Place:
        """Say what was asked for."""
        hint = _HINTS.get(self._scheme, _HINT).format(name=self.name)
        host = urlsplit(self._settings.url).netloc.rpartition("@")[2]
        secret = secrets_of(self._settings)
        return Place(name=self.name, address=self.address(key), host=host, secrets=secret, credentials_hint=hint)


def _seek(remote: Any, start: int) -> int:  # noqa: ANN401  fsspec has no types
    """Go to a place in a file that is read; a store that cannot do that begins anew."""
    if not start:
        return 0
    try:
        remote.seek(start)
    except (NotImplementedError, ValueError):
        return 0
    return start


def _read_time(entry: Mapping[str, Any]) -> float | None:
    """Find out when a file came."""
    value = next((entry[name] for name in _TIMES if entry.get(name) is not None), None)
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value) if isinstance(value, int | float) else None
