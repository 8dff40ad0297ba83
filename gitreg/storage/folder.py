"""A store that is a folder of this machine, or of one that it has mounted; DVC's cache is one too."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from gitreg.core.contents import Advance
from gitreg.errors import ExternalFault, NotFound
from gitreg.storage.copying import append_file, copy_file
from gitreg.storage.keys import check_key
from gitreg.storage.store import PUSH_IT, Stored

_READ_ONLY: Final = 0o444  # as DVC leaves its objects: whoever writes into one through a link would damage other versions


class Folder:
    """A folder of bytes.

    Args:
        name: of the DVC remote.
        root: the absolute path; it need not exist before something is put there.
    """

    def __init__(self, name: str, root: Path) -> None:
        """Remember both."""
        self.name = name
        self._root = root

    def address(self, key: str) -> str:
        """Write the path."""
        return str(self._root / key) if key else str(self._root)

    def size(self, key: str) -> int | None:
        """Look at the file."""
        try:
            found = self._place(key).stat()
        except FileNotFoundError:
            self._require_root()
            return None
        except OSError as error:
            raise self._fault(key, error) from error
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Copy the file, sharing its blocks where the file system can."""
        place = self._place(key)
        try:
            if start:
                append_file(place, Path(to), start, advance)
            else:
                copy_file(place, Path(to), advance)
        except FileNotFoundError as error:
            self._require_root()
            raise self._absent(key) from error
        except OSError as error:
            raise self._fault(key, error) from error

    def read_range(self, key: str, start: int, length: int) -> bytes:
        """Read a part of the file."""
        try:
            with self._place(key).open("rb") as file:
                file.seek(start)
                return file.read(length)
        except FileNotFoundError as error:
            self._require_root()
            raise self._absent(key) from error
        except OSError as error:
            raise self._fault(key, error) from error

    def upload(self, path: str, key: str, advance: Advance) -> None:
        """Copy a file beside its final name, to the disk, and then rename it."""
        place = self._place(key)
        temporary = place.with_name(f".gitreg-{secrets.token_hex(8)}.tmp")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            copy_file(Path(path), temporary, advance, sync=True)
            temporary.chmod(_READ_ONLY)
            temporary.replace(place)
        except OSError as error:
            raise self._fault(key, error) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def list(self, prefix: str) -> Iterator[Stored]:
        """Walk the folder; symbolic links are not followed.

        A file that was moved or linked here keeps the time of its last change, so the time of its name counts too.
        """
        self._require_root()
        for folder, _, names in os.walk(self._place(prefix) if prefix else self._root):
            for name in names:
                place = Path(folder, name)
                with suppress(FileNotFoundError):
                    found = place.lstat()
                    if stat.S_ISREG(found.st_mode):
                        came = max(found.st_mtime, found.st_ctime)
                        yield Stored(place.relative_to(self._root).as_posix(), found.st_size, came)

    def delete(self, key: str) -> None:
        """Delete the file."""
        try:
            self._place(key).unlink(missing_ok=True)
        except OSError as error:
            raise self._fault(key, error) from error

    def sign(self, key: str, seconds: int) -> str | None:
        """Make no link: nobody elsewhere could open it."""
        del key, seconds
        return None

    def _place(self, key: str) -> Path:
        """Find the file of a key.

        Raises:
            Refused: the key would lead out of the folder.
        """
        return self._root.joinpath(*check_key(key).split("/"))

    def _require_root(self) -> None:
        """Tell a folder that lacks a file from one that is not there, such as a disk that is not mounted.

        Raises:
            ExternalFault: there is no such folder.
        """
        if not self._root.is_dir():
            message = f"the folder {str(self._root)!r} of the storage {self.name!r} is not there"
            raise ExternalFault(message, hint="mount it; or correct its url in .dvc/config; or name another place: --remote PATH")

    def _absent(self, key: str) -> NotFound:
        """Say that there is nothing of a key."""
        return NotFound(f"{self.name!r} has no {self.address(key)}", hint=PUSH_IT)

    def _fault(self, key: str, error: OSError) -> ExternalFault:
        """Say what the system did not let us do."""
        return ExternalFault(f"{self.address(key)}: {error.strerror or error}", hint="look at the disk and its permissions")
