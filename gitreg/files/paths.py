"""Paths that stand in files: which ones are safe, and what they mean from the root of the repository.

A path is relative to the folder of the file that it stands in, and stays inside that folder on every system that may check the
repository out. git itself refuses what these rules refuse of ``.git`` (``core.protectNTFS``, ``core.protectHFS``:
https://git-scm.com/docs/git-config#Documentation/git-config.txt-coreprotectHFS).
"""

from __future__ import annotations

import posixpath
import re
from typing import Final

LONGEST_PATH: Final = 4096

URL_SCHEMES: Final = frozenset(
    {"s3", "gs", "azure", "http", "https", "ssh", "gdrive", "hdfs", "oss", "webdav", "webdavs", "webhdfs", "remote"},
)
"""What DVC takes as the address of an out or of an import; ``remote`` stands before the name of a DVC remote."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_DRIVE = re.compile(r"[A-Za-z]:")
# What HFS+ leaves out when it compares names; the list is git's own (utf8.c, next_hfs_char).
_HFS_IGNORED = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?: *\..*)?", re.IGNORECASE)
_TEMPLATE = re.compile(r"\$\{[^}]*\}")


def is_url(path: str) -> bool:
    """Say whether a path has a scheme, and so is an address and not a place in the repository."""
    return _SCHEME.match(path) is not None


def is_template(path: str) -> bool:
    """Say whether a path of a ``dvc.yaml`` holds ``${...}``, which only DVC can fill in."""
    return _TEMPLATE.search(path) is not None


def check_path(path: str) -> str:
    """Hold a path against the rules of safety.

    Args:
        path: as it stands in the file; ``./`` before it and ``/`` after it are fine.

    Returns:
        What is wrong with it, to follow "the path ...", or an empty text.
    """
    if not path:
        return "is empty"
    if len(path.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        return f"is longer than {LONGEST_PATH} bytes"
    if _CONTROL.search(path):
        return "holds a control character"
    url = _SCHEME.fullmatch(path)
    if url is not None:
        return _url_problem(url[1], url[2])
    return _relative_problem(path)


def resolve_path(directory: str, path: str) -> str:
    """Give the path from the root of the repository.

    Args:
        directory: the folder of the file that the path stands in, from the root; empty for the root.
        path: relative to that folder, or an address.

    Returns:
        The path without ``./`` and final ``/`` (``.`` for the root itself), or the address as it is.
    """
    return path if is_url(path) else posixpath.normpath(posixpath.join(directory, path))


def _url_problem(scheme: str, rest: str) -> str:
    """Say what is wrong with an address."""
    if scheme.lower() not in URL_SCHEMES:
        return f"has the scheme {scheme!r}, which is not among {', '.join(sorted(URL_SCHEMES))}"
    host = rest.partition("/")[0]
    if not host:
        return "has no host or bucket"
    # ssh would take a host that begins with '-' for an option.
    if host.startswith("-") or "@-" in host:
        return "has a host that begins with '-'"
    return "holds a password" if ":" in host.rpartition("@")[0] else ""


def _relative_problem(path: str) -> str:
    """Say what is wrong with a path inside the repository."""
    if "\\" in path:
        return "holds a backslash; write '/' between folders, on Windows too"
    if path.startswith("/"):
        return "is absolute"
    if _DRIVE.match(path):
        return "begins with a drive letter"
    if "//" in path:
        return "has an empty part"
    parts = path.removesuffix("/").split("/")
    return next((problem for problem in map(_part_problem, parts) if problem), "") or _leaving_problem(parts)


def _leaving_problem(parts: list[str]) -> str:
    """Follow a path and say whether it leaves the folder, be it only on its way."""
    depth = 0
    for part in parts:
        depth += {"..": -1, ".": 0}.get(part, 1)
        if depth < 0:
            return "leaves the folder of its file"
    return ""


def _part_problem(part: str) -> str:
    """Say what is wrong with one part of a path."""
    if part in {".", ".."}:
        return ""
    if not part.strip(". "):
        return f"has the part {part!r}, of which Windows leaves nothing"
    if _is_git_folder(part):
        return f"has the part {part!r}, where git keeps its own files"
    if _DEVICE.fullmatch(part):
        return f"has the part {part!r}, the name of a device on Windows"
    return ""


def _is_git_folder(part: str) -> bool:
    """Say whether some file system takes a name for ``.git``: any case, NTFS streams, HFS+'s invisible letters."""
    name = _HFS_IGNORED.sub("", part).partition(":")[0].rstrip(". ").casefold()
    return name in {".git", "git~1"}
