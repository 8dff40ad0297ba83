"""The files of the work tree, to be read like those of a commit."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["blob", "tree", "link", "commit"]

_MANY: Final = 64 << 20


class WorkTree:
    """Files below a folder; symbolic links are seen and never followed.

    Args:
        root: the folder.
        hidden: files and folders that count as not there, such as those that git ignores.
        locks: the paths of all ``dvc.lock``, in any folder, which git lists faster than we do.
    """

    def __init__(self, root: Path, hidden: frozenset[str] = frozenset(), locks: Iterable[str] = ()) -> None:
        """Remember the folder."""
        self._root = root
        self._hidden = hidden
        self._locks = tuple(locks)

    def without(self, hidden: frozenset[str]) -> WorkTree:
        """Give the same files without some of them."""
        return WorkTree(self._root, hidden, self._locks)

    def list_locks(self) -> tuple[str, ...]:
        """List the paths of all ``dvc.lock``, in any folder."""
        return self._locks

    def read(self, path: str) -> bytes | None:
        """Read a file, or None where there is none or it is far too large for YAML or a pointer."""
        size = self.size(path)
        if size is None or size > _MANY:
            return None
        try:
            return (self._root / path).read_bytes()
        except OSError:
            return None

    def size(self, path: str) -> int | None:
        """Say how many bytes a file has, or None where there is none."""
        return (self._root / path).lstat().st_size if self.kind(path) == "blob" else None

    def kind(self, path: str) -> Kind | None:
        """Say what is at a path; what lies behind a symbolic link is nowhere."""
        if path in self._hidden:
            return None
        place = self._root
        try:
            for part in path.split("/"):
                if place.is_symlink():
                    return None
                place /= part
            if place.is_symlink():
                return "link"
            return "tree" if place.is_dir() else "blob" if place.is_file() else None
        except (OSError, ValueError):
            return None

    def oid(self, path: str) -> str | None:
        """Say nothing: files of the work tree are no objects yet."""
        del path
        return None

    def names(self, folder: str) -> list[str]:
        """List the names in a folder, sorted; nothing where there is none, or it is behind a symbolic link."""
        if folder and self.kind(folder) != "tree":
            return []
        try:
            return sorted(os.listdir(self._root / folder))  # noqa: PTH208  names alone
        except OSError:
            return []


def find_leftovers(folders: set[Path], prefix: str) -> list[Path]:
    """Find temporary files, and folders of `get`, that a killed process left behind, in some folders; sorted."""
    return sorted(
        Path(entry.path)
        for folder in folders
        if folder.is_dir()
        for entry in os.scandir(folder)
        if entry.name.startswith(prefix) and (entry.name.endswith(".tmp") or entry.name.startswith(f"{prefix}get-"))
    )
