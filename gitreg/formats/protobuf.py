"""Protocol buffers on the wire: the fields of a message, one after the other, without reading what nobody wants.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor, ends_early
from gitreg.formats.draft import Damaged

MOST_FIELDS: Final = 2_000_000
"""Fields of one message and all below it that are looked at."""

_LEAST_TAG: Final = 8
_LONGEST_TEXT: Final = 1 << 20
_SIGN: Final = 1 << 63


class Field(NamedTuple):
    """A field: its number, its value if that is a number, and otherwise where its bytes are."""

    number: int
    value: int
    start: int = 0
    length: int = -1

    @property
    def is_message(self) -> bool:
        """Say whether the field has bytes."""
        return self.length >= 0

    @property
    def signed(self) -> int:
        """Give the value as the whole number with a sign that it is."""
        return self.value - (_SIGN << 1) if self.value >= _SIGN else self.value


class Message:
    """A message in a reader; see `iterate`.

    Args:
        reader: what holds it.
        start: where it begins.
        length: how long it is; None: to the end of the reader.
    """

    def __init__(self, reader: Reader, start: int = 0, length: int | None = None) -> None:
        """Read nothing yet."""
        self._reader = reader
        self._start = start
        self._length = reader.size - start if length is None else length

    def __iter__(self) -> Iterator[Field]:
        """Go through the fields.

        Raises:
            Damaged: the message breaks off or is none, or has too many fields.
        """
        cursor = Cursor(self._reader, self._start, self._start + self._length)
        if cursor.left < self._length:
            raise ends_early(self._length, self._start, cursor.left)
        for _ in range(MOST_FIELDS):
            if not cursor.left:
                return
            tag = cursor.varint()
            if tag < _LEAST_TAG:
                raise Damaged(f"what stands before byte {cursor.position} is no field: there is no number 0")
            match tag & 7:
                case 2:  # bytes
                    length = cursor.varint()
                    yield Field(tag >> 3, 0, cursor.position, length)
                    cursor.skip(length)
                case 0:  # a number
                    yield Field(tag >> 3, cursor.varint())
                case 5:  # four bytes
                    yield Field(tag >> 3, cursor.number(4))
                case 1:  # eight bytes
                    yield Field(tag >> 3, cursor.number(8))
                case kind:
                    raise Damaged(f"what stands before byte {cursor.position} is no field: there is no kind {kind}")
        raise Damaged(f"a message has more than {MOST_FIELDS} fields")

    def below(self, field: Field) -> Message:
        """Take a field as a message."""
        return Message(self._reader, field.start, max(field.length, 0))

    def text(self, field: Field) -> str:
        """Take a field as a text, cut off where it is very long."""
        data = self._reader.read(field.start, max(0, min(field.length, _LONGEST_TEXT)))
        return data.decode("utf-8", "replace")

    def numbers(self, field: Field, most: int) -> list[int]:
        """Take a field as one number, or as many of them that are packed.

        Raises:
            Damaged: there are more than `most`.
        """
        if not field.is_message:
            return [field.signed]
        cursor = Cursor(self._reader, field.start, field.start + field.length)
        found: list[int] = []
        while cursor.left > 0:
            if len(found) >= most:
                raise Damaged(f"more than {most} numbers stand at byte {field.start}")
            found.append(Field(0, cursor.varint()).signed)
        return found
