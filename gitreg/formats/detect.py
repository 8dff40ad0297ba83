"""Decides what a file is, by its first bytes and by its name, and has it read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Final

from gitreg.core.model_files import ModelFile, Reader
from gitreg.formats.draft import Damaged, Draft, Foreign
from gitreg.formats.packed import find_packing

if TYPE_CHECKING:
    from gitreg.formats.mlmodel import ParseYaml

_WRONG: Final = (
    ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What reading a hostile file could raise in spite of all care: a note, and what was found until then stays."""

_READERS: Final = {
    "catboost": ("catboost", "read_catboost"),
    "gguf": ("gguf", "read_gguf"),
    "hdf5": ("keras", "read_hdf5"),
    "keras": ("keras", "read_keras"),
    "lightgbm": ("lightgbm", "read_lightgbm"),
    "npy": ("arrays", "read_npy"),
    "npz": ("arrays", "read_npz"),
    "onnx": ("onnx", "read_onnx"),
    "packed": ("pickle_files", "read_packed_pickle"),
    "pickle": ("pickle_files", "read_pickle"),
    "safetensors": ("safetensors", "read_safetensors"),
    "savedmodel": ("savedmodel", "read_savedmodel"),
    "skops": ("skops", "read_skops"),
    "torch": ("torch", "read_torch"),
    "torch-legacy": ("torch", "read_torch_legacy"),
    "xgboost": ("xgboost", "read_xgboost_json"),
    "xgboost-ubj": ("xgboost", "read_xgboost_ubj"),
}
_FORMATS: Final = {"packed": "joblib", "xgboost-ubj": "xgboost"}
_ENDINGS: Final = {
    "bst": "xgboost-ubj", "cbm": "catboost", "gguf": "gguf", "h5": "hdf5", "joblib": "pickle", "keras": "keras",
    "lgb": "lightgbm",
    "npy": "npy", "npz": "npz", "onnx": "onnx", "pickle": "pickle", "pkl": "pickle", "pt": "torch", "pth": "torch",
    "safetensors": "safetensors", "skops": "skops", "ubj": "xgboost-ubj",
}  # fmt: skip
_MAGIC: Final = (
    (b"GGUF", "gguf"),
    (b"CBM1", "catboost"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x93NUMPY", "npy"),
    (b"tree\nversion=v", "lightgbm"),
    (b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", "torch-legacy"),
    (b"{L\x00\x00\x00\x00\x00\x00\x00\x07learner", "xgboost-ubj"),
    (b"{i\x07learner", "xgboost-ubj"),
)
_RISKY: Final = frozenset({
    "hdf5", "joblib", "keras", "npy", "npz", "pickle", "savedmodel", "skops", "torch", "torch-legacy", "torchscript",
})  # fmt: skip
"""Formats that can run code: whatever of them cannot be read counts as that."""

_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06")
_XGBOOST: Final = b'"learner"'
_IR_VERSIONS: Final = range(1, 64)
_SECOND_FIELDS: Final = frozenset({0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42})  # what follows the version of ONNX
_PICKLE_STARTS: Final = frozenset(b"(){}[]NIJKLMFGSTUVXBCPc\x80\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97")
"""Steps that need nothing before them: no pickle begins with another one."""

_HEAD: Final = 256
_PROTOCOLS: Final = range(2, 6)
_NOT_KNOWN: Final = "nobody here knows this kind of file"


def read_model_file(reader: Reader, name: str, parse_yaml: ParseYaml | None = None) -> ModelFile:
    """Say what the headers of a file say of the model in it.

    Args:
        reader: its bytes.
        name: of the file; only its ending counts, and only where the bytes do not tell.
        parse_yaml: reads YAML; without it an ``MLmodel`` is not understood.

    Returns:
        What was found, with notes where the file breaks off or makes no sense.

    Raises:
        ExternalFault: the reader's place does not answer.
    """
    draft = Draft(format="unknown", size=reader.size)
    kind, is_whole = "unknown", True
    try:
        kind = find_kind(reader, name)
        draft.format = _FORMATS.get(kind, kind)
        if kind == "mlmodel" and parse_yaml is not None:
            from gitreg.formats.mlmodel import read_mlmodel

            read_mlmodel(reader, draft, parse_yaml)
        elif kind in _READERS:
            module, function = _READERS[kind]
            read: Callable[[Reader, Draft], None] = getattr(import_module(f"gitreg.formats.{module}"), function)
            read(reader, draft)
        else:
            draft.note(_NOT_KNOWN if reader.size else "it is empty")
    except Foreign as error:
        kind, draft = "unknown", _begin_again(draft, name, str(error))
    except Damaged as error:
        draft.note(str(error))
        is_whole = False
    except _WRONG as error:
        draft.note(f"it contradicts itself ({type(error).__name__})")
        is_whole = False
    if draft.notes and kind != "unknown" and not _is_shown(kind, draft) and not _is_told_by_bytes(reader):
        draft.format, draft.framework, draft.ir_version, draft.metadata = "unknown", None, None, {}
        draft.notes = {f"its name says {_FORMATS.get(kind, kind)}, and its bytes do not": None, **draft.notes}
    if not is_whole and not draft.unsafe and (draft.imports or draft.format in _RISKY):
        draft.unsafe.add("what could not be read")
    return replace(draft.finish(), size=reader.size)


def _begin_again(draft: Draft, name: str, why: str) -> Draft:
    """Forget what was found in a file of another kind than was thought."""
    again = Draft(format="unknown", size=draft.size)
    is_named = _ENDINGS.get(name.lower().rpartition(".")[2]) == draft.format
    for note in (f"its name says {draft.format}, and its bytes do not", why) if is_named else (_NOT_KNOWN,):
        again.note(note)
    return again


def find_hidden_pickle(reader: Reader) -> ModelFile | None:
    """Read a file of another kind as a pickle would be read: the first bytes of several formats are steps of pickles too.

    Returns:
        What it would import, if it calls something or goes on to its end; None else: text that looks like an import is none.

    Raises:
        ExternalFault: the reader's place does not answer.
    """
    from gitreg.formats.pickles import Trial

    draft = Draft(format="pickle", size=reader.size)
    trial: Trial | None = None
    try:
        head = reader.read(0, 1)
        if not head or head[0] not in _PICKLE_STARTS:
            return None
        trial = Trial(reader, draft, joblib=False)
        trial.read()
    except (Damaged, *_WRONG):
        if trial is None or not trial.called:
            return None
    return draft.finish() if draft.imports or trial.called else None


def find_kind(reader: Reader, name: str) -> str:
    """Decide what a file is: by its first bytes, then by its name.

    Raises:
        Damaged: it is an archive that breaks off.
    """
    head = reader.read(0, _HEAD)
    plain = name.rpartition("/")[2]
    ending = plain.lower().rpartition(".")[2]
    if head.startswith(_ARCHIVES):
        return _find_archive(reader, ending)
    found = _find_by_magic(head, reader.size)
    if found is None and plain in _NAMES:
        return _NAMES[plain]
    if found is None and find_packing(head) is not None:
        return "packed"
    if found is None and ending in _ENDINGS and head:
        kind = _ENDINGS[ending]
        return "unknown" if kind == "pickle" and head[0] not in _PICKLE_STARTS else kind
    return found or ("onnx" if looks_like_onnx(head) else "unknown")


def _is_told_by_bytes(reader: Reader) -> bool:
    """Say whether the first bytes alone say what a file is, or would say so if it did not break off."""
    head = reader.read(0, _HEAD)
    is_safetensors = head[8:9] == b"{"
    is_packed = head.startswith(_ARCHIVES) or find_packing(head) is not None
    return is_safetensors or is_packed or _find_by_magic(head, reader.size) is not None or looks_like_onnx(head)


def _is_shown(kind: str, draft: Draft) -> bool:
    """Say whether anything was found that only a file of its kind has, or that loading it could run something."""
    said: list[object] = [draft.inputs, draft.outputs, draft.opset, draft.imports, draft.unsafe]
    # the texts and numbers of a message of ONNX are found in nearly any text
    said += [] if kind == "onnx" else [draft.metadata, draft.framework_version]
    return kind == "mlmodel" or draft.parameters is not None or any(said)


_NAMES: Final = {"MLmodel": "mlmodel", "saved_model.pb": "savedmodel"}


def _find_archive(reader: Reader, ending: str) -> str:
    """Decide by the members of an archive."""
    from gitreg.formats.archive import Archive

    archive = Archive(reader)
    members = archive.members
    if archive.kinds:
        return archive.kinds[0]
    if members and all(name.endswith(".npy") for name in members):
        return "npz"
    return _ENDINGS[ending] if _ENDINGS.get(ending) in {"keras", "npz", "skops", "torch"} else "archive"


def _find_by_magic(head: bytes, size: int) -> str | None:
    """Decide by the first bytes alone."""
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found is not None:
        return found
    if len(head) > 8 and head[8:9] == b"{" and 2 <= int.from_bytes(head[:8], "little") <= size - 8:  # noqa: PLR2004
        return "safetensors"
    if len(head) > 1 and head[0] == 0x80 and head[1] in _PROTOCOLS:  # noqa: PLR2004  as pickles begin
        return "pickle"
    return "xgboost" if head.lstrip().startswith(b"{") and _XGBOOST in head[:64] else None


def looks_like_onnx(head: bytes) -> bool:
    """Say whether a file begins as ONNX does: with the version of the format and the name of the producer, or the graph."""
    return len(head) > 2 and head[0] == 8 and head[1] in _IR_VERSIONS and head[2] in _SECOND_FIELDS  # noqa: PLR2004
