"""What the messages of an object of HDF5 say: shapes, types, attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gitreg.formats.draft import Damaged

_WHOLE, _FLOAT, _TEXT, _VARYING = 0, 1, 3, 9
_MOST_DIMENSIONS: Final = 32


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute: a text that stands in it, or where its text is; neither for one that is no text."""

    name: str
    text: str | None = None
    elsewhere: bytes | None = None


def parse_shape(data: bytes, length: int) -> tuple[int, ...]:
    """Read a dataspace.

    Raises:
        Damaged: it breaks off.
    """
    version, rank = data[0], data[1]
    start = 8 if version == 1 else 4
    if rank > _MOST_DIMENSIONS or len(data) < start + rank * length:
        raise Damaged("a shape breaks off")
    return tuple(int.from_bytes(data[start + index * length :][:length], "little") for index in range(rank))


def parse_type(data: bytes) -> str | None:
    """Read a datatype, as ONNX names it; None for one that has no name there."""
    if len(data) < 8:  # noqa: PLR2004
        return None
    bits = int.from_bytes(data[4:8], "little") * 8
    match data[0] & 0x0F:
        case 0:  # _WHOLE
            return f"{'int' if data[1] & 8 else 'uint'}{bits}"
        case 1:  # _FLOAT
            return f"float{bits}"
        case 3 | 9:  # _TEXT, _VARYING
            return "string"
        case _:
            return None


def parse_attribute(data: bytes) -> Attribute:
    """Read an attribute; of one with several texts only the first.

    Raises:
        Damaged: it breaks off.
    """
    version = data[0]
    lengths = [int.from_bytes(data[place : place + 2], "little") for place in (2, 4, 6)]
    place = 9 if version == 3 else 8  # noqa: PLR2004
    parts = []
    for length in lengths:
        parts.append(data[place : place + length])
        place += -(-length // 8) * 8 if version == 1 else length
    name, kind, _ = parts
    if place > len(data) + 8 or len(kind) < 8:  # noqa: PLR2004
        raise Damaged("an attribute breaks off")
    value, plain = data[place:], name.rstrip(b"\0").decode("utf-8", "replace")
    match kind[0] & 0x0F:
        case 3:  # _TEXT
            size = int.from_bytes(kind[4:8], "little")
            return Attribute(plain, text=value[:size].rstrip(b"\0 ").decode("utf-8", "replace"))
        case 9:  # _VARYING
            return Attribute(plain, elsewhere=value)
        case _:
            return Attribute(plain)
