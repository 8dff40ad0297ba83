"""Files in the folder of hooks: each step leaves a hook in place, the old one or the new one, also if we are killed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gitreg.errors import ExternalFault, Refused
from gitreg.git.local_config import Setting
from gitreg.git.location import Location

_FLAGS: Final = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_LARGEST: Final = 64 << 20
_TEMPORARY: Final = ".gitreg-"
_OWN_SCOPES: Final = ("local", "worktree")


@dataclass(frozen=True, slots=True)
class HookFolder:
    """Where git looks for hooks.

    Attributes:
        path: the folder, which need not be there.
        scope: of the configuration that names it (``local``, ``global``...); empty: git's own place.
    """

    path: Path
    scope: str = ""

    @property
    def is_shared(self) -> bool:
        """Whether other repositories have their hooks there too."""
        return self.scope not in {"", *_OWN_SCOPES}


def find_hook_folder(location: Location, settings: dict[str, Setting]) -> HookFolder:
    """Find the folder of hooks as git does (``core.hooksPath``, which is relative to where hooks run).

    Args:
        location: the repository.
        settings: what git's configuration says.
    """
    setting = settings.get("core.hookspath")
    if setting is None or not setting.value:
        return HookFolder(location.common_dir / "hooks")
    return HookFolder((location.work_tree or location.git_dir) / Path(setting.value).expanduser(), setting.scope)


def read_hook(path: Path) -> bytes | None:
    """Read a hook, through a link if it is one; None where there is none, nothing where a link leads nowhere.

    Raises:
        Refused: it is no file.
        ExternalFault: the permissions do not allow it.
    """
    with explaining(path):
        if not os.path.lexists(path):
            return None
        if path.is_symlink() and not path.exists():
            return b""
        if not path.is_file() or path.stat().st_size > _LARGEST:
            raise Refused(f"{str(path)!r} is no hook: it is no file of sensible size", hint=f"look at it: ls -l '{path}'")
        return path.read_bytes()


def keep_hook(path: Path, kept: Path) -> None:
    """Give a hook a second name, which must be free; where there are no hard links, copy it."""
    with explaining(kept):
        try:
            os.link(path, kept, follow_symlinks=False)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):
            if path.is_symlink():
                kept.symlink_to(path.readlink())
            else:
                shutil.copy2(path, kept)


def write_hook(path: Path, data: bytes) -> None:
    """Put a hook in its place in one step, whatever stands there."""
    with explaining(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}.tmp")
        try:
            with os.fdopen(os.open(temporary, _FLAGS, 0o777), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()


def restore_hook(kept: Path, path: Path) -> None:
    """Give a hook that was kept its name back in one step."""
    with explaining(path):
        kept.replace(path)


def remove_hook(path: Path) -> None:
    """Remove a hook."""
    with explaining(path):
        path.unlink()


def clear_leftovers(folder: HookFolder) -> None:
    """Remove what a killed install left behind; in a folder of several repositories another one may be writing."""
    if not folder.is_shared:
        with suppress(OSError):
            for path in folder.path.glob(f"{_TEMPORARY}*.tmp"):
                path.unlink()


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn what the system says into one of our errors.

    Raises:
        ExternalFault: the system does not let us.
    """
    try:
        yield
    except OSError as error:
        hint = "hooks are switched off here: git config --unset core.hooksPath" if path.parent == Path(os.devnull) else ""
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            hint = hint or f"look at the permissions: ls -ld '{path.parent}'"
        message = f"the hook {str(path)!r} cannot be changed: {error.strerror or error}"
        raise ExternalFault(message, hint=hint or f"look at the folder: ls -la '{path.parent}'") from error
