"""What `inspect` found: as fields, tables and JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from gitreg.core.inspected import Inspection
from gitreg.core.model_files import ModelFile, Tensor
from gitreg.core.schema_changes import SchemaChange, format_shape
from gitreg.core.words import format_count
from gitreg.render.blocks import Block, Column, Fields, Fit, Lines, Table
from gitreg.render.json_values import Shape
from gitreg.render.text import format_size, format_target

_MOST_ROWS: Final = 40
_MOST_NAMES: Final = 12
_MOST_FACTS: Final = 15


def render_inspection(found: Inspection) -> tuple[Block, ...]:
    """Show what a model file says."""
    blocks: list[Block] = [Fields((*_place(found), *_facts(found.file, is_folder=found.member is not None)))]
    if found.file.metadata:
        rows = tuple(found.file.metadata.items())[:_MOST_FACTS]
        blocks.append(Table(columns=(Column("name", Fit.FOLD), Column("value", Fit.FOLD)), rows=rows, title="Metadata"))
    for title, tensors in (("Inputs", found.file.inputs), ("Outputs", found.file.outputs)):
        if tensors:
            blocks += _tensors(title, tensors)
    if found.file.imports:
        blocks.append(_imports(found.file))
    if found.differences:
        lines = tuple(f"  {change.text}" for change in found.differences[:_MOST_ROWS])
        blocks.append(Lines(("Otherwise than the entry says:", *lines)))
    notes = (*found.file.notes, *found.notes)
    return (*blocks, Lines(tuple(f"note: {note}" for note in notes))) if notes else tuple(blocks)


def warn_of(found: Inspection) -> tuple[str, ...]:
    """Say what loading the file could run, and that an artifact is no longer of use."""
    unsafe = found.file.unsafe
    warnings = []
    if unsafe:
        names = ", ".join(unsafe[:_MOST_NAMES]) + (f" and {len(unsafe) - _MOST_NAMES} more" if len(unsafe) > _MOST_NAMES else "")
        warnings.append(f"loading it could run code: {names}")
    if found.deprecated:
        warnings.append(f"{found.artifact!r} is deprecated")
    return tuple(warnings)


def describe_loading(file: ModelFile) -> str:
    """Say whether loading a file runs code."""
    if file.unsafe:
        return "may run code"
    if file.format in {"archive", "unknown"}:
        return ""
    found = "imports only what is known to be harmless" if file.imports else "runs no code"
    return f"{found}, as far as it was looked at" if file.unread else found


def shape_inspection(found: Inspection) -> Shape:
    """Shape what `inspect` answers."""
    return {
        "artifact": found.artifact,
        "version": found.version,
        "commit": found.commit,
        "path": found.path,
        "address": found.address,
        "member": found.member,
        "read": found.read,
        "deprecated": found.deprecated,
        "differences": [shape_schema_change(change) for change in found.differences],
        **shape_model_file(found.file),
        "notes": [*found.file.notes, *found.notes],
    }


def shape_model_file(file: ModelFile) -> Shape:
    """Shape what a model file says."""
    return {
        "format": file.format,
        "framework": file.framework,
        "framework_version": file.framework_version,
        "size": file.size,
        "parameters": file.parameters,
        "inputs": [_shape_tensor(tensor) for tensor in file.inputs],
        "outputs": [_shape_tensor(tensor) for tensor in file.outputs],
        "opset": dict(file.opset),
        "ir_version": file.ir_version,
        "quantization": dict(file.quantization),
        "imports": list(file.imports),
        "unsafe": list(file.unsafe),
        "metadata": dict(file.metadata),
        "unread": file.unread,
        "notes": list(file.notes),
    }


def shape_schema_change(change: SchemaChange) -> Shape:
    """Shape one change of a schema."""
    return {"kind": change.kind, "where": change.where, "text": change.text, "breaking": change.breaking}


def _shape_tensor(tensor: Tensor) -> Shape:
    """Shape an input or output."""
    return {"name": tensor.name, "type": tensor.type, "shape": None if tensor.shape is None else list(tensor.shape)}


def _place(found: Inspection) -> Iterator[tuple[str, str]]:
    """Say what was looked at."""
    if found.artifact is not None and found.commit is not None:
        yield "artifact", format_target(found.artifact, found.version, found.commit)
    yield "read from", found.address
    yield "file", found.member or ""


def _facts(file: ModelFile, *, is_folder: bool) -> Iterator[tuple[str, str]]:
    """Say what it is; the size of a folder is that of all its files, also of those beside the one that is named."""
    yield "format", file.format
    yield "framework", " ".join(part for part in (file.framework, file.framework_version) if part)
    yield "size", f"{format_size(file.size)} (whole folder)" if is_folder else format_size(file.size)
    yield "parameters", "" if file.parameters is None else f"{file.parameters:,}"
    yield "stored as", _counts(file.quantization)
    yield "opset", ", ".join(f"{domain} {version}" for domain, version in list(file.opset.items())[:_MOST_NAMES])
    yield "IR version", "" if file.ir_version is None else str(file.ir_version)
    yield "loading it", describe_loading(file)


def _counts(counts: Mapping[str, int]) -> str:
    """Write how many tensors are stored as what, most first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{kind} ({format_count(count, 'tensor')})" for kind, count in ranked[:_MOST_NAMES])


def _tensors(title: str, tensors: tuple[Tensor, ...]) -> Iterable[Block]:
    """Show inputs or outputs, the first of very many."""
    columns = (Column("name", Fit.FOLD), Column("type"), Column("shape"))
    shown = tensors[:_MOST_ROWS]
    rows = tuple((tensor.name, tensor.type or "", "" if tensor.shape is None else format_shape(tensor.shape)) for tensor in shown)
    yield Table(columns=columns, rows=rows, title=title)
    if len(tensors) > len(shown):
        yield Lines((f"and {len(tensors) - len(shown)} more",))


def _imports(file: ModelFile) -> Table:
    """Show what loading it would import, what could be dangerous first."""
    names = sorted({*file.imports, *file.unsafe}, key=lambda name: (name not in file.unsafe, name))
    rows = tuple((name, "not known to be safe" if name in file.unsafe else "safe") for name in names[:_MOST_ROWS])
    return Table(columns=(Column("name", Fit.FOLD), Column("verdict")), rows=rows, title="Loading it imports")
