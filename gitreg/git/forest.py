"""The trees of many commits at once: what commits share is read once, and no more is held than a bounded memory takes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from gitreg.git.finding import Finder
from gitreg.git.objects import Found, Objects
from gitreg.git.trees import Kind, ObjectTree, TooManyFolders, list_entries

_KINDS: Final[tuple[tuple[bytes, Kind], ...]] = (
    (b"100644", "blob"),
    (b"40000", "tree"),
    (b"100755", "blob"),
    (b"120000", "link"),
    (b"160000", "commit"),
    (b"100664", "blob"),  # git wrote it in its first years
)
_ENTRIES_SHA1 = re.compile(rb"(?:[0-7]+ [^\0]+\0.{20})*", re.DOTALL)
_ENTRIES_SHA256 = re.compile(rb"(?:[0-7]+ [^\0]+\0.{32})*", re.DOTALL)
_OF_NAMES: Final = frozenset({"blob", "link"})
_LARGEST_WHOLE: Final = 1024  # bytes of a tree of which all entries are read at once
_MOST_LOCKS: Final = 20_000  # of a commit that are named
_ROOM: Final = 64 << 20  # bytes of objects that are held for the next commit
_OVERHEAD: Final = 400  # bytes that an object takes besides its content
_LARGEST: Final = 8 << 20  # bytes of a file that anybody here reads whole
_LARGEST_AHEAD: Final = 64 << 10  # bytes of a file that is read before anybody has asked for it


class Forest:
    """The objects that the trees of many commits consist of.

    Trees are held as bytes and searched as such: of the thousand names in a folder a commit is asked for three.

    Args:
        objects: where they are read from.
    """

    def __init__(self, objects: Objects) -> None:
        """Hold nothing yet."""
        self.objects = objects
        self._roots: dict[str, str] = {}
        self._held: OrderedDict[str, Found] = OrderedDict()
        self._room = _ROOM
        self._locks = Finder(objects, b"dvc.lock".__eq__, _MOST_LOCKS)

    def tree(self, commit: str) -> ForestTree:
        """Open the files of a commit by its full id; nothing is read before it is asked for."""
        return ForestTree(self, commit)

    def bring(self, wanted: Mapping[str, Iterable[str]]) -> None:
        """Read what will be asked for, level by level, so that git and we do not wait for each other at each object.

        Args:
            wanted: paths from the root by the full id of a commit.
        """
        self._find_roots(wanted)
        front = {(self._roots[commit], path) for commit, paths in wanted.items() for path in paths if self._roots[commit]}
        files: set[str] = set()
        while front:
            self._hold((tree for tree, _ in front), types=("tree",))
            below = set()
            for tree, path in front:
                name, _, rest = path.partition("/")
                kind, object_id = self.look(tree, name) or (None, "")
                if kind == "tree" and rest:
                    below.add((object_id, rest))
                elif kind == "blob" and not rest:
                    files.add(object_id)
            front = below
        self._hold_sizes(files)
        small = [file for file in files if (found := self._held.get(file)) and found.size <= _LARGEST_AHEAD]
        self._hold(small, types=("blob",))

    def bring_blobs(self, blobs: Iterable[str]) -> None:
        """Read blobs that will be asked for by their ids; those that are large are left for whoever asks."""
        listed = dict.fromkeys(blobs)
        self._hold_sizes(listed)
        self._hold((blob for blob in listed if self._held[blob].size <= _LARGEST_AHEAD), types=("blob",))

    def root(self, commit: str) -> str:
        """Say the id of the tree of a commit; empty where the commit is missing."""
        if commit not in self._roots:
            self._find_roots([commit])
        return self._roots[commit]

    def look(self, tree: str, name: str) -> tuple[Kind, str] | None:
        """Look a name up in a folder: its kind and the id of its object."""
        if not tree:
            return None
        return _find_entry(self.read(tree, "tree"), name)

    def size(self, blob: str) -> int | None:
        """Say how many bytes a blob has; None where it is missing."""
        if blob not in self._held:
            self._hold_sizes([blob])
        return self._held[blob].size if self._held[blob].type else None

    def read(self, object_id: str, kind: str) -> Found:
        """Read an object, or recall it; a blob that is far too large for a pointer has no content."""
        found = self._held.get(object_id)
        if found is None or (found.size and not found.content):
            if kind == "blob" and (self.size(object_id) or 0) > _LARGEST:
                return self._held[object_id]
            self._hold([object_id], types=(kind,))
        self._held.move_to_end(object_id)
        return self._held[object_id]

    def list_locks(self, commit: str) -> list[str] | None:
        """List the paths of all ``dvc.lock`` of a commit, sorted; None where a folder is missing, so that nobody knows."""
        try:
            found = sorted(path for path, _ in self._locks.find(commit))
        except TooManyFolders:
            return []
        return None if self._locks.lacks(commit) else found

    def _find_roots(self, commits: Iterable[str]) -> None:
        """Read which trees commits have."""
        new = [commit for commit in commits if commit not in self._roots]
        for commit, found in zip(new, self.objects.contents(new, types=("commit",)), strict=True):
            line = found.content.partition(b"\n")[0].decode("ascii", "replace")
            self._roots[commit] = line.removeprefix("tree ") if line.startswith("tree ") else ""

    def _hold_sizes(self, blobs: Iterable[str]) -> None:
        """Ask for the sizes of blobs that nothing is known of."""
        new = [blob for blob in blobs if blob not in self._held]
        for blob, found in zip(new, self.objects.stat(new), strict=True):
            self._keep(blob, found)

    def _hold(self, objects: Iterable[str], types: tuple[str, ...]) -> None:
        """Read the contents of objects that are not held, and let go of what has not been asked for the longest."""
        new = [
            name for name in dict.fromkeys(objects) if (found := self._held.get(name)) is None or len(found.content) < found.size
        ]
        for name, found in zip(new, self.objects.contents(new, types=types, most=max(_LARGEST, _ROOM)), strict=True):
            self._keep(name, found)
        while self._room < 0 and len(self._held) > 1:
            _, old = self._held.popitem(last=False)
            self._room += len(old.content) + _OVERHEAD

    def _keep(self, name: str, found: Found) -> None:
        """Hold an object in place of what was known of it."""
        before = self._held.pop(name, None)
        self._held[name] = found
        self._room -= len(found.content) + _OVERHEAD - (len(before.content) + _OVERHEAD if before else 0)


class ForestTree(ObjectTree):
    """The files of one commit of a forest.

    Attributes:
        asked: the paths that somebody wanted to know of, in their order.
        unread: folders that were asked for and whose objects are missing.
    """

    def __init__(self, forest: Forest, commit: str) -> None:
        """Remember both; nothing is read before it is asked for."""
        super().__init__(forest.objects)
        self._forest = forest
        self._commit = commit
        self.asked: dict[str, None] = {}
        self.unread: list[str] = []
        self._known: dict[str, tuple[Kind, str] | None] = {}

    def read(self, path: str) -> bytes | None:
        """Read a file, or None where there is none or it is far too large for YAML or a pointer."""
        entry = self._entry(path)
        found = self._forest.read(entry[1], "blob") if entry is not None and entry[0] == "blob" else None
        return found.content if found is not None and found.type and len(found.content) == found.size else None

    def size(self, path: str) -> int | None:
        """Say how many bytes a file has, or None where there is none."""
        entry = self._entry(path)
        return self._forest.size(entry[1]) if entry is not None and entry[0] == "blob" else None

    def list_locks(self) -> list[str]:
        """List the paths of all ``dvc.lock``, in any folder, sorted; nothing where there are more folders than can be."""
        locks = self._forest.list_locks(self._commit)
        if locks is None:
            self.unread.append("")
        return locks or []

    def find_names(self, folder: str, pattern: re.Pattern[bytes]) -> list[str]:
        """Find the files and links in a folder whose names fit a pattern, sorted; the others, which may be many, are not read."""
        entry = self._entry(folder)
        if entry is None or entry[0] != "tree" or not entry[1]:
            return []
        found = self._forest.read(entry[1], "tree")
        small = _read_entries(found.content, len(found.object_id) // 2) if len(found.content) <= _LARGEST_WHOLE else None
        if small is not None:
            fitting = sorted(name for name, (kind, _) in small.items() if kind in _OF_NAMES and _fits(pattern, name))
            return [name.decode("utf-8", "surrogateescape") for name in fitting]
        names = {match[1] for match in re.finditer(rb"1[02]0[0-7]{3} (%b)\0" % pattern.pattern, found.content)}
        listed = sorted(name.decode("utf-8", "surrogateescape") for name in names)
        return [name for name in listed if (self._forest.look(entry[1], name) or ("", ""))[0] in _OF_NAMES]

    def _entry(self, path: str) -> tuple[Kind, str] | None:
        """Look a path up, once."""
        if path not in self._known:
            self._known[path] = self._look_up(path)
        return self._known[path]

    def _look_up(self, path: str) -> tuple[Kind, str] | None:
        """Look a path up, folder by folder; a path never leaves the tree."""
        parts, plain = _split(path)
        self.asked[plain] = None
        entry: tuple[Kind, str] | None = ("tree", self._forest.root(self._commit))
        for depth, part in enumerate(parts):
            if entry is None or entry[0] != "tree":
                return None
            found = self._forest.read(entry[1], "tree") if entry[1] else None
            if found is None or not found.type:
                self.unread.append("".join(f"{folder}/" for folder in parts[:depth]))
                return None
            entry = _find_entry(found, part)
        return entry


@lru_cache(maxsize=4096)
def _split(path: str) -> tuple[tuple[str, ...], str]:
    """Split a path into its parts, and write it without what stands for nothing."""
    parts = tuple(part for part in path.split("/") if part not in {"", "."})
    return parts, "/".join(parts)


def _find_entry(found: Found, part: str) -> tuple[Kind, str] | None:
    """Find a name in the bytes of a tree: for each entry the mode, a space, the name, a zero byte and the id.

    Bytes can be searched a hundred times as fast as entries, and most of the names that anybody asks for are not there. What
    looks like an entry may stand in the middle of another one's name or id, so the entries before it are counted out. Only of a
    small folder, which is asked for as many names as it has, all entries are read.
    """
    tree, name, width = found.content, part.encode("utf-8", "surrogateescape"), len(found.object_id) // 2
    if len(tree) <= _LARGEST_WHOLE:
        entries = _read_entries(tree, width)
        if entries is not None:
            return entries.get(name)
    position = -1
    while (position := tree.find(b" %b\0" % name, position + 1)) >= 0:
        for mode, kind in _KINDS:
            start = position - len(mode)
            if start >= 0 and tree.startswith(mode, start) and _ends_at(tree, start, width):
                begin = position + len(name) + 2
                return kind, tree[begin : begin + width].hex()
    return None


@lru_cache(maxsize=4096)
def _fits(pattern: re.Pattern[bytes], name: bytes) -> bool:
    """Say whether a name fits a pattern: most names are those that other commits have, too."""
    return pattern.fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _read_entries(tree: bytes, width: int) -> dict[bytes, tuple[Kind, str]] | None:
    """Read all entries of a tree by name, of a name that stands twice the first; None where it is broken somewhere.

    Args:
        tree: its bytes.
        width: bytes of an id.
    """
    listed = list_entries(tree, width)
    if sum(len(mode) + len(name) + width + 2 for mode, name, _ in listed) < len(tree):
        return None
    kinds = dict(_KINDS)
    return {name: (kinds[mode], object_id.hex()) for mode, name, object_id in reversed(listed) if mode in kinds}


def _ends_at(tree: bytes, start: int, width: int) -> bool:
    """Say whether an entry ends right before a place in a tree."""
    entries = _ENTRIES_SHA1 if width == 20 else _ENTRIES_SHA256  # noqa: PLR2004  bytes of a SHA-1
    return entries.fullmatch(tree, 0, start) is not None
