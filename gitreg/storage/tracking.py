"""Tracking a file or folder as DVC does: its bytes go into the cache while they are hashed, so that they are read once."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from gitreg.core.contents import Advance, no_advance
from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.storage.caching import Cache, Intake
from gitreg.storage.hashes import hash_file
from gitreg.storage.manifest import Listed, UnsafeList, check_paths, format_manifest, hash_manifest, parse_manifest

Keep = Callable[[str, list[str], list[str]], tuple[list[str], list[str]]]
"""Told a folder and the names of its folders and files; gives back those that are not ignored."""

_SMALL: Final = 4 << 20  # bytes of a file that is read into memory at once
_WORKERS: Final = 3
_LEFT_OUT: Final = frozenset({".dvc", ".git", ".hg"})


@dataclass(frozen=True, slots=True)
class Part:
    """A file that is there: its path below the folder (empty where it stands for itself), where it is, and its bytes."""

    path: str
    place: Path
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What DVC would say of a file or folder.

    Attributes:
        digest: the md5 in hex, with ``.dir`` behind that of a folder.
        size: bytes of all files.
        files: number of files of a folder; None for a file.
        executable: whether it is a file that may be run.
        objects: size by digest of every object that it needs; the list of a folder comes last.
    """

    digest: str
    size: int
    files: int | None = None
    executable: bool = False
    objects: Mapping[str, int] = field(default_factory=dict)


def survey(path: Path, keep: Keep | None = None) -> tuple[Part, ...]:
    """Look at a file, or at all files of a folder, without reading them.

    Args:
        path: absolute; no symbolic link.
        keep: leaves out what DVC is told to ignore.

    Raises:
        Refused: there is something that DVC does not track, or a name that is not the same on every system.
        ExternalFault: a folder cannot be read.
    """
    if not path.is_dir():
        return (_look_at(path, ""),)
    found = sorted(_walk(path, keep), key=lambda part: part.path)
    try:
        check_paths((part.path for part in found), path.name)
    except UnsafeList as error:
        raise Refused(f"{path.name!r} cannot be tracked: {error.reason}", hint="rename it; nothing was written") from error
    return tuple(found)


def track(
    path: Path,
    parts: Sequence[Part],
    cache: Cache,
    *,
    expected: str | None = None,
    dry_run: bool = False,
    advance: Advance = no_advance,
) -> Tracked:
    """Hash what `survey` found and put it into the cache.

    Args:
        path: the file or folder.
        parts: its files.
        cache: where the objects go.
        expected: the digest that it had before; what has not changed is then not written again.
        dry_run: only hash.
        advance: told of each piece that was hashed.

    Raises:
        Conflict: a file changes while it is read.
        Refused: a file cannot be read.
        ExternalFault: the cache cannot be written.
    """
    before = _read_before(cache, expected, is_folder=path.is_dir())
    try:
        if dry_run:
            return _collect(path, parts, [_hash_only(part, advance) for part in parts])
        with cache.taking() as intake:
            digests = _take_all(parts, intake, before, advance)
            tracked = _collect(path, parts, digests)
            if tracked.files is not None:
                intake.put(_manifest(parts, digests), tracked.digest)
            return tracked
    except OSError as error:
        raise ExternalFault(f"DVC's cache cannot be written: {error.strerror or error}", hint=f"look at {cache.root}") from error


def _take_all(parts: Sequence[Part], intake: Intake, before: Mapping[str, str], advance: Advance) -> list[str]:
    """Take in all files, several at a time; the first failure ends it."""
    with ThreadPoolExecutor(min(_WORKERS, len(parts) or 1)) as pool:
        try:
            return list(pool.map(lambda part: _take(part, intake, before.get(part.path), advance), parts))
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _take(part: Part, intake: Intake, before: str | None, advance: Advance) -> str:
    """Take in one file and give its md5."""
    if part.size > _SMALL and before is not None and intake.has(before, part.size) and _hash_only(part, no_advance) == before:
        advance(part.size)
        return before
    with _reading(part) as file:
        if part.size > _SMALL:
            digest, size = intake.copy(file, advance)
        else:
            data = file.read(part.size + 1)
            digest, size = hashlib.md5(data, usedforsecurity=False).hexdigest(), len(data)
            intake.put(data, digest)
            advance(size)
        _require_size(part, size)
    return digest


def _hash_only(part: Part, advance: Advance) -> str:
    """Hash one file without keeping it."""
    with _reading(part):
        digest = hash_file(part.place, "md5")
    advance(part.size)
    return digest


@contextmanager
def _reading(part: Part) -> Iterator[IO[bytes]]:
    """Open a file, and make sure that it is the same file with the same bytes when all is read."""
    try:
        file = part.place.open("rb", buffering=0)
    except OSError as error:
        raise Refused(f"{part.place} cannot be read: {error.strerror}", hint="look at its permissions") from error
    with file:
        before = os.fstat(file.fileno())
        yield file
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise _changed(part)
        _require_size(part, after.st_size)


def _require_size(part: Part, size: int) -> None:
    """Refuse a file that has not the size that it had.

    Raises:
        Conflict: it has another one.
    """
    if size != part.size:
        raise _changed(part)


def _changed(part: Part) -> Conflict:
    """Say that somebody writes to a file."""
    return Conflict(f"{part.place} changed while it was read", hint="wait until nobody writes to it, and run it again")


def _collect(path: Path, parts: Sequence[Part], digests: Sequence[str]) -> Tracked:
    """Put together what was found out."""
    objects = {digest: part.size for part, digest in zip(parts, digests, strict=True)}
    size = sum(part.size for part in parts)
    if not path.is_dir():
        executable = bool(path.stat().st_mode & stat.S_IXUSR)
        return Tracked(digest=digests[0], size=size, executable=executable, objects=objects)
    manifest = _manifest(parts, digests)
    digest = hash_manifest(manifest)
    return Tracked(digest=digest, size=size, files=len(parts), objects={**objects, digest: len(manifest)})


def _manifest(parts: Sequence[Part], digests: Sequence[str]) -> bytes:
    """Write the list of a folder."""
    return format_manifest(Listed(part.path, digest) for part, digest in zip(parts, digests, strict=True))


def _read_before(cache: Cache, expected: str | None, *, is_folder: bool) -> dict[str, str]:
    """Read the digest that each file had before, as far as the cache knows; a wrong one only costs a second reading."""
    if expected is None or expected.endswith(".dir") is not is_folder:
        return {}
    if not is_folder:
        return {"": expected}
    try:
        return {listed.path: listed.md5 for listed in parse_manifest(cache.path(expected).read_bytes(), expected)}
    except (OSError, UnsafeList):
        return {}


def _walk(root: Path, keep: Keep | None) -> Iterator[Part]:
    """Find the files of a folder, links to files among them, as DVC does."""
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        place = root / inside
        folders, files = _list_folder(place)
        if keep is not None:
            folders, files = keep(str(place), folders, files)
        prefix = f"{inside}/" if inside else ""
        if ".dvcignore" in files:
            raise Refused(f"{place} holds a .dvcignore, and DVC tracks no folder that does", hint="move it to a folder above")
        waiting += [f"{prefix}{name}" for name in folders]
        for name in files:
            yield _look_at(place / name, f"{prefix}{name}")


def _list_folder(place: Path) -> tuple[list[str], list[str]]:
    """List the folders and all else of a folder."""
    try:
        entries = list(os.scandir(place))
    except OSError as error:
        raise Refused(f"{place} cannot be read: {error.strerror}", hint="look at its permissions") from error
    folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    odd = sorted(_LEFT_OUT.intersection(folders))
    if odd:
        raise Refused(f"{place} holds a folder {odd[0]!r}, which DVC does not track", hint="move it elsewhere")
    return folders, [entry.name for entry in entries if not entry.is_dir(follow_symlinks=False)]


def _look_at(place: Path, path: str) -> Part:
    """Look at one file.

    Raises:
        Refused: it is something else, or a link that leads to something else.
    """
    try:
        found = place.stat()
    except OSError as error:
        raise Refused(
            f"{place} cannot be read: {error.strerror}", hint="look at where it leads, and at its permissions"
        ) from error
    if stat.S_ISDIR(found.st_mode):
        message = f"{place} is a symbolic link to a folder, and DVC does not follow it"
        raise Refused(message, hint="put the folder in its place, or remove the link")
    if not stat.S_ISREG(found.st_mode):
        raise Refused(f"{place} is no ordinary file", hint="move it elsewhere")
    return Part(path, place, found.st_size)
