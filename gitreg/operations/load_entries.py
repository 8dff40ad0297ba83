"""Loading entries: from the files of a commit to what they say of artifacts, and to where the bytes are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gitreg.core.entries import Entry, Pointer, merge_entries
from gitreg.core.names import split_artifact
from gitreg.core.problems import Problem
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree

ENTRY_FILES: Final = ("artifacts.yaml", "dvc.yaml")


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
    found = CommitTree(objects, commit).find(ENTRY_FILES)
    if not found:
        return {}, []
    contents = (blob.content for blob in objects.contents(found.values()))
    return parse_entry_files(dict(zip(found, contents, strict=True)))


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


def load_entry(objects: Objects, commit: str, artifact: str) -> tuple[Entry | None, list[Problem]]:
    """Read what the two files of the artifact's own folder say of it at a commit."""
    directory, _ = split_artifact(artifact)
    prefix = f"{directory.strip('/')}/" if directory else ""
    tree = CommitTree(objects, commit)
    contents = {path: content for name in ENTRY_FILES if (content := tree.read(path := prefix + name)) is not None}
    if not contents:
        return None, []
    entries, problems = parse_entry_files(contents)
    return entries.get(artifact), problems


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
