"""ONNX: a protobuf message with the graph, of which nodes are counted and the values of initializers are jumped over.

https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Callable
from typing import Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.draft import MOST_TENSORS, BreaksOff, Damaged, Draft, Foreign
from gitreg.formats.protobuf import Field, Message

TYPES: Final = (
    "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64",
    "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
    "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2",
)  # fmt: skip
"""The names of element types, by their numbers."""

_KNOWN_DOMAINS: Final = frozenset({
    "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft", "com.ms.internal.nhwc",
    "com.microsoft.nchwc", "com.microsoft.experimental", "com.microsoft.dml", "org.pytorch.aten",
})  # fmt: skip
_MOST_DIMENSIONS: Final = 64
_MOST_INITIALIZERS: Final = 50_000  # whose names are kept
_OUTSIDE: Final = 1  # data_location: EXTERNAL


def read_onnx(reader: Reader, draft: Draft) -> None:
    """Read the model.

    Raises:
        Foreign: it is none: nearly any text is a message of protobuf for a few bytes.
        Damaged: it makes no sense somewhere.
    """
    draft.framework = "onnx"
    fields: list[Field] = []
    try:
        _read_model(Message(reader), draft, fields)
    except Damaged as error:
        if not (_is_model(draft) or (isinstance(error, BreaksOff) and all(map(_is_usual, fields)))):
            raise Foreign(str(error)) from error
        raise
    if not any(field.number == _GRAPH for field in fields):
        if not _is_model(draft):
            raise Foreign("it has no graph")
        draft.note("it has no graph")
    for domain in draft.opset:
        if domain not in _KNOWN_DOMAINS:
            draft.note(f"it uses operators of {domain!r}, which whoever runs it must have")


def _is_model(draft: Draft) -> bool:
    """Say whether anything was found that nothing but a model has."""
    found: list[object] = [draft.inputs, draft.outputs, draft.unsafe, draft.parameters is not None]
    return any(found) or any(version > 0 for version in draft.opset.values())


def _is_usual(field: Field) -> bool:
    """Say whether a model has such a field."""
    return field.number in (_NUMBERS if not field.is_message else _MESSAGES)


def _read_model(model: Message, draft: Draft, fields: list[Field]) -> None:
    """Read first what stands beside the graph, since a graph may be damaged far behind its beginning.

    Args:
        model: the whole file.
        draft: what to fill.
        fields: takes the first ones that were met, and the graph.
    """
    graph: Field | None = None
    try:
        for field in model:
            if len(fields) < _MOST_FIELDS:
                fields.append(field)
            if field.number == _GRAPH and field.is_message:
                graph = field
            elif field.number in _MODEL:
                _MODEL[field.number](model, field, draft)
    finally:
        if graph is not None:
            fields.append(graph)
            _Graph(draft).read(model.below(graph))


def _read_opset(model: Message, field: Field, draft: Draft) -> None:
    """Read which version of which operators is used."""
    domain, version = "", 0
    if not field.is_message:
        return
    message = model.below(field)
    for part in message:
        if part.number == 1 and part.is_message:
            domain = message.text(part)
        elif part.number == 2:  # noqa: PLR2004
            version = part.signed
    if len(draft.opset) < MOST_TENSORS:
        draft.opset[domain[:200] or "ai.onnx"] = version


def _read_property(model: Message, field: Field, draft: Draft) -> None:
    """Read one of the texts that whoever made it added."""
    name, value = read_pair(model.below(field))
    draft.tell(name, value)


def read_pair(message: Message) -> tuple[str, str]:
    """Read a message of a name and a text."""
    texts = {field.number: message.text(field) for field in message if field.is_message and field.number in {1, 2}}
    return texts.get(1, ""), texts.get(2, "")


def _tell(name: str) -> Callable[[Message, Field, Draft], None]:
    """Keep a field as a fact."""

    def keep(model: Message, field: Field, draft: Draft) -> None:
        draft.tell(name, model.text(field) if field.is_message else field.signed or None)

    return keep


def _read_ir(model: Message, field: Field, draft: Draft) -> None:
    """Read the version of the format."""
    del model
    draft.ir_version = field.signed


_GRAPH: Final = 7
_NUMBERS: Final = frozenset({1, 5})
_MESSAGES: Final = frozenset({2, 3, 4, 6, 7, 8, 14, 20, 25, 26})
_MOST_FIELDS: Final = 1_000  # that are kept
_MODEL: Final[dict[int, Callable[[Message, Field, Draft], None]]] = {
    1: _read_ir,
    2: _tell("producer"),
    3: _tell("producer_version"),
    4: _tell("domain"),
    5: _tell("model_version"),
    6: _tell("description"),
    8: _read_opset,
    14: _read_property,
}


class _Graph:
    """Goes through a graph.

    Args:
        draft: what to fill.
    """

    def __init__(self, draft: Draft) -> None:
        """Know nothing yet."""
        self._draft = draft
        self._inputs: list[Tensor] = []
        self._initial: set[str] = set()
        self._nodes = 0

    def read(self, graph: Message) -> None:
        """Go through the fields; where they break off, what was found counts."""
        try:
            for field in graph:
                self._read_field(graph, field)
        finally:
            # up to IR version 3 initializers are inputs too, which a caller need not give
            self._draft.inputs = [tensor for tensor in self._inputs if tensor.name not in self._initial]
            self._draft.tell("nodes", self._nodes or None)

    def _read_field(self, graph: Message, field: Field) -> None:
        """Read one field of the graph."""
        if field.number == 1:
            self._nodes += 1
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            self._draft.tell("graph", graph.text(field))
        elif field.number == 5:  # noqa: PLR2004
            self._read_initializer(graph.below(field))
        elif field.number == 11 and len(self._inputs) < 2 * MOST_TENSORS:  # noqa: PLR2004
            self._inputs.append(read_value(graph.below(field)))
        elif field.number == 12 and len(self._draft.outputs) < MOST_TENSORS:  # noqa: PLR2004
            self._draft.outputs.append(read_value(graph.below(field)))
        elif field.number == 15:  # noqa: PLR2004
            self._draft.note("it has sparse parameters, which are not counted")

    def _read_initializer(self, tensor: Message) -> None:
        """Count the parameters of one tensor, and jump over them."""
        dimensions: list[int] = []
        kind, name, outside, location = 0, "", False, ""
        for field in tensor:
            match field.number:
                case 1:
                    dimensions += tensor.numbers(field, _MOST_DIMENSIONS)
                case 2:
                    kind = field.value
                case 8:
                    name = tensor.text(field)[:1000]
                case 13:
                    location = _find_location(tensor.below(field)) or location
                case 14:
                    outside = field.value == _OUTSIDE
        if len(dimensions) > _MOST_DIMENSIONS or min(dimensions, default=0) < 0:
            raise Damaged("a tensor has sizes that make no sense")
        self._draft.count(math.prod(dimensions), TYPES[kind] if kind < len(TYPES) else f"type {kind}")
        if len(self._initial) < _MOST_INITIALIZERS:
            self._initial.add(name)
        if outside or location:
            self._note_outside(location)

    def _note_outside(self, location: str) -> None:
        """Say that parameters are in another file, and whether that could be anywhere."""
        path = posixpath.normpath(location.replace("\\", "/"))
        if not location or posixpath.isabs(path) or path.split("/")[0] == ".." or ":" in path:
            self._draft.note(f"parameters are said to be in {location!r}, which is not beside it: do not load it")
            self._draft.unsafe.add(f"reads {location[:200]!r}")
        else:
            self._draft.note(f"parameters are in another file: {location!r}")


def _find_location(pair: Message) -> str:
    """Give the path of external data, if that is what the pair says."""
    name, value = read_pair(pair)
    return value if name == "location" else ""


def read_value(message: Message) -> Tensor:
    """Read a ValueInfoProto: the name and type of an input or output."""
    name, kind, shape = "", None, None
    for field in message:
        if field.number == 1 and field.is_message:
            name = message.text(field)[:1000]
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            kind, shape = _read_type(message.below(field))
    return Tensor(name=name, type=kind, shape=shape)


def _read_type(message: Message) -> tuple[str | None, tuple[int | str | None, ...] | None]:
    """Read a TypeProto: a tensor, or what is made of tensors."""
    kind, shape = None, None
    for field in message:
        if field.number in {1, 8} and field.is_message:
            kind, shape = _read_tensor_type(message.below(field))
        elif field.number in _MADE_OF:
            kind = _MADE_OF[field.number]
    return kind, shape


_MADE_OF: Final = {4: "sequence", 5: "map", 7: "opaque", 9: "optional"}


def _read_tensor_type(message: Message) -> tuple[str | None, tuple[int | str | None, ...] | None]:
    """Read element type and shape."""
    kind, shape = None, None
    for field in message:
        if field.number == 1:
            kind = TYPES[field.value] if 0 < field.value < len(TYPES) else None
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            shape = tuple(_read_dimensions(message.below(field)))
    return kind, shape


def _read_dimensions(message: Message) -> list[int | str | None]:
    """Read sizes, or names where a size is open."""
    found: list[int | str | None] = []
    for field in message:
        if field.number == 1 and field.is_message and len(found) < _MOST_DIMENSIONS:
            below = message.below(field)
            value: int | str | None = None
            for part in below:
                value = below.text(part)[:200] or None if part.is_message else part.signed
            found.append(value if not isinstance(value, int) or value >= 0 else None)
    return found
