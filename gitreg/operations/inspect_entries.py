"""Fields of entries that a model file can fill, and what an entry and its file say differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.model_files import ModelFile, Reader
from gitreg.core.problems import Problem
from gitreg.core.schema_changes import compare_schemas, make_schema
from gitreg.core.words import format_count
from gitreg.errors import GitregError
from gitreg.files.paths import is_template, is_url, resolve_path
from gitreg.files.pointers import Tree, find_out
from gitreg.formats.readers import Memory
from gitreg.operations.context import Context
from gitreg.operations.inspect_files import inspect_local, open_local, read_single
from gitreg.operations.load_store import load_cache_folder
from gitreg.storage.store import object_key

FILLED: Final = ("framework", "schema")
"""Fields that `fill_fields` fills."""

_LARGEST_SCHEMA: Final = 200  # inputs and outputs: what is longer is not for a person to read
_MOST_FILES: Final = 500
_LARGEST_BLOB: Final = 4 << 20
_SHOWN: Final = 3


def fill_fields(file: ModelFile, fields: Mapping[str, object], entry: Entry | None) -> dict[str, object]:
    """Fill framework and schema where nobody has said anything of them.

    Args:
        file: what the model file says.
        fields: what a person says; None takes a field away, and it is filled then.
        entry: what was said before.

    Returns:
        The fields, with those that were filled.
    """
    found = _read_fields(file)
    written = {name: getattr(entry, name) for name in FILLED} if entry is not None else {}
    missing = [name for name in FILLED if fields.get(name) is None and (name in fields or not written.get(name))]
    return {**fields, **{name: found[name] for name in missing if name in found}}


def describe_differences(file: ModelFile, schema: object, artifact: str) -> tuple[str, ...]:
    """Say that an entry keeps a schema that is not that of the file."""
    changes = compare_schemas(schema, make_schema(file)) if isinstance(schema, Mapping) else ()
    if not changes:
        return ()
    hint = f"take it from the file: gitreg annotate '{artifact}' --inspect --unset schema"
    return (f"the schema of {artifact!r} stays as it was written, and the file differs ({changes[0].text}); {hint}",)


def check_models(context: Context, entries: Iterable[Entry], tree: Tree) -> Iterator[Problem]:
    """Hold schemas against the files that are here, and find files that could run code; no storage is asked.

    Args:
        context: where.
        entries: whose files are looked at; of very many the first.
        tree: the files beside them.
    """
    left = _MOST_FILES
    for entry in entries:
        if entry.path is None or is_template(entry.path) or is_url(entry.path):
            continue
        file = _read_here(context, resolve_path(entry.file.rpartition("/")[0], entry.path), tree)
        if file is not None:
            yield from _check_model(entry, file)
            left -= 1
        if not left:
            return


def _read_fields(file: ModelFile) -> dict[str, object]:
    """Read the fields out of a file; one that says nothing of a model fills nothing."""
    schema = make_schema(file)
    says_something = schema or file.parameters or file.imports or file.metadata
    found: dict[str, object] = {}
    if file.framework is not None and says_something:
        found["framework"] = file.framework
    if schema and len(file.inputs) + len(file.outputs) <= _LARGEST_SCHEMA:
        found["schema"] = schema
    return found


def _read_here(context: Context, path: str, tree: Tree) -> ModelFile | None:
    """Read a model file that is here: in the work tree, in the commit, or in DVC's cache; None where it is not."""
    root = context.repository.location.work_tree
    kind = tree.kind(path)
    try:
        if kind is not None and tree.oid(path) is None and root is not None:
            return inspect_local(root / path).file
        reader = _open_blob(context, tree.oid(path)) if kind == "blob" else _open_cached(context, path, tree)
        return None if reader is None else read_single(reader, path)
    except GitregError:
        return None


def _open_blob(context: Context, oid: str | None) -> Reader | None:
    """Open a file of a commit or of the index, if it is small."""
    objects = context.repository.objects
    if oid is None or next(iter(objects.stat([oid]))).size > _LARGEST_BLOB:
        return None
    return Memory(next(iter(objects.contents([oid]))).content)


def _open_cached(context: Context, path: str, tree: Tree) -> Reader | None:
    """Open a file that DVC's cache has."""
    out = find_out(path, tree)
    if out is None or out.path != path or out.hash is None or out.hash.endswith(".dir") or not out.hash.startswith("md5"):
        return None
    cache = load_cache_folder(context, path)
    if cache is None:
        return None
    place = Path(cache, *object_key(out.hash).split("/"))
    return open_local(place) if place.is_file() else None


def _check_model(entry: Entry, file: ModelFile) -> Iterator[Problem]:
    """Find what is wrong with one model file."""
    problem = partial(Problem, file=entry.file, line=entry.line, column=1, artifact=entry.name)
    changes = compare_schemas(entry.schema, make_schema(file))
    if changes:
        texts = "; ".join(change.text for change in changes[:_SHOWN])
        more = f" and {format_count(len(changes) - _SHOWN, 'more difference')}" if len(changes) > _SHOWN else ""
        hint = f"gitreg annotate '{entry.name}' --inspect --unset schema"
        yield problem(code="GR113", message=f"the schema of {entry.name!r} is not that of its file: {texts}{more}", hint=hint)
    if file.unsafe:
        names = ", ".join(file.unsafe[:_SHOWN]) + (f" and {len(file.unsafe) - _SHOWN} more" if len(file.unsafe) > _SHOWN else "")
        message = f"loading the file of {entry.name!r} could run code: {names}"
        yield problem(
            code="GR114", message=message, hint=f"gitreg inspect '{entry.path}'; or keep it as ONNX, safetensors or skops"
        )
