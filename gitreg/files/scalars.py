"""Plain scalars: what an unquoted word of YAML means, by the core schema of YAML 1.2.

======  ==========================================================
null    ``null`` ``Null`` ``NULL`` ``~`` and nothing at all
bool    ``true`` ``True`` ``TRUE`` ``false`` ``False`` ``FALSE``
int     ``[-+]?[0-9]+``, ``0o[0-7]+``, ``0x[0-9a-fA-F]+``
float   ``[-+]?(.[0-9]+|[0-9]+(.[0-9]*)?)([eE][-+]?[0-9]+)?``, ``[-+]?.inf``, ``.nan`` in three cases
str     everything else: ``yes``, ``1_000``, ``2024-05-01``, ``1:30``
======  ==========================================================

Source: https://yaml.org/spec/1.2.2/#1032-tag-resolution.
"""

from __future__ import annotations

import re
from typing import Final

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
