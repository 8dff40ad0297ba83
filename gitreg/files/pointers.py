"""Pointers: where the bytes of a path are at one commit, found out from git objects only.

The order: an address; an out of a ``.dvc`` file beside the path or beside one of its folders; an out of a ``dvc.lock`` in one of
its folders; a pointer file of git-lfs; a file or folder in the commit; else missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, Literal, Protocol, TypeAlias

from gitreg.core.entries import Pointer, PointerKind
from gitreg.files.outs import Out, read_lock, read_outs
from gitreg.files.paths import is_url

Kind: TypeAlias = Literal["blob", "tree", "link", "commit"]

_LARGEST_LFS_POINTER: Final = 1024
# https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md; the first URL is the one before git-lfs 1.0
_LFS = re.compile(
    rb"version https://(?:hawser\.github\.com|git-lfs\.github\.com)/spec/v1\r?\n"
    rb"(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\r?\nsize ([0-9]{1,19})\r?\n?"
)


class Tree(Protocol):
    """The files of one commit. Paths are from the root of the repository; the root itself is the empty text."""

    def read(self, path: str) -> bytes | None:
        """Give the content of a file, or None where there is none."""

    def size(self, path: str) -> int | None:
        """Give the bytes of a file, or None where there is none."""

    def kind(self, path: str) -> Kind | None:
        """Say what stands at a path."""

    def oid(self, path: str) -> str | None:
        """Give the id of the object at a path."""


def find_pointer(path: str, tree: Tree) -> Pointer:
    """Find out where the bytes of a path are.

    Args:
        path: from the root of the repository (see `gitreg.files.paths.resolve_path`), or an address.
        tree: the files of the commit.

    Returns:
        The pointer. Of a path inside a folder that DVC keeps, the hash, the size and the number of files are None: only the
        list of that folder, which DVC stores, has them; `find_out` gives the folder.
    """
    if is_url(path):
        return Pointer(kind=PointerKind.URL, path=path)
    path = posixpath.normpath(path)
    out = find_out(path, tree)
    if out is None:
        return _git_pointer(path, tree)
    found = Pointer(kind=PointerKind.DVC, path=path, remote=out.remote, stage=out.stage)
    return replace(found, hash=out.hash, size=out.size, files=out.files) if out.path == path else found


def find_out(path: str, tree: Tree) -> Out | None:
    """Find the out of DVC that is a path or holds it.

    Args:
        path: from the root of the repository.
        tree: the files of the commit.

    Returns:
        The out with its path from the root, or None.
    """
    path = posixpath.normpath(path)
    places = [path, *_folders(path)]
    for place in places[:-1]:
        data = tree.read(f"{place}.dvc")
        found = _holding(path, posixpath.dirname(place), read_outs(data)) if data else None
        if found is not None:
            return found
    # An out that DVC does not cache (`cache: false`: most metrics) stands in dvc.lock too, but git has its bytes.
    return None if tree.kind(path) == "blob" else _find_locked(path, tree)


def _find_locked(path: str, tree: Tree) -> Out | None:
    """Look the path up in the ``dvc.lock`` of each of its folders, the nearest first."""
    for folder in _folders(path):
        data = tree.read(posixpath.join(folder, "dvc.lock"))
        if data:
            found = _holding(path, folder, read_lock(data, tree.read(posixpath.join(folder, "dvc.yaml"))))
            if found is not None:
                return found
    return None


def _holding(path: str, folder: str, outs: tuple[Out, ...]) -> Out | None:
    """Choose the out that is a path or holds it."""
    for out in outs:
        place = posixpath.normpath(posixpath.join(folder, out.path))
        if path == place or path.startswith(f"{place}/"):
            return replace(out, path=place)
    return None


def _folders(path: str) -> Iterator[str]:
    """Name the folders of a path from the nearest to the root, which is the empty text."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _git_pointer(path: str, tree: Tree) -> Pointer:
    """Say what the commit itself has at a path; a link or a submodule is nothing that a commit keeps the bytes of."""
    place = "" if path == "." else path
    kind = tree.kind(place)
    if kind not in {"blob", "tree"}:
        return Pointer(kind=PointerKind.MISSING, path=path)
    size = tree.size(place) if kind == "blob" else None
    data = tree.read(place) if size is not None and size <= _LARGEST_LFS_POINTER else None
    lfs = _LFS.fullmatch(data) if data else None
    if lfs:
        return Pointer(kind=PointerKind.LFS, path=path, hash=f"sha256:{lfs[1].decode()}", size=int(lfs[2]))
    oid = tree.oid(place)
    return Pointer(kind=PointerKind.GIT, path=path, hash=f"git:{oid}" if oid else None, size=size)
