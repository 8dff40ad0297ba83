"""Outs: what ``.dvc`` files and ``dvc.lock`` say of the data that DVC keeps.

Sources: ``dvc/schema.py``, ``dvc/output.py`` and ``dvc/annotations.py`` of DVC 3. The files may be large and hold anchors, so
they are read forgivingly, and each distinct content is read once.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from gitreg.files.nodes import Document, Mapping, Node, Scalar, Sequence, find_value
from gitreg.files.yaml import parse_yaml

_HASHES: Final = ("md5", "etag", "checksum")
_OUT_KINDS: Final = ("outs", "metrics", "plots")


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
    """

    path: str
    hash: str | None = None
    size: int | None = None
    files: int | None = None
    remote: str | None = None
    stage: str | None = None


@lru_cache(maxsize=256)
def read_outs(data: bytes) -> tuple[Out, ...]:
    """Read the outs of a ``.dvc`` file; one that cannot be read has none."""
    document = parse_yaml(data, "", forgiving=True)
    folder = _text(document, find_value(document.root, "wdir")) or "."
    return tuple(_read_outs(document, find_value(document.root, "outs"), folder))


@lru_cache(maxsize=64)
def read_lock(data: bytes, dvc_yaml: bytes | None) -> tuple[Out, ...]:
    """Read the outs of a ``dvc.lock``.

    Args:
        data: the bytes of ``dvc.lock``.
        dvc_yaml: the bytes of the ``dvc.yaml`` beside it, which knows the working folders and the remotes.

    Returns:
        The outs of all stages. A stage whose working folder is a template is left out, since only DVC can fill it in.
    """
    document = parse_yaml(data, "", forgiving=True)
    pipeline = parse_yaml(dvc_yaml or b"", "", forgiving=True)
    # Before DVC 1.10 the stages stood at the top.
    stages = find_value(document.root, "stages") or (None if find_value(document.root, "schema") else document.root)
    found: list[Out] = []
    for key, stage in stages.pairs if isinstance(stages, Mapping) else ():
        name = str(key.value)
        definition = _definition(pipeline, name)
        folder = _text(pipeline, find_value(definition, "wdir")) or "."
        if "${" not in folder:
            remotes = _remotes(pipeline, definition)
            for out in _read_outs(document, find_value(stage, "outs"), folder):
                pinned = remotes.get(posixpath.relpath(out.path, posixpath.normpath(folder)))
                found.append(replace(out, stage=name, remote=out.remote or pinned))
    return tuple(found)


def _definition(pipeline: Document, stage: str) -> Node | None:
    """Find a stage of ``dvc.yaml``; ``name@item`` is one of those that ``foreach`` or ``matrix`` makes of ``name``."""
    stages = find_value(pipeline.root, "stages")
    definition = find_value(stages, stage) or find_value(stages, stage.partition("@")[0])
    return find_value(definition, "do") or definition


def _remotes(pipeline: Document, definition: Node | None) -> dict[str, str]:
    """Read which outs of a stage are pinned to a remote, by path."""
    found: dict[str, str] = {}
    for kind in _OUT_KINDS:
        for item in _items(find_value(definition, kind)):
            for key, options in item.pairs if isinstance(item, Mapping) else ():
                remote = _text(pipeline, find_value(options, "remote"))
                if remote:
                    found[posixpath.normpath(str(key.value))] = remote
    return found


def _read_outs(document: Document, outs: Node | None, folder: str) -> Iterator[Out]:
    """Read a list of outs."""
    for item in _items(outs):
        path = _text(document, find_value(item, "path"))
        if path:
            yield Out(
                path=posixpath.normpath(posixpath.join(folder, path)),
                hash=_read_hash(document, item),
                size=_number(find_value(item, "size")),
                files=_number(find_value(item, "nfiles")),
                remote=_text(document, find_value(item, "remote")),
            )


def _read_hash(document: Document, item: Node) -> str | None:
    """Read the hash of an out and its algorithm."""
    for name in _HASHES:
        value = _text(document, find_value(item, name))
        if value:
            is_old = name == "md5" and find_value(item, "hash") is None
            return f"md5-dos2unix:{value}" if is_old else f"{name}:{value}"
    return None


def _text(document: Document, node: Node | None) -> str | None:
    """Take a text, as it is written: a hash of digits alone is no number."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    return node.value if isinstance(node.value, str) else document.text[node.start : node.end]


def _number(node: Node | None) -> int | None:
    """Take a whole number."""
    value: object = node.value if isinstance(node, Scalar) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _items(node: Node | None) -> tuple[Node, ...]:
    """Take a list."""
    return node.items if isinstance(node, Sequence) else ()
