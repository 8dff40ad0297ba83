"""The contents of files that git keeps, written to files: no filter, no hook and no line end conversion has a say."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final

from gitreg.core.contents import Advance
from gitreg.errors import NotFound
from gitreg.git.objects import Objects
from gitreg.git.run import Completed, Git, explain

_PIECE: Final = 1 << 20
_SMALL: Final = 4 << 20  # bytes of a blob that is read whole, by the process that runs anyway
_SHA1: Final = 40  # digits


@dataclass(frozen=True, slots=True)
class TreeFile:
    """A file of a tree: its path below the tree, its mode (``100644``, ``100755``, ``120000``, ``160000``) and its id."""

    path: str
    mode: str
    object_id: str


def list_tree(git: Git, tree: str, *, below: bool = True) -> Iterator[TreeFile]:
    """List all files of a tree, with those of its folders.

    Args:
        git: where.
        tree: the full id of a tree, or a name of one.
        below: whether to look into folders; else they are listed as such.

    Raises:
        Unanswerable: it is damaged, or not here.
    """
    listed = git.require(git.read("ls-tree", *(["-r"] if below else []), "-z", "--full-tree", tree)).stdout
    for line in listed.decode("utf-8", "surrogateescape").split("\0"):
        facts, tab, path = line.partition("\t")
        if tab:
            mode, _, object_id = facts.split(" ")
            yield TreeFile(path, mode, object_id)


def hash_blob(path: Path, digits: int) -> str:
    """Reckon the id that git gives the bytes of a file.

    Args:
        path: the file.
        digits: of an id of the repository: 40 or 64.
    """
    hasher = hashlib.new("sha1" if digits == _SHA1 else "sha256", usedforsecurity=False)
    with path.open("rb", buffering=0) as file:
        hasher.update(b"blob %d\0" % os.fstat(file.fileno()).st_size)
        while piece := file.read(_PIECE):
            hasher.update(piece)
    return hasher.hexdigest()


def write_blob(git: Git, object_id: str, to: str, advance: Advance) -> None:
    """Write a blob over what a file holds, a piece at a time.

    Raises:
        NotFound: there is no such blob here.
        ExternalFault: git failed.
        OSError: the file cannot be written.
    """
    process = git.start("cat-file", "blob", object_id, stdin=subprocess.DEVNULL)
    assert process.stdout is not None  # noqa: S101  both were asked for
    assert process.stderr is not None  # noqa: S101
    with process, Path(to).open("wb") as file:
        try:
            while piece := process.stdout.read(_PIECE):
                file.write(piece)
                advance(len(piece))
            said = process.stderr.read().decode("utf-8", "replace").strip()
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise explain(Completed(process.returncode, b"", said), git.folder)


class Blobs:
    """The blobs of a repository as a place where bytes can be read; keys are ids.

    Args:
        git: where.
        objects: the process that reads small ones; one thread at a time uses it.
        commit: the full id, for people.
    """

    def __init__(self, git: Git, objects: Objects, commit: str) -> None:
        """Remember them."""
        self._git = git
        self._objects = objects
        self._commit = commit
        self._one = Lock()

    def close(self) -> None:
        """End the process."""
        self._objects.close()

    def address(self, key: str) -> str:
        """Name the object and the commit that has it."""
        return f"git object {key[:10]} of commit {self._commit[:7]}" if key else f"commit {self._commit[:7]}"

    def size(self, key: str) -> int | None:
        """Ask git."""
        with self._one:
            found = next(iter(self._objects.stat([key])))
        return found.size if found.type == "blob" else None

    def download(self, key: str, to: str, start: int, advance: Advance) -> None:
        """Write the blob, always from its beginning."""
        del start
        with self._one:
            found = next(iter(self._objects.contents([key], types=("blob",), most=_SMALL)))
        if found.type != "blob":
            hint = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"
            raise NotFound(f"{self.address(key)} is not in this clone", hint=hint)
        if found.size > _SMALL:
            write_blob(self._git, key, to, advance)
            return
        Path(to).write_bytes(found.content)
        advance(found.size)
