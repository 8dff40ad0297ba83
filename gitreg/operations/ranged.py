"""Readers over places that keep bytes: local files, and the items of contents wherever they are."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path
from typing import IO

from gitreg.core.contents import Item, Ranged, Source, no_advance
from gitreg.errors import ExternalFault, GitregError, NotFound
from gitreg.storage.store import PUSH_IT


class LocalFile:
    """A file of this machine; it is opened anew for each part, so that a folder of many files leaves none open.

    Args:
        path: of a plain file, or of a link to one.

    Raises:
        NotFound: there is no such file.
        ExternalFault: it is no plain file, or the system does not let us.
    """

    def __init__(self, path: Path) -> None:
        """Measure it."""
        self._path = path
        try:
            found = path.stat()
        except OSError as error:
            raise self._fault(error) from error
        if not stat.S_ISREG(found.st_mode):
            raise ExternalFault(f"{str(path)!r} is no plain file", hint="name a file, or a folder of files")
        self.size = found.st_size

    def read(self, start: int, length: int) -> bytes:
        """Read a part.

        Raises:
            ExternalFault: the system does not let us.
        """
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(start)
                return file.read(max(0, length))
        except OSError as error:
            raise self._fault(error) from error

    def _fault(self, error: OSError) -> GitregError:
        """Say what is wrong with it."""
        if isinstance(error, FileNotFoundError):
            return NotFound(f"there is no file {str(self._path)!r}", hint="check the path")
        return ExternalFault(f"{str(self._path)!r} cannot be read: {error.strerror or error}", hint="look at its permissions")


class StoredFile:
    """A file of contents, in the first of several places that has it.

    Args:
        item: the file.
        sources: the places, the nearest first.

    Raises:
        NotFound: no place has it.
        ExternalFault: a place does not answer.
    """

    def __init__(self, item: Item, sources: tuple[Source, ...]) -> None:
        """Find the place."""
        self._item = item
        self.source, self.size = _find_place(item, sources)
        self._copy: IO[bytes] | None = None
        self.fetched = 0

    @property
    def address(self) -> str:
        """Write where the bytes are, without secrets."""
        return self.source.address(self._item.key)

    @property
    def is_ranged(self) -> bool:
        """Say whether parts can be read without fetching the whole."""
        return isinstance(self.source, Ranged)

    @property
    def whole(self) -> bool:
        """Say whether the whole file had to be fetched."""
        return self._copy is not None

    def read(self, start: int, length: int) -> bytes:
        """Read a part; from a place that gives no parts the whole is fetched once, to a file that is deleted again.

        Raises:
            ExternalFault: the place does not answer.
        """
        if isinstance(self.source, Ranged):
            data = self.source.read_range(self._item.key, start, min(length, self.size - start))
            self.fetched += len(data)
            return data
        if self._copy is None:
            self._copy = self._fetch()
        self._copy.seek(start)
        return self._copy.read(max(0, length))

    def close(self) -> None:
        """Delete the copy."""
        if self._copy is not None:
            self._copy.close()

    def _fetch(self) -> IO[bytes]:
        """Fetch the whole."""
        file = tempfile.NamedTemporaryFile(prefix="gitreg-")  # noqa: SIM115  it stays open until this is closed
        try:
            self.source.download(self._item.key, file.name, 0, no_advance)
            self.size = self.fetched = os.stat(file.name).st_size  # noqa: PTH116  the name is a text
        except BaseException:
            file.close()
            raise
        return file


def _find_place(item: Item, sources: tuple[Source, ...]) -> tuple[Source, int]:
    """Find the first place that has a file, and its size there; the last one is believed where it says nothing of sizes."""
    failure: GitregError | None = None
    for source in sources:
        try:
            size = source.size(item.key)
        except NotFound as error:
            failure = error
            continue
        if size is not None:
            return source, size
    address = sources[-1].address(item.key)
    raise failure or NotFound(f"there is no {address}", hint=PUSH_IT)
