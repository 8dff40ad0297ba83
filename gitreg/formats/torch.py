"""Files of PyTorch: an archive with a pickle (since 1.6), several pickles in a row (before), and TorchScript.

https://github.com/pytorch/pytorch/blob/main/torch/serialization.py
"""

from __future__ import annotations

import math
from contextlib import suppress
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.archive import Archive
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.pickle_values import Made, Name
from gitreg.formats.pickles import Pickles, class_of, describe_object

MAGIC: Final = bytes.fromhex("8a0a6cfc9c46f9206aa850192e")
"""The first pickle of an old file, behind its protocol: a number that stands for PyTorch."""

_REBUILD: Final = ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_qtensor")
_KINDS: Final = {
    "BFloat16Storage": "bfloat16", "BoolStorage": "bool", "ByteStorage": "uint8", "CharStorage": "int8",
    "ComplexDoubleStorage": "complex128", "ComplexFloatStorage": "complex64", "DoubleStorage": "float64",
    "FloatStorage": "float32", "HalfStorage": "float16", "IntStorage": "int32", "LongStorage": "int64",
    "QInt32Storage": "qint32", "QInt8Storage": "qint8", "QUInt8Storage": "quint8", "ShortStorage": "int16",
}  # fmt: skip
_MOST_TEXT: Final = 200
_MOST_PICKLES: Final = 20


def read_torch(reader: Reader, draft: Draft) -> None:
    """Read an archive.

    Raises:
        Damaged: it has no pickle, or one that breaks off.
    """
    draft.framework = "pytorch"
    archive = Archive(reader)
    folder = next(iter(archive.members), "").partition("/")[0]  # that of the first member counts for PyTorch
    script = f"{folder}/constants.pkl" in archive.members
    if script:
        draft.format = "torchscript"
        draft.note("it is TorchScript: loading it compiles the code in it, which runs in PyTorch and not in Python")
        draft.tell("code", sum(name.endswith(".py") for name in archive.members) or None)
    for name in (".format_version", "byteorder", "version"):
        with suppress(Damaged):
            found = archive.find(name)
            if found is not None:
                draft.tell(name.removeprefix("."), archive.read(found, _MOST_TEXT).decode("utf-8", "replace").strip())
    _read_pickles(archive, f"{folder}/data.pkl", draft)
    if script:
        _drop_own_code(draft)


def _read_pickles(archive: Archive, main: str, draft: Draft) -> None:
    """Read all pickles that PyTorch could take for its own; names count in small and capital letters alike.

    Raises:
        Damaged: there is none, or one breaks off.
    """
    if archive.doubles or len(archive.kinds) > 1 or any(name.lower().endswith(".npy") for name in archive.members):
        draft.unsafe.add("another part of it than is read, since it is several archives at once")
    found = archive.find_all("data.pkl")
    if not found:
        draft.unsafe.add("what could not be read")
        raise Damaged("it has no data.pkl")
    main = main if main in found else found[0]
    for name in archive.find_all("data.pkl", "constants.pkl")[:_MOST_PICKLES]:
        if name != main:
            _read_other(archive, name, draft)
    if len(found) > _MOST_PICKLES:
        draft.unsafe.add("pickles that are not read")
    _read_main(Pickles(_open(archive, main, draft), draft, joblib=False), draft)


def _read_other(archive: Archive, name: str, draft: Draft) -> None:
    """Read a pickle beside the main one, only for what it would run."""
    try:
        Pickles(_open(archive, name, draft), draft, joblib=False).read()
    except Damaged as error:
        draft.note(f"{name[:100]}: {error}")


def _open(archive: Archive, name: str, draft: Draft) -> Reader:
    """Open a member; one that cannot be opened here may be one for PyTorch.

    Raises:
        Damaged: it cannot.
    """
    try:
        return archive.open(name)
    except Damaged:
        draft.unsafe.add("what could not be read")
        raise


def read_torch_legacy(reader: Reader, draft: Draft) -> None:
    """Read a file of PyTorch before 1.6: a magic number, a version, facts of the machine, the object, and names of tensors.

    Raises:
        Damaged: it breaks off.
    """
    draft.framework = "pytorch"
    pickles = Pickles(reader, draft, joblib=False)
    for _ in range(3):
        pickles.read()
    _read_main(pickles, draft)
    pickles.read()  # the names of the tensors' bytes


def _read_main(pickles: Pickles, draft: Draft) -> None:
    """Read the pickle with the object; tensors are counted, also where it breaks off."""
    root = None
    try:
        root = pickles.read()
    finally:
        _count_tensors(pickles.made, draft)
    describe_object(root, draft)
    draft.tell("class", class_of(root))


def _count_tensors(made: list[Made], draft: Draft) -> None:
    """Count the values of all tensors, each once."""
    seen = set[object]()
    for rebuilt in made:
        arguments = rebuilt.arguments
        if not isinstance(rebuilt.call, Name) or rebuilt.call.name not in _REBUILD or not isinstance(arguments, tuple):
            continue
        kind, key = _read_storage(arguments[0] if arguments else None)
        shape = arguments[2] if len(arguments) > 2 else None  # noqa: PLR2004
        if not isinstance(shape, tuple) or not all(isinstance(size, int) and 0 <= size < 1 << 63 for size in shape):
            continue
        place = (key, arguments[1] if isinstance(arguments[1], int) else None, shape)
        if key is None or place not in seen:
            seen.add(place)
            draft.count(math.prod(size for size in shape if isinstance(size, int)), kind)


def _read_storage(storage: object) -> tuple[str, str | None]:
    """Read which numbers a storage has, and its name: ``('storage', FloatStorage, '0', 'cpu', 8)``."""
    facts = storage.arguments if isinstance(storage, Made) else None
    if not isinstance(facts, tuple) or len(facts) < 3 or not isinstance(facts[1], Name):  # noqa: PLR2004
        return "unknown", None
    return _KINDS.get(facts[1].name, facts[1].name[:50]), facts[2] if isinstance(facts[2], str) else None


def _drop_own_code(draft: Draft) -> None:
    """Take out classes that stand in the archive itself: they are TorchScript."""
    own = {name for name in draft.imports if name.startswith("__torch__.")}
    draft.imports -= own
    draft.unsafe -= own
