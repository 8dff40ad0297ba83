"""Walking what commits consist of: each distinct tree and file once, however many commits share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from gitreg.errors import Unanswerable
from gitreg.git.objects import Found, Objects

_LARGEST: Final = 128 << 20  # bytes of a tree or file that is read
_ENTRY_SHA1 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256 = re.compile(rb"([0-7]+) ([^\0]+)\0(.{32})", re.DOTALL)
_TREE: Final = b"40000"
_FILE: Final = b"100"


def walk_files(objects: Objects, tips: Iterable[str], is_wanted: Callable[[bytes], bool]) -> Iterator[Found]:
    """Read files of everything that tips lead to, but not of the commits before them.

    Args:
        objects: where.
        tips: full ids of tags, commits, trees or files.
        is_wanted: says by its name, without folders, whether a file is wanted.

    Returns:
        Each distinct file once.

    Raises:
        Unanswerable: an object is missing, or too large to be read.
    """
    trees, files = _peel(objects, set(tips))
    seen = set(trees)
    while trees:
        below: set[str] = set()
        for tree in _read(objects, trees, "tree"):
            pattern = _ENTRY_SHA256 if len(tree.object_id) > 40 else _ENTRY_SHA1  # noqa: PLR2004  hex digits of a SHA-1
            for mode, name, object_id in pattern.findall(tree.content):
                if mode == _TREE:
                    below.add(object_id.hex())
                elif is_wanted(name) and mode.startswith(_FILE):
                    files.add(object_id.hex())
        trees = below - seen
        seen |= trees
    yield from _read(objects, files, "blob")


def _peel(objects: Objects, tips: set[str]) -> tuple[set[str], set[str]]:
    """Find the trees, and the files that stand alone, that tips lead to."""
    trees: set[str] = set()
    files: set[str] = set()
    seen = set(tips)
    while tips:
        behind: set[str] = set()
        for found in objects.contents(tips, types=("tag", "commit"), most=_LARGEST):
            match found.type:
                case "commit":
                    trees.add(_named(found, b"tree "))
                case "tag":
                    behind.add(_named(found, b"object "))
                case "tree":
                    trees.add(found.object_id)
                case "blob":
                    files.add(found.object_id)
                case _:
                    raise _unreadable(found)
        tips = behind - seen
        seen |= tips
    return trees, files


def _named(found: Found, key: bytes) -> str:
    """Read which object a commit or a tag names on its first line."""
    line, _, _ = found.content.partition(b"\n")
    if not line.startswith(key):
        raise _unreadable(found)
    return line.removeprefix(key).decode("ascii", "replace")


def _read(objects: Objects, names: set[str], kind: str) -> Iterator[Found]:
    """Read objects of one type."""
    for found in objects.contents(sorted(names), types=(kind,), most=_LARGEST):
        if found.type != kind or len(found.content) != found.size:
            raise _unreadable(found)
        yield found


def _unreadable(found: Found) -> Unanswerable:
    """Say that something is not here, or not as it should be."""
    reason = f"has {found.size} bytes, which is too many" if found.size > _LARGEST else "is missing or damaged"
    message = f"the object {found.object_id} of this repository {reason}, so what it needs is not known"
    return Unanswerable(message, hint="run: git fsck; in a partial clone: git fetch --refetch --no-filter")
