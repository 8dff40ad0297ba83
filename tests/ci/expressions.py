"""Expressions of GitHub's workflows: as much of them as ours use, and an error for everything else.

Source: https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

_EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>[0-9]+)|(?P<name>[A-Za-z_][A-Za-z0-9_-]*)|(?P<sign>==|!=|&&|\|\||[!().,]))"
)
_FUNCTIONS: Final = {
    "fromjson": json.loads,
    "tojson": json.dumps,
    "format": lambda text, *values: re.sub(r"\{([0-9]+)\}", lambda match: str(values[int(match[1])]), text),
    "startswith": lambda text, start: str(text).lower().startswith(str(start).lower()),
    "contains": lambda whole, part: (
        str(part).lower() in [str(one).lower() for one in whole]
        if isinstance(whole, list)
        else str(part).lower() in str(whole).lower()
    ),
}

Contexts = Mapping[str, Any]


def interpolate(value: Any, contexts: Contexts) -> Any:
    """Fill in the expressions of a value; one that is nothing but an expression keeps its type."""
    if isinstance(value, Mapping):
        return {key: interpolate(item, contexts) for key, item in value.items()}
    if isinstance(value, list):
        return [interpolate(item, contexts) for item in value]
    if not isinstance(value, str):
        return value
    whole = _EXPRESSION.fullmatch(value.strip())
    if whole and value.strip().count("${{") == 1:
        return evaluate(whole[1], contexts)
    return _EXPRESSION.sub(lambda match: write(evaluate(match[1], contexts)), value)


def evaluate(text: str, contexts: Contexts) -> Any:
    """Compute an expression."""
    parser = _Parser(text, contexts)
    value = parser.either()
    assert parser.done(), f"{text!r} is more than this knows"
    return value


def is_true(condition: Any, contexts: Contexts) -> bool:
    """Say whether an ``if`` lets a job or a step run; after a failure only one that asks for it runs."""
    text = str(condition if condition is not None else "success()").strip()
    text = text.removeprefix("${{").removesuffix("}}")
    if not re.search(r"\b(?:always|success|failure|cancelled)\(\)", text):
        text = f"success() && ({text})"
    return _truth(evaluate(text, contexts))


def write(value: Any) -> str:
    """Write a value as it stands in a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, dict | list) else str(value)


class _Parser:
    """Reads and computes in one go: each method knows the operators of one precedence."""

    def __init__(self, text: str, contexts: Contexts) -> None:
        self._tokens = list(self._split(text))
        self._contexts = contexts
        self._at = 0

    @staticmethod
    def _split(text: str) -> Sequence[tuple[str, str]]:
        tokens, position = [], 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            assert match, f"{text[position:]!r} is more than this knows"
            assert match.lastgroup
            tokens.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()
        return tokens

    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _take(self, *signs: str) -> str:
        if not self.done() and self._tokens[self._at][1] in signs and self._tokens[self._at][0] == "sign":
            self._at += 1
            return self._tokens[self._at - 1][1]
        return ""

    def either(self) -> Any:
        value = self._both()
        while self._take("||"):
            other = self._both()
            value = value if _truth(value) else other
        return value

    def _both(self) -> Any:
        value = self._same()
        while self._take("&&"):
            other = self._same()
            value = other if _truth(value) else value
        return value

    def _same(self) -> Any:
        value = self._single()
        while sign := self._take("==", "!="):
            same = write(value).lower() == write(self._single()).lower()  # texts are compared without case
            value = same if sign == "==" else not same
        return value

    def _single(self) -> Any:
        if self._take("!"):
            return not _truth(self._single())
        if self._take("("):
            value = self.either()
            assert self._take(")")
            return value
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "number":
            return int(text)
        value = self._call(text) if self._take("(") else self._look_up(text)
        while self._take("."):
            key = self._tokens[self._at][1]
            self._at += 1
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def _call(self, name: str) -> Any:
        values = []
        while not self._take(")"):
            values.append(self.either())
            self._take(",")
        functions = {**_FUNCTIONS, **self._contexts.get("functions", {})}
        return functions[name.lower()](*values)

    def _look_up(self, name: str) -> Any:
        if name in {"true", "false"}:
            return name == "true"
        if name == "null":
            return None
        return self._contexts[name]


def _truth(value: Any) -> bool:
    return bool(value) if not isinstance(value, str) else value != ""
