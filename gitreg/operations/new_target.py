"""New files and folders: written beside the place that they are for, and put there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gitreg.errors import Conflict, ExternalFault, Refused, UsageFault
from gitreg.files.replace import TEMPORARY_PREFIX
from gitreg.operations.get_arrival import put_in_place
from gitreg.operations.get_staging import discard_staging
from gitreg.operations.get_target import check_place, is_file, is_free, make_parents

_ELSEWHERE = "name another place: -o PATH"


def choose_place(to: str) -> Path:
    """Say where a new file or folder goes.

    Args:
        to: what the person said.

    Returns:
        An absolute path, made of text alone.

    Raises:
        UsageFault: it is no path.
        Refused: it is a symbolic link, or in a folder of git or DVC.
    """
    if not to or "\0" in to:
        raise UsageFault(f"{to!r} is no path", hint="say where to: -o PATH")
    return check_place(Path(to))


def refuse_taken(target: Path, *, is_folder: bool, force: bool, is_ours: Callable[[Path], bool] | None = None) -> None:
    """Refuse a place where something is that may not be replaced.

    Args:
        target: the place.
        is_folder: whether a folder goes there.
        force: whether the person said that what is there may be replaced.
        is_ours: says of a folder whether it holds nothing but what we would write there.

    Raises:
        Conflict: something is there.
        Refused: it is replaced in no case.
    """
    if is_free(target, is_folder=is_folder):
        return
    if not force:
        hint = f"replace it: --force; or {_ELSEWHERE}" if is_ours is not None or not is_folder else _ELSEWHERE
        raise Conflict(f"{str(target)!r} is there already", hint=hint)
    if is_folder != target.is_dir() or not (is_folder or is_file(target)):
        raise Refused(
            f"{str(target)!r} is {'no folder' if is_folder else 'no plain file'}, so it is not replaced", hint=_ELSEWHERE
        )
    if is_folder and not (is_ours is not None and is_ours(target)):
        raise Refused(f"the folder {str(target)!r} holds other files too, so it is not replaced", hint=_ELSEWHERE)


@contextmanager
def new_target(target: Path, *, is_folder: bool, force: bool = False) -> Iterator[Path]:
    """Give a place beside the target, and put what was written there in the place of the target.

    Args:
        target: see `choose_place`.
        is_folder: whether it is a folder, which then is there and empty.
        force: whether it replaces what is there.

    Yields:
        The place to write to.

    Raises:
        Conflict: something has appeared at the target meanwhile.
        ExternalFault: the system does not let us; nothing is left behind.
    """
    staging = target.with_name(f"{TEMPORARY_PREFIX}new-{secrets.token_hex(8)}")
    place = staging / target.name
    try:
        with make_parents(target):
            staging.mkdir(mode=0o700)
            try:
                if is_folder:
                    place.mkdir()
                yield place
                put_in_place(place, target, staging, force=force)
            finally:
                discard_staging(staging)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        message = f"{where}{error.strerror or error}"
        raise ExternalFault(
            message, hint="look at the space and the permissions there, or name another place: -o PATH"
        ) from error


def write_text(to: str, text: str, *, force: bool) -> None:
    """Write a text to a file.

    Raises:
        UsageFault: it is no path.
        Conflict: something is there.
        Refused: it is no plain file, or in a folder of git or DVC.
        ExternalFault: the system does not let us.
    """
    target = choose_place(to)
    refuse_taken(target, is_folder=False, force=force)
    with new_target(target, is_folder=False, force=force) as place:
        place.write_text(text, encoding="utf-8", newline="\n")


def shorten(target: Path) -> str:
    """Write a path as it is seen from the current folder, if it is below it."""
    folder = Path.cwd()
    return os.fspath(target.relative_to(folder) if target.is_relative_to(folder) else target)
