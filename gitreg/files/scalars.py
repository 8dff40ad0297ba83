"""Plain scalars: what an unquoted word of YAML means, by the core schema of YAML 1.2.

======  ==========================================================
null    ``null`` ``Null`` ``NULL`` ``~`` and nothing at all
bool    ``true`` ``True`` ``TRUE`` ``false`` ``False`` ``FALSE``
int     ``[-+]?[0-9]+``, ``0o[0-7]+``, ``0x[0-9a-fA-F]+``
float   ``[-+]?(.[0-9]+|[0-9]+(.[0-9]*)?)([eE][-+]?[0-9]+)?``, ``[-+]?.inf``, ``.nan`` in three cases
str     everything else: ``yes``, ``1_000``, ``2024-05-01``, ``1:30``
======  ==========================================================

Source: https://yaml.org/spec/1.2.2/#1032-tag-resolution.

Metrics and parameters mean what DVC takes them for, which reads them with ruamel: there ``1_000``, ``0b11`` and ``-0x1F`` are
numbers too, and ``.5e3`` is text. Dates, which DVC makes dates of, stay text.
"""

from __future__ import annotations

import re
from typing import Any, Final

LONGEST_NUMBER: Final = 300
"""A number of more characters is read as text.

Python refuses to turn more than 4,300 digits into an int or back, and a user may lower that to 640
(https://docs.python.org/3/library/stdtypes.html#int-max-str-digits). 300 hexadecimal digits are 362 decimal ones.
"""

_FIRST: Final = frozenset("+-.0123456789nN~tTfF")
_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL_FLOAT = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_PREFIXES: Final = {"0o": 8, "0x": 16}
_INT_OF_DVC = re.compile(r"([-+]?)(?:0b([01_]+)|0o([0-7_]+)|0x([0-9a-fA-F_]+)|([0-9_]+))")
_FLOAT_OF_DVC = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)|\.[0-9_]+(?:[eE][-+][0-9]+)?)")
_TEXT_OF_DVC = re.compile(r"[-+]?\.[0-9]+[eE][0-9]+")
_FIRST_WITHOUT_DIGIT: Final = frozenset("+-.")
_FIRST_OF_NUMBERS: Final = _FIRST_WITHOUT_DIGIT | frozenset("0123456789")
_BASES: Final = (2, 8, 16, 10)
_WORDS_WITH_TAG: Final = {
    **dict.fromkeys(("y", "yes", "true", "on"), True),
    **dict.fromkeys(("n", "no", "false", "off"), False),
}


def resolve_plain(text: str) -> str | float | bool | None:
    """Say what a plain scalar stands for.

    Args:
        text: the scalar as the parser gives it.

    Returns:
        None, a bool, an int, a float or the text itself.
    """
    if text and text[0] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if len(text) > LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        base = _PREFIXES.get(text[:2])
        return int(text[2:], base) if base else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _SPECIAL_FLOAT.fullmatch(text) else text


def resolve_value(text: str) -> str | float | bool | None:
    """Say what a plain scalar stands for in a file of metrics or parameters, and in a ``dvc.lock``: what DVC takes it for.

    Args:
        text: the scalar as the parser gives it.

    Returns:
        The same as `resolve_plain`, but for some numbers.
    """
    if text and text[0] not in _FIRST:
        return text
    found = resolve_plain(text)
    if isinstance(found, str):
        return _resolve_number(text) if text[0] in _FIRST_OF_NUMBERS and len(text) <= LONGEST_NUMBER else text
    if isinstance(found, float) and text[0] in _FIRST_WITHOUT_DIGIT and _TEXT_OF_DVC.fullmatch(text):
        return text
    return found


def resolve_tagged(tag: str, text: str) -> str | float | bool | None:
    """Say what a scalar with a tag stands for, as DVC reads it; a date stays text.

    Args:
        tag: in full: ``tag:yaml.org,2002:str``.
        text: the scalar, whether it is quoted or not.

    Raises:
        ValueError: the tag is none of YAML's own for scalars, or the text is nothing of that kind.
    """
    value = resolve_value(text)
    number: Any = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    found: str | float | bool | None
    match tag.removeprefix("tag:yaml.org,2002:"):
        case "str" | "timestamp":
            found = text
        case "null":
            found = None
        case "bool" if text.lower() in _WORDS_WITH_TAG:
            found = _WORDS_WITH_TAG[text.lower()]
        case "int" if isinstance(number, int):
            found = number
        case "float" if number is not None:
            found = float(number)
        case "!":  # which only says that there is no tag
            found = value
        case _:
            raise ValueError(tag)
    return found


def _resolve_number(text: str) -> str | float:
    """Read a number as ruamel does, or leave a text what it is."""
    whole = _INT_OF_DVC.fullmatch(text)
    try:
        if whole is not None:
            digits, base = next((part, base) for part, base in zip(whole.groups()[1:], _BASES, strict=True) if part is not None)
            return int(whole[1] + digits.replace("_", ""), base)
        return float(text.replace("_", "")) if _FLOAT_OF_DVC.fullmatch(text) else text
    except ValueError:  # nothing but underscores, at which DVC stops
        return text
