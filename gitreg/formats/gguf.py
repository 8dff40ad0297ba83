"""GGUF: names and values, then what each tensor is; the tensors themselves are not read.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

import math
import struct
from contextlib import suppress
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft

TENSOR_TYPES: Final = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K",
    13: "Q5_K", 14: "Q6_K", 15: "Q8_K", 16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S",
    22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0",
    35: "TQ2_0", 39: "MXFP4", 40: "NVFP4",
}  # fmt: skip
"""How the numbers of a tensor are stored, by the number that stands for it."""

_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
_PLAIN: Final = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_TEXT: Final = 8
_ARRAY: Final = 9
_VERSIONS: Final = {2, 3}
_MOST_FACTS: Final = 10_000
_MOST_TENSORS: Final = 200_000
_MOST_TEXTS: Final = 2_000_000
_LARGEST_HEADER: Final = 256 << 20
_LONGEST_NAME: Final = 64 << 10
_MOST_DIMENSIONS: Final = 8
_PIECE: Final = 1 << 20
_SHOWN: Final = frozenset({
    "general.architecture", "general.author", "general.base_model.0.name", "general.basename", "general.description",
    "general.license", "general.name", "general.organization", "general.size_label", "general.url", "general.version",
    "tokenizer.ggml.model",
})  # fmt: skip
_SHOWN_ENDS: Final = (".block_count", ".context_length", ".embedding_length", ".attention.head_count", ".expert_count")


def read_gguf(reader: Reader, draft: Draft) -> None:
    """Read the header.

    Raises:
        Damaged: it breaks off, or has more of something than is looked at.
    """
    draft.framework = "gguf"
    cursor = Cursor(reader, 4, _LARGEST_HEADER)
    version = cursor.number(4)
    if version not in _VERSIONS:
        raise Damaged(f"its version {version & 0xFFFFFFFF} is not known" if version < 1 << 16 else "its numbers are big-endian")
    draft.tell("gguf_version", version)
    tensors, facts = cursor.number(8), cursor.number(8)
    if facts > _MOST_FACTS or tensors > _MOST_TENSORS:
        raise Damaged(f"it announces {facts} facts and {tensors} tensors, which is more than is looked at")
    for _ in range(facts):
        _read_fact(cursor, reader, draft)
    for _ in range(tensors):
        _read_tensor(cursor, draft)


def _read_fact(cursor: Cursor, reader: Reader, draft: Draft) -> None:
    """Read a name and its value; of an array only how long it is."""
    name = _read_text(cursor)
    kind = cursor.number(4)
    value: object
    if kind == _ARRAY:
        below, count = cursor.number(4), cursor.number(8)
        _skip_array(cursor, reader, below, count)
        value = count if name == "tokenizer.ggml.tokens" else None
        name = "vocabulary" if value else name
    elif kind == _TEXT:
        value = _read_long_text(cursor)
    else:
        if kind not in _SIZES:
            raise Damaged(f"the value of {name[:100]!r} is of the kind {kind}, which is not known")
        (value,) = struct.unpack(_PLAIN[kind], cursor.take(_SIZES[kind]))
    if name in _SHOWN or name == "vocabulary" or name.endswith(_SHOWN_ENDS):
        draft.tell(name, value)


def _read_text(cursor: Cursor) -> str:
    """Read a short text.

    Raises:
        Damaged: it is long.
    """
    length = cursor.number(8)
    if length > _LONGEST_NAME:
        raise Damaged(f"the name at byte {cursor.position} has {length} bytes")
    return cursor.take(length).decode("utf-8", "replace")


def _read_long_text(cursor: Cursor) -> str:
    """Read the beginning of a text, and jump over the rest."""
    length = cursor.number(8)
    text = cursor.take(min(length, _LONGEST_NAME)).decode("utf-8", "replace")
    cursor.skip(length - min(length, _LONGEST_NAME))
    return text


def _skip_array(cursor: Cursor, reader: Reader, kind: int, count: int) -> None:
    """Jump over an array; that of texts has to be gone through."""
    if kind in _SIZES:
        cursor.skip(count * _SIZES[kind])
        return
    if kind != _TEXT or count > _MOST_TEXTS:
        raise Damaged(f"an array of {count} values of the kind {kind} is more than is looked at")
    while count:
        count -= _skip_texts(cursor, reader, count)


def _skip_texts(cursor: Cursor, reader: Reader, count: int) -> int:
    """Jump over as many texts as are in the next piece: a vocabulary has hundreds of thousands; say how many."""
    piece = reader.read(cursor.position, min(_PIECE, max(cursor.left, 0)))
    place = done = 0
    read = _LENGTH.unpack_from
    with suppress(OverflowError, struct.error):  # the end of the piece; to ask each time would take as long as the rest
        for done in range(1, count + 1):  # noqa: B007  it is used behind the loop
            place += 8 + read(piece, place)[0]
        done = count + 1
    done -= 1
    if not done:
        raise Damaged(f"it ends early: {count} more texts should follow byte {cursor.position}")
    cursor.skip(place)
    return done


_LENGTH: Final = struct.Struct("<Q")


def _read_tensor(cursor: Cursor, draft: Draft) -> None:
    """Count the values of a tensor."""
    if not _read_text(cursor):
        draft.note("a tensor has no name")
    dimensions = cursor.number(4)
    if dimensions > _MOST_DIMENSIONS:
        raise Damaged(f"a tensor has {dimensions} dimensions")
    values = math.prod(cursor.number(8) for _ in range(dimensions))
    kind = cursor.number(4)
    draft.count(values, TENSOR_TYPES.get(kind, f"type {kind}"))
    cursor.skip(8)
