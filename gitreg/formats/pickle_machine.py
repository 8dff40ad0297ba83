"""Goes through a pickle step by step, with stack and memo, and imports, calls and makes nothing.

https://github.com/python/cpython/blob/main/Lib/pickletools.py says what each step does. Whoever writes pickles to fool such a
reader has many ways; so whatever is not understood here counts as unsafe.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Final

from gitreg.formats.cursor import Cursor
from gitreg.formats.draft import Damaged
from gitreg.formats.pickle_values import MARK, OPAQUE, Made, Name, is_wrapper

MOST_STEPS: Final = 3_000_000
"""Steps that are gone through; a forest of a thousand trees has a tenth of that."""

_MOST_KEPT: Final = 80_000  # values, each of about a hundred bytes
_MOST_TEXT: Final = 4 << 20  # characters
_DEEPEST_STACK: Final = 50_000
_MOST_OFFSETS: Final = 2_000_000
_LONGEST_NAME: Final = 1_000
_SHORT: Final = 100
_ODD_ARRAY: Final = "an array that joblib does not write so"
_OLD_MODULES: Final = {"__builtin__": "builtins", "copy_reg": "copyreg"}


class Machine:
    """The state of whoever reads a pickle.

    Args:
        cursor: at its beginning.
        on_import: told of each name that would be imported, or None for one that is not known.
        on_made: told of each call that would be made.
        on_built: told of each thing that was told its state.
    """

    def __init__(
        self,
        cursor: Cursor,
        *,
        on_import: Callable[[Name | None], None],
        on_made: Callable[[Made], None],
        on_built: Callable[[Made], None],
    ) -> None:
        """Begin with nothing."""
        self.cursor = cursor
        self.on_import = on_import
        self.on_made = on_made
        self.on_built = on_built
        self.steps = 0
        self.stack: list[object] = []
        self.text_at = 0
        self.frame_end = 0
        self.strange: set[str] = set()
        self.hidden = False
        self._loose = 0
        self._memo: dict[int, object] = {}
        self._offsets = array("Q")
        self._taken = bytearray()
        self._memoized = 0
        self._kept = 0
        self._text = 0

    def run(self, steps: dict[int, Callable[[Machine], None]]) -> object:
        """Go through the pickle up to its end.

        Args:
            steps: what each step does, by its byte.

        Returns:
            What it would make.

        Raises:
            Damaged: it is none, or breaks off, or has too many steps.
        """
        self._memo, self._memoized, self.stack = {}, 0, []
        self._offsets, self._taken = array("Q"), bytearray()
        while self.steps < MOST_STEPS:
            self.steps += 1
            byte = self.cursor.take(1)[0]
            if byte == _STOP:
                return self._stop()
            step = steps.get(byte)
            if step is None:
                raise Damaged(f"byte {self.cursor.position - 1} is no step of a pickle")
            step(self)
            if byte not in _TEXTS:
                self.text_at = 0
            if self.frame_end:
                self._check_frame()
            if len(self.stack) > _DEEPEST_STACK:
                raise Damaged(f"its stack is deeper than {_DEEPEST_STACK}")
        raise Damaged(f"only its first {MOST_STEPS} steps were gone through")

    def _stop(self) -> object:
        """Take what was made."""
        if self.frame_end not in {0, self.cursor.position}:
            raise self.misframe()
        if self._loose:  # a wrapper that is used in another way than to read its array at once
            self.strange.add(_ODD_ARRAY)
        return self.pop()

    def _check_frame(self) -> None:
        """Forget a frame that has ended; whoever reads in C loses bytes where a step goes over its end."""
        if self.cursor.position > self.frame_end:
            raise self.misframe()
        if self.cursor.position == self.frame_end:
            self.frame_end = 0

    def begin_frame(self, length: int) -> None:
        """Begin a frame: a part that is read at once, and that only whole steps are in.

        Raises:
            Damaged: the one before has not ended.
        """
        if self.frame_end:
            raise self.misframe()
        self.frame_end = self.cursor.position + length if length else 0

    def misframe(self) -> Damaged:
        """Say that nobody knows what is read where frames and steps do not fit; it counts as a call."""
        self.strange.add("steps that go over the end of a frame")
        self.on_made(Made(OPAQUE, ()))
        return Damaged(f"the frame around byte {self.cursor.position} does not end where a step does")

    @property
    def is_full(self) -> bool:
        """Say whether no more values are kept."""
        return self._kept > _MOST_KEPT

    def keep(self, value: object, cost: int = 1) -> object:
        """Keep a value, unless there are too many."""
        self._kept += cost
        return OPAQUE if self.is_full else value

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self) -> object:
        """Take the last value off the stack.

        Raises:
            Damaged: there is none.
        """
        if not self.stack or self.stack[-1] is MARK:
            raise Damaged(f"nothing is on the stack at byte {self.cursor.position}")
        return self.stack.pop()

    def pop_group(self) -> list[object]:
        """Take all values off the stack down to the last mark, and the mark.

        Raises:
            Damaged: there is no mark.
        """
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] is MARK:
                group = self.stack[place + 1 :]
                del self.stack[place:]
                return group
        raise Damaged(f"no mark is on the stack at byte {self.cursor.position}")

    def read_text(self, length: int) -> None:
        """Put a text on the stack; a long one is jumped over."""
        start = self.cursor.position
        if length > _LONGEST_NAME or (self._text > _MOST_TEXT and length > _SHORT):
            self.cursor.skip(length)
            self.push(OPAQUE)
            return
        self._text += length
        self._kept += 1
        self.push(self.cursor.take(length).decode("utf-8", "replace"))
        self.text_at = start - 1 << 10 | length if length else 0

    def memoize(self, number: int | None = None) -> None:
        """Give the last value a number; where no more is kept, only the place of a text is.

        Raises:
            Damaged: the number is so large that it would fill the memory of whoever loads it.
        """
        value = self.stack[-1] if self.stack else OPAQUE
        number = self._memoized if number is None else number
        if number >= _MOST_OFFSETS:
            raise Damaged(f"its memo has a number {number}")
        self._taken.extend(bytes(max(0, number + 1 - len(self._taken))))
        self._memoized += not self._taken[number]  # as Python counts: a number that is taken again counts once
        self._taken[number] = 1
        self._memo.pop(number, None)
        if number < len(self._offsets):
            self._offsets[number] = 0
        if value is not OPAQUE and not self.is_full:
            self._memo[number] = value
        elif self.is_full and self.text_at:
            self._offsets.extend([0] * (number + 1 - len(self._offsets)))
            self._offsets[number] = self.text_at

    def recall(self, number: int) -> None:
        """Put a value that has a number on the stack again."""
        value = self._memo.get(number, OPAQUE)
        if value is OPAQUE and number < len(self._offsets) and self._offsets[number]:
            value = self._read_again(self._offsets[number])
        if is_wrapper(value):
            self.watch(value)
        self.push(value)

    def watch(self, value: object) -> None:
        """Count the class of joblib's arrays, which has to be used at once; one of its objects is never used twice."""
        self._loose += 1
        if isinstance(value, Made):
            self.strange.add(_ODD_ARRAY)

    def _read_again(self, place: int) -> object:
        """Read a text again, where the reader can go back."""
        here = self.cursor.position
        self.cursor.position = (place >> 10) + 1
        try:
            return self.cursor.take(place & 1023).decode("utf-8", "replace")
        except Damaged:
            return OPAQUE
        finally:
            self.cursor.position = here

    def import_name(self, module: object, name: object) -> Name | None:
        """Take note of an import."""
        if not isinstance(module, str) or not isinstance(name, str):
            self.hidden |= module is OPAQUE or name is OPAQUE
            self.on_import(None)
            return None
        found = Name(_OLD_MODULES.get(module, module), name)
        self.on_import(found)
        if is_wrapper(found):
            self.watch(found)
        return found

    def make(self, call: object, arguments: object, *, new: bool = False) -> None:
        """Put what a call would make on the stack; `new`: it is made without being told anything."""
        self._kept += 3
        if is_wrapper(call) and not (new and arguments == ()):
            self.strange.add(_ODD_ARRAY)
        made = Made(call, arguments)
        self.on_made(made)
        if self.is_full:  # what one holds of another could become a chain without an end
            made.arguments, made.call = OPAQUE, call if isinstance(call, Name) else OPAQUE
        self.push(made)

    def build(self, state: object) -> None:
        """Tell the last value its state."""
        value = self.stack[-1] if self.stack else None
        if isinstance(value, Name):
            self.strange.add("a class that is told a state")
        if not isinstance(value, Made):
            return
        value.state = state
        value.builds += 1
        if is_wrapper(value):
            self._loose -= 1
            if value.builds > 1 or self.is_full:  # what is no more kept could be anything
                self.strange.add(_ODD_ARRAY)
        self.on_built(value)

    def set_items(self, target: object, group: list[object]) -> None:
        """Put names and values into a mapping."""
        items = target.items if isinstance(target, Made) else target
        if not isinstance(items, dict):
            return
        for place in range(0, len(group) - 1, 2):
            if not isinstance(group[place], str):
                items[OPAQUE] = OPAQUE  # it could be any name
            elif self.keep(items) is items:
                items[group[place]] = group[place + 1]

    def append(self, target: object, group: list[object]) -> None:
        """Put values into a list."""
        if isinstance(target, list) and self.keep(target, len(group)) is target:
            target.extend(group)


_STOP: Final = ord(".")
_TEXTS: Final = frozenset(b"X\x8c\x8d")
