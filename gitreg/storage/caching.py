"""Putting objects into DVC's cache: each whole and on the disk before it has its name, or not there at all.

DVC itself renames without bringing the bytes to the disk, so that a crash of the machine can leave an object of the right size
full of zeros, which then counts as good. Here the objects of one run are written into a folder of their own beside the cache's
``files``, brought to the disk together, and then renamed.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from gitreg.core.contents import Advance
from gitreg.errors import Conflict
from gitreg.storage.copying import share_blocks
from gitreg.storage.store import object_key

_READ_ONLY: Final = 0o444  # as DVC leaves its objects
_PIECE: Final = 1 << 20
_BUFFERS: Final = 4
_BETWEEN_SYNCS: Final = 64 << 20  # bytes that are written before the disk is asked to begin with them
_FEW: Final = 8  # files that are brought to the disk one by one
_PREFIX: Final = ".gitreg-"
_FLAGS: Final = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class Cache:
    """A cache of DVC.

    Args:
        root: its folder, which need not exist yet.
    """

    def __init__(self, root: Path) -> None:
        """Remember the folder."""
        self.root = root

    def path(self, digest: str) -> Path:
        """Name the file of an object.

        Args:
            digest: its md5 in hex, with ``.dir`` behind that of a list.
        """
        return self.root / object_key(f"md5:{digest}")

    def has(self, digest: str, size: int) -> bool:
        """Say whether an object is there, with all its bytes; one that was cut off counts as none."""
        try:
            return self.path(digest).stat().st_size == size
        except OSError:
            return False

    def renew(self, digest: str, size: int) -> bool:
        """Say whether an object is there as `has` does, and make it young, so that nobody cleans away what is used again.

        Only the time of its last change moves, not that of its bytes, which DVC remembers.
        """
        place = self.path(digest)
        try:
            found = place.stat()
            if found.st_size == size:
                with suppress(PermissionError):  # it is somebody else's
                    place.chmod(stat.S_IMODE(found.st_mode))
                return True
        except OSError:
            return False
        return False

    @contextmanager
    def taking(self) -> Iterator[Intake]:
        """Take objects in; they get their names at the end, if nothing fails.

        Raises:
            OSError: the system does not let us.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            folder = _open_folder(self.root, stack)
            intake = Intake(self, folder)
            yield intake
            intake.finish()


class Intake:
    """The objects that one run puts into a cache. Its methods may be called from several threads.

    Args:
        cache: where to.
        folder: for the files without a name, on the same file system.
    """

    def __init__(self, cache: Cache, folder: Path) -> None:
        """Begin with nothing."""
        self._cache = cache
        self._folder = folder
        self._waiting: dict[str, Path] = {}
        self._unsynced: list[Path] = []
        self._used_again: dict[str, int] = {}

    def put(self, data: bytes, digest: str) -> None:
        """Take in an object that is in memory, unless it is there."""
        if digest in self._waiting or self.has(digest, len(data)):
            return
        place = self._new_place()
        descriptor = os.open(place, _FLAGS, _READ_ONLY)
        try:
            _protect(descriptor)
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        self._unsynced.append(place)
        self._waiting[digest] = place

    def copy(self, reader: IO[bytes], advance: Advance) -> tuple[str, int]:
        """Take in a file, reading it once.

        Args:
            reader: the open file, at its beginning.
            advance: told of each piece.

        Returns:
            The md5 in hex and the number of bytes, both of what was taken in.
        """
        place = self._new_place()
        with os.fdopen(os.open(place, _FLAGS, _READ_ONLY), "r+b", buffering=0) as writer:
            _protect(writer.fileno())
            digest, size = _hash_shared(writer, advance) if share_blocks(reader, writer) else _hash_copy(reader, writer, advance)
            _sync(writer.fileno())
        if self.has(digest, size):
            place.unlink()
        else:
            self._waiting[digest] = place
        return digest, size

    def has(self, digest: str, size: int) -> bool:
        """Say whether the cache has an object already, which then has to stay."""
        if not self._cache.renew(digest, size):
            return False
        self._used_again[digest] = size
        return True

    def finish(self) -> None:
        """Bring everything to the disk, and then give it its names.

        Raises:
            Conflict: somebody has cleaned the cache up meanwhile.
        """
        if any(not self._cache.has(digest, size) for digest, size in self._used_again.items()):
            raise Conflict(f"somebody has cleaned up {self._cache.root} meanwhile", hint="run it again")
        self._sync_files()
        folders = {self._cache.path(digest).parent for digest in self._waiting}
        for folder in folders:
            folder.mkdir(parents=True, exist_ok=True)
        for digest, place in self._waiting.items():
            place.replace(self._cache.path(digest))
        if len(folders) > _FEW and _sync_all(self._folder):
            return
        for folder in folders:
            _sync_path(folder)

    def _new_place(self) -> Path:
        """Make up the name of a file."""
        return self._folder / secrets.token_hex(8)

    def _sync_files(self) -> None:
        """Bring small files to the disk: many of them at once, which takes a hundredth of the time."""
        if len(self._unsynced) > _FEW and _sync_all(self._folder):
            return
        for place in self._unsynced:
            _sync_path(place)


def _hash_shared(file: IO[bytes], advance: Advance) -> tuple[str, int]:
    """Hash a file that has taken over the blocks of another one; it no longer changes with that."""
    hasher, size = hashlib.md5(usedforsecurity=False), 0
    while piece := file.read(_PIECE):
        hasher.update(piece)
        size += len(piece)
        advance(len(piece))
    return hasher.hexdigest(), size


def _hash_copy(reader: IO[bytes], writer: IO[bytes], advance: Advance) -> tuple[str, int]:
    """Copy a file, while one thread hashes what was read and another one lets the disk begin with what was written."""
    buffers = [bytearray(_PIECE) for _ in range(_BUFFERS)]
    hashed: list[Future[None] | None] = [None] * _BUFFERS
    hasher, size, turn, synced = hashlib.md5(usedforsecurity=False), 0, 0, 0
    with ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(1) as syncing:
        syncs: Future[None] | None = None
        while True:
            if (before := hashed[turn]) is not None:
                before.result()
            count = reader.readinto(buffers[turn])  # type: ignore[attr-defined]  # every raw file has it
            if not count:
                break
            piece = memoryview(buffers[turn])[:count]
            hashed[turn] = hashing.submit(hasher.update, piece)
            _write_all(writer, piece)
            size, turn = size + count, (turn + 1) % _BUFFERS
            advance(count)
            if size - synced >= _BETWEEN_SYNCS and (syncs is None or syncs.done()):
                syncs, synced = syncing.submit(_sync, writer.fileno()), size
    return hasher.hexdigest(), size


def _write_all(writer: IO[bytes], piece: memoryview) -> None:
    """Write a piece; the system may take a part of it at a time."""
    while piece:
        piece = piece[writer.write(piece) :]


def _protect(descriptor: int) -> None:
    """Make an object readable for everybody and writable for nobody, whatever the person's umask."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, _READ_ONLY)


def _sync(descriptor: int) -> None:
    """Bring the bytes of a file to the disk."""
    getattr(os, "fdatasync", os.fsync)(descriptor)


def _sync_path(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk; Windows opens no folders."""
    with suppress(PermissionError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sync_all(folder: Path) -> bool:
    """Bring everything on the file system of a folder to the disk; say whether the system could."""
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None) if os.name == "posix" else None
    if call is None:
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return bool(call(descriptor) == 0)
    finally:
        os.close(descriptor)


def _open_folder(root: Path, stack: ExitStack) -> Path:
    """Make a folder for this run alone, and delete those that killed runs left behind."""
    with ExitStack() as short:
        _hold(root, short, wait=True)
        for leftover in root.glob(f"{_PREFIX}*.tmp"):
            with ExitStack() as other:
                if _hold(leftover, other, wait=False):
                    shutil.rmtree(leftover, ignore_errors=True)
        folder = root / f"{_PREFIX}{secrets.token_hex(8)}.tmp"
        folder.mkdir(mode=0o700)
        _hold(folder, stack, wait=False)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _hold(folder: Path, stack: ExitStack, *, wait: bool) -> bool:
    """Lock a folder until the stack unwinds or the process dies; say whether that worked."""
    try:
        import fcntl

        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        stack.callback(os.close, descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except (ImportError, OSError):
        return False
    return True
