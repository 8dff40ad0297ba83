"""What each step of a pickle does to stack and memo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gitreg.formats.draft import Damaged
from gitreg.formats.pickle_machine import Machine
from gitreg.formats.pickle_values import MARK, OPAQUE, Made, is_wrapper

_LONGEST_LINE: Final = 4_096
_SMALL: Final = 16  # bytes of a number that is kept
_LARGEST_TUPLE: Final = 1_000

Step = Callable[[Machine], None]


def _push(value: object) -> Step:
    """Push a constant."""

    def step(machine: Machine) -> None:
        machine.push(value)

    return step


def _fixed(length: int, *, signed: bool = False) -> Step:
    """Push a number of so many bytes."""

    def step(machine: Machine) -> None:
        machine.push(machine.cursor.number(length, signed=signed))

    return step


def _skip(length: int) -> Step:
    """Jump over something."""

    def step(machine: Machine) -> None:
        machine.cursor.skip(length)

    return step


def _float(machine: Machine) -> None:
    """Push a number that nobody looks at."""
    machine.cursor.skip(8)
    machine.push(OPAQUE)


def _bytes(length: int) -> Step:
    """Push bytes, whose number has so many bytes, and jump over them."""

    def step(machine: Machine) -> None:
        machine.cursor.skip(machine.cursor.number(length))
        machine.push(OPAQUE)

    return step


def _text(length: int) -> Step:
    """Push a text, whose number of bytes has so many bytes."""

    def step(machine: Machine) -> None:
        machine.read_text(machine.cursor.number(length))

    return step


def _long(length: int) -> Step:
    """Push a number of any length."""

    def step(machine: Machine) -> None:
        count = machine.cursor.number(length)
        if count <= _SMALL:
            machine.push(machine.cursor.number(count, signed=True))
        else:
            machine.cursor.skip(count)
            machine.push(OPAQUE)

    return step


def _line(machine: Machine) -> str:
    """Read a line."""
    return machine.cursor.line(_LONGEST_LINE).decode("utf-8", "replace")


def _number_line(machine: Machine) -> None:
    """Push a number that is written in digits."""
    text = _line(machine).strip().rstrip("L")
    known = {"00": False, "01": True}
    small = len(text) <= _SMALL and text.removeprefix("-").isdecimal()
    machine.push(known[text] if text in known else int(text) if small and text.isascii() else OPAQUE)


def _float_line(machine: Machine) -> None:
    """Push a number that nobody looks at."""
    _line(machine)
    machine.push(OPAQUE)


def _string_line(machine: Machine) -> None:
    """Push a text in quotes; one with a backslash may be anything."""
    text = _line(machine).strip()
    machine.push(OPAQUE if "\\" in text else text[1:-1])


def _unicode_line(machine: Machine) -> None:
    """Push a text; one with a backslash may be anything."""
    text = _line(machine)
    machine.push(OPAQUE if "\\" in text else text)


def _number(text: str) -> int:
    """Read the number of the memo.

    Raises:
        Damaged: it is none.
    """
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= _SMALL):
        raise Damaged(f"{text!r} is no number of the memo")
    return int(text)


def _tuple(machine: Machine) -> None:
    """Push a tuple of a group."""
    group = machine.pop_group()
    machine.push(machine.keep(tuple(group), len(group) + 1) if len(group) <= _LARGEST_TUPLE else OPAQUE)


def _tuple_of(count: int) -> Step:
    """Push a tuple of the last values."""

    def step(machine: Machine) -> None:
        values = [machine.pop() for _ in range(count)]
        machine.push(machine.keep(tuple(reversed(values)), count + 1))

    return step


def _list(machine: Machine) -> None:
    """Push a list of a group."""
    group = machine.pop_group()
    machine.push(machine.keep(group, len(group) + 1))


def _dict(machine: Machine) -> None:
    """Push a mapping of a group."""
    group = machine.pop_group()
    found: dict[object, object] = {}
    machine.set_items(found, group)
    machine.push(machine.keep(found))


def _set_of_group(machine: Machine) -> None:
    """Push a set that nobody looks at."""
    machine.pop_group()
    machine.push(OPAQUE)


def _append(machine: Machine) -> None:
    """Put a value into the list before it."""
    value = machine.pop()
    machine.append(machine.stack[-1] if machine.stack else None, [value])


def _appends(machine: Machine) -> None:
    """Put a group into the list before it."""
    group = machine.pop_group()
    machine.append(machine.stack[-1] if machine.stack else None, group)


def _set_item(machine: Machine) -> None:
    """Put a value into the mapping before it."""
    value, name = machine.pop(), machine.pop()
    machine.set_items(machine.stack[-1] if machine.stack else None, [name, value])


def _set_items(machine: Machine) -> None:
    """Put a group into the mapping before it."""
    group = machine.pop_group()
    machine.set_items(machine.stack[-1] if machine.stack else None, group)


def _global(machine: Machine) -> None:
    """Import a name that stands in two lines."""
    module = _line(machine)
    machine.push(machine.import_name(module, _line(machine)) or OPAQUE)


def _stack_global(machine: Machine) -> None:
    """Import a name whose parts are on the stack."""
    name, module = machine.pop(), machine.pop()
    machine.push(machine.import_name(module, name) or OPAQUE)


def _extension(length: int) -> Step:
    """Import what only the reading program knows by a number."""

    def step(machine: Machine) -> None:
        machine.cursor.skip(length)
        machine.push(machine.import_name(None, None) or OPAQUE)

    return step


def _instance(machine: Machine) -> None:
    """Import a class and call it."""
    module = _line(machine)
    call = machine.import_name(module, _line(machine))
    machine.make(call or OPAQUE, tuple(machine.pop_group()[:_LARGEST_TUPLE]))


def _object(machine: Machine) -> None:
    """Call the first of a group."""
    group = machine.pop_group()
    machine.make(group[0] if group else OPAQUE, tuple(group[1:_LARGEST_TUPLE]))


def _reduce(machine: Machine) -> None:
    """Call something."""
    arguments, call = machine.pop(), machine.pop()
    machine.make(call, arguments)


def _new(machine: Machine) -> None:
    """Make an object of a class."""
    arguments, call = machine.pop(), machine.pop()
    machine.make(call, arguments, new=True)


def _new_with_names(machine: Machine) -> None:
    """Make an object with named arguments."""
    machine.pop()
    _reduce(machine)


def _build(machine: Machine) -> None:
    """Tell an object its state."""
    machine.build(machine.pop())


def _persistent(machine: Machine) -> None:
    """Take what the reading program knows by a name: in torch that is the bytes of a tensor."""
    machine.push(machine.keep(Made("persistent", machine.pop()), 3))


def _persistent_line(machine: Machine) -> None:
    """Take what the reading program knows by a name."""
    machine.push(machine.keep(Made("persistent", _line(machine)), 3))


def _pop(machine: Machine) -> None:
    """Throw a value or a mark away."""
    if not machine.stack:
        raise Damaged(f"nothing is on the stack at byte {machine.cursor.position}")
    machine.stack.pop()


def _duplicate(machine: Machine) -> None:
    """Push the last value again."""
    value = machine.pop()
    if is_wrapper(value):
        machine.watch(value)
    machine.stack += [value, value]


STEPS: Final[dict[int, Step]] = {
    ord(sign): step
    for sign, step in {
        "(": _push(MARK), "0": _pop, "1": lambda machine: machine.pop_group() and None, "2": _duplicate, "N": _push(None),
        "\x80": _skip(1), "\x95": lambda machine: machine.begin_frame(machine.cursor.number(8)),
        "\x88": _push(True), "\x89": _push(False),  # noqa: FBT003
        "I": _number_line, "L": _number_line, "F": _float_line, "G": _float, "J": _fixed(4, signed=True), "K": _fixed(1),
        "M": _fixed(2), "\x8a": _long(1), "\x8b": _long(4), "S": _string_line, "V": _unicode_line, "T": _text(4),
        "U": _text(1), "X": _text(4), "\x8c": _text(1), "\x8d": _text(8), "B": _bytes(4), "C": _bytes(1), "\x8e": _bytes(8),
        "\x96": _bytes(8), "\x97": _push(OPAQUE), "\x98": _skip(0), "t": _tuple, ")": lambda machine: machine.push(()),
        "\x85": _tuple_of(1), "\x86": _tuple_of(2), "\x87": _tuple_of(3), "l": _list,
        "]": lambda machine: machine.push(machine.keep([])), "d": _dict,
        "}": lambda machine: machine.push(machine.keep({}, 2)), "\x8f": _push(OPAQUE),
        "\x90": lambda machine: machine.pop_group() and None, "\x91": _set_of_group, "a": _append, "e": _appends,
        "s": _set_item, "u": _set_items, "c": _global,
        "\x93": _stack_global, "\x82": _extension(1), "\x83": _extension(2), "\x84": _extension(4), "i": _instance,
        "o": _object, "R": _reduce, "\x81": _new, "\x92": _new_with_names, "b": _build, "P": _persistent_line,
        "Q": _persistent, "\x94": lambda machine: machine.memoize(),
        "p": lambda machine: machine.memoize(_number(_line(machine))),
        "q": lambda machine: machine.memoize(machine.cursor.number(1)),
        "r": lambda machine: machine.memoize(machine.cursor.number(4)),
        "g": lambda machine: machine.recall(_number(_line(machine))),
        "h": lambda machine: machine.recall(machine.cursor.number(1)),
        "j": lambda machine: machine.recall(machine.cursor.number(4)),
    }.items()
}  # fmt: skip
"""What each step does, by its byte."""
