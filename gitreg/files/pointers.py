"""Pointers: where the bytes of a path are at one commit, found out from git objects only.

The order: an address; an out of a ``.dvc`` file beside the path or beside one of its folders; an out of a ``dvc.lock`` in one of
its folders; a pointer file of git-lfs; a file or folder in the commit; an out of a ``.dvc`` file of any other name in one of its
folders; an out of a ``dvc.lock`` anywhere else, since a pipeline may write above or beside its folder; else missing.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final, Literal, Protocol, TypeAlias

from gitreg.core.entries import Pointer, PointerKind
from gitreg.core.problems import Problem
from gitreg.files.outs import ListedFile, Origin, Out, parse_lock, parse_outs, read_lock, read_outs
from gitreg.files.paths import is_url
from gitreg.files.yaml import LARGEST

Kind: TypeAlias = Literal["blob", "tree", "link", "commit"]

_LARGEST_LFS_POINTER: Final = 1024
_MOST_OTHERS: Final = 1000  # .dvc files of other names, and dvc.lock of other folders, that are looked into
_SECRET = re.compile(r"(?<=://)[^/\s]*@|[?#].*", re.DOTALL)
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

    def names(self, folder: str) -> Iterable[str]:
        """List the names in a folder; nothing where there is none."""

    def list_locks(self) -> Iterable[str]:
        """List the paths of all ``dvc.lock``, in any folder, sorted."""


def find_pointer(path: str, tree: Tree) -> Pointer:
    """Find out where the bytes of a path are.

    Args:
        path: from the root of the repository (see `gitreg.files.paths.resolve_path`), or an address.
        tree: the files of the commit.

    Returns:
        The pointer. Of a path inside a folder that DVC keeps, `inside` names the folder, and the hash, the size and the number of
        files are None: only the list of that folder, which DVC stores, has them; `find_out` gives the folder.
    """
    if is_url(path):
        return Pointer(kind=PointerKind.URL, path=path)
    path = posixpath.normpath(path)
    out = find_out(path, tree)
    if out is None:
        return _git_pointer(path, tree)
    source = format_origin(out.origin) if out.origin else None
    found = Pointer(kind=PointerKind.DVC, path=path, remote=out.remote, stage=out.stage, source=source)
    if out.path != path:
        return replace(found, inside=out.path)
    listed = out.listed or ()
    return replace(
        found,
        hash=out.hash,
        size=out.size if out.size is not None else _add_sizes(listed) or (out.origin.size if out.origin else None),
        files=out.files if out.files is not None else len(listed) or None,
    )


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
    kind = tree.kind(path)
    locked = None if kind == "blob" else _find_locked(path, _near_locks(path), tree)
    if locked is not None or kind is not None:
        return locked
    return _find_elsewhere(path, tree) or _find_locked(path, _far_locks(path, tree), tree)


def check_pointer_files(path: str, tree: Tree) -> Iterator[Problem]:
    """Find files of DVC that could say where a path is, and cannot be read.

    Args:
        path: from the root of the repository, or an address.
        tree: the files of the commit.
    """
    for file in (*list_pointer_files(path), *_far_locks(path, tree)):
        yield from check_pointer_file(file, tree)


def list_pointer_files(path: str) -> Iterator[str]:
    """Name the files of DVC that could say where a path is: its ``.dvc`` file, and those of its folders; none of an address."""
    if is_url(path):
        return
    path = posixpath.normpath(path)
    yield from (f"{place}.dvc" for place in (path, *list(_folders(path))[:-1]))
    yield from _near_locks(path)


def check_pointer_file(file: str, tree: Tree) -> Iterator[Problem]:
    """Say why a ``.dvc`` file or a ``dvc.lock`` cannot be read; one that is not there, or empty, says nothing."""
    data = tree.read(file)
    if data:
        beside = posixpath.join(posixpath.dirname(file), "dvc.yaml")  # as `_find_locked` asks, so that it is parsed once
        found = parse_outs(data)[1] if file.endswith(".dvc") else parse_lock(data, tree.read(beside))[1]
        yield from (replace(problem, file=file) for problem in found)
    size = tree.size(file) if data is None else None
    if size is not None and size > LARGEST:
        message = f"the file has {size} bytes, more than {LARGEST}"
        yield Problem(code="GR101", message=message, file=file, hint="keep data out of it: add folders in place of files")


def _near_locks(path: str) -> Iterator[str]:
    """Name the ``dvc.lock`` of each folder of a path, the nearest first."""
    return (posixpath.join(folder, "dvc.lock") for folder in _folders(path))


def _far_locks(path: str, tree: Tree) -> list[str]:
    """List the ``dvc.lock`` that are in no folder of a path, and could be about it; of an address there are none."""
    if is_url(path):
        return []
    near = set(_near_locks(path))
    far = [file for file in tree.list_locks() if file not in near][:_MOST_OTHERS]
    return [file for file in far if (data := tree.read(file)) is None or _may_name(data, path)]


def _find_locked(path: str, locks: Iterable[str], tree: Tree) -> Out | None:
    """Look the path up in some ``dvc.lock``; the first one that has it counts."""
    for file in locks:
        data = tree.read(file)
        if data:
            folder = posixpath.dirname(file)
            found = _holding(path, folder, read_lock(data, tree.read(posixpath.join(folder, "dvc.yaml"))))
            if found is not None:
                return found
    return None


def _find_elsewhere(path: str, tree: Tree) -> Out | None:
    """Look for a ``.dvc`` file whose own name is another one, in each folder of the path, the nearest first."""
    left = _MOST_OTHERS
    for folder in _folders(path):
        others = sorted(name for name in tree.names(folder) if name.endswith(".dvc") and name != ".dvc")
        for name in others[:left]:
            data = tree.read(posixpath.join(folder, name))
            found = _holding(path, folder, read_outs(data)) if data and _may_name(data, path) else None
            if found is not None:
                return found
        left -= len(others[:left])
    return None


def _may_name(data: bytes, path: str) -> bool:
    """Say whether a file could be about a path: parsing takes its time, and most are about others."""
    return not path.isascii() or b"\\" in data or any(part.encode() in data for part in path.split("/"))


def _holding(path: str, folder: str, outs: tuple[Out, ...]) -> Out | None:
    """Choose the out that is a path or holds it."""
    for out in outs:
        place = posixpath.normpath(posixpath.join(folder, out.path))
        if path == place or path.startswith(f"{place}/"):
            return replace(out, path=place)
    return None


def _folders(path: str) -> Iterator[str]:
    """Name the folders of a path from the nearest to the root, which is the empty text."""
    while path.strip("/"):  # what stands outside of the repository has no end above but the root of the disk
        path = posixpath.dirname(path)
        yield path


def format_origin(origin: Origin) -> str:
    """Name where an import came from, without who may read there."""
    if origin.repository is None:
        return strip_secret(origin.path)
    return f"{strip_secret(origin.repository)}@{origin.commit or 'HEAD'}:{origin.path}"


def strip_secret(address: str) -> str:
    """Leave out of an address who may read there; a path stays as it is."""
    return _SECRET.sub("", address) if is_url(address) else address


def _add_sizes(listed: tuple[ListedFile, ...]) -> int | None:
    """Add up the sizes of files; None where there are none, or one says nothing."""
    sizes = [file.size for file in listed]
    return sum(size for size in sizes if size is not None) if sizes and None not in sizes else None


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
