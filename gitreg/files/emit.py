"""Writing values as YAML that every reader takes for the same: YAML 1.1 and 1.2, PyYAML, ruamel and GTO.

A text is written plain only where no reader can take it for anything else; all others stand in double quotes, with everything
that does not print escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from typing import Final

from gitreg.errors import UsageFault

DEEPEST_VALUE: Final = 60
"""Levels of a value; with the levels of the file around it, it stays below what is read."""

# Begins with a letter, so it is no number, date, time, indicator or merge key in any version of YAML.
_PLAIN = re.compile(r"(?:\./)?[^\W\d][^\t\n\r]*")
_PLAIN_IN_FLOW = re.compile(r"(?:\./)?[^\W\d][\w ./@+-]*")
_UNSAFE = re.compile(r": |:$| #|^ | $")
# The words of YAML 1.1 (https://yaml.org/type/bool.html, https://yaml.org/type/null.html) in every case.
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_BYTE, _SHORT = 0xFF, 0xFFFF


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is laid out.

    Attributes:
        newline: the line end.
        step: spaces before the fields of an entry.
        offset: spaces before the ``-`` of a list, counted from its key.
    """

    newline: str = "\n"
    step: int = 2
    offset: int = 2


def format_field(key: str, value: object, indent: int, layout: Layout) -> str:
    """Write a key and its value in block style.

    Args:
        key: the key.
        value: text, number, bool, None, or lists and mappings of them.
        indent: spaces before the key.
        layout: the layout of the file.

    Returns:
        One or more lines, without the last line end.

    Raises:
        UsageFault: the value holds something that YAML has no word for, or is too deep.
    """
    return layout.newline.join(_pair_lines(key, value, indent, layout, literal=key == "description"))


def format_entry(name: str, fields: MappingOf[str, object], indent: int, layout: Layout) -> str:
    """Write a whole entry in block style; one without fields becomes ``name: {}``, since GTO stops at a null."""
    if not fields:
        return format_field(name, {}, indent, layout)
    lines = [format_field(field, value, indent + layout.step, layout) for field, value in fields.items()]
    return layout.newline.join([f"{' ' * indent}{format_text(name)}:", *lines])


def format_flow(value: object, depth: int = 0) -> str:
    """Write a value on one line.

    Raises:
        UsageFault: as `format_field`.
    """
    _check_depth(depth)
    match value:
        case str():
            return format_text(value, in_flow=depth > 0)
        case MappingOf():
            pairs = (
                f"{format_text(check_key(key), in_flow=True)}: {format_flow(item, depth + 1)}" for key, item in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        case list() | tuple():
            return "[" + ", ".join(format_flow(item, depth + 1) for item in value) + "]"
        case _:
            return _format_atom(value)


def format_text(text: str, *, in_flow: bool = False) -> str:
    """Write a text: plain where that is safe, else in double quotes.

    Raises:
        UsageFault: it holds half a character (a surrogate), which no file can.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageFault(f"the text {text!r} holds half a character", hint="give text in UTF-8")
    pattern = _PLAIN_IN_FLOW if in_flow else _PLAIN
    plain = pattern.fullmatch(text) and text.isprintable() and not _UNSAFE.search(text) and text.casefold() not in _WORDS
    return text if plain else f'"{"".join(map(escape_character, text))}"'


def check_key(key: object) -> str:
    """Refuse a key that is no text.

    Raises:
        UsageFault: it is none.
    """
    if isinstance(key, str):
        return key
    raise UsageFault(f"the key {key!r} is no text", hint="use texts as keys")


def _pair_lines(key: str, value: object, indent: int, layout: Layout, *, literal: bool = False, depth: int = 1) -> list[str]:
    """Write a key and its value as lines."""
    head, rest = _value_lines(value, indent, layout, literal=literal, depth=depth)
    return [f"{' ' * indent}{format_text(check_key(key))}:{head}", *rest]


def _value_lines(value: object, indent: int, layout: Layout, *, literal: bool, depth: int) -> tuple[str, list[str]]:
    """Write a value as what follows ``key:`` on its line, and the lines below."""
    _check_depth(depth)
    match value:
        case MappingOf() if value:
            return "", _mapping_lines(value, indent + layout.step, layout, depth + 1)
        case list() | tuple() if value:
            lines = [_item_lines(item, indent + layout.offset, layout, depth + 1) for item in value]
            return "", [line for item in lines for line in item]
        case str() if literal and _is_literal(value):
            chomp = "" if value.endswith("\n") else "-"
            return f" |{chomp}", [f"{' ' * (indent + layout.step)}{line}" if line else "" for line in _lines(value)]
        case _:
            return f" {format_flow(value)}", []


def _mapping_lines(value: MappingOf[str, object], indent: int, layout: Layout, depth: int) -> list[str]:
    """Write the pairs of a mapping."""
    return [line for key, item in value.items() for line in _pair_lines(key, item, indent, layout, depth=depth)]


def _item_lines(item: object, indent: int, layout: Layout, depth: int) -> Iterable[str]:
    """Write an item of a list: a mapping as a block, everything else on one line."""
    if not isinstance(item, MappingOf) or not item:
        return [f"{' ' * indent}- {format_flow(item)}"]
    lines = _mapping_lines(item, indent + 2, layout, depth)
    return [f"{' ' * indent}- {lines[0][indent + 2 :]}", *lines[1:]]


def _is_literal(text: str) -> bool:
    """Say whether a text of several lines can stand as a literal block: all prints, and no line begins or ends with a space."""
    lines = _lines(text)
    return len(lines) > 1 and bool(lines[0] and lines[-1]) and all(line.isprintable() and line == line.strip() for line in lines)


def _lines(text: str) -> list[str]:
    """Split a text into lines, without the last line end."""
    return text.removesuffix("\n").split("\n")


def _format_atom(value: object) -> str:
    """Write a number, a bool or nothing."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _format_float(value)
        case _:
            raise UsageFault(f"a value of the type {type(value).__name__!r} cannot be written as YAML", hint="write it as text")


def _format_float(value: float) -> str:
    """Write a number so that YAML 1.1 sees a float too: there it needs a ``.``."""
    text = repr(value)
    if text.lstrip("-") in {"inf", "nan"}:
        return text.replace("inf", ".inf").replace("nan", ".nan")
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}.0{e}{exponent}" if "." not in mantissa else text


def escape_character(character: str) -> str:
    """Write one character in double quotes."""
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    point = ord(character)
    if point <= _BYTE:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point <= _SHORT else f"\\U{point:08x}"


def _check_depth(depth: int) -> None:
    """Refuse a value that is too deep."""
    if depth > DEEPEST_VALUE:
        raise UsageFault(f"the value is nested more than {DEEPEST_VALUE} levels deep", hint="write it flatter")
