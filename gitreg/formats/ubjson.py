"""UBJSON: JSON in binary; arrays of numbers are jumped over.

https://ubjson.org/
"""

from __future__ import annotations

from typing import Any, Final

from gitreg.core.model_files import Reader
from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged

_SIZES: Final = {"i": 1, "U": 1, "I": 2, "u": 2, "l": 4, "m": 4, "L": 8, "M": 8, "d": 4, "D": 8, "C": 1}
_WHOLE: Final = frozenset("iUIlLumM")
_UNSIGNED: Final = frozenset("UumM")
_PLAIN: Final[dict[str, object]] = {"Z": None, "T": True, "F": False}
_DEEPEST: Final = 30
_MOST_VALUES: Final = 3_000_000
_MOST_KEPT: Final = 50_000
_LONGEST_NAME: Final = 4_096
_LONGEST_TEXT: Final = 64 << 10
_JUMPED_OVER: Final = frozenset({"trees", "tree_info", "iteration_indptr", "cats", "weights"})


def read_ubjson(reader: Reader, into: dict[str, Any]) -> None:
    """Read an object at the top.

    Args:
        reader: its bytes.
        into: what is filled, so that what was read stays where the file breaks off.

    Raises:
        Damaged: it breaks off, or is none.
    """
    parser = _Parser(Cursor(reader))
    if parser.sign() != "{":
        raise Damaged("it does not begin with an object")
    parser.read_object(into, 0, keep=True)


class _Parser:
    """Reads one value after the other.

    Args:
        cursor: at the first one.
    """

    def __init__(self, cursor: Cursor) -> None:
        """Read nothing yet."""
        self._cursor = cursor
        self._values = 0
        self._kept = 0

    def sign(self) -> str:
        """Read the letter that says what follows."""
        self._values += 1
        if self._values > _MOST_VALUES:
            raise Damaged(f"it has more than {_MOST_VALUES} values")
        return chr(self._cursor.take(1)[0])

    def read_object(self, into: dict[str, Any], depth: int, *, keep: bool) -> None:
        """Read names and values up to the brace, or as many as are announced."""
        kind, count, sign = self._read_kind()
        done = 0
        while done != count and not (count is None and sign == "}"):
            name = self._cursor.take(self._length(sign, _LONGEST_NAME)).decode("utf-8", "replace")
            wanted = keep and name not in _JUMPED_OVER and self._kept < _MOST_KEPT
            value = self._read(kind or self.sign(), depth + 1, keep=wanted, name=name, into=into)
            if wanted:
                self._kept += 1
                into[name] = value
            done += 1
            sign = self.sign() if done != count else ""

    def _read(self, sign: str, depth: int, *, keep: bool, name: str = "", into: dict[str, Any] | None = None) -> Any:  # noqa: ANN401
        """Read one value, or jump over it; an object is put into the one above at once, so that it stays if all breaks off."""
        if depth > _DEEPEST:
            raise Damaged(f"it is nested more than {_DEEPEST} levels deep")
        if sign in _PLAIN:
            return _PLAIN[sign]
        if sign in _SIZES:
            data = self._cursor.take(_SIZES[sign])
            return int.from_bytes(data, "big", signed=sign not in _UNSIGNED) if sign in _WHOLE else None
        if sign in {"S", "H"}:
            return self._read_text(keep=keep)
        if sign == "{":
            found: dict[str, Any] = {}
            if keep and into is not None:
                into[name] = found
            self.read_object(found, depth, keep=keep)
            return found
        if sign == "[":
            return self._read_array(depth, keep=keep)
        raise Damaged(f"what stands at byte {self._cursor.position} is no value")

    def _read_text(self, *, keep: bool) -> str | None:
        """Read a text, or jump over it."""
        length = self._length(self.sign(), 1 << 40)
        if keep and length <= _LONGEST_TEXT:
            return self._cursor.take(length).decode("utf-8", "replace")
        self._cursor.skip(length)
        return None

    def _read_array(self, depth: int, *, keep: bool) -> list[Any] | None:
        """Read an array; one of numbers of one kind is jumped over."""
        kind, count, sign = self._read_kind()
        if kind in _SIZES and count is not None:
            self._cursor.skip(count * _SIZES[kind])
            return None
        if kind in _PLAIN and count is not None:
            return None
        found: list[Any] = []
        done = 0
        while done != count and not (count is None and sign == "]"):
            value = self._read(kind or sign, depth + 1, keep=keep)
            if keep and self._kept < _MOST_KEPT:
                self._kept += 1
                found.append(value)
            done += 1
            sign = "" if done == count or kind else self.sign()
        return found

    def _read_kind(self) -> tuple[str, int | None, str]:
        """Read what all values are, and how many there are, where that is said; and the sign after that, where one follows."""
        kind, count, sign = "", None, self.sign()
        if sign == "$":
            kind = self.sign()
            sign = self.sign()
            if sign != "#":
                raise Damaged(f"a number of values is missing at byte {self._cursor.position}")
        if sign == "#":
            count = self._length(self.sign(), 1 << 40)
            sign = "" if count == 0 or kind else self.sign()
        return kind, count, sign

    def _length(self, sign: str, most: int) -> int:
        """Read a length of the kind that a sign says."""
        if sign not in _WHOLE:
            raise Damaged(f"a length is missing at byte {self._cursor.position}")
        length = int.from_bytes(self._cursor.take(_SIZES[sign]), "big", signed=sign not in _UNSIGNED)
        if not 0 <= length <= most:
            raise Damaged(f"the length at byte {self._cursor.position} makes no sense")
        return length
