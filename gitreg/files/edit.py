"""Editing ``artifacts.yaml``: bytes in, bytes out, and not a byte changed that need not be.

An edit is a set of splices into the text. Its result is read again before anybody sees it: the entry must be exactly what was
asked for and all others what they were; otherwise there is an error and no result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from typing import Final

from gitreg.core.names import check_artifact_name
from gitreg.errors import FileFault, NotFound, UsageFault
from gitreg.files.emit import Layout, format_entry, format_flow
from gitreg.files.fields import FIELDS, FieldReader, closest
from gitreg.files.layout import (
    comments_start,
    entry_end,
    is_blank,
    keeps_breaks,
    line_start,
    next_line,
    read_layout,
    settle_end,
)
from gitreg.files.nodes import Document, Mapping, Node, Scalar, to_value
from gitreg.files.splices import Splice, apply_splices, change_fields, drop_pair, insert_pair
from gitreg.files.yaml import parse_yaml

SCHEMA_URL: Final = "https://raw.githubusercontent.com/gitreg/gitreg/main/gitreg/schemas/artifacts.schema.json"
HEADER: Final = f"# yaml-language-server: $schema={SCHEMA_URL}\n\n"
"""How a file begins that gitreg makes: editors complete and check it."""

_BYTE_ORDER_MARK: Final = "\ufeff"
_BROKEN: Final = frozenset({"GR101", "GR102", "GR103"})

Entries = dict[str, object]


def set_entry(data: bytes | None, name: str, fields: MappingOf[str, object]) -> bytes:
    """Add an entry, or change fields of one.

    Args:
        data: the bytes of the file, or None where there is none yet.
        name: the plain name, without a folder.
        fields: new values of fields of `gitreg.files.fields.FIELDS`; None takes a field away, and what is not named stays.

    Returns:
        The new bytes; the old ones where nothing changes.

    Raises:
        UsageFault: the name, a field or a value is not valid.
        FileFault: the file has problems, or is written in a way that gitreg does not edit.
    """
    _check_request(name, fields)
    document = _parse(HEADER if data is None else _decode(data))
    settled = settle_end(document)
    document = document if settled == document.text else _parse(settled)
    before = _values(document)
    changes = _changes(before.get(name), fields)
    if data is not None and name in before and not changes:
        return data
    wanted = _wanted(before.get(name), changes)
    pair = _find(document, name)
    splices = _new_entry(document, name, wanted) if pair is None else change_fields(document, pair, changes, wanted)
    result = apply_splices(document.text, splices)
    after = _verify(result, {**before, name: wanted})
    _check_fields(after, name, changes)
    return _encode(result, data)


def remove_entry(data: bytes, name: str) -> bytes:
    """Take an entry away, with the comments inside it; comments above it stay, since they may speak of more than this entry.

    Args:
        data: the bytes of the file.
        name: the plain name, without a folder.

    Returns:
        The new bytes. A file without entries keeps ``{}``, since GTO stops at an empty one.

    Raises:
        NotFound: there is no such entry.
        FileFault: as `set_entry`.
    """
    text = _decode(data)
    document = _parse(text)
    pair = _find(document, name)
    if pair is None or document.root is None:
        raise NotFound(f"there is no entry {name!r} in this file", hint="gitreg looks for the plain name, without a folder")
    splices = [drop_pair(text, document.root, pair)] if document.root.flow else [_old_entry(document, document.root, pair)]
    result = apply_splices(text, splices)
    wanted = _values(document)
    del wanted[name]
    _verify(result, wanted)
    return _encode(result, data)


def copy_entry(source: bytes, data: bytes | None, name: str) -> bytes:
    """Make an entry what it is in another state of the file; all other entries stay.

    Args:
        source: the bytes of that state.
        data: the bytes of the file, or None where there is none yet.
        name: the plain name.

    Raises:
        FileFault: as `set_entry`.
    """
    wanted = _values(_parse(_decode(source))).get(name)
    there = _values(_parse(_decode(data))).get(name) if data is not None else None
    fields: Entries = dict.fromkeys(there) if isinstance(there, dict) else {}
    fields |= wanted if isinstance(wanted, dict) else {}
    return set_entry(data, name, {field: value for field, value in fields.items() if field in FIELDS})


def _check_request(name: str, fields: MappingOf[str, object]) -> None:
    """Refuse a name or a field that no entry has, and a value that YAML has no word for."""
    if ":" in name:
        raise UsageFault(f"{name!r} names a folder, and an entry does not", hint="give the plain name and the file of the folder")
    check_artifact_name(name)
    for field, value in fields.items():
        format_flow(value)
        if field not in FIELDS:
            raise UsageFault(f"there is no field {field!r}", hint=closest(field, FIELDS, f"the fields are {', '.join(FIELDS)}"))


def _decode(data: bytes) -> str:
    """Read the text; what is no UTF-8 is refused as the reader refuses it."""
    try:
        return data.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        raise FileFault("the file is not UTF-8", hint="save it as UTF-8") from error


def _encode(text: str, data: bytes | None) -> bytes:
    """Write the text, with the byte order mark if the file had one."""
    mark = _BYTE_ORDER_MARK.encode()
    encoded = text.encode("utf-8")
    return mark + encoded if data is not None and data.startswith(mark) else encoded


def _parse(text: str) -> Document:
    """Parse the text, and refuse one that cannot be edited without losing something."""
    document = parse_yaml(text.encode("utf-8"), "")
    for problem in document.problems:
        if problem.code in _BROKEN:
            message = f"the file has a problem in line {problem.line or 1}: {problem.message}"
            raise FileFault(message, line=problem.line, hint=problem.hint)
    return document


def _values(document: Document) -> Entries:
    """Give every entry as plain values."""
    return {str(key.value): to_value(value) for key, value in document.root.pairs} if document.root else {}


def _find(document: Document, name: str) -> tuple[Scalar, Node] | None:
    """Find the pair of an entry."""
    pairs = document.root.pairs if document.root else ()
    return next((pair for pair in pairs if pair[0].value == name), None)


def _changes(old: object, fields: MappingOf[str, object]) -> dict[str, object]:
    """Leave out what the entry says already.

    Raises:
        FileFault: the entry is no mapping and so has no fields.
    """
    if old is not None and not isinstance(old, dict):
        raise FileFault("the entry is no mapping of fields", hint="mend the entry by hand, or remove it")
    present: Entries = old or {}
    return {
        field: value
        for field, value in fields.items()
        if (field in present if value is None else field not in present or _canonical(present[field]) != _canonical(value))
    }


def _wanted(old: object, fields: MappingOf[str, object]) -> dict[str, object]:
    """Say what the entry shall be, new fields in the order of the table."""
    present = old if isinstance(old, dict) else {}
    wanted = {**present, **{field: fields[field] for field in FIELDS if field in fields}}
    return {field: value for field, value in wanted.items() if value is not None or field not in fields}


def _new_entry(document: Document, name: str, wanted: MappingOf[str, object]) -> list[Splice]:
    """Put a new entry into sorted position, with one blank line between."""
    text, root, layout = document.text, document.root, read_layout(document)
    if root is None or not root.pairs:
        return [_first_entry(text, root, format_entry(name, wanted, 0, layout), layout)]
    if root.flow:
        return [insert_pair(text, root, name, wanted)]
    entry = format_entry(name, wanted, root.column - 1, layout)
    before = [pair for pair in root.pairs if str(pair[0].value) < name]
    return [_after(text, before[-1], entry, layout) if before else _before(text, root, entry, layout)]


def _first_entry(text: str, root: Mapping | None, entry: str, layout: Layout) -> Splice:
    """Write the first entry of a file: in the place of ``{}``, or at the end."""
    newline = layout.newline
    if root is not None and root.flow:
        return Splice(root.start, root.end, entry)
    end = len(text)
    begun = "" if not text or text.endswith(("\n", "\r")) else newline
    blank = "" if not text.strip() or (not begun and is_blank(text, line_start(text, end - len(newline)))) else newline
    return Splice(end, end, f"{begun}{blank}{entry}{newline}")


def _after(text: str, pair: tuple[Scalar, Node], entry: str, layout: Layout) -> Splice:
    """Write an entry below another one."""
    newline, end = layout.newline, entry_end(text, pair)
    above = newline if keeps_breaks(text, pair[1]) else newline + newline
    rest = next_line(text, end)
    below = newline if end == len(text) or not is_blank(text, rest) else ""
    return Splice(end, end, f"{above}{entry}{below}")


def _before(text: str, root: Mapping, entry: str, layout: Layout) -> Splice:
    """Write an entry above the first one and the comments that belong to that."""
    newline = layout.newline
    start = comments_start(text, line_start(text, root.pairs[0][0].start))
    above = text[:start].removesuffix(newline)
    blank = "" if not above or above.endswith(("\n", "\r")) else newline
    return Splice(start, start, f"{blank}{entry}{newline}{newline}")


def _old_entry(document: Document, root: Mapping, pair: tuple[Scalar, Node]) -> Splice:
    """Cut the lines of an entry, and the blank lines below it if there are some above or nothing is."""
    text, newline = document.text, read_layout(document).newline
    start, end = line_start(text, pair[0].start), entry_end(text, pair)
    if len(root.pairs) == 1:
        return Splice(start, end, "{}")
    if pair is root.pairs[-1] and not keeps_breaks(text, root.pairs[-2][1]):
        return _last_lines(text, start, end, newline)
    end = next_line(text, end)
    while end < len(text) and is_blank(text, end):
        end = next_line(text, end)
    return Splice(start, end, "")


def _last_lines(text: str, start: int, end: int, newline: str) -> Splice:
    """Cut the last entry together with the blank lines above it."""
    end = next_line(text, end)
    above = len(text[:start].rstrip("\r\n"))
    return Splice(min(above + len(newline), start), end, "")


def _verify(result: str, wanted: Entries) -> Document:
    """Read the result again.

    Raises:
        FileFault: it is not what was asked for.
    """
    document = parse_yaml(result.encode("utf-8"), "")
    if document.problems or _canonical(_values(document)) != _canonical(wanted):
        raise FileFault("gitreg cannot edit this file without changing what else it says", hint="edit the file by hand")
    return document


def _canonical(value: object) -> str:
    """Write a value so that equal values, and no others, are equal: True is not 1, and lists and tuples are the same."""
    return json.dumps(value, sort_keys=True)


def _check_fields(document: Document, name: str, fields: MappingOf[str, object]) -> None:
    """Refuse values that the reader would report.

    Raises:
        UsageFault: a value has the wrong type, or a path is not safe.
    """
    pair = _find(document, name)
    if pair is None or not isinstance(pair[1], Mapping):
        return
    given = tuple(found for found in pair[1].pairs if found[0].value in fields)
    reader = FieldReader("")
    entry = pair[1]
    reader.read_entry(Mapping(given, entry.flow, entry.start, entry.end, entry.line, entry.column, entry.height), name)
    for problem in reader.problems:
        raise UsageFault(problem.message, hint=problem.hint)
