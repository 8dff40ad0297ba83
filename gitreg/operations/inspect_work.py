"""Filling fields of an entry from the file that it points at: in the work tree, or where the bytes of HEAD are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing

from gitreg.core.model_files import ModelFile
from gitreg.core.names import split_artifact
from gitreg.errors import NotFound
from gitreg.files.artifacts import read_artifacts
from gitreg.files.paths import is_url, resolve_path
from gitreg.files.work_tree import WorkTree
from gitreg.operations.context import Context
from gitreg.operations.inspect import read_contents
from gitreg.operations.inspect_entries import fill_fields
from gitreg.operations.inspect_files import inspect_local
from gitreg.operations.load_contents import load_contents
from gitreg.operations.load_entries import entry_file
from gitreg.operations.moment import head_commit


def fill_from_file(
    context: Context, artifact: str, fields: Mapping[str, object], data: bytes | None
) -> tuple[dict[str, object], tuple[str, ...]]:
    """Fill framework and schema where nobody has said anything of them.

    Args:
        context: where.
        artifact: the full name.
        fields: what a person says.
        data: the bytes of the ``artifacts.yaml``.

    Returns:
        The fields, and sentences on a file that says nothing.

    Raises:
        NotFound: nothing says where the file is, or it is not there.
        ExternalFault: its storage does not answer.
    """
    entry = read_artifacts(data or b"", entry_file(artifact, "artifacts.yaml"))[0].get(artifact)
    path = fields.get("path", entry.path if entry else None)
    if not isinstance(path, str):
        raise NotFound(f"nothing says where the file of {artifact!r} is", hint="say it too: --path PATH")
    path = resolve_path(split_artifact(artifact)[0].strip("/"), path)
    file = _read(context, path)
    return fill_fields(file, fields, entry), tuple(_describe_silent(file, path))


def _describe_silent(file: ModelFile, path: str) -> Iterator[str]:
    """Say why a file fills nothing."""
    if file.format == "unknown":
        yield from (f"{path}: {note}" for note in file.notes)
    elif file.framework is None and not file.inputs and not file.outputs:
        yield f"{path}: it says nothing of framework and schema"


def _read(context: Context, path: str) -> ModelFile:
    """Read the file."""
    if not is_url(path) and WorkTree(context.work_tree).kind(path) in {"blob", "tree"}:
        return inspect_local(context.work_tree / path).file
    head = head_commit(context.repository.objects)
    if head is None:
        raise NotFound(f"there is no file {path!r}", hint="correct the path: --path PATH")
    with closing(load_contents(context, head, path)) as loaded:
        return read_contents(loaded).file
