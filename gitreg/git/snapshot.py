"""A commit of what nobody has committed: the work tree or the index, as it would be if all of it were committed now.

It is written beside the repository (see `gitreg.git.loose`), so all that reads commits reads it too, and nothing is left of it.
No filter, hook or file system monitor runs: files that the index knows to be as they were are not read, the others are hashed
here. The same files on the same HEAD make the same commit. Whatever is kept under its id in a cache is therefore as true as
for any other commit: the id names the content, also where the bytes of a large file were only hashed.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gitreg.git.loose import LooseObjects
from gitreg.git.objects import Objects
from gitreg.git.repository import Repository
from gitreg.git.run import Git
from gitreg.git.work_blobs import Kept, WorkBlobs
from gitreg.git.work_index import Indexed, Listed, list_index

_SUBMODULE: Final = "160000"
_COMMITTER: Final = re.compile(rb"^committer [^\n]*> ([0-9]{1,12}) [+-][0-9]{4}$", re.MULTILINE)
_MOST_NAMED: Final = 3
_DEEPEST: Final = 500  # folders within each other; a path of Linux has 4096 bytes, and few have more than twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Files as a commit.

    Attributes:
        commit: the full id: HEAD's own where nothing differs from it, else of a commit that only this process knows.
        is_head: whether it is HEAD.
        sizes: bytes by the ids of large files, which were hashed and not copied.
        large: why those cannot be read, by path.
        unread: and why what is there is not known at all, by path.
        notes: what a person should know of it, a sentence each.
    """

    commit: str
    is_head: bool = False
    sizes: Mapping[str, int] = field(default_factory=dict)
    large: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def take_snapshot(repository: Repository, objects: LooseObjects, root: Path, head: str | None, *, staged: bool) -> Snapshot:
    """Make a commit of the work tree, or of the index.

    Args:
        repository: opened beside its folder of objects.
        objects: writes there.
        root: of the work tree.
        head: the full id of HEAD's commit; None: there is none yet.
        staged: whether the index is meant.
    """
    git = Git(root)
    listed = list_index(git, repository.location, staged=staged)
    blobs = WorkBlobs(git, objects)
    files = _take_index(listed, blobs, root) if staged else _take_work_tree(listed, blobs, root)
    blobs.notes.extend([*_describe_unread(blobs.unread), *_describe_conflicts(listed.files)])
    tree = write_tree(repository.objects, objects, files)
    before = _read_head(repository.objects, head)
    if before is not None and before[0] == tree:
        return Snapshot(commit=head or "", is_head=True, notes=tuple(blobs.notes))
    commit = objects.write_commit(tree, head, before[1] if before else 0)
    return Snapshot(commit=commit, sizes=blobs.sizes, large=blobs.large, unread=blobs.unread, notes=tuple(blobs.notes))


def write_tree(known: Objects, objects: LooseObjects, files: Mapping[str, Kept]) -> str:
    """Write a tree with all its folders, but for those that the repository has already.

    Args:
        known: what is there already.
        objects: writes.
        files: what stands where, by path from the root.

    Returns:
        The full id of the tree.
    """
    folders: dict[str, dict[bytes, tuple[bytes, str]]] = {"": {}}
    for path, kept in files.items():
        folder, _, name = path.rpartition("/")
        _open_folder(folders, folder)[os.fsencode(name)] = (kept.mode.encode(), kept.object_id)
    contents: dict[str, bytes] = {}
    tree = ""
    for folder in sorted(folders, key=lambda folder: (-folder.count("/") if folder else 1, folder)):
        content = _format_tree(folders[folder])
        tree = objects.name("tree", content)
        contents[tree] = content
        if folder:
            parent, _, name = folder.rpartition("/")
            folders[parent][os.fsencode(name)] = (b"40000", tree)
    for found in list(known.stat(contents)):
        if not found.type:
            objects.write("tree", contents[found.object_id])
    return tree


def _open_folder(folders: dict[str, dict[bytes, tuple[bytes, str]]], folder: str) -> dict[bytes, tuple[bytes, str]]:
    """Find a folder, and make it and those above it where there is none yet."""
    found = folders.setdefault(folder, {})
    while folder:
        folder = folder.rpartition("/")[0]
        folders.setdefault(folder, {})
    return found


def _format_tree(entries: Mapping[bytes, tuple[bytes, str]]) -> bytes:
    """Write a tree object; git sorts a folder as if its name ended in a slash."""
    order = sorted(entries, key=lambda name: name + b"/" if entries[name][0] == b"40000" else name)
    return b"".join(b"%b %b\0%b" % (entries[name][0], name, bytes.fromhex(entries[name][1])) for name in order)


def _take_index(listed: Listed, blobs: WorkBlobs, root: Path) -> dict[str, Kept]:
    """Take the index as it is, without what was only announced; of a conflict, what stands in the work tree."""
    files = {entry.path: Kept(entry.mode, entry.object_id) for entry in listed.files if not entry.intended}
    found = {entry.path: _find(root, entry.path, {}, blobs) for entry in listed.files if entry.conflict}
    unread = {path: kept for path, kept in found.items() if isinstance(kept, Kept)}
    conflicts = {
        path: (status, None)
        for path, status in found.items()
        if isinstance(status, os.stat_result) and stat.S_ISREG(status.st_mode)
    }
    return {**files, **unread, **blobs.take(conflicts)}


def _take_work_tree(listed: Listed, blobs: WorkBlobs, root: Path) -> dict[str, Kept]:
    """Take the files of the work tree: those that are surely as they were from the index, and read the others."""
    files: dict[str, Kept] = {}
    doubtful: dict[str, tuple[os.stat_result, Kept | None]] = {}
    folders: dict[str, bool] = {"": True}
    for entry in listed.files:
        kept = Kept(entry.mode, entry.object_id)
        if entry.mode == _SUBMODULE or not entry.looked_at:
            files[entry.path] = kept
            continue
        status = _find(root, entry.path, folders, blobs)
        if status is None:
            continue
        if isinstance(status, Kept):
            files[entry.path] = status
        elif entry.kept is not None and not entry.conflict and entry.kept.fits(status, listed.written_at):
            files[entry.path] = kept
        else:
            doubtful[entry.path] = status, None if entry.intended or entry.conflict else kept
    for path in listed.others:
        status = _find(root, path, folders, blobs)
        if isinstance(status, Kept):
            files[path] = status
        elif status is not None:
            doubtful.setdefault(path, (status, None))
    return {**files, **blobs.take(doubtful)}


def _find(root: Path, path: str, folders: dict[str, bool], blobs: WorkBlobs) -> os.stat_result | Kept | None:
    """Find a file or link; None where there is none, and what stands for it where nobody knows what there is."""
    try:
        status = _look(root, path, folders)
    except OSError as error:
        return blobs.give_up(path, error.strerror)
    if status is None or stat.S_ISDIR(status.st_mode):
        return None
    if stat.S_ISREG(status.st_mode) or stat.S_ISLNK(status.st_mode):
        return status
    return blobs.give_up(path, "it is neither a plain file nor a link")


def _look(root: Path, path: str, folders: dict[str, bool]) -> os.stat_result | None:
    """Ask the system for a file; what is behind a link is not in this work tree.

    Args:
        root: of the work tree.
        path: from there.
        folders: whether folders are real ones, as far as that is known.

    Raises:
        OSError: the system does not say whether it is there.
    """
    if not _is_folder(root, path.rpartition("/")[0], folders):
        return None
    try:
        return os.lstat(f"{root}/{path}")  # twice as fast as pathlib, for each file that there is
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _is_folder(root: Path, folder: str, folders: dict[str, bool]) -> bool:
    """Say whether a folder, and each above it, is a real one."""
    if not folder:
        return True
    if folder not in folders:
        above = _is_folder(root, folder.rpartition("/")[0], folders) if folder.count("/") < _DEEPEST else False
        try:
            folders[folder] = above and stat.S_ISDIR(os.lstat(f"{root}/{folder}").st_mode)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            folders[folder] = False
    return folders[folder]


def _read_head(objects: Objects, head: str | None) -> tuple[str, int] | None:
    """Read tree and time of HEAD's commit; None where there is none."""
    if head is None:
        return None
    content = next(iter(objects.contents([head], types=("commit",)))).content
    match = _COMMITTER.search(content.partition(b"\n\n")[0])
    tree = content.partition(b"\n")[0].removeprefix(b"tree ").decode("ascii", "replace")
    return tree, int(match[1]) if match else 0


def _describe_unread(unread: Mapping[str, str]) -> list[str]:
    """Say of which files nobody knows what is in them."""
    by_cause: dict[str, list[str]] = {}
    for path, cause in sorted(unread.items()):
        by_cause.setdefault(cause.partition(": ")[2], []).append(path)
    return [f"{_name_some(paths)} cannot be read, so what is there is not known: {cause}" for cause, paths in by_cause.items()]


def _name_some(paths: Sequence[str]) -> str:
    """Name the first ones of some paths."""
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    return f"{', '.join(paths[:_MOST_NAMED])}{more}"


def _describe_conflicts(files: Iterable[Indexed]) -> list[str]:
    """Say which files a merge has left in conflict."""
    paths = [entry.path for entry in files if entry.conflict]
    if not paths:
        return []
    return [f"a merge is not finished, so what stands in the work tree counts of {_name_some(paths)}"]
