"""Reading queries; the grammar stands in `gitreg.core.query`."""

from __future__ import annotations

import re
from typing import Final, NoReturn

from gitreg.core.query import (
    BARE_NAME,
    NAMED,
    AllOf,
    AnyOf,
    Condition,
    Field,
    Not,
    Operator,
    Query,
    names_value,
    split_field,
)
from gitreg.core.query_advice import advise_field, advise_name
from gitreg.core.query_check import Objection, check_condition
from gitreg.core.query_foreign import Foreign, find_foreign_value, find_foreign_word, read_selector, say_pattern
from gitreg.core.query_format import format_condition, format_field
from gitreg.core.query_values import is_unit
from gitreg.errors import SyntaxFault

LONGEST: Final = 10_000
"""Characters of a query that anybody means."""

_DEEPEST: Final = 50
_BLANKS = re.compile(r"\s*")
_WORD = re.compile(r"(and|or|not)(?=[\s()\"']|$)", re.IGNORECASE)
_NAME = re.compile(BARE_NAME)
_VALUE = re.compile(r"[^\s()\"']+")
_PLAIN_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_OPERATOR = re.compile(r":?(==|!=|<=|>=|=|<|>)|:")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPED = re.compile(r"\\([\"'\\])")
_NAMES: Final = {Field.METRIC: "auc", Field.PARAM: "lr", Field.CUSTOM: "threshold"}
_OPERATORS: Final = "the operators are : = != < <= > >=; a word with such signs in it stands in quotes"
_HINT: Final = "such as: type:model stage:prod 'metric.auc>0.9'; all of it: gitreg search --help"


def parse_query(text: str) -> Query:
    """Read a query.

    Raises:
        SyntaxFault: with the place where the text leaves the grammar, and what was meant.
    """
    if len(text) > LONGEST:
        raise SyntaxFault("query", text, LONGEST, f"it is longer than {LONGEST} characters", hint=_HINT)
    return _Parser(text).parse()


class _Parser:
    """Reads from left to right, one method for each rule."""

    def __init__(self, text: str) -> None:
        """Begin at the first character that is no blank."""
        self._text = text
        self._position = 0
        self._depth = 0
        self._skip()

    def parse(self) -> Query:
        """Read all of it."""
        query = self._query()
        if self._position < len(self._text):
            self._fail("there is no '(' for it")
        return query

    def _query(self) -> Query:
        """Read ``all { "or" all }``."""
        parts = [self._all()]
        while self._take_word("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all(self) -> Query:
        """Read ``one { ["and"] one }``."""
        parts = [self._one()]
        while self._take_word("and") or not self._is_at_end():
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Query:
        """Read what ``not`` may stand before."""
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail(f"more than {_DEEPEST} things stand in one another", hint="take out parentheses and 'not'")
        if self._take_word("not") or self._take("-"):
            found: Query = Not(self._one())
        elif self._take("("):
            found = self._query()
            if not self._take(")"):
                self._fail("a ')' is missing here")
        else:
            found = self._condition()
        self._depth -= 1
        return found

    def _condition(self) -> Query:
        """Read a condition, a word alone, or a selector, which is two conditions."""
        if self._peek() in {'"', "'"}:
            return Condition(Field.TEXT, Operator.MATCH, self._quoted())
        start = self._position
        if _WORD.match(self._text, start) or not (match := _NAME.match(self._text, start)):
            self._fail("a word or a condition is expected here", hint=_advise_start(self._text[start:]))
        self._position = match.end()
        name = self._name_in_quotes(match[0])
        operator = _OPERATOR.match(self._text, self._position)
        if operator is None:
            return self._word(match[0], name, start)
        if operator[0] == ":" and name is None and split_field(match[0])[0] is None and (found := self._selector(start)):
            return found
        field, name = self._field(match[0], name, start)
        self._position = operator.end()
        return self._compare(field, name, operator)

    def _selector(self, start: int) -> Query | None:
        """Read the selector of an artifact in a folder, if one stands here: the ``:`` in its name looks like an operator."""
        match = _VALUE.match(self._text, start)
        found = read_selector(match[0]) if match else None
        if match and found:
            self._position = match.end()
            self._end(start)
        return found

    def _word(self, word: str, name: str | None, start: int) -> Query:
        """Finish a word that is no condition."""
        if name is not None:
            self._fail("an operator is expected here", hint=f'such as {word}"{name}">0.9')
        if self._peek() == "!":
            is_pattern = self._text.startswith("!~", self._position)
            self._fail("an operator is expected here", hint=f"such as: not {say_pattern(word, '')}" if is_pattern else _OPERATORS)
        self._refuse(find_foreign_word(word), start)
        end = self._position
        self._end(start)
        if names_value(word) and not _OPERATOR.match(self._text, self._position):
            self._position = end
            self._fail("an operator is expected here", hint=advise_name(word))
        return read_selector(word) or Condition(Field.TEXT, Operator.MATCH, word)

    def _name_in_quotes(self, head: str) -> str | None:
        """Read the quoted name of a metric, a parameter or a key, if one stands here."""
        is_open = head.endswith(".") and head[:-1].lower() in NAMED and self._peek() in {'"', "'"}
        return self._quoted(is_followed=True) if is_open else None

    def _field(self, head: str, quoted: str | None, start: int) -> tuple[Field, str]:
        """Find the field that stands before an operator."""
        field, name = (Field(head[:-1].lower()), quoted) if quoted is not None else split_field(head)
        if field is None:
            self._refuse(find_foreign_word(head), start)
            self._position = start
            self._fail(f"there is no field {head!r}", hint=advise_field(head, self._text[start + len(head) :]))
        if field in NAMED and not name:
            self._fail("the name of one is expected here", hint=f"such as {field}.{_NAMES[field]}>0.9")
        return field, name

    def _compare(self, field: Field, name: str, operator: re.Match[str]) -> Condition:
        """Read the value behind an operator, and see whether the condition makes sense."""
        start = self._position
        compared = Operator((operator[1] or ":").replace("==", "="))
        if self._peek() in {'"', "'"}:
            value = self._quoted()
        elif match := _VALUE.match(self._text, start):
            value = match[0]
            self._refuse(find_foreign_value(Condition(field, compared, value, name)), start)
            self._position = match.end()
            self._end(start)
            value += self._unit(value) if field is Field.SIZE else ""
        else:
            self._fail("a value is expected here", hint=_advise_value(field, name, operator[0], self._text[start:]))
        condition = Condition(field, compared, value, name)
        objection = check_condition(condition)
        if objection is not None:
            self._object(objection, operator.start(), start)
        return condition

    def _unit(self, number: str) -> str:
        """Take the unit behind a number and a blank, as sizes are written: ``20 kB``."""
        match = _VALUE.match(self._text, self._position)
        if match is None or not is_unit(match[0]) or not _PLAIN_NUMBER.fullmatch(number):
            return ""
        start, self._position = self._position, match.end()
        self._end(start)
        return "B" if match[0].startswith("byte") else match[0]

    def _refuse(self, foreign: Foreign | None, start: int) -> None:
        """Refuse a sign of another language, if there is one in the text from a place on."""
        if foreign is not None:
            self._position = start + foreign.position
            self._fail(foreign.expected, hint=foreign.hint)

    def _object(self, objection: Objection, operator: int, value: int) -> NoReturn:
        """Refuse a condition that makes no sense."""
        self._position = value if objection.is_value else operator
        self._fail(objection.expected, hint=objection.hint)

    def _quoted(self, *, is_followed: bool = False) -> str:
        """Read a text between quotes."""
        match = _QUOTED.match(self._text, self._position)
        if match is None:
            self._fail("this quote is never closed", hint='a quote that is text stands in other quotes: "don\'t"')
        self._position = match.end()
        if not is_followed:
            self._end(match.start())
        return _ESCAPED.sub(r"\1", match[1] if match[2] is None else match[2])

    def _end(self, start: int) -> None:
        """See that a word ends here, and skip the blanks behind it."""
        before = self._position
        self._skip()
        if before == self._position and not self._is_at_end() and self._peek() != "(":
            whole = self._text[start:before]
            self._fail("a blank is expected here", hint=f"quote what belongs together; so far it is {whole}")

    def _take_word(self, word: str) -> bool:
        """Take ``and``, ``or`` or ``not``, if it stands here."""
        match = _WORD.match(self._text, self._position)
        if match is None or match[1].lower() != word:
            return False
        self._position = match.end()
        self._skip()
        return True

    def _take(self, sign: str) -> bool:
        """Take a sign, if it stands here, and the blanks behind it."""
        if self._peek() != sign:
            return False
        self._position += 1
        self._skip()
        return True

    def _is_at_end(self) -> bool:
        """Say whether a list of parts ends here."""
        match = _WORD.match(self._text, self._position)
        return self._peek() in {"", ")"} or (match is not None and match[1].lower() == "or")

    def _peek(self) -> str:
        """Look at the next character."""
        return self._text[self._position : self._position + 1]

    def _skip(self) -> None:
        """Skip blanks."""
        match = _BLANKS.match(self._text, self._position)
        self._position = match.end() if match else self._position

    def _fail(self, expected: str, *, hint: str = "") -> NoReturn:
        """Refuse the text at this place."""
        raise SyntaxFault("query", self._text, self._position, expected, hint=hint)


def _advise_start(rest: str) -> str:
    """Say what may have been meant by a text that no word and no condition begins with."""
    if rest.startswith("!") and not rest.startswith("!="):
        match = _VALUE.match(rest.lstrip("! "))
        return f"the contrary is: not {match[0]}" if match else "the contrary is: not ( )"
    if _OPERATOR.match(rest):
        return "an operator stands between a field and a value, without blanks: metric.auc>0.9"
    return _HINT


def _advise_value(field: Field, name: str, operator: str, rest: str) -> str:
    """Say what may have been meant by a condition without a value."""
    title = format_field(field, name)
    if rest.startswith("("):
        return f"each value has its condition: ({title}{operator}A or {title}{operator}B)"
    if rest:
        return f"it stands right behind the operator, without a blank: {title}{operator}VALUE"
    has = Condition(Field.HAS, Operator.MATCH, title)
    return f"to ask whether there is any: {format_condition(has)}" if check_condition(has) is None else f"such as {title}:TEXT"
