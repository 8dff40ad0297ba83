"""Walking the tree of a commit, without a work tree and without another git process."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias

from gitreg.errors import Unanswerable
from gitreg.git.objects import Found, Objects

Kind: TypeAlias = Literal["blob", "tree", "link", "commit"]

_KINDS: Final[dict[bytes, Kind]] = {b"40000": "tree", b"120000": "link", b"160000": "commit"}
_ENTRY_SHA1 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{32})", re.DOTALL)
_MOST_FOLDERS: Final = 500_000  # ten times the folders of Chromium; ten trees of ten lines each can claim ten thousand million
_LONGEST_PATH: Final = 4096  # bytes of a path that Linux opens
_MANY: Final = 8 << 20  # bytes of a file that anybody here reads whole; pointers and YAML are far smaller


class TooManyFolders(Unanswerable):
    """A commit that claims to have more folders than anybody could check out.

    Args:
        commit: its full id, or a name such as ``HEAD``.
    """

    def __init__(self, commit: str) -> None:
        """Build the sentence."""
        super().__init__(
            f"commit {commit[:7]} has more than {_MOST_FOLDERS} folders, so its files are not read",
            hint="look at another commit, or ask whoever made it",
        )


class ObjectTree(ABC):
    """Files whose bytes are git objects: of a commit, or of the index.

    Args:
        objects: where they are read from.
    """

    def __init__(self, objects: Objects) -> None:
        """Remember where to read."""
        self._objects = objects

    def read(self, path: str) -> bytes | None:
        """Read a file, or None where there is none or it is far too large for YAML or a pointer."""
        entry = self._entry(path)
        if entry is None or entry[0] != "blob":
            return None
        size = self.size(path)
        if size is None or size > _MANY:
            return None
        return next(iter(self._objects.contents([entry[1]]))).content

    def size(self, path: str) -> int | None:
        """Say how many bytes a file has, or None where there is none."""
        entry = self._entry(path)
        if entry is None or entry[0] != "blob":
            return None
        return next(iter(self._objects.stat([entry[1]]))).size

    def kind(self, path: str) -> Kind | None:
        """Say what is at a path."""
        entry = self._entry(path)
        return entry[0] if entry else None

    def oid(self, path: str) -> str | None:
        """Say the id of the object at a path."""
        entry = self._entry(path)
        return (entry[1] or None) if entry else None

    def names(self, folder: str) -> list[str]:
        """List the names in a folder; nothing where there is none."""
        entry = self._entry(folder)
        if entry is None or entry[0] != "tree" or not entry[1]:
            return []
        return list(_read_tree(next(iter(self._objects.contents([entry[1]], types=("tree",))))))

    @abstractmethod
    def list_locks(self) -> list[str]:
        """List the paths of all ``dvc.lock``, in any folder, sorted; nothing where there are more folders than can be."""

    @abstractmethod
    def _entry(self, path: str) -> tuple[Kind, str] | None:
        """Look up what is at a path, and the id of its object (empty where it has none)."""


class CommitTree(ObjectTree):
    """The files of one commit.

    Args:
        objects: where they are read from.
        commit: the full id of the commit.

    Attributes:
        unread: folders that were asked for and whose objects are missing.
    """

    def __init__(self, objects: Objects, commit: str) -> None:
        """Remember both; nothing is read before it is asked for."""
        super().__init__(objects)
        self._commit = commit
        self.unread: list[str] = []
        self._entries: dict[str, dict[str, tuple[Kind, str]]] = {}

    def find(self, names: Collection[str]) -> dict[str, str]:
        """Find all files of some names, in any folder.

        Returns:
            Ids of the blobs by path from the root, sorted; symbolic links are left out, and so is what lies below a missing
            folder (see `unread`) or deeper than any file system goes.

        Raises:
            TooManyFolders: the commit claims to have more than anybody could check out.
        """
        found: dict[str, str] = {}
        folders = {"": self._root}
        left = _MOST_FOLDERS
        while folders:
            left -= len(folders)
            folders = self._descend(folders, names, found, left)
        return dict(sorted(found.items()))

    def list_locks(self) -> list[str]:
        """List the paths of all ``dvc.lock``, in any folder, sorted; nothing where there are more folders than can be."""
        try:
            return list(self.find(("dvc.lock",)))
        except TooManyFolders:
            return []

    @cached_property
    def _root(self) -> str:
        """The name of the root's object."""
        return self._objects.root_tree(self._commit)

    def _descend(self, folders: Mapping[str, str], names: Collection[str], found: dict[str, str], most: int) -> dict[str, str]:
        """Read folders, note the files that are wanted, and return the folders below, by path."""
        below: dict[str, str] = {}
        for folder, tree in zip(folders, self._objects.contents(folders.values(), types=("tree",)), strict=True):
            if not tree.type:
                self.unread.append(folder)
            for name, (kind, object_id) in _read_tree(tree).items():
                if kind == "tree" and len(folder) + len(name) < _LONGEST_PATH:
                    below[f"{folder}{name}/"] = object_id
                elif kind == "blob" and name in names:
                    found[folder + name] = object_id
            if len(below) > most:
                self._objects.close()  # its answers to what was asked are not read
                raise TooManyFolders(self._commit)
        return below

    def _entry(self, path: str) -> tuple[Kind, str] | None:
        """Look a path up, folder by folder; a path never leaves the tree."""
        entry: tuple[Kind, str] | None = ("tree", self._root)
        folder = ""
        for part in [part for part in path.split("/") if part not in {"", "."}]:
            if entry is None or entry[0] != "tree":
                return None
            entry = self._folder(folder, entry[1]).get(part)
            folder += f"{part}/"
        return entry

    def _folder(self, folder: str, tree: str) -> dict[str, tuple[Kind, str]]:
        """Read one folder, once."""
        if tree not in self._entries:
            found = next(iter(self._objects.contents([tree], types=("tree",))))
            if not found.type:
                self.unread.append(folder)
            self._entries[tree] = _read_tree(found)
        return self._entries[tree]


def list_entries(tree: bytes, width: int) -> list[tuple[bytes, bytes, bytes]]:
    """List the entries in the bytes of a tree: mode, name and id; what is broken is left out.

    Args:
        tree: its bytes.
        width: bytes of an id.
    """
    pattern = _ENTRY_SHA1 if width == 20 else _ENTRY_SHA256  # noqa: PLR2004  bytes of a SHA-1
    return pattern.findall(tree)


def _read_tree(tree: Found) -> dict[str, tuple[Kind, str]]:
    """Read the entries of a tree object: kind and id by name."""
    return {
        name.decode("utf-8", "surrogateescape"): (_KINDS.get(mode, "blob"), object_id.hex())
        for mode, name, object_id in list_entries(tree.content, len(tree.object_id) // 2)
    }
