"""Finding files of many commits by their names: each distinct tree is read once, however many commits share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gitreg.git.objects import Found, Objects
from gitreg.git.trees import TooManyFolders

_ENTRY_SHA1 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{32})", re.DOTALL)
_TREE: Final = b"40000"
_FILE: Final = b"100"
_MOST_FOLDERS: Final = 500_000  # as in `gitreg.git.trees`
_MOST_HELD: Final = 200_000  # files that are remembered for the next commit, each once for each tree that it is below
_LONGEST_PATH: Final = 4096  # bytes of a path that Linux opens


class FoundFile(NamedTuple):
    """A file: its path from the root of the repository, and the id of its blob."""

    path: str
    blob: str


@dataclass(slots=True)
class _Folder:
    """What a tree has itself: the files that are wanted, and its folders."""

    files: list[FoundFile] = field(default_factory=list)
    folders: list[FoundFile] = field(default_factory=list)


class Finder:
    """Finds files of commits.

    Args:
        objects: where.
        is_wanted: says by its name, without folders, whether a file is wanted.
        most: files of a commit that are named at most; one more is named where there are more.
    """

    def __init__(self, objects: Objects, is_wanted: Callable[[bytes], bool], most: int) -> None:
        """Know nothing yet."""
        self._objects = objects
        self._is_wanted = is_wanted
        self._most = most
        self._roots: dict[str, str] = {}
        self._below: dict[str, tuple[FoundFile, ...]] = {}
        self._lacking: set[str] = set()
        self._held = 0

    def find(self, commit: str) -> tuple[FoundFile, ...]:
        """Find the files of a commit, in any folder.

        Args:
            commit: the full id.

        Raises:
            TooManyFolders: it claims to have more folders than anybody could check out.
        """
        self.bring([commit])
        return self._below.get(self._roots[commit], ())

    def lacks(self, commit: str) -> bool:
        """Say whether a tree was missing, so that not all files of a commit need have been found."""
        root = self._roots.get(commit, "")
        return not root or root in self._lacking

    def bring(self, commits: Iterable[str]) -> None:
        """Read the trees of commits, level by level, so that git and we do not wait for each other at each object.

        Raises:
            TooManyFolders: they claim to have more folders than anybody could check out.
        """
        wanted = list(dict.fromkeys(commits))
        new = [commit for commit in wanted if commit not in self._roots]
        if new and self._held > _MOST_HELD:
            self._forget()
            new = wanted
        roots = self._find_roots(new)
        folders: dict[str, _Folder] = {}
        front = {root for root in roots.values() if root and root not in self._below}
        while front:
            if len(folders) + len(front) > _MOST_FOLDERS:
                raise TooManyFolders(new[-1])
            for found in self._objects.contents(front, types=("tree",)):
                folders[found.object_id] = self._read(found)
            below = {blob for tree in front for _, blob in folders[tree].folders}
            front = {tree for tree in below if tree not in self._below and tree not in folders}
        self._close(folders)
        self._roots.update(roots)

    def _forget(self) -> None:
        """Let go of everything, so that the memory of a long search has an end."""
        self._roots.clear()
        self._below.clear()
        self._held = 0

    def _find_roots(self, commits: list[str]) -> dict[str, str]:
        """Read which trees commits have; empty where a commit is missing."""
        roots = {}
        for commit, found in zip(commits, self._objects.contents(commits, types=("commit",)), strict=True):
            line = found.content.partition(b"\n")[0].decode("ascii", "replace")
            roots[commit] = line.removeprefix("tree ") if line.startswith("tree ") else ""
        return roots

    def _read(self, tree: Found) -> _Folder:
        """Read the entries of a tree."""
        if not tree.type:
            self._lacking.add(tree.object_id)
        entries = _Folder()
        pattern = _ENTRY_SHA256 if len(tree.object_id) > 40 else _ENTRY_SHA1  # noqa: PLR2004  hex digits of a SHA-1
        for mode, name, object_id in pattern.findall(tree.content):
            if mode == _TREE:
                entries.folders.append(FoundFile(name.decode("utf-8", "surrogateescape"), object_id.hex()))
            elif self._is_wanted(name) and mode.startswith(_FILE):
                entries.files.append(FoundFile(name.decode("utf-8", "surrogateescape"), object_id.hex()))
        return entries

    def _close(self, folders: dict[str, _Folder]) -> None:
        """List for each tree what is below it, those without folders first; a tree is never below itself."""
        waiting = list(folders)
        while waiting:
            tree = waiting[-1]
            below = [] if tree in self._below else [blob for _, blob in folders[tree].folders if blob not in self._below]
            if below:
                waiting.extend(dict.fromkeys(below))
                continue
            waiting.pop()
            if tree not in self._below:
                self._below[tree] = self._list(folders[tree])
                self._held += len(self._below[tree])
                if any(blob in self._lacking for _, blob in folders[tree].folders):
                    self._lacking.add(tree)

    def _list(self, folder: _Folder) -> tuple[FoundFile, ...]:
        """List what is below a tree whose folders are known, with paths from there."""
        listed = list(folder.files)
        for name, tree in folder.folders:
            for path, blob in self._below[tree]:
                if len(name) + len(path) < _LONGEST_PATH:
                    listed.append(FoundFile(f"{name}/{path}", blob))
            if len(listed) > self._most:
                break
        return tuple(listed[: self._most + 1])
