"""Decides what a file is, by its first bytes and by its name, and has it read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Final

from gitreg.core.model_files import ModelFile, Reader
from gitreg.formats.draft import Damaged, Draft

_WRONG: Final = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error, zlib.error)
"""What reading a hostile file could raise in spite of all care: a note, and what was found until then stays."""

_READERS: Final = {
    "onnx": ("onnx", "read_onnx"),
    "safetensors": ("safetensors", "read_safetensors"),
    "gguf": ("gguf", "read_gguf"),
    "pickle": ("pickles", "read_pickle"),
}
_ENDINGS: Final = {
    "onnx": "onnx", "ort": "onnx-runtime", "safetensors": "safetensors", "pkl": "pickle", "pickle": "pickle",
    "joblib": "pickle",
}  # fmt: skip
_IR_VERSIONS: Final = range(1, 64)
_SECOND_FIELDS: Final = frozenset({0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42})  # what follows the version of ONNX
_HEAD: Final = 256
_PICKLE: Final = 0x80
_PROTOCOLS: Final = range(2, 6)


def read_model_file(reader: Reader, name: str) -> ModelFile:
    """Say what the headers of a file say of the model in it.

    Args:
        reader: its bytes.
        name: of the file; only its ending counts, and only where the bytes do not tell.

    Returns:
        What was found, with notes where the file breaks off or makes no sense.

    Raises:
        ExternalFault: the reader's place does not answer.
    """
    kind = find_kind(reader, name)
    draft = Draft(format=kind, size=reader.size)
    if kind not in _READERS:
        draft.note("nobody here knows this kind of file")
        return draft.finish()
    module, function = _READERS[kind]
    read: Callable[[Reader, Draft], None] = getattr(import_module(f"gitreg.formats.{module}"), function)
    try:
        read(reader, draft)
    except Damaged as error:
        draft.note(str(error))
    except _WRONG as error:
        draft.note(f"it contradicts itself ({type(error).__name__})")
        draft.unsafe.add("what could not be read")
    return draft.finish()


def find_kind(reader: Reader, name: str) -> str:
    """Decide what a file is."""
    head = reader.read(0, _HEAD)
    ending = name.rpartition("/")[2].lower().rpartition(".")[2]
    found = _find_by_magic(head, reader.size)
    if found is None and ending in _ENDINGS:
        return _ENDINGS[ending]
    if found is None and looks_like_onnx(head):
        return "onnx"
    return found or "unknown"


def _find_by_magic(head: bytes, size: int) -> str | None:
    """Decide by the first bytes alone."""
    if head.startswith(b"GGUF"):
        return "gguf"
    if len(head) > 8 and head[8:9] == b"{" and int.from_bytes(head[:8], "little") <= size - 8:  # noqa: PLR2004
        return "safetensors"
    if head[:1] == b"\x80" and head[1:2] and head[1] in _PROTOCOLS:
        return "pickle"
    return None


def looks_like_onnx(head: bytes) -> bool:
    """Say whether a file begins as ONNX does: with the version of the format and the name of the producer, or the graph."""
    return len(head) > 2 and head[0] == 8 and head[1] in _IR_VERSIONS and head[2] in _SECOND_FIELDS  # noqa: PLR2004
