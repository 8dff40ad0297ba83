"""The contents of files of a work tree as git would keep them, without running anything that a repository configures.

What ``git add`` would make of a file is known without its filters: of git-lfs the pointer, of line ends the plain ones. A file
with any other filter (its program is not run) counts as it was.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from gitreg.git.lfs import format_lfs_pointer
from gitreg.git.loose import LooseObjects
from gitreg.git.run import Git

_ATTRIBUTES: Final = ("filter", "text", "eol", "working-tree-encoding", "ident")
_NOT_GIVEN: Final = frozenset({"unspecified", "unset", "set", ""})
_LARGEST: Final = 8 << 20  # bytes of a file that anybody here reads whole; of a larger one the hash is enough
_MOST_HASHED: Final = 4 << 30  # bytes of files that nobody has added
_PIECE: Final = 1 << 20
_IDENT: Final = re.compile(rb"\$Id:[^$\n]*\$")
_LFS: Final = b"version https://git-lfs"
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_LINK: Final = "120000"
PLAIN: Final = "100644"


class Kept(NamedTuple):
    """What stands at a path of a tree: its mode and the id of its object."""

    mode: str
    object_id: str


@dataclass(slots=True)
class WorkBlobs:
    """Makes blobs of files.

    Attributes:
        git: in the root of the work tree.
        objects: where they are written.
        sizes: bytes by the ids of those that were only hashed, since they are large.
        notes: what a person should know, a sentence each.
        large: why those cannot be read, by path.
        unread: and why what is there is not known at all, by path.
    """

    git: Git
    objects: LooseObjects
    sizes: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    large: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    _left: int = _MOST_HASHED
    _skipped: int = 0

    def take(self, found: Mapping[str, tuple[os.stat_result, Kept | None]]) -> dict[str, Kept]:
        """Make blobs of files and links.

        Args:
            found: by path from the root what the system says of it, and what the index has there.

        Returns:
            What stands at each path; what cannot be read has an object that is nowhere.
        """
        files = [path for path, (status, _) in found.items() if stat.S_ISREG(status.st_mode)]
        attributes = self._read_attributes(files)
        taken: dict[str, Kept] = {}
        for path, (status, before) in found.items():
            kept = self._take(path, status, before, attributes.get(path, {}))
            if kept is not None:
                taken[path] = kept
        if self._skipped:
            self.notes.append(
                f"files that nobody has added are not looked at beyond {_MOST_HASHED >> 30} GB: {self._skipped} of them"
            )
        return taken

    def give_up(self, path: str, why: str | None) -> Kept:
        """Say that something is at a path and nobody knows what: its object is nowhere, and no object can have its id."""
        self.unread[path] = f"the file cannot be read: {why or 'the system does not say why'}"
        begin = b"unread " + os.fsencode(path)  # and no type of an object
        return Kept(PLAIN, hashlib.new(self.objects.algorithm, begin, usedforsecurity=False).hexdigest())

    def _take(self, path: str, status: os.stat_result, before: Kept | None, attributes: Mapping[str, str]) -> Kept | None:
        """Make a blob of one file or link."""
        try:
            if stat.S_ISLNK(status.st_mode):
                target = os.fsencode((self.git.folder / path).readlink())
                return Kept(_LINK, self.objects.write("blob", target))
            if before is None and status.st_size > _LARGEST:
                self._left -= status.st_size
                if self._left < 0:
                    self._skipped += 1
                    return None
            mode = "100755" if status.st_mode & stat.S_IXUSR else PLAIN
            object_id = self._take_file(path, before, attributes)
        except FileNotFoundError:  # it has gone since
            return None
        except OSError as error:
            return self.give_up(path, error.strerror)
        if object_id is None:
            self.notes.append(
                f"{path} goes through the filter {_name_filter(attributes)!r}, which is not run, so it counts as it was"
            )
            return before
        return Kept(mode, object_id)

    def _take_file(self, path: str, before: Kept | None, attributes: Mapping[str, str]) -> str | None:
        """Make a blob of a file; None where only a program that is not run could."""
        descriptor = os.open(self.git.folder / path, _OPEN)
        with open(descriptor, "rb", buffering=0) as file:  # noqa: PTH123  a link is not followed
            size = os.fstat(descriptor).st_size
            if attributes.get("filter") == "lfs":
                return self._take_lfs(file.read, size)
            if before is not None and _name_filter(attributes):
                return None
            if size > _LARGEST:
                object_id = _hash(self.objects.algorithm, b"blob %d\0" % size, file.read)
                self.sizes[object_id] = size
                self.large[path] = f"the file has {size} bytes, more than {_LARGEST}"
                return object_id
            content = file.read(_LARGEST + 1)
            while more := file.read(_LARGEST):
                content += more
        return self._write(content, before, attributes)

    def _take_lfs(self, read: Callable[[int], bytes], size: int) -> str:
        """Make the pointer that git-lfs would; a file that is one already stays, and so does an empty one."""
        content = read(_PIECE)
        if size <= _PIECE and (not content or content.startswith(_LFS)):
            return self.objects.write("blob", content)
        return self.objects.write("blob", format_lfs_pointer(_hash("sha256", content, read), size).encode())

    def _write(self, content: bytes, before: Kept | None, attributes: Mapping[str, str]) -> str:
        """Write what was read, with the line ends that git keeps, and without the id that it writes into files."""
        if attributes.get("ident") == "set":
            content = _IDENT.sub(b"$Id$", content)
        if b"\r\n" not in content or (before is not None and self.objects.name("blob", content) == before.object_id):
            return self.objects.write("blob", content)
        plain = content.replace(b"\r\n", b"\n")
        is_text = attributes.get("text") == "set" or attributes.get("eol") in {"lf", "crlf"}
        is_text = is_text or (attributes.get("text") == "auto" and b"\0" not in content)
        if is_text or (before is not None and self.objects.name("blob", plain) == before.object_id):
            return self.objects.write("blob", plain)
        return self.objects.write("blob", content)

    def _read_attributes(self, paths: Sequence[str]) -> dict[str, dict[str, str]]:
        """Ask git for the attributes of files: values by name, by path."""
        if not paths:
            return {}
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
        said = self.git.require(self.git.read("check-attr", "-z", "--stdin", *_ATTRIBUTES, stdin=asked)).stdout
        fields = said.decode("utf-8", "surrogateescape").split("\0")
        attributes: dict[str, dict[str, str]] = {}
        for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False):
            attributes.setdefault(path, {})[name] = value
        return attributes


def _name_filter(attributes: Mapping[str, str]) -> str:
    """Name the program, or the encoding, that stands between a file and what git keeps of it; empty where there is none."""
    names = (attributes.get("filter", ""), attributes.get("working-tree-encoding", ""))
    return next((name for name in names if name not in _NOT_GIVEN), "")


def _hash(algorithm: str, begin: bytes, read: Callable[[int], bytes]) -> str:
    """Hash a file piece by piece, behind what stands before it."""
    hasher = hashlib.new(algorithm, begin, usedforsecurity=False)
    while piece := read(_PIECE):
        hasher.update(piece)
    return hasher.hexdigest()
