"""Outs: what ``.dvc`` files and ``dvc.lock`` say of the data that DVC keeps.

Sources: ``dvc/schema.py``, ``dvc/output.py`` and ``dvc/annotations.py`` of DVC 3. The files may be large and hold anchors, so
they are read forgivingly, and each distinct content is read once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from gitreg.core.problems import Problem
from gitreg.files.nodes import Document, Node, Scalar, Sequence, find_value, list_items, list_pairs
from gitreg.files.nodes import Mapping as MappingNode
from gitreg.files.paths import is_url
from gitreg.files.stages import Definitions, fill_in, read_text
from gitreg.files.yaml import parse_yaml

_HASHES: Final = ("md5", "etag", "checksum")
_OUT_KINDS: Final = ("outs", "metrics", "plots")
_HINT: Final = "see what DVC says of it: dvc status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where DVC brought an out from: ``import-url`` from an address, ``import`` from a repository.

    Attributes:
        path: the address, or the path in the other repository.
        repository: the address of that repository.
        commit: the full id of the commit there, as DVC resolved it.
        etag, version_id, size: what the address said of itself when it was looked at.
    """

    path: str
    repository: str | None = None
    commit: str | None = None
    etag: str | None = None
    version_id: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """A file of a folder that is listed in place, as DVC does for stores that keep versions.

    Attributes:
        path: below the folder, as it is written.
        hash, size: as in `Out`.
        cloud: the id of its version by the name of a remote.
    """

    path: str
    hash: str | None = None
    size: int | None = None
    executable: bool = False
    cloud: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A file or folder that DVC keeps.

    Attributes:
        path: relative to the folder of the file that names it.
        hash: as ``algorithm:hex``. DVC 2 wrote no algorithm and counted line ends as one byte: ``md5-dos2unix``.
        size: bytes.
        files: number of files of a folder.
        remote: the remote that it is pinned to.
        stage: the stage of the pipeline that makes it.
        executable: whether it may be run as a program.
        cloud: the id of its version by the name of a remote, for stores that keep versions.
        listed: the files of a folder, where they are listed in place.
        origin: where it was imported from.
    """

    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    remote: str | None = None
    stage: str | None = None
    executable: bool = False
    cloud: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[ListedFile, ...] | None = None
    origin: Origin | None = None


def read_outs(data: bytes) -> tuple[Out, ...]:
    """Read the outs of a ``.dvc`` file; one that cannot be read has none."""
    return parse_outs(data)[0]


def read_lock(data: bytes, dvc_yaml: bytes | None) -> tuple[Out, ...]:
    """Read the outs of a ``dvc.lock``; one that cannot be read has none.

    Args:
        data: the bytes of ``dvc.lock``.
        dvc_yaml: the bytes of the ``dvc.yaml`` beside it, which knows the working folders and the remotes.

    Returns:
        The outs of all stages. A stage whose working folder is a template is left out, since only DVC can fill it in.
    """
    return parse_lock(data, dvc_yaml)[0]


def check_document(document: Document, file: str) -> tuple[Problem, ...]:
    """Say why nothing is known of what a file of DVC says; nothing, where something is."""
    if document.root is not None:
        return ()
    message = "the file is no mapping, so nothing is known of what it says"
    return document.problems or (Problem(code="GR101", message=message, file=file, hint=_HINT),)


@lru_cache(maxsize=256)
def parse_outs(data: bytes) -> tuple[tuple[Out, ...], tuple[Problem, ...]]:
    """Read a ``.dvc`` file as `read_outs`, and say why it could not be read; the problems name no file."""
    document = parse_yaml(data, "", forgiving=True)
    folder = read_text(document, find_value(document.root, "wdir")) or "."
    origins = [origin for dep in list_items(find_value(document.root, "deps")) if (origin := read_origin(document, dep))]
    outs = tuple(_read_outs(document, find_value(document.root, "outs"), folder))
    if len(origins) == len(outs) == 1:
        outs = (replace(outs[0], origin=origins[0]),)
    return outs, check_document(document, "")


@lru_cache(maxsize=64)
def parse_lock(data: bytes, dvc_yaml: bytes | None) -> tuple[tuple[Out, ...], tuple[Problem, ...]]:
    """Read a ``dvc.lock`` as `read_lock`, and say why it could not be read; the problems name no file."""
    document = parse_yaml(data, "", forgiving=True)
    pipeline = parse_yaml(dvc_yaml or b"", "", forgiving=True)
    # Before DVC 1.10 the stages stood at the top.
    stages = find_value(document.root, "stages") or (None if find_value(document.root, "schema") else document.root)
    definitions = Definitions(pipeline)
    found: list[Out] = []
    for key, stage in list_pairs(stages):
        name = str(key.value)
        definition, values = definitions.find(name), definitions.values(name)
        folder = fill_in(read_text(pipeline, find_value(definition, "wdir")) or ".", values)
        if "${" not in folder:
            remotes = _remotes(pipeline, definition, values)
            for out in _read_outs(document, find_value(stage, "outs"), folder):
                pinned = remotes.get(posixpath.relpath(out.path, posixpath.normpath(folder)))
                found.append(replace(out, stage=name, remote=out.remote or pinned))
    return tuple(found), check_document(document, "")


def _remotes(pipeline: Document, definition: Node | None, values: dict[str, str]) -> dict[str, str]:
    """Read which outs of a stage are pinned to a remote, by path."""
    found: dict[str, str] = {}
    for kind in _OUT_KINDS:
        for item in list_items(find_value(definition, kind)):
            for key, options in list_pairs(item):
                remote = read_text(pipeline, find_value(options, "remote"))
                if remote:
                    found[posixpath.normpath(fill_in(str(key.value), values))] = remote
    return found


def _read_outs(document: Document, outs: Node | None, folder: str) -> Iterator[Out]:
    """Read a list of outs."""
    for item in list_items(outs):
        path = read_text(document, find_value(item, "path"))
        if path:
            yield Out(
                path=posixpath.normpath(posixpath.join(folder, path)),
                hash=read_hash(document, item),
                size=read_number(find_value(item, "size")),
                files=read_number(find_value(item, "nfiles")),
                remote=read_text(document, find_value(item, "remote")),
                executable=_is_true(find_value(item, "isexec")),
                cloud=_read_versions(document, item),
                listed=_read_listed(document, find_value(item, "files")),
            )


def _read_listed(document: Document, files: Node | None) -> tuple[ListedFile, ...] | None:
    """Read the files of a folder that are listed in place; None where none are."""
    if not isinstance(files, Sequence):
        return None
    return tuple(
        ListedFile(
            path=read_text(document, find_value(item, "relpath")) or "",
            hash=read_hash(document, item, folder=True),
            size=read_number(find_value(item, "size")),
            executable=_is_true(find_value(item, "isexec")),
            cloud=_read_versions(document, item),
        )
        for item in files.items
    )


def _read_versions(document: Document, item: Node) -> dict[str, str]:
    """Read the ids of versions, by remote."""
    cloud = find_value(item, "cloud")
    found = {str(key.value): read_text(document, find_value(facts, "version_id")) for key, facts in list_pairs(cloud)}
    return {remote: version for remote, version in found.items() if version}


def read_origin(document: Document, dep: Node) -> Origin | None:
    """Read where an import came from; an ordinary dependency is no origin."""
    path = read_text(document, find_value(dep, "path"))
    repository = find_value(dep, "repo")
    if not path or not (isinstance(repository, MappingNode) or is_url(path)):
        return None
    return Origin(
        path=path,
        repository=read_text(document, find_value(repository, "url")),
        commit=read_text(document, find_value(repository, "rev_lock")),
        etag=read_text(document, find_value(dep, "etag")),
        version_id=read_text(document, find_value(dep, "version_id")),
        size=read_number(find_value(dep, "size")),
    )


def read_hash(document: Document, item: Node, *, folder: bool = False) -> str | None:
    """Read the hash of an out and its algorithm; a file that a folder lists has no ``hash`` of its own."""
    for name in _HASHES:
        value = read_text(document, find_value(item, name))
        if value:
            is_old = name == "md5" and not folder and find_value(item, "hash") is None
            return f"md5-dos2unix:{value}" if is_old else f"{name}:{value}"
    return None


def _is_true(node: Node | None) -> bool:
    """Say whether a value is true."""
    return isinstance(node, Scalar) and node.value is True


def read_number(node: Node | None) -> int | None:
    """Take a whole number."""
    value: object = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
