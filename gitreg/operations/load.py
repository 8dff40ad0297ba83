"""Loading: tags to events, files to entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from gitreg.core.entries import Entry, Pointer, merge_entries
from gitreg.core.events import Event
from gitreg.core.names import split_artifact
from gitreg.core.new_tags import Known
from gitreg.core.problems import Problem
from gitreg.core.reduce import reduce_artifact
from gitreg.core.tags import REF_PREFIX, parse_tag
from gitreg.git.objects import Objects
from gitreg.git.refs import artifact_patterns, list_tags
from gitreg.git.repository import Repository
from gitreg.git.trees import CommitTree

ENTRY_FILES: Final = ("artifacts.yaml", "dvc.yaml")


@dataclass(frozen=True, slots=True)
class Tags:
    """Registry tags as they are read: events in no order, the names of all of them, and what is wrong with them."""

    events: list[Event]
    names: frozenset[str]
    problems: list[Problem]


def load_tags(repository: Repository, artifact: str | None = None, *, at: int | None = None) -> Tags:
    """Read the registry tags of this repository.

    Args:
        repository: where.
        artifact: the one whose tags are wanted, or None: all.
        at: leave out events after this time.
    """
    patterns = artifact_patterns(artifact) if artifact is not None else (REF_PREFIX,)
    listed, broken = list_tags(repository.git, patterns)
    return read_listed(repository, listed, artifact=artifact, broken=broken, at=at)


def read_listed(
    repository: Repository,
    listed: Mapping[str, str],
    *,
    artifact: str | None = None,
    broken: Iterable[Problem] = (),
    at: int | None = None,
) -> Tags:
    """Read the registry tags among listed ones: object ids by name."""
    if artifact is not None:
        listed = {name: object_id for name, object_id in listed.items() if (tag := parse_tag(name)) and tag.artifact == artifact}
    events, problems = repository.objects.read_events(listed)
    if at is not None:
        events = [event for event in events if event.at <= at]
    return Tags(events, frozenset(listed), [*broken, *problems])


def to_known(artifact: str, tags: Tags) -> Known:
    """Compute what is known of one artifact from its tags."""
    return Known(artifact=reduce_artifact(artifact, tags.events)[0], events=tags.events, taken=tags.names)


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
