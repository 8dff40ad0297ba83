"""Arrays of numpy: the header says type and shape; an archive of them has several.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import ast
import math
import re
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.archive import Archive
from gitreg.formats.array_types import is_plain
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.pickle_values import format_type

MAGIC: Final = b"\x93NUMPY"
_KEYS: Final = frozenset({"descr", "fortran_order", "shape"})
_LONG: Final = re.compile(r"(?<=[0-9])L\b")  # as Python 2 wrote numbers
_OBJECTS: Final = re.compile(r"[|<>=]?O[0-9]{0,2}")
_OBJECT: Final = re.compile(r"'[|<>=]?O[0-9]{0,2}'")
_LARGEST_HEADER: Final = 64 << 10
_MOST_DIMENSIONS: Final = 64
_MOST_ARRAYS: Final = 10_000
_SHOWN: Final = 50
_UNKNOWN: Final = "an array of a type that is not known"


def read_npy(reader: Reader, draft: Draft) -> None:
    """Read the header of one array.

    Raises:
        Damaged: it makes no sense.
    """
    draft.framework = "numpy"
    _read_array(reader, draft, "array")


def read_npz(reader: Reader, draft: Draft) -> None:
    """Read the headers of all arrays of an archive.

    Raises:
        Damaged: the archive breaks off.
    """
    draft.framework = "numpy"
    archive = Archive(reader)
    arrays = [name for name in archive.members if _may_be_array(archive, name, draft)]
    draft.tell("arrays", len(arrays))
    if len(arrays) > _MOST_ARRAYS:
        draft.note(f"only the first {_MOST_ARRAYS} arrays are read")
        draft.unsafe.add("arrays that are not read")
    for number, name in enumerate(arrays[:_MOST_ARRAYS]):
        try:
            _read_array(archive.open(name), draft, name.removesuffix(".npy") if number < _SHOWN else "")
        except Damaged as error:
            draft.note(f"{name[:100]}: {error}")
            draft.unsafe.add(_UNKNOWN)


def _may_be_array(archive: Archive, name: str, draft: Draft) -> bool:
    """Say whether a member is an array: by its name or, as numpy decides, by its first bytes."""
    if name.endswith(".npy"):
        return True
    try:
        return archive.open(name).read(0, len(MAGIC)) == MAGIC
    except Damaged as error:
        draft.note(f"{name[:100]}: {error}")
        draft.unsafe.add(_UNKNOWN)
        return False


def _read_array(reader: Reader, draft: Draft, name: str) -> None:
    """Read one header."""
    cursor = Cursor(reader)
    if cursor.take(len(MAGIC)) != MAGIC:
        raise Damaged("it is no array of numpy")
    try:
        descr, shape = _read_header(cursor)
    except Damaged:
        draft.unsafe.add(_UNKNOWN)
        raise
    kind = _name_type(descr)
    draft.count(math.prod(shape), kind)
    if name:
        draft.tell(name, f"{kind} {list(shape)}")
    if kind == "object" or (not is_plain(descr) and _OBJECT.search(str(descr))):
        draft.unsafe.add("a pickle in an array of objects")
        draft.note("it holds arrays of objects, which numpy reads only with allow_pickle=True")
    elif not is_plain(descr):
        draft.unsafe.add(_UNKNOWN)


def _read_header(cursor: Cursor) -> tuple[object, tuple[int, ...]]:
    """Read type and shape, as Python reads a constant; nothing is run.

    Raises:
        Damaged: it is none that numpy would write.
    """
    version = cursor.number(1)
    cursor.skip(1)
    length = cursor.number(2 if version == 1 else 4)
    if length > _LARGEST_HEADER:
        raise Damaged(f"its header has {length} bytes, which is more than is looked at")
    facts = _parse(cursor.take(length).decode("utf-8" if version == 3 else "latin-1", "replace"))  # noqa: PLR2004
    if not isinstance(facts, dict) or set(facts) != _KEYS:
        raise Damaged("its header makes no sense")
    shape = facts["shape"]
    if not isinstance(shape, tuple) or len(shape) > _MOST_DIMENSIONS or not all(type(size) is int for size in shape):
        raise Damaged("its shape makes no sense")
    if any(not 0 <= size < 1 << 63 for size in shape):
        raise Damaged("its shape makes no sense")
    return facts["descr"], shape


def _parse(text: str) -> object:
    """Read a constant of Python.

    Raises:
        Damaged: it is none.
    """
    for attempt in (text, _LONG.sub("", text)):
        try:
            return ast.literal_eval(attempt.strip())
        except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
            continue
    raise Damaged("its header makes no sense")


def _name_type(descr: object) -> str:
    """Name a type as ONNX does, or else as it is; an object of Python, which numpy pickles, is not always a text."""
    if not isinstance(descr, str):
        return "structure"
    return "object" if _OBJECTS.fullmatch(descr) else format_type(descr) or descr[:50]
