"""TensorFlow's SavedModel: signatures in ``saved_model.pb``; the weights stand in the folder ``variables``.

https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/meta_graph.proto
"""

from __future__ import annotations

from typing import Final

from gitreg.core.model_files import Reader, Tensor
from gitreg.formats.draft import MOST_TENSORS, Draft
from gitreg.formats.protobuf import Field, Message

_TYPES: Final = {
    1: "float32", 2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 7: "string", 8: "complex64", 9: "int64",
    10: "bool", 14: "bfloat16", 17: "uint16", 18: "complex128", 19: "float16", 22: "uint32", 23: "uint64",
}  # fmt: skip
_MOST_DIMENSIONS: Final = 64
_SERVING: Final = "serving_default"
_RISKY: Final = frozenset({"ReadFile", "WriteFile", "PyFunc", "PyFuncStateless", "EagerPyFunc", "MatchingFiles"})


def read_savedmodel(reader: Reader, draft: Draft) -> None:
    """Read the signatures of the first graph."""
    draft.framework = "tensorflow"
    model = Message(reader)
    for field in model:
        if field.number == 2 and field.is_message:  # noqa: PLR2004
            _read_graph(model.below(field), draft)


def _read_graph(graph: Message, draft: Draft) -> None:
    """Read a MetaGraphDef."""
    signatures: dict[str, tuple[list[Tensor], list[Tensor]]] = {}
    for field in graph:
        if not field.is_message:
            continue
        if field.number == 1:
            _read_facts(graph.below(field), draft)
        elif field.number == 2:  # noqa: PLR2004
            _look_for_risks(graph.below(field), draft)
        elif field.number == 5 and len(signatures) < _MOST_DIMENSIONS:  # noqa: PLR2004
            name, found = _read_signature(graph.below(field))
            signatures[name] = found
    chosen = next((name for name in (_SERVING, *signatures) if name in signatures and any(signatures[name])), None)
    if chosen is not None and not draft.inputs:
        draft.inputs, draft.outputs = signatures[chosen]
        draft.tell("signature", chosen)
    draft.tell("signatures", ", ".join(sorted(signatures)))


def _read_facts(facts: Message, draft: Draft) -> None:
    """Read a MetaInfoDef: tags, and the version of TensorFlow."""
    for field in facts:
        if field.number == 4 and field.is_message:  # noqa: PLR2004
            draft.tell("tags", facts.text(field))
        elif field.number == 5 and field.is_message:  # noqa: PLR2004
            draft.framework_version = facts.text(field)[:100]


def _look_for_risks(graph: Message, draft: Draft) -> None:
    """Look at the operators of a GraphDef and of its functions: some read or write files, or call Python."""
    for field in graph:
        if field.number == 1 and field.is_message:
            _read_operator(graph.below(field), draft)
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            library = graph.below(field)
            for part in library:
                if part.number == 1 and part.is_message:
                    _read_function(library.below(part), draft)


def _read_function(function: Message, draft: Draft) -> None:
    """Look at the operators of a FunctionDef."""
    for field in function:
        if field.number == 3 and field.is_message:  # noqa: PLR2004
            _read_operator(function.below(field), draft)


def _read_operator(node: Message, draft: Draft) -> None:
    """Read which operator a node is."""
    for field in node:
        if field.number == 2 and field.is_message:  # noqa: PLR2004
            name = node.text(field)[:200]
            if name in _RISKY:
                draft.unsafe.add(f"the operator {name}")
            return


def _read_signature(entry: Message) -> tuple[str, tuple[list[Tensor], list[Tensor]]]:
    """Read a name and its SignatureDef."""
    name, inputs, outputs = "", list[Tensor](), list[Tensor]()
    for field in entry:
        if field.number == 1 and field.is_message:
            name = entry.text(field)[:200]
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            signature = entry.below(field)
            for part in signature:
                if part.is_message and part.number in {1, 2}:
                    side = inputs if part.number == 1 else outputs
                    if len(side) < MOST_TENSORS:
                        side.append(_read_tensor(signature.below(part)))
    return name, (sorted(inputs, key=lambda tensor: tensor.name), sorted(outputs, key=lambda tensor: tensor.name))


def _read_tensor(entry: Message) -> Tensor:
    """Read a name and its TensorInfo."""
    name, kind = "", None
    shape: tuple[int | None, ...] | None = None
    for field in entry:
        if field.number == 1 and field.is_message:
            name = entry.text(field)[:1000]
        elif field.number == 2 and field.is_message:  # noqa: PLR2004
            facts = entry.below(field)
            for part in facts:
                if part.number == 2:  # noqa: PLR2004
                    kind = _TYPES.get(part.value, f"type {part.value}")
                elif part.number == 3 and part.is_message:  # noqa: PLR2004
                    shape = _read_shape(facts, part)
    return Tensor(name=name, type=kind, shape=shape)


def _read_shape(facts: Message, field: Field) -> tuple[int | None, ...] | None:
    """Read a TensorShapeProto; None where even the number of dimensions is open."""
    message = facts.below(field)
    sizes: list[int | None] = []
    for part in message:
        if part.number == 3 and part.value:  # noqa: PLR2004
            return None
        if part.number == 2 and part.is_message and len(sizes) < _MOST_DIMENSIONS:  # noqa: PLR2004
            size = next((below.signed for below in message.below(part) if below.number == 1), 0)
            sizes.append(size if size >= 0 else None)
    return tuple(sizes)
