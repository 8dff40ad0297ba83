"""What may have been meant by a field that nobody knows."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Final

from gitreg.core.query import FIELDS, NAMED, Field
from gitreg.core.query_packages import parse_requirement

_LONGEST: Final = 40
_HOUR = re.compile(r"[0-9]{2}")
_SYNONYMS: Final = {
    "labels": Field.LABEL, "env": Field.STAGE, "environment": Field.STAGE,
    "metrics": Field.METRIC, "params": Field.PARAM, "parameter": Field.PARAM, "parameters": Field.PARAM,
    "packages": Field.PACKAGE,
}  # fmt: skip
_OF_TAGS: Final = "for a label: label:TEXT; tags of git are listed by gitreg history"
_ELSEWHERE: Final = {
    "commit": "no query asks for a commit; whether a version has it: gitreg trace 'NAME@latest' --contains COMMIT",
    "tag": _OF_TAGS, "tags": _OF_TAGS,
}  # fmt: skip
_CONSTRAINT = re.compile(r"(?:==|!=|<=|>=|<|>)(?:[1-9][0-9]*|0\.[0-9]+)\.[^\s()\"']{1,40}")  # 0.9 is no version


def advise_field(head: str, rest: str) -> str:
    """Say what may have been meant by a field that nobody knows.

    Args:
        head: what stands in its place.
        rest: the text behind it: an operator, a value, and more.
    """
    if _HOUR.fullmatch(head):
        return f"a time stands right behind its day, with a T between them: 2025-01-31T{head}:05"
    if "/" in head:
        return f"for an artifact: name:{head[:_LONGEST]}:NAME; for words with signs in them put quotes around"
    first, _, name = head.partition(".")
    if first.lower() in _ELSEWHERE:
        return _ELSEWHERE[first.lower()]
    known = _SYNONYMS.get(first.lower())
    if known is not None and (known in NAMED or not name):
        return f"did you mean {known}.{name[:_LONGEST] or 'NAME'}?" if known in NAMED else f"did you mean {known}?"
    close = get_close_matches(head.lower()[:_LONGEST], [*FIELDS, *NAMED], n=1)
    if close:
        return f"did you mean {close[0]}{'.NAME' if close[0] in NAMED else ''}?"
    meant = f"for a metric: metric.{head[:_LONGEST]}, {_advise_package(head, rest)}for free metadata: custom.{head[:_LONGEST]}"
    return f"{meant}; for words with signs in them put quotes around"


def advise_name(word: str) -> str:
    """Say what may have been meant by the name of a metric, a parameter or free metadata alone."""
    return f"to ask whether there is any: has:{word[:_LONGEST]}; such as {word[:_LONGEST]}>0.9; for the word put quotes around"


def _advise_package(head: str, rest: str) -> str:
    """Name a package, where a version of one may stand behind the operator."""
    constraint = _CONSTRAINT.match(rest)
    text = f"{head}{constraint[0]}" if constraint else ""
    return f"for a package: package:{text}, " if len(head) <= _LONGEST and text and parse_requirement(text) is not None else ""
