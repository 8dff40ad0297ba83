"""What a pipeline reads and does not make: which of it git has, and which DVC or git-lfs keeps."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gitreg.core.entries import Pointer, PointerKind
from gitreg.core.reproduction import Whereabouts
from gitreg.errors import Unanswerable
from gitreg.files.outs import read_outs
from gitreg.files.paths import is_url
from gitreg.files.pointers import find_pointer
from gitreg.git.trees import CommitTree

_MOST: Final = 10_000  # files of folders that are looked at
_KINDS: Final = {
    PointerKind.DVC: Whereabouts.FETCHED,
    PointerKind.LFS: Whereabouts.FETCHED,
    PointerKind.GIT: Whereabouts.GIT,
    PointerKind.URL: Whereabouts.ELSEWHERE,
    PointerKind.MISSING: Whereabouts.MISSING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """A file or folder that is needed.

    Attributes:
        path: of the whole that is fetched: where DVC keeps a folder, that folder.
        replaces: whether git has something else at that path: a pointer of git-lfs.
        is_output: whether the pipeline makes it.
    """

    path: str
    pointer: Pointer | None
    place: Whereabouts
    replaces: bool = False
    is_output: bool = False


def find_needed(tree: CommitTree, inputs: Iterable[str], output: str | None) -> tuple[Needed, ...]:
    """Find out where what is needed is, each once, and nothing that lies in another one.

    Args:
        tree: the files of the commit.
        inputs: paths that the pipeline reads, the outer ones first.
        output: the path of the artifact itself, if that is wanted, too.

    Raises:
        Unanswerable: there are too many files.
    """
    found: dict[str, Needed] = {}
    for path in inputs:
        for one in _look(tree, path):
            if not any(one.path.startswith(f"{other}/") for other in found if found[other].place is Whereabouts.FETCHED):
                found.setdefault(one.path, one)
    if output is not None and output not in found:
        pointer = find_pointer(output, tree)
        if pointer.kind in {PointerKind.DVC, PointerKind.LFS}:
            is_link = pointer.kind is PointerKind.LFS
            found[output] = Needed(path=output, pointer=pointer, place=Whereabouts.FETCHED, replaces=is_link, is_output=True)
    return tuple(found.values())


def is_known(tree: CommitTree, path: str) -> bool:
    """Say whether a commit says what something is that no pipeline stage makes."""
    return _point(tree, path).place is not Whereabouts.MISSING


def _look(tree: CommitTree, path: str) -> Iterator[Needed]:
    """Find what one path needs."""
    one = _point(tree, path)
    yield one
    if one.place is Whereabouts.GIT and tree.kind(path) == "tree":
        has_lfs = b"filter=lfs" in (tree.read(".gitattributes") or b"")
        for place in _list_kept(tree, path, has_lfs=has_lfs):
            inside = _point(tree, place)
            if inside.place is Whereabouts.FETCHED:
                yield inside


def _point(tree: CommitTree, path: str) -> Needed:
    """Say where a path is; of what lies in a folder that DVC keeps the whole folder is needed."""
    if is_url(path) or path.startswith("/") or path.split("/", 1)[0] == "..":
        return Needed(path=path, pointer=None, place=Whereabouts.ELSEWHERE)
    pointer = find_pointer(path, tree)
    if pointer.inside is not None:
        path = pointer.inside
        pointer = find_pointer(path, tree)
    return Needed(path=path, pointer=pointer, place=_KINDS[pointer.kind], replaces=pointer.kind is PointerKind.LFS)


def _list_kept(tree: CommitTree, folder: str, *, has_lfs: bool) -> Iterator[str]:
    """List what DVC, or perhaps git-lfs, keeps below a folder of git.

    Raises:
        Unanswerable: there are too many files.
    """
    waiting, left = [folder], _MOST
    while waiting:
        place = waiting.pop()
        for name in tree.names(place):
            left -= 1
            if left < 0:
                message = f"the folder {folder!r}, which the pipeline reads, has more than {_MOST} files to look at"
                raise Unanswerable(message, hint="leave the data out: --no-data")
            path = posixpath.join(place, name)
            kind = tree.kind(path)
            if kind == "tree":
                waiting.append(path)
            elif kind == "blob" and name.endswith(".dvc") and (data := tree.read(path)):
                yield from (posixpath.normpath(posixpath.join(place, out.path)) for out in read_outs(data))
            elif kind == "blob" and has_lfs:
                yield path
