"""What was derived from objects of git, kept for the next time: texts by keys that name content, for all repositories together.

An object never changes, and neither does what one program makes of it, so nothing that is kept here ever gets stale: a key holds
the full id of what a text was made from and the number of the program that made it. One file of SQLite in the folder of the cache
has all of it, each text with a checksum over its key and itself. The file may be deleted at any time, also while it is used; one
that is damaged is deleted and made anew; where it cannot be used, nothing is kept, and the answers are the same.

It is used only where the folder is ours and nobody else may write there: whoever could write here could make answers.
"""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gitreg.errors import UsageFault
from gitreg.git.mirror_cache import cache_root, read_limit

if TYPE_CHECKING:
    import sqlite3

FILE: Final = "facts/derived-1.sqlite"
"""The name of the file, in the folder of the cache."""

_LARGEST: Final = 128 << 20  # bytes of the file beyond which the older half is forgotten
_TOGETHER: Final = 500  # keys of one question
_PATIENCE: Final = 1.0  # seconds to wait for another process that writes
_OVERHEAD: Final = 100  # bytes of a row besides its text
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH
_TABLE: Final = (
    "CREATE TABLE IF NOT EXISTS derived "
    "(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, text TEXT NOT NULL, sum INTEGER NOT NULL)"
)


class Derived:
    """The texts that are kept; no method of it ever fails.

    Args:
        is_shut: whether to do without.
    """

    def __init__(self, *, is_shut: bool = False) -> None:
        """Open nothing yet."""
        self._new: dict[str, str] = {}
        self._connection: sqlite3.Connection | None = None
        self._is_shut = is_shut

    def look_up(self, keys: Iterable[str]) -> dict[str, str]:
        """Find what is kept under keys.

        Returns:
            Texts by key, of those keys that there are.
        """
        found: dict[str, str] = {}
        rest = iter(dict.fromkeys(keys))
        while some := list(islice(rest, _TOGETHER)):
            found.update(self._select(some))
        return found

    def keep(self, texts: Mapping[str, str]) -> None:
        """Keep texts by their keys; they are written when `close` is called."""
        if not self._is_shut:
            self._new.update(texts)

    def close(self) -> None:
        """Write what is new, all of it or nothing, and close the file."""
        new, self._new = self._new, {}
        connection = self._open() if new else self._connection
        if connection is None:
            return
        import sqlite3

        try:
            with closing(connection):
                if new:
                    _insert(connection, new)
        except (sqlite3.Error, UnicodeError) as error:
            _heal(error)
        self._connection = None

    def _select(self, keys: list[str]) -> dict[str, str]:
        """Ask the file; what does not fit its checksum is not there."""
        connection = self._open()
        if connection is None:
            return {}
        import sqlite3

        try:
            marks = ",".join("?" * len(keys))
            rows = connection.execute(f"SELECT key, text, sum FROM derived WHERE key IN ({marks})", keys).fetchall()  # noqa: S608  question marks
        except (sqlite3.Error, UnicodeError) as error:
            with suppress(sqlite3.Error):
                connection.close()
            self._connection, self._is_shut = None, True
            _heal(error)
            return {}
        return {key: text for key, text, total in rows if isinstance(text, str) and total == _add_up(key, text)}

    def _open(self) -> sqlite3.Connection | None:
        """Open the file, or say that it cannot be used."""
        if self._connection is None and not self._is_shut:
            self._connection = _connect()
            self._is_shut = self._connection is None
        return self._connection


def make_key(*parts: str) -> str:
    """Make a key of texts that name what something was made from, and by what."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=20).hexdigest()


def derived_file() -> Path | None:
    """Say where the file is; None where nothing may be kept: nobody says where, or the folder is not ours alone.

    The folder is made if it is not there.
    """
    try:
        path = cache_root() / FILE
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = path.parent.lstat()
        is_usable = stat.S_ISDIR(found.st_mode) and _is_ours(found)
        if is_usable and os.path.lexists(path):
            found = path.lstat()
            is_usable = stat.S_ISREG(found.st_mode) and _is_ours(found)
    except (OSError, UsageFault):
        return None
    return path if is_usable else None


def delete_derived() -> None:
    """Delete all that is kept."""
    path = derived_file()
    if path is not None:
        for name in (f"{path.name}-journal", path.name):
            with suppress(OSError):
                path.with_name(name).unlink()


def _is_ours(found: os.stat_result) -> bool:
    """Say whether a file or folder belongs to this user, and nobody else may write to it."""
    return not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & _OTHERS)


def _connect() -> sqlite3.Connection | None:
    """Open the file, and make its table where there is none."""
    path = derived_file()
    try:
        import sqlite3
    except ImportError:  # a Python without it
        return None
    if path is None:
        return None
    connection = None
    try:
        connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        path.chmod(0o600)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = OFF")  # what a crash leaves damaged is made anew
        connection.execute(_TABLE)
    except (OSError, sqlite3.Error, UnicodeError) as error:
        if connection is not None:
            connection.close()
        _heal(error)
        return None
    return connection


def _insert(connection: sqlite3.Connection, texts: Mapping[str, str]) -> None:
    """Write texts, and forget the older half of all where there are too many."""
    rows = [(key, text, _add_up(key, text)) for key, text in texts.items()]
    new = sum(len(text) + _OVERHEAD for text in texts.values())
    most = _most()
    if new > most // 2:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        page, pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_size", "page_count", "freelist_count")
        )
        if page * (pages - free) + new > most:
            connection.execute("DELETE FROM derived WHERE number <= (SELECT (min(number) + max(number)) / 2 FROM derived)")
        connection.executemany("INSERT OR REPLACE INTO derived (key, text, sum) VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(Exception):
            connection.execute("ROLLBACK")
        raise


def _most() -> int:
    """Say how many bytes the file may have."""
    try:
        return min(_LARGEST, read_limit())
    except UsageFault:
        return _LARGEST


def _heal(error: Exception) -> None:
    """Delete a file that is damaged; one that somebody else writes to, or that does not fit on the disk, is none.

    Where a text, or a name in what SQLite says of the damage, is no UTF-8, Python complains, and no code of SQLite comes with it.
    """
    import sqlite3

    is_of_python = isinstance(error, UnicodeError | sqlite3.Error) and not hasattr(error, "sqlite_errorcode")
    if type(error) is sqlite3.DatabaseError or is_of_python:
        delete_derived()


def _add_up(key: str, text: str) -> int:
    """Reckon a checksum over a key and its text."""
    return zlib.crc32(f"{key}\0{text}".encode())
