"""safetensors: a number, a header in JSON that says what each tensor is, and the tensors, which are not read.

https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]  # typeshed lacks it
from typing import Final

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged, Draft

LARGEST_HEADER: Final = 8 << 20
"""Bytes; of all models on Hugging Face hardly one has more than a fifth of that. A sign of it can take four bytes of memory."""

_LARGEST_ENTRY: Final = 64 << 10
_BEFORE: Final = re.compile(r'[\s,]*"')
_COLON: Final = re.compile(r"\s*:\s*")
_OPEN: Final = re.compile(r"\s*\{")
_CLOSE: Final = re.compile(r"\s*\}")
_QUOTE: Final = re.compile(r'\s*"')
_NAMES: Final[Mapping[str, str]] = {
    "BOOL": "bool", "BF16": "bfloat16", "C64": "complex64", "F16": "float16", "F32": "float32", "F64": "float64",
    "F8_E4M3": "float8e4m3fn",
    "F8_E5M2": "float8e5m2", "F8_E8M0": "float8e8m0", "I16": "int16", "I32": "int32", "I64": "int64", "I8": "int8",
    "U16": "uint16",
    "U32": "uint32", "U64": "uint64", "U8": "uint8",
}  # fmt: skip
_BYTES: Final = re.compile(r"[A-Z]+([0-9]+)")
_MOST_DIMENSIONS: Final = 64


def read_safetensors(reader: Reader, draft: Draft) -> None:
    """Read the header.

    Raises:
        Damaged: it is none, or larger than is looked at.
    """
    cursor = Cursor(reader)
    length = cursor.number(8)
    if length > LARGEST_HEADER:
        raise Damaged(f"its header has {length} bytes, which is more than is looked at")
    text = cursor.take(length).decode("utf-8", "replace")
    if not text.startswith("{"):
        raise Damaged("its header is no JSON")
    _Header(text, draft, reader.size - 8 - length).read()
    _choose_framework(draft)


class _Header:
    """Reads the header one tensor after the other, so that a large one takes no more memory than its text.

    Args:
        text: the header.
        draft: what to fill.
        room: bytes that follow it.
    """

    def __init__(self, text: str, draft: Draft, room: int) -> None:
        """Begin behind the brace."""
        self._text = text
        self._draft = draft
        self._room = room
        self._place = 1
        self._end = 0

    def read(self) -> None:
        """Read all entries.

        Raises:
            Damaged: one of them makes no sense.
        """
        while found := _BEFORE.match(self._text, self._place):
            name = self._read_text(found.end())
            self._skip(_COLON)
            if name == "__metadata__":
                self._read_texts()
            else:
                self._read_tensor(name[:200])
        if self._text[self._place :].strip() not in {"}", ""}:
            raise Damaged(f"its header makes no sense from sign {self._place} on")
        if self._end > self._room:
            self._draft.note(f"it ends early: {self._end} bytes of tensors are announced, and {self._room} are there")
        elif self._end < self._room:
            self._draft.note(f"{self._room - self._end} bytes at its end belong to no tensor")

    def _read_texts(self) -> None:
        """Read what whoever wrote it added: names and texts."""
        self._skip(_OPEN)
        while found := _BEFORE.match(self._text, self._place):
            name = self._read_text(found.end())
            self._skip(_COLON)
            self._skip(_QUOTE)
            self._draft.tell(name, self._read_text(self._place))
        self._skip(_CLOSE)

    def _read_tensor(self, name: str) -> None:
        """Read what one tensor is."""
        end = self._text.find("}", self._place, self._place + _LARGEST_ENTRY)
        try:
            entry = json.loads(self._text[self._place : end + 1])
            shape, (start, stop) = [int(size) for size in entry["shape"]], entry["data_offsets"]
            kind = str(entry["dtype"])
        except (LookupError, OverflowError, RecursionError, TypeError, ValueError) as error:
            raise Damaged(f"what its header says of {name!r} makes no sense") from error
        if len(shape) > _MOST_DIMENSIONS or min(shape, default=0) < 0:
            raise Damaged(f"the sizes of {name!r} make no sense")
        self._place = end + 1
        self._draft.count(math.prod(shape), _NAMES.get(kind, kind)[:50])
        self._check(name, kind, math.prod(shape), (start, stop))

    def _check(self, name: str, kind: str, count: int, place: tuple[object, object]) -> None:
        """Hold the place of a tensor against its size."""
        start, stop = place
        if not isinstance(start, int) or not isinstance(stop, int) or not 0 <= start <= stop:
            raise Damaged(f"the place of {name!r} makes no sense")
        self._end = max(self._end, stop)
        width = _BYTES.match(kind)
        if kind in _NAMES and width and count * int(width[1]) != (stop - start) * 8:
            self._draft.note(f"the place of {name!r} does not fit its shape")

    def _read_text(self, start: int) -> str:
        """Read a text behind its first quote."""
        try:
            text, self._place = scanstring(self._text, start, False)  # noqa: FBT003  not strict
        except ValueError as error:
            raise Damaged(f"the text at sign {start} of its header has no end") from error
        return str(text)

    def _skip(self, sign: re.Pattern[str]) -> None:
        """Go on behind a sign that must be here."""
        found = sign.match(self._text, self._place)
        if found is None:
            raise Damaged(f"its header makes no sense from sign {self._place} on")
        self._place = found.end()


def _choose_framework(draft: Draft) -> None:
    """Say who wrote it, as it says itself."""
    written = draft.metadata.get("format", "")
    draft.framework = {"pt": "pytorch", "tf": "tensorflow", "flax": "flax", "mlx": "mlx", "np": "numpy"}.get(written)
