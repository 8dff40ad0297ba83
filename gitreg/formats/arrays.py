"""Arrays of numpy: the header says type and shape; an archive of them has several.

https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import math
import re
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.archive import Archive
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft
from gitreg.formats.pickle_values import format_type

MAGIC: Final = b"\x93NUMPY"
_HEADER: Final = re.compile(
    r"\s*\{'descr':\s*(?P<type>'[^']*'|\[.*\]),\s*'fortran_order':\s*\w+,\s*'shape':\s*\((?P<shape>[0-9, ]*)\)"
)
_OBJECTS: Final = re.compile(r"[|<>=]?O[0-9]{0,2}")
_LARGEST_HEADER: Final = 64 << 10
_MOST_DIMENSIONS: Final = 64
_MOST_ARRAYS: Final = 10_000
_SHOWN: Final = 50
_LONGEST_NUMBER: Final = 20


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
    arrays = [name for name in archive.members if name.endswith(".npy")]
    draft.tell("arrays", len(arrays))
    if len(arrays) > _MOST_ARRAYS:
        draft.note(f"only the first {_MOST_ARRAYS} arrays are read")
    for number, name in enumerate(arrays[:_MOST_ARRAYS]):
        try:
            _read_array(archive.open(name), draft, name.removesuffix(".npy") if number < _SHOWN else "")
        except Damaged as error:
            draft.note(f"{name[:100]}: {error}")


def _read_array(reader: Reader, draft: Draft, name: str) -> None:
    """Read one header."""
    cursor = Cursor(reader)
    if cursor.take(len(MAGIC)) != MAGIC:
        raise Damaged("it is no array of numpy")
    version = cursor.number(1)
    cursor.skip(1)
    length = cursor.number(2 if version == 1 else 4)
    if length > _LARGEST_HEADER:
        raise Damaged(f"its header has {length} bytes, which is more than is looked at")
    header = _HEADER.match(cursor.take(length).decode("utf-8", "replace"))
    if header is None:
        raise Damaged("its header makes no sense")
    shape = [int(size) for size in header["shape"].split(",") if size.strip() and len(size) < _LONGEST_NUMBER]
    if len(shape) > _MOST_DIMENSIONS:
        raise Damaged("its shape makes no sense")
    text = header["type"]
    kind = _name_type(text)
    draft.count(math.prod(shape), kind)
    if name:
        draft.tell(name, f"{kind} {shape}")
    if re.search(r"'[|<>=]?O", text):
        draft.unsafe.add("a pickle in an array of objects")
        draft.note("it holds arrays of objects, which numpy reads only with allow_pickle=True")


def _name_type(text: str) -> str:
    """Name a type as ONNX does, or else as it is; an object of Python, which numpy pickles, is not always a text."""
    if text.startswith("["):
        return "structure"
    plain = text.strip("'")
    return "object" if _OBJECTS.fullmatch(plain) else format_type(plain) or plain[:50]
