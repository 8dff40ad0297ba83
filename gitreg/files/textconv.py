"""``artifacts.yaml`` as lines for a diff: one for each field, item and key, so that a change is one line that names its entry.

Comments, order and quoting are not in it. Values that differ have lines that differ: an item of a list is ``name.labels: item``,
and ``name.field[]: item`` where a field need not be a list; what should be a list and is none is ``name.labels = text``; and a
text of several lines without a line end has ``=`` before its last one. An entry that cannot be read stands as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from gitreg.errors import GitregError
from gitreg.files.emit import escape_character, format_flow, format_text
from gitreg.files.fields import FIELDS
from gitreg.files.layout import entry_end, line_start
from gitreg.files.nodes import Document, list_pairs, to_value
from gitreg.files.yaml import LARGEST, parse_yaml

_BROKEN: Final = frozenset({"GR101", "GR102", "GR103"})
_START: Final = re.compile(r"^[^\s#\]}]", re.MULTILINE)
_LISTS: Final = frozenset({"labels"})
_ORDER: Final = {field: place for place, field in enumerate(FIELDS)}


def describe_entries(data: bytes) -> list[str]:
    """Write a file as lines: ``churn.path: models/churn.pkl``, ``churn.labels: pii``, ``churn.custom.threshold: 0.5``.

    Args:
        data: the bytes of the file.

    Returns:
        The lines, entries by name and fields in the order of the table; the lines of the file where it cannot be read.
    """
    document = parse_yaml(data, "")
    if _is_whole(document):
        return _describe(document)
    return [line for part in _split(data) for line in _describe_part(part)]


def _is_whole(document: Document) -> bool:
    """Say whether all that stands in a file can be read."""
    return document.root is not None and not any(problem.code in _BROKEN for problem in document.problems)


def _split(data: bytes) -> list[str]:
    """Split a file that cannot be read where a line begins with no space, so that what is broken hides nothing else."""
    text = data.decode("utf-8", "backslashreplace").removeprefix("\ufeff")
    starts = [found.start() for found in _START.finditer(text)] if len(text) <= LARGEST else []
    return [text[start:end] for start, end in pairwise([0, *starts, len(text)])]


def _describe_part(part: str) -> list[str]:
    """Describe an entry, or else take its lines."""
    document = parse_yaml(part.encode(), "")
    return _describe(document) if _is_whole(document) else [line for line in part.splitlines() if line.strip()]


def _describe(document: Document) -> list[str]:
    """Write entries by name."""
    lines: list[str] = []
    for key, entry in sorted(list_pairs(document.root), key=lambda pair: str(pair[0].value)):
        name = f'"{_escaped(str(key.value))}"' if "." in str(key.value) else format_text(str(key.value))
        try:
            lines += _entry_lines(name, to_value(entry))
        except GitregError:  # a value that is deeper than what gitreg writes
            lines += document.text[line_start(document.text, key.start) : entry_end(document.text, (key, entry))].splitlines()
    return lines


def _entry_lines(name: str, entry: object) -> Iterator[str]:
    """Write the fields of an entry; one without any is a line too."""
    if not isinstance(entry, dict) or not entry:
        yield f"{name}: {_word(entry)}"
        return
    for field in sorted(entry, key=lambda field: (_ORDER.get(field, len(_ORDER)), field)):
        place = f"{name}.{_key(field)}"
        yield from _list_lines(place, entry[field]) if field in _LISTS else _lines(place, entry[field])


def _list_lines(place: str, value: object) -> Iterator[str]:
    """Write what should be a list, an item a line."""
    if isinstance(value, dict) and value:
        yield from _lines(place, value)
    elif isinstance(value, list) and value:
        for item in value:
            yield f"{place}: {_word(item)}"
    else:
        yield f"{place} = {_word(value)}"


def _lines(place: str, value: object) -> Iterator[str]:
    """Write a value below the place that it has."""
    match value:
        case dict() if value:
            for key in sorted(value):
                yield from _lines(f"{place}.{_key(key)}", value[key])
        case list() if value:
            for item in value:
                yield f"{place}[]: {_word(item)}"
        case str() if _has_lines(value):
            *lines, last = value.removesuffix("\n").split("\n")
            for line in lines:
                yield f"{place}: {line}"
            sign = ":" if value.endswith("\n") else " ="
            yield f"{place}{sign} {last}"
        case _:
            yield f"{place}: {_word(value)}"


def _has_lines(text: str) -> bool:
    """Say whether a text is written line by line: it has several, and each can be printed as it is."""
    lines = text.removesuffix("\n").split("\n")
    return len(lines) > 1 and all(line.isprintable() for line in lines)


def _escaped(text: str) -> str:
    """Write what stands between quotes."""
    return "".join(map(escape_character, text))


def _key(key: str) -> str:
    """Write a key so that its end is seen."""
    return f'"{_escaped(key)}"' if "." in key else format_text(key, in_flow=True)


def _word(value: object) -> str:
    """Write a value on one line."""
    return format_flow(value)
