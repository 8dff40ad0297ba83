"""The folder that keeps one repository that is read by its address.

==============  ====================================================================================
``lock``        held by the one process that writes here; a reader needs no lock
``address``     where it comes from, without secrets; its time is that of the last use
``tags``        the registry tags that were seen last, one ``ID NAME`` a line
``cut``         the commits behind which history is not here, one a line; a git that pushes must know of them
``busy``        there while a process writes here, and so after a kill in the middle too
``git``         a bare repository that names no remote: what is missing there is missing
==============  ====================================================================================
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.errors import ExternalFault
from gitreg.git.addresses import Address

_LEFT_BEHIND: Final = ("*.lock", "refs/**/*.lock", "objects/pack/tmp_*", "objects/pack/*.keep", "objects/??/tmp_obj_*", "shallow")
GONE: Final = ".gone"
"""The end of the names of folders that are being removed."""

_REMEMBERED = re.compile(r"([0-9a-f]{40}|[0-9a-f]{64}) ([^\n]+)")
_COMMIT = re.compile(r"^([0-9a-f]{40}|[0-9a-f]{64})$", re.MULTILINE)
_CONFIG: Final = "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n\tlogAllRefUpdates = false\n"
_CONFIG_SHA256: Final = _CONFIG.replace("Version = 0", "Version = 1") + "[extensions]\n\tobjectFormat = sha256\n"


@dataclass(frozen=True, slots=True)
class MirrorFolder:
    """Where one repository is kept."""

    path: Path

    @property
    def git_dir(self) -> Path:
        """The bare repository."""
        return self.path / "git"

    @property
    def exists(self) -> bool:
        """Whether there is a repository in it."""
        return os.path.isfile(self.git_dir / "HEAD")  # noqa: PTH113  what cannot be looked at is none

    @property
    def made(self) -> tuple[int, int]:
        """What tells this repository from one that is made anew in its place."""
        try:
            found = (self.git_dir / "HEAD").stat()
        except OSError:
            return 0, 0
        return found.st_ino, found.st_mtime_ns

    @property
    def used_at(self) -> int:
        """The time of the last use, in seconds since 1970; 0 where there is nothing any more."""
        try:
            return int((self.path / "address").stat().st_mtime)
        except OSError:
            return 0

    @contextmanager
    def alone(self, address: Address | None = None, *, wait: bool = True) -> Iterator[int]:
        """Wait until no other process writes here, and keep the others waiting; what a killed one left behind is cleared up.

        Args:
            address: whose folder it is, if it is to be made where there is none.
            wait: whether to wait at all.

        Yields:
            The descriptor of the lock. A program that inherits it keeps the lock, even if this process is killed.

        Raises:
            ExternalFault: the folder cannot be written to.
        """
        try:
            if address is not None:
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.require_ours()
            descriptor = self._lock(wait=wait)
            try:
                with self._busy():
                    yield descriptor
            finally:
                os.close(descriptor)
        except OSError as error:
            message = f"the cache at {str(self.path.parent)!r} cannot be used: {error.strerror}"
            raise ExternalFault(message, hint="name another folder: export GITREG_CACHE_DIR=FOLDER") from error

    def require_ours(self) -> None:
        """Refuse a folder that somebody else made: what is in it could have us do anything.

        Raises:
            ExternalFault: it is somebody else's, or no folder.
        """
        try:
            found = self.path.lstat()
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(found.st_mode) or (hasattr(os, "geteuid") and found.st_uid != os.geteuid()):
            message = f"the cache at {str(self.path)!r} belongs to somebody else, so it is not used"
            raise ExternalFault(message, hint="name another folder: export GITREG_CACHE_DIR=FOLDER")

    def make(self, address: Address, *, other_format: bool = False) -> None:
        """Make the repository anew; what was seen is remembered.

        Args:
            address: where it comes from.
            other_format: whether its ids are of the other length than they were.
        """
        sha256 = self._is_sha256() is not other_format
        shutil.rmtree(self.git_dir, ignore_errors=True)
        (self.path / "cut").unlink(missing_ok=True)
        for name in ("objects/pack", "objects/info", "refs/heads", "refs/tags"):
            (self.git_dir / name).mkdir(parents=True, exist_ok=True)
        (self.git_dir / "config").write_text(_CONFIG_SHA256 if sha256 else _CONFIG)
        (self.path / "address").write_text(f"{address.shown}\n")
        (self.git_dir / "HEAD").write_text("ref: refs/heads/none\n")  # last: with it, git takes the folder for a repository

    def remove(self) -> None:
        """Remove all of it; to be called alone.

        It goes as a whole, so that who makes it anew meanwhile does not lose one file after the other.
        """
        gone = self.path.with_name(f"{self.path.name}.{os.getpid()}{GONE}")
        self.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def touch(self) -> None:
        """Note that it is used now."""
        with suppress(OSError):
            os.utime(self.path / "address", (time.time(),) * 2)

    def recall(self) -> dict[str, str]:
        """Read which registry tags were seen last: ids by name."""
        try:
            lines = (self.path / "tags").read_text("utf-8", "replace").splitlines()
        except OSError:
            return {}
        return {match[2]: match[1] for line in lines if (match := _REMEMBERED.fullmatch(line))}

    def remember(self, tags: Mapping[str, str]) -> None:
        """Keep which registry tags were seen: ids by name; to be called alone."""
        self._replace(self.path / "tags", "".join(f"{object_id} {name}\n" for name, object_id in sorted(tags.items())))

    def set_cuts_aside(self) -> None:
        """Take away git's list of commits behind which history is not here: each fetch would tell all of it to the remote."""
        shallow, cut = self.git_dir / "shallow", self.path / "cut"
        with suppress(FileNotFoundError):
            new = set(shallow.read_text().split())
            old = set(_COMMIT.findall(cut.read_text("utf-8", "replace")) if cut.exists() else ())
            if new - old:
                self._replace(cut, "".join(f"{commit}\n" for commit in sorted(new | old)))
            shallow.unlink()

    def bring_cuts_back(self) -> None:
        """Give git its list back: without it, a push looks for history that nobody needs, one commit at a time."""
        with suppress(FileNotFoundError):
            commits = _COMMIT.findall((self.path / "cut").read_text("utf-8", "replace"))
            (self.git_dir / "shallow").write_text("".join(f"{commit}\n" for commit in commits))

    def size(self) -> int:
        """Count the bytes on disk."""
        total = 0
        for folder, _, names in os.walk(self.path):
            for name in names:
                with suppress(OSError):
                    total += os.stat(os.path.join(folder, name)).st_size  # noqa: PTH116, PTH118  a walk of many files
        return total

    def pack_count(self) -> int:
        """Count the packs."""
        return len(list((self.git_dir / "objects/pack").glob("*.pack")))

    def _replace(self, path: Path, text: str) -> None:
        """Write a file that is whole at any moment."""
        new = path.with_suffix(".new")
        new.write_text(text, "utf-8")
        new.replace(path)

    @contextmanager
    def _busy(self) -> Iterator[None]:
        """Clear up behind a killed process, and leave a sign for the next one as long as something is done."""
        busy = self.path / "busy"
        if busy.exists():
            self._clear_up()
        with suppress(OSError):
            busy.touch()
        try:
            yield
        finally:
            with suppress(OSError):
                busy.unlink()

    def _lock(self, *, wait: bool) -> int:
        """Lock the folder, also if it is removed and made again meanwhile; return the descriptor."""
        path = self.path / "lock"
        while True:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            _wait_for(descriptor, wait=wait)
            with suppress(OSError):
                if path.stat().st_ino == os.fstat(descriptor).st_ino:
                    return descriptor
            os.close(descriptor)
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _is_sha256(self) -> bool:
        """Say whether ids are of 64 digits here."""
        try:
            return "sha256" in (self.git_dir / "config").read_text("utf-8", "replace")
        except OSError:
            return False

    def _clear_up(self) -> None:
        """Remove what a git that was killed left behind: nobody else is at work here."""
        for pattern in _LEFT_BEHIND:
            for path in self.git_dir.glob(pattern):
                path.unlink(missing_ok=True)


def _wait_for(descriptor: int, *, wait: bool) -> None:
    """Wait for the lock on an open file; where there is no such lock, go on without.

    Raises:
        OSError: somebody has it, and nobody wants to wait.
    """
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise
