"""Loading entries: from the files of a commit to what they say of artifacts, and to where the bytes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from gitreg.core.entries import Entry, Pointer, merge_entries
from gitreg.core.names import split_artifact
from gitreg.core.problems import Problem
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree, TooManyFolders

ENTRY_FILES: Final = ("artifacts.yaml", "dvc.yaml")
MOST_BYTES: Final = 32 << 20
"""Bytes of all entry files of a commit that are read: one small blob can stand in a million folders."""


def load_entries(objects: Objects, commit: str | None) -> tuple[dict[str, Entry], list[Problem]]:
    """Read the entries of all ``artifacts.yaml`` and ``dvc.yaml`` of a commit, in any folder.

    Args:
        objects: where.
        commit: the full id, or None: no commit, no entries.

    Returns:
        Entries by full name of the artifact, and what is wrong with the files.
    """
    if commit is None:
        return {}, []
    tree = CommitTree(objects, commit)
    try:
        found = tree.find(ENTRY_FILES)
    except TooManyFolders as error:
        return {}, [Problem(code="GR101", message=error.message, file=".", commit=commit, hint=error.hint)]
    entries, problems = read_entries(objects, found)
    return entries, [*describe_unread(tree.unread), *problems]


def read_entry_files(objects: Objects, found: Mapping[str, str]) -> tuple[dict[str, bytes], list[Problem]]:
    """Read the contents of entry files, as long as they are of a size that a person writes.

    Args:
        objects: where.
        found: ids of the blobs by path from the root of the repository.

    Returns:
        Bytes by path, and a problem for each file that is missing, too large, or one too many.
    """
    from gitreg.files.yaml import LARGEST

    wanted: dict[str, str] = {}
    problems: list[Problem] = []
    room = MOST_BYTES
    for path, blob in zip(found, objects.stat(found.values()), strict=True):
        if not blob.type:
            problems.append(_unread(path, "the file"))
        elif blob.size > min(LARGEST, room):
            whole = f"the file has {blob.size} bytes, more than {LARGEST}"
            rest = f"the entry files before it hold nearly {MOST_BYTES} bytes, so it is not read"
            message = whole if blob.size > LARGEST else rest
            problems.append(
                Problem(code="GR101", message=message, file=path, hint="keep data out of it, and point to it with 'path'")
            )
        else:
            room -= blob.size
            wanted[path] = found[path]
    contents = (blob.content for blob in objects.contents(wanted.values()))
    return dict(zip(wanted, contents, strict=True)), problems


def parse_entry_files(contents: Mapping[str, bytes]) -> tuple[dict[str, Entry], list[Problem]]:
    """Read entry files.

    Args:
        contents: bytes by path from the root of the repository.
    """
    from gitreg.files.artifacts import read_artifacts  # ruamel only where there is YAML
    from gitreg.files.dvc_yaml import read_dvc_yaml

    sources: dict[bool, dict[str, Entry]] = {True: {}, False: {}}
    problems: list[Problem] = []
    for path, content in contents.items():
        is_dvc = path.rpartition("/")[2] == "dvc.yaml"
        entries, found = (read_dvc_yaml if is_dvc else read_artifacts)(content, path)
        sources[is_dvc].update(entries)
        problems += found
    merged, found = merge_entries(sources[False], sources[True])
    return merged, problems + found


def entry_file(artifact: str, name: str) -> str:
    """Write the path, from the root of the repository, of one of `ENTRY_FILES` in the artifact's own folder."""
    directory, _ = split_artifact(artifact)
    return f"{directory.strip('/')}/{name}" if directory else name


def load_entry(objects: Objects, commit: str, artifact: str) -> tuple[Entry | None, list[Problem]]:
    """Read what the two files of the artifact's own folder say of it at a commit."""
    tree = CommitTree(objects, commit)
    paths = [entry_file(artifact, name) for name in ENTRY_FILES]
    found = {path: oid for path in paths if tree.kind(path) == "blob" and (oid := tree.oid(path))}
    entries, problems = read_entries(objects, found)
    return entries.get(artifact), [*describe_unread(tree.unread), *problems]


def load_pointer(objects: Objects, commit: str, entry: Entry | None) -> Pointer | None:
    """Find where the bytes of an artifact are at a commit; None without an entry or a path."""
    if entry is None or entry.path is None:
        return None
    from gitreg.files.pointers import find_pointer

    return find_pointer(entry_path(entry), CommitTree(objects, commit))


def entry_path(entry: Entry) -> str:
    """Write the path of an entry from the root of the repository, or its URL."""
    from gitreg.files.paths import resolve_path

    return resolve_path(entry.file.rpartition("/")[0], entry.path or "")


def read_entries(objects: Objects, found: Mapping[str, str]) -> tuple[dict[str, Entry], list[Problem]]:
    """Read the entries of files.

    Args:
        objects: where.
        found: ids of the blobs by path from the root of the repository.

    Returns:
        Entries by full name of the artifact, and the problems of reading and understanding the files.
    """
    if not found:
        return {}, []
    contents, unread = read_entry_files(objects, found)
    entries, misunderstood = parse_entry_files(contents) if contents else ({}, [])
    return entries, [*unread, *misunderstood]


def describe_unread(folders: Iterable[str]) -> list[Problem]:
    """Say that the objects of folders are not there."""
    return [_unread(folder, "the folder") for folder in folders]


def _unread(path: str, what: str) -> Problem:
    """Say that an object is not there: of a damaged repository, or of a partial clone, for which gitreg fetches nothing."""
    hint = "run: git fsck; in a partial clone: git fetch --refetch --no-filter"
    return Problem(code="GR101", message=f"{what} cannot be read, since this clone lacks its object", file=path or ".", hint=hint)
