"""Targets: where the bytes go, and what may stand there already.

A name that comes from a repository says at most what a file is called, never where it is. Symbolic links that somebody else could
have put there (the target itself, and the folders of a work tree that lead to it) are refused; those above are the person's own.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from gitreg.core.contents import Contents
from gitreg.core.names import split_artifact
from gitreg.errors import Conflict, Refused, UsageFault
from gitreg.files.paths import check_path, is_url
from gitreg.operations.get_files import find_mismatch

_OWN: Final = frozenset({".git", ".dvc"})
_ELSEWHERE: Final = "name another place: -o PATH"


def choose_target(to: str | None, contents: Contents, artifact: str) -> Path:
    """Say where the bytes go.

    Args:
        to: what the person said; a text that ends in ``/``, and for a file a folder that is there, mean "into it".
        contents: what arrives.
        artifact: its name, for where the path of the artifact gives none.

    Returns:
        An absolute path, made of text alone: links are still in it.

    Raises:
        UsageFault: it is no path.
        Refused: a link is in the way, or it is in a folder of git or DVC.
    """
    name = default_name(contents.path, artifact)
    if to is not None and (not to or "\0" in to):
        raise UsageFault(f"{to!r} is no path", hint="say where to: -o PATH")
    if to == "-":
        raise UsageFault("files are not written to standard output", hint="name a file: -o PATH; one that is called so: -o ./-")
    given = Path(to) if to is not None else Path(name)
    is_folder = to is not None and (
        to.endswith(("/", os.sep)) or given.name in {"", ".."} or (given.is_dir() and not contents.is_folder)
    )
    _check_links(_absolute(given))
    return check_place(given / name if is_folder else given)


def check_place(given: Path) -> Path:
    """Take the place that a person named for something new.

    Raises:
        Refused: a link is in the way, or it is in a folder of git or DVC.
    """
    target = _absolute(given)
    _check_links(target)
    if _OWN.intersection(part.lower() for part in given.parts):
        raise Refused(f"{str(target)!r} is in a folder of git or DVC", hint=_ELSEWHERE)
    return target


def default_name(path: str, artifact: str) -> str:
    """Name the target where the person did not: as the artifact's path ends, or after the artifact.

    A name that begins with a dot is not taken from a repository: in a home folder ``.bashrc`` is no model.
    """
    name = "" if is_url(path) else posixpath.basename(path)
    if not name or name.startswith(".") or check_path(name):
        return split_artifact(artifact)[1]
    return name


def is_there(target: Path, contents: Contents) -> bool:
    """Say whether the target holds exactly these bytes, and nothing else."""
    if not contents.verified:
        return False
    if not contents.is_folder:
        return is_file(target) and find_mismatch(target, contents.items[0]) is None
    if not target.is_dir():
        return False
    items = {item.path: item for item in contents.items}
    found = list(_walk(target))
    if len(found) != len(items) or {path for path, _ in found} != items.keys():
        return False
    return all(is_file(place) and find_mismatch(place, items[path]) is None for path, place in found)


def refuse_to_overwrite(target: Path, contents: Contents, *, force: bool) -> None:
    """Refuse to put something in the place of what is there.

    Raises:
        Conflict: something is there, and the person did not say that it may be replaced.
        Refused: it may not be replaced in any case.
    """
    if is_free(target, is_folder=contents.is_folder):
        return
    if not force:
        what = "other bytes" if target.is_dir() == contents.is_folder else "something else"
        raise Conflict(
            f"{str(target)!r} is there already, with {what} in it", hint="replace it: --force; or name another place: -o PATH"
        )
    if target.is_dir() and not contents.is_folder:
        raise Refused(f"{str(target)!r} is a folder, and a file does not replace one", hint=_ELSEWHERE)
    if not target.is_dir() and not is_file(target):
        raise Refused(f"{str(target)!r} is a device or the like, which nothing replaces", hint=_ELSEWHERE)
    if target.is_dir() and (Path.cwd().is_relative_to(target) or target.is_mount() or _holds_repository(target)):
        message = f"the folder {str(target)!r} is in use: it is or holds a repository, or it is the one that you are in"
        raise Refused(message, hint=_ELSEWHERE)


@contextmanager
def make_parents(target: Path) -> Iterator[None]:
    """Make the folders above the target; where all fails, those that are empty go again."""
    missing = [parent for parent in target.parents if not os.path.lexists(parent)]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise


def is_free(target: Path, *, is_folder: bool) -> bool:
    """Say whether nothing is there; an empty folder is nothing to a folder."""
    if not os.path.lexists(target):
        return True
    return is_folder and target.is_dir() and not target.is_symlink() and not any(target.iterdir())


def _absolute(path: Path) -> Path:
    """Write a path from the root of the file system, without following links."""
    return Path(os.path.abspath(path))  # noqa: PTH100  pathlib keeps '..', and resolve() follows links


def _holds_repository(folder: Path) -> bool:
    """Say whether there is a repository in a folder: what somebody has not pushed is nowhere else."""
    return (folder / ".dvc").is_dir() or any(".git" in (*folders, *files) for _, folders, files in os.walk(folder))


def _check_links(target: Path) -> None:
    """Refuse a target that is a link, or lies in a work tree below one.

    Raises:
        Refused: it does.
    """
    parts = [target, *target.parents]
    root = next((number for number, place in enumerate(parts) if number and os.path.lexists(place / ".git")), 1)
    for place in parts[:root]:
        if place.is_symlink():
            message = f"{str(place)!r} is a symbolic link, and gitreg does not write through one"
            raise Refused(message, hint="name the real place: -o PATH")


def _walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """List everything below a folder but folders, each with its path below it; links are not followed."""
    for place, folders, files in os.walk(folder):
        for name in [*files, *(name for name in folders if Path(place, name).is_symlink())]:
            yield Path(place, name).relative_to(folder).as_posix(), Path(place, name)


def is_file(path: Path) -> bool:
    """Say whether there is a plain file, and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
