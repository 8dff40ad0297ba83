"""The list of a folder, as DVC stores it: JSON with the hash and the relative path of each file, named by its own hash.

Whoever can write to a store can write such a list, so nothing in it is believed before it is checked: no path leads out of the
folder or into ``.git``, no two files share a name on any file system, and a file never stands where a folder must be.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from gitreg.errors import Unanswerable

LARGEST: Final = 512 << 20
"""Bytes of a list that is read: some five million files."""

_MOST_FILES: Final = 5_000_000
_MOST_COMMAS: Final = 4 * _MOST_FILES  # two in each entry, and some in names; small things could fill the memory otherwise
_LONGEST: Final = 4096
_DEEPEST: Final = 255  # folders; making and deleting them goes down from one to the next
_MD5: Final = re.compile(r"[0-9a-f]{32}")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff\ud800-\udfff]")
_WINDOWS: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_GIT: Final = re.compile(r"(?i)(?:\.git|git~[0-9]+)[. ]*(?::.*)?")
# What a path has to have so that it is looked at more closely; of a million paths hardly one has.
_ODD: Final = re.compile(r"(?i)[^ !#-\[\]-}]|(?:^|/)(?:\.{0,2}(?:/|$)|\.git|[a-z]:|con|prn|aux|nul|com|lpt)")


class UnsafeList(Unanswerable):
    """A list of a folder that is not followed.

    Args:
        name: what it is called.
        reason: what is wrong with it.
    """

    def __init__(self, name: str, reason: str) -> None:
        """Build the sentence."""
        hint = "nothing was written; ask whoever made it, and look at who can write to the storage"
        super().__init__(f"the list of the folder {name!r} is not followed: {reason}", hint=hint)
        self.reason = reason


class Listed(NamedTuple):
    """A file of a folder: its path below the folder, and its hash in hex."""

    path: str
    md5: str


def parse_manifest(data: bytes, name: str) -> tuple[Listed, ...]:
    """Read the list of a folder.

    Args:
        data: its bytes, checked against the hash already.
        name: what to call it in errors.

    Raises:
        Unanswerable: it is no such list, or a path in it is none that may be written.
    """
    if data.count(b",") > _MOST_COMMAS:
        raise UnsafeList(name, f"it is no list of at most {_MOST_FILES} files")
    try:
        parsed = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnsafeList(name, "it is no JSON") from error
    if not isinstance(parsed, list) or len(parsed) > _MOST_FILES:
        raise UnsafeList(name, f"it is no list of at most {_MOST_FILES} files")
    listed = tuple(_read_file(entry, name) for entry in parsed)
    check_paths((file.path for file in listed), name)
    return listed


def format_manifest(files: Iterable[Listed]) -> bytes:
    """Write the list of a folder byte for byte as DVC does, so that the hash is the same."""
    ordered = sorted(files, key=lambda file: file.path)
    return json.dumps([{"md5": file.md5, "relpath": file.path} for file in ordered], sort_keys=True).encode()


def hash_manifest(data: bytes) -> str:
    """Hash the list of a folder: the md5 in hex, with ``.dir`` behind it."""
    return f"{hashlib.md5(data, usedforsecurity=False).hexdigest()}.dir"


def check_paths(paths: Iterable[str], name: str) -> None:
    """Refuse files that could not all be written below one folder.

    Args:
        paths: below the folder, with ``/`` between parts.
        name: what to call the list in errors.

    Raises:
        Unanswerable: a path leads out, is not portable, or is there twice (also but for case, or as another file's folder).
    """
    files: set[str] = set()
    folders: dict[str, str] = {}
    for path in paths:
        reason = _find_fault(path)
        if reason:
            raise UnsafeList(name, f"{path[:200]!r} {reason}")
        folded = _fold(path)
        if folded in files:
            raise UnsafeList(name, f"{path!r} is there twice, or differs from another one only by case")
        files.add(folded)
        _add_folders(path, folded, folders, name)
    both = sorted(files & folders.keys())
    if both:
        raise UnsafeList(name, f"{folders[both[0]]!r} is a file and a folder")


def _add_folders(path: str, folded: str, folders: dict[str, str], name: str) -> None:
    """Note the folders of a path; two that differ by case alone would become one on some file systems."""
    while path := path.rpartition("/")[0]:
        folded = folded.rpartition("/")[0]
        known = folders.setdefault(folded, path)
        if known != path:
            raise UnsafeList(name, f"the folder {path!r} differs from {known!r} only by case")


def _find_fault(path: str) -> str:
    """Say what is wrong with a path, or nothing."""
    if len(path) < _LONGEST and not _ODD.search(path) and path.count("/") < _DEEPEST:
        return ""
    parts = path.split("/")
    if len(parts) > _DEEPEST:
        return "lies too deep"
    if len(path.encode("utf-8", "replace")) > _LONGEST:
        return "is too long"
    if _CONTROL.search(path) or "\\" in path:
        return "has characters that no file should have"
    if any(part in {"", ".", ".."} for part in parts) or re.match(r"[a-zA-Z]:", path):
        return "leads out of the folder"
    if any(_GIT.fullmatch(unicodedata.normalize("NFKC", part)) for part in parts):
        return "leads into git's own folder"
    if any(_WINDOWS.fullmatch(part) for part in parts):
        return "is a name that Windows keeps for itself"
    return ""


def _fold(path: str) -> str:
    """Write a path as a file system sees it that takes no notice of case."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def _read_file(entry: object, name: str) -> Listed:
    """Read one file of the list."""
    if isinstance(entry, Mapping):
        path, md5 = entry.get("relpath"), entry.get("md5")
        if isinstance(path, str) and isinstance(md5, str) and _MD5.fullmatch(md5):
            return Listed(path, md5)
    raise UnsafeList(name, "an entry is not a path with an md5")
