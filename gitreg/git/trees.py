"""Walking the tree of a commit, without a work tree and without another git process."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, Literal, TypeAlias

from gitreg.git.objects import Found, Objects

Kind: TypeAlias = Literal["blob", "tree", "link", "commit"]

_KINDS: Final[dict[bytes, Kind]] = {b"40000": "tree", b"120000": "link", b"160000": "commit"}
_ENTRY_SHA1 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{32})", re.DOTALL)
_MANY: Final = 8 << 20  # bytes of a file that anybody here reads whole; pointers and YAML are far smaller


class CommitTree:
    """The files of one commit.

    Args:
        objects: where they are read from.
        commit: the full id of the commit.
    """

    def __init__(self, objects: Objects, commit: str) -> None:
        """Remember both; nothing is read before it is asked for."""
        self._objects = objects
        self._commit = commit
        self._entries: dict[str, dict[str, tuple[Kind, str]]] = {}

    def find(self, names: Collection[str]) -> dict[str, str]:
        """Find all files of some names, in any folder.

        Returns:
            Ids of the blobs by path from the root, sorted; symbolic links are left out.
        """
        found: dict[str, str] = {}
        folders = [""]
        trees = [f"{self._commit}^{{tree}}"]
        while trees:
            below: list[tuple[str, str]] = []
            for folder, tree in zip(folders, self._objects.contents(trees, types=("tree",)), strict=True):
                for name, (kind, object_id) in _read_tree(tree).items():
                    if kind == "tree":
                        below.append((f"{folder}{name}/", object_id))
                    elif kind == "blob" and name in names:
                        found[folder + name] = object_id
            folders, trees = [folder for folder, _ in below], [tree for _, tree in below]
        return dict(sorted(found.items()))

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
        return entry[1] if entry else None

    def _entry(self, path: str) -> tuple[Kind, str] | None:
        """Look a path up, folder by folder; a path never leaves the tree."""
        entry: tuple[Kind, str] | None = ("tree", f"{self._commit}^{{tree}}")
        for part in [part for part in path.split("/") if part not in {"", "."}]:
            if entry is None or entry[0] != "tree":
                return None
            entry = self._folder(entry[1]).get(part)
        return entry

    def _folder(self, tree: str) -> dict[str, tuple[Kind, str]]:
        """Read one folder, once."""
        if tree not in self._entries:
            self._entries[tree] = _read_tree(next(iter(self._objects.contents([tree], types=("tree",)))))
        return self._entries[tree]


def _read_tree(tree: Found) -> dict[str, tuple[Kind, str]]:
    """Read the entries of a tree object: kind and id by name."""
    pattern = _ENTRY_SHA256 if len(tree.object_id) > 40 else _ENTRY_SHA1  # noqa: PLR2004  hex digits of a SHA-1
    return {
        name.decode("utf-8", "surrogateescape"): (_KINDS.get(mode, "blob"), object_id.hex())
        for mode, name, object_id in pattern.findall(tree.content)
    }
