"""Files in which two commits differ: folders that both share are not looked into, and no git process is started for it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

from gitreg.errors import Unanswerable
from gitreg.git.objects import Found, Objects

_ENTRY_SHA1: Final = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
_ENTRY_SHA256: Final = re.compile(rb"([0-7]+) ([^\0]+)\0(.{32})", re.DOTALL)
_FOLDER: Final = b"40000"
_MOST: Final = 200_000  # files and folders: more than any change that a person wants to read about
_LONGEST_PATH: Final = 4096  # bytes of a path that Linux opens

_Entries: TypeAlias = dict[bytes, tuple[bytes, str]]


class TreeChange(NamedTuple):
    """A file, link or submodule that differs: its path, and the ids of its objects; None where a commit lacks it."""

    path: str
    old: str | None
    new: str | None


class _Pair(NamedTuple):
    """A folder of two commits; an empty id where one of them has none."""

    path: str
    old: str
    new: str


def compare_trees(objects: Objects, old: str | None, new: str) -> list[TreeChange]:
    """Find the files in which two commits differ, by path.

    Args:
        objects: where.
        old: the full id of a commit; None: one without any file.
        new: that of another one.

    Raises:
        Unanswerable: a folder is missing here, or more differs than anybody could read about.
    """
    changes: list[TreeChange] = []
    pairs = [_Pair("", objects.root_tree(old) if old is not None else "", objects.root_tree(new))]
    while pairs:
        wanted = list(dict.fromkeys(tree for pair in pairs for tree in pair[1:] if tree))
        read = {name: _read_entries(found) for name, found in zip(wanted, objects.contents(wanted, types=("tree",)), strict=True)}
        below: list[_Pair] = []
        for pair in pairs:
            _compare_folder(pair, read.get(pair.old, {}), read.get(pair.new, {}), changes, below)
            if len(changes) + len(below) > _MOST:
                objects.close()  # its answers to what was asked are not read
                message = f"commits {old[:7] if old else 'nothing'} and {new[:7]} differ in more than {_MOST} files"
                raise Unanswerable(message, hint="compare others, which have more in common")
        pairs = below
    return sorted(changes)


def _compare_folder(pair: _Pair, old: _Entries, new: _Entries, changes: list[TreeChange], below: list[_Pair]) -> None:
    """Note the files of a folder that differ, and the folders in it that do."""
    for name in old.keys() | new.keys():
        old_mode, old_id = old.get(name, (b"", ""))
        new_mode, new_id = new.get(name, (b"", ""))
        path = f"{pair.path}{name.decode('utf-8', 'surrogateescape')}"
        if old_id == new_id or len(path) > _LONGEST_PATH:
            continue
        folders = [object_id if mode == _FOLDER else "" for mode, object_id in ((old_mode, old_id), (new_mode, new_id))]
        if any(folders):
            below.append(_Pair(f"{path}/", *folders))
        files = [object_id if mode != _FOLDER else "" for mode, object_id in ((old_mode, old_id), (new_mode, new_id))]
        if any(files):
            changes.append(TreeChange(path, files[0] or None, files[1] or None))


def _read_entries(tree: Found) -> _Entries:
    """Read the entries of a folder: mode and id by name.

    Raises:
        Unanswerable: it is missing here.
    """
    if tree.type != "tree" or len(tree.content) != tree.size:
        hint = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"
        raise Unanswerable(f"the folder {tree.object_id[:50]} of a commit is missing or damaged here", hint=hint)
    pattern = _ENTRY_SHA256 if len(tree.object_id) > 40 else _ENTRY_SHA1  # noqa: PLR2004  hex digits of a SHA-1
    return {name: (mode, object_id.hex()) for mode, name, object_id in pattern.findall(tree.content)}
