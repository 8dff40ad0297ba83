"""Changes of a schema: which of them break those who call a model, and which do not.

An input may become more general, and an output more definite, without anybody noticing; the other way round somebody breaks.
Nothing is concluded from what a schema does not say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from gitreg.core.model_files import ModelFile, Tensor

Dimension: TypeAlias = int | str | None
SIDES: Final = ("inputs", "outputs")
ANY: Final = "any"
"""The type of an input or output of which nothing says what it is; an entry has to name one."""

_SAME: Final[Mapping[str, str]] = {
    "bool": "boolean",
    "double": "float64",
    "float": "float32",
    "half": "float16",
    "int": "int32",
    "integer": "int32",
    "long": "int64",
    "object": "string",
    "str": "string",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaChange:
    """One change.

    Attributes:
        kind: ``added``, ``removed``, ``renamed``, ``type`` or ``shape``.
        where: ``inputs.age``, or ``outputs[1]`` for one without a name.
        text: one sentence for a person, without a full stop.
        breaking: whether a caller who was right before is wrong now.
    """

    kind: str
    where: str
    text: str
    breaking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """An input or output as a schema states it; `spare` where a caller need not give it."""

    where: str
    label: str
    type: str | None
    shape: tuple[Dimension, ...] | None
    spare: bool


def compare_schemas(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[SchemaChange, ...]:
    """Compare two schemas as entries hold them: ``inputs`` and ``outputs``, lists of ``{name, type, shape?}``.

    Args:
        before: what callers know.
        after: what they will meet.

    Returns:
        The changes, those of inputs first. A side that one of the schemas does not mention is not compared.
    """
    changes: list[SchemaChange] = []
    for side in SIDES:
        old, new = _read_side(before, side), _read_side(after, side)
        if old is not None and new is not None:
            changes.extend(_compare_side(old, new, side.removesuffix("s")))
    return tuple(changes)


def make_schema(file: ModelFile) -> dict[str, object]:
    """Write what a model file says of inputs and outputs as the ``schema`` of an entry; empty where it says nothing."""
    sides = {"inputs": file.inputs, "outputs": file.outputs}
    return {
        side: [_format_tensor(tensor, f"{side}-{place}") for place, tensor in enumerate(tensors)]
        for side, tensors in sides.items()
        if tensors
    }


def _format_tensor(tensor: Tensor, otherwise: str) -> dict[str, object]:
    """Write one input or output; an open dimension is null."""
    found: dict[str, object] = {"name": tensor.name or otherwise, "type": tensor.type or ANY}
    if tensor.shape is not None:
        found["shape"] = list(tensor.shape)
    return found


def _read_side(schema: Mapping[str, object], side: str) -> dict[str, _Field] | None:
    """Read the inputs or outputs; None where the schema has no such list."""
    listed = schema.get(side)
    if not isinstance(listed, Sequence) or isinstance(listed, str | bytes):
        return None
    fields: dict[str, _Field] = {}
    for place, item in enumerate(listed):
        field = _read_field(item, side, place)
        fields.setdefault(field.where, field)
    return fields


def _read_field(item: object, side: str, place: int) -> _Field:
    """Read one; whatever it does not state is not known."""
    if not isinstance(item, Mapping):
        item = {"name": item}
    name, kind, shape = item.get("name"), item.get("type"), item.get("shape")
    named = isinstance(name, str) and bool(name)
    dimensions = shape if isinstance(shape, Sequence) and not isinstance(shape, str | bytes) else None
    return _Field(
        where=f"{side}.{name}" if named else f"{side}[{place}]",
        label=repr(name) if named else f"number {place + 1}",
        type=_normalize(kind) if isinstance(kind, str) else None,
        shape=None if dimensions is None else tuple(_read_dimension(value) for value in dimensions),
        spare=item.get("optional") is True or item.get("required") is False or "default" in item,
    )


def _normalize(kind: str) -> str | None:
    """Write a type as ONNX does, where it is one of the other usual names; None for any type."""
    lower = kind.strip().lower()
    return None if lower == ANY else _SAME.get(lower, lower)


def _read_dimension(value: object) -> Dimension:
    """Read a size, a name, or neither: the size is open; -1 stands for that in TensorFlow and MLflow."""
    if isinstance(value, str):
        return value
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _compare_side(old: Mapping[str, _Field], new: Mapping[str, _Field], side: str) -> Iterator[SchemaChange]:
    """Compare the inputs, or the outputs."""
    gone = [field for where, field in old.items() if where not in new]
    come = [field for where, field in new.items() if where not in old]
    renamed = _pair(gone, come)
    for field in gone:
        other = renamed.get(field.where)
        if other is None:
            yield _change("removed", field, f"{side} {field.label} is gone", breaking=True)
        else:
            yield _change("renamed", field, f"{side} {field.label} is {other.label} now", breaking=True)
    taken = {field.where for field in renamed.values()}
    for field in (field for field in come if field.where not in taken):
        needed = side == "input" and not field.spare
        text = f"{side} {field.label} is new" + (" and must be given" if needed else "")
        yield _change("added", field, text, breaking=needed)
    for where in (where for where in old if where in new):
        yield from _compare_field(old[where], new[where], side)


def _pair(gone: Sequence[_Field], come: Sequence[_Field]) -> dict[str, _Field]:
    """Pair what went with what came, in their order, where all of them are otherwise alike."""
    alike = len(gone) == len(come) and all(
        one.type == other.type and one.shape == other.shape and not other.spare for one, other in zip(gone, come, strict=True)
    )
    return {one.where: other for one, other in zip(gone, come, strict=True)} if alike else {}


def _compare_field(old: _Field, new: _Field, side: str) -> Iterator[SchemaChange]:
    """Compare type and shape, where both schemas say something of them."""
    if old.type is not None and new.type is not None and old.type != new.type:
        yield _change("type", new, f"{side} {new.label} is {new.type}, and was {old.type}", breaking=True)
    if old.shape is not None and new.shape is not None and old.shape != new.shape:
        breaking = _breaks(old.shape, new.shape, side)
        text = f"{side} {new.label} has the shape {format_shape(new.shape)}, and had {format_shape(old.shape)}"
        yield _change("shape", new, text, breaking=breaking)
    if old.spare and not new.spare and side == "input":
        yield _change("added", new, f"input {new.label} must be given, and could be left out", breaking=True)


def _breaks(old: Sequence[Dimension], new: Sequence[Dimension], side: str) -> bool:
    """Say whether a shape breaks callers: other sizes do, and for inputs also a size where any was taken before.

    An output whose size is open now still has the old size for whoever gives what was given before.
    """
    if len(old) != len(new):
        return True
    pairs = [(one, other) for one, other in zip(old, new, strict=True) if isinstance(other, int) and one != other]
    return any(isinstance(one, int) or side == "input" for one, _ in pairs)


def format_shape(shape: Sequence[Dimension]) -> str:
    """Write a shape for a person: ``[N, 3, ?]``."""
    return f"[{', '.join('?' if size is None else str(size) for size in shape)}]"


def _change(kind: str, field: _Field, text: str, *, breaking: bool) -> SchemaChange:
    """Name the place of a change."""
    return SchemaChange(kind=kind, where=field.where, text=text, breaking=breaking)
