"""Signs of other query languages.

``a && b``, ``name~x`` and ``metric.auc:0.8..0.9`` would be texts that nothing has, and whoever means them would be told that
there is nothing. They are refused where no quotes say that they are text, with what they are in ours. What a selector says is
plain: ``churn@v1.0.0`` is two conditions.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from gitreg.core.query import NAMED, ONLY_MATCHED, ORDERED, AllOf, Condition, Field, Operator, split_field
from gitreg.core.query_values import is_unit, parse_number
from gitreg.core.selectors import parse_selector
from gitreg.core.versions import is_version
from gitreg.errors import SyntaxFault

_LOGIC_IN_WORDS = re.compile(r"&&|\|\|?|^&$")
_LOGIC_IN_VALUES = re.compile(r"&&|\|\|")
_BEGINS_NUMBER = re.compile(r"v?[0-9]")
_LIST = re.compile(r"[,|;]")
_OPERATOR_SIGNS = re.compile(r"[<>=!≥⩾≤⩽≠]+")
_COMPARISON = re.compile(r"[≥⩾≤⩽≠]")
_NUMBER_OF_PEOPLE = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?%|[+-]?[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?%?")  # 85%, 0,855 and 1,000.5
_COMPARISONS: Final = {"≥": ">=", "⩾": ">=", "≤": "<=", "⩽": "<=", "≠": "!=", "<>": "!="}
_NOT_LISTED: Final = frozenset({Field.PACKAGE, Field.DATA, Field.PATH, Field.DESCRIPTION, *NAMED})


class Foreign(NamedTuple):
    """A sign that is none of ours.

    Attributes:
        position: where it stands in the word or value.
        expected: what is wrong with it.
        hint: how it is said in ours.
    """

    position: int
    expected: str
    hint: str


def find_foreign_word(word: str) -> Foreign | None:
    """Find what means something else than text in a word alone, or say that there is nothing."""
    if match := _LOGIC_IN_WORDS.search(word):
        return _say_logic(match)
    if match := _COMPARISON.search(word):
        return _say_comparison(match[0], match.start())
    if "~" in word:
        head, _, rest = word.partition("~")
        return _say_pattern(head, rest, len(head))
    if _is_range(Field.VERSION, word):
        return _say_range("version" if "v" in word else "metric.auc", word)
    return _find_version(word)


def find_foreign_value(condition: Condition) -> Foreign | None:
    """Find what means something else than text in a value without quotes, or say that there is nothing."""
    field, value = condition.field, condition.value
    title = f"{field}.{condition.name}" if field in NAMED else field.value
    if match := _LOGIC_IN_VALUES.search(value):
        return _say_logic(match)
    if value.startswith("~"):
        return _say_pattern(title, value[1:], 0)
    if found := _find_operator(condition) or _find_number(condition):
        return found
    if field in ORDERED and _is_range(field, value):
        return _say_range(title, value)
    comma = _LIST.search(value)
    return _say_list(title, value, comma.start()) if comma and field not in _NOT_LISTED else None


def read_selector(word: str) -> AllOf | None:
    """Read ``churn@v1.0.0`` or ``churn#prod`` as the conditions that it stands for; None for a word that is no such selector."""
    if "@" not in word and "#" not in word:
        return None
    try:
        selector = parse_selector(word)
    except SyntaxFault:
        return None
    field, value = (Field.STAGE, selector.stage) if selector.version is None else (Field.VERSION, selector.version)
    return AllOf((Condition(Field.NAME, Operator.MATCH, selector.artifact), Condition(field, Operator.MATCH, value or "")))


def is_plain_word(word: str) -> bool:
    """Say whether a word is only text, also where it stands without quotes; a unit belongs to the size before it."""
    return find_foreign_word(word) is None and read_selector(word) is None and not is_unit(word)


def say_pattern(field: str, text: str) -> str:
    """Write the condition that a pattern of another language means: it has the text anywhere."""
    return f"{field}:*{text.strip('*') or 'TEXT'}*"


def _say_logic(match: re.Match[str]) -> Foreign:
    """Refuse ``&&`` and ``||``."""
    hint = "write 'and' between blanks, or nothing: a and b" if match[0][0] == "&" else "write 'or' between blanks: a or b"
    return Foreign(match.start(), f"there is no {match[0]!r} in queries", hint)


def _say_pattern(head: str, rest: str, position: int) -> Foreign:
    """Refuse ``~``."""
    field = head if split_field(head)[0] is not None else "name"
    return Foreign(position, "there is no '~' in queries", f"* stands for any text: {say_pattern(field, rest)}")


def _say_comparison(sign: str, position: int) -> Foreign:
    """Refuse ``≥``."""
    return Foreign(position, f"there is no {sign!r} in queries", f"write '{_COMPARISONS[sign]}'")


def _find_operator(condition: Condition) -> Foreign | None:
    """Find signs of an operator at the beginning of a value, such as the ``>`` of ``=>``, which is ``>=`` the other way round."""
    match = _OPERATOR_SIGNS.match(condition.value)
    operator = condition.operator.replace(":", "")
    if match is None or condition.field in ONLY_MATCHED or (match[0].startswith("!") and operator != Operator.EQUAL):
        return None
    if match[0] in _COMPARISONS and not operator:
        return _say_comparison(match[0], 0)
    meant = _name_operator(operator + match[0])
    is_apt = meant and (condition.field in ORDERED or meant in {"=", "!="})
    is_text = condition.field in NAMED or condition.field not in ORDERED
    hints = [f"write '{meant}'" if is_apt else "", f"a text that begins with {match[0]!r} stands in quotes" if is_text else ""]
    return Foreign(0, "a value is expected here", "; ".join(filter(None, hints)) or f"such as {condition.field}>=VALUE")


def _name_operator(signs: str) -> str:
    """Say which operator is made of the same signs, whatever their order and number; empty: none is."""
    asked = "".join(sorted({*"".join(_COMPARISONS.get(sign, sign) for sign in signs)}))
    return next((one for one in (*Operator, "<>") if one != ":" and "".join(sorted(one)) == asked), "").replace("<>", "!=")


def _find_number(condition: Condition) -> Foreign | None:
    """Find a number as people write it in the value of a metric, where it would be a text that nothing has."""
    match = _NUMBER_OF_PEOPLE.fullmatch(condition.value) if condition.field is Field.METRIC else None
    if match is None:
        return None
    place = next(index for index, sign in enumerate(match[0]) if sign in "%,")
    what = "a number has no '%': 85 % is 0.85 or 85, as the files have it"
    comma = "decimals stand behind a point, and nothing between thousands: 0.855, 1000"
    return Foreign(place, "a number is expected", f"{comma if match[0][place] == ',' else what}; a text stands in quotes")


def _is_range(field: Field, value: str) -> bool:
    """Say whether a value with dots in it is a range of what the field has; a text may have dots."""
    sides = [side for side in _split_range(value) if side]
    if ".." not in value or not sides:
        return False
    if field in NAMED:
        return all(parse_number(side) is not None for side in sides)
    return field is not Field.VERSION or all(map(_BEGINS_NUMBER.match, sides))


def _split_range(text: str) -> tuple[str, str]:
    """Take a range apart."""
    low, _, high = text.partition("..")
    return low, high.lstrip(".")


def _say_range(field: str, value: str) -> Foreign:
    """Refuse ``1..2``."""
    bounds = (f"{field}{operator}{side}" for operator, side in zip((">=", "<="), _split_range(value), strict=True) if side)
    return Foreign(value.index(".."), "there is no '..' in queries", f"a range has a condition for each end: {' '.join(bounds)}")


def _say_list(field: str, value: str, position: int) -> Foreign:
    """Refuse ``a,b`` and ``a;``."""
    parts = [part for part in _LIST.split(value) if part]
    if value[position] == ";" or len(parts) == 1:
        return Foreign(position, f"there is no {value[position]!r} between conditions", "a blank is enough")
    meant = " or ".join(f"{field}:{part}" for part in (parts or "AB")[:2])
    return Foreign(
        position, "one value is expected", f"each value has its condition: ({meant}); a text with commas stands in quotes"
    )


def _find_version(word: str) -> Foreign | None:
    """Find a selector whose version is none, such as ``churn@1.0``."""
    try:
        parse_selector(word)
    except SyntaxFault as fault:
        name, at, rest = word.partition("@")
        if at and fault.position > len(name) and _BEGINS_NUMBER.match(rest):
            version = rest if rest.startswith("v") else f"v{rest}"
            meant = version if is_version(version) else f"{version.rstrip('.*x')}*"
            return Foreign(fault.position, fault.expected, f"such as name:{name} version:{meant}")
    return None
