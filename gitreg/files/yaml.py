"""Reading YAML: bytes to a tree of nodes with places, in one pass over the parser's events, without recursion.

A registry file is a mapping with text for keys, and nothing that a reader could take for something else: no anchors, aliases,
merge keys, tags, directives or second documents, each key once. What DVC and its users write may hold all of that, so
for their files the same reader can be forgiving.

Most files are plain enough to be scanned (`gitreg.files.plain`). For the others libyaml is used where its binding is installed
and ruamel's own parser elsewhere; all three give the same trees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from gitreg.core.problems import Problem
from gitreg.files.emit import escape_character
from gitreg.files.nodes import Document
from gitreg.files.plain import scan_plain
from gitreg.files.scalars import resolve_plain, resolve_value
from gitreg.files.tree import TooMuch, TreeBuilder

if TYPE_CHECKING:
    from gitreg.files.nodes import Mapping, Node

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a file that is read."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# YAML 1.1 breaks lines at the first three and YAML 1.2 does not; libyaml does and ruamel does not. The fourth is the byte order
# mark, which belongs at the very beginning.
_AMBIGUOUS = re.compile("[\x85\u2028\u2029\ufeff]")
_BREAK = re.compile("\r\n|\r|\n")
_MARKER = re.compile("^<{7,} ", re.MULTILINE)

Events = Callable[[str], Iterator[Any]]


def parse_yaml(
    data: bytes, file: str, *, forgiving: bool = False, values: bool = False, events: Events | None = None
) -> Document:
    """Read a YAML file.

    Args:
        data: the bytes of the file.
        file: its path from the repository root, for the problems.
        forgiving: let anchors, aliases, merge keys, tags and directives be, and leave keys that are no text out.
        values: it holds metrics or parameters: read numbers as DVC does, and keep keys that are numbers and the like too.
        events: the parser; by default the fastest one that is installed, and for plain files none.

    Returns:
        The document. Of a file that breaks the grammar there is one problem and no root; of all else that must not be there is a
        problem at its place, and the rest of the file is read.
    """
    text, problem = _decode(data, file, forgiving=forgiving)
    if problem is not None:
        return Document(text=text, root=None, problems=(problem,))
    plain = scan_plain(text, resolve_value if values else resolve_plain) if events is None else None
    if plain is not None:
        return Document(text=text, root=plain, problems=())
    builder = TreeBuilder(file, forgiving=forgiving, values=values)
    try:
        builder.add_all((events or _fastest_events())(text))
    except TooMuch as error:
        return Document(text=text, root=None, problems=(error.problem,))
    except _parser_error() as error:
        return Document(text=text, root=None, problems=(_syntax_problem(error, text, file),))
    root: Mapping | None = builder.root()
    unmerged = None if forgiving else _marker_problem(text, file)
    return Document(text=text, root=root, problems=(*([unmerged] if unmerged else []), *builder.problems()))


def parse_node(data: bytes, file: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """Read YAML, or JSON, whose top level may be anything, as strictly as a registry file.

    Args:
        data: the bytes of the file.
        file: what it is called, for the problems.

    Returns:
        The node at the top, or None where there is none, and what is wrong.
    """
    text, problem = _decode(data, file, forgiving=False)
    if problem is not None:
        return None, (problem,)
    builder = TreeBuilder(file, forgiving=False)
    try:
        builder.add_all(_fastest_events()(text))
    except TooMuch as error:
        return None, (error.problem,)
    except _parser_error() as error:
        return None, (_syntax_problem(error, text, file),)
    return builder.top(), builder.problems()


def compiled_events(text: str) -> Iterator[Any]:
    """Parse with libyaml.

    Raises:
        ImportError: its binding is not installed.
        ruamel.yaml.YAMLError: the text is no YAML.
    """
    from ruamel.yaml import cyaml

    parser: Any = cyaml.CParser(text)  # type: ignore[attr-defined]  # it comes from the binding, which has no types
    get_event = parser.get_event
    try:
        while (event := get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def pure_events(text: str) -> Iterator[Any]:
    """Parse with ruamel's own parser, which is sixteen times slower.

    Raises:
        ruamel.yaml.YAMLError: the text is no YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            # An escape like "\ud800" gives half a character, which no file could hold; libyaml refuses it.
            if getattr(event, "style", None) == '"':
                event.value.encode("utf-8")
            yield event
    except YAMLError:
        raise
    except Exception as error:
        # Impossible escapes and indents leave this parser as OverflowError, ValueError, IndexError and others.
        raise YAMLError(str(error)) from error


def place_of(text: str, offset: int) -> tuple[int, int]:
    """Count line and column, both from 1, of a character.

    Args:
        text: the text of the document.
        offset: index of the character in it.
    """
    line, begin = 1, 0
    for line_break in _BREAK.finditer(text, 0, offset):
        line, begin = line + 1, line_break.end()
    return line, offset - begin + 1


def _fastest_events() -> Events:
    """Choose the parser."""
    try:
        import ruamel.yaml.cyaml  # noqa: F401  (the binding is optional and missing on PyPy)
    except ImportError:
        return pure_events
    return compiled_events


def _parser_error() -> type[Exception]:
    """Name what the parsers raise."""
    from ruamel.yaml.error import YAMLError

    return YAMLError


def _decode(data: bytes, file: str, *, forgiving: bool) -> tuple[str, Problem | None]:
    """Turn bytes into characters that YAML may hold, or say why not."""
    if len(data) > LARGEST:
        message = f"the file has {len(data)} bytes, more than {LARGEST}"
        return "", Problem(code="GR101", message=message, file=file, hint="keep data out of it, and point to it with 'path'")
    try:
        text = data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = place_of(data[: error.start].decode("utf-8"), len(data[: error.start].decode("utf-8")))
        message = f"the byte 0x{data[error.start]:02x} is not UTF-8"
        return "", Problem(code="GR101", message=message, file=file, line=line, column=column, hint="save the file as UTF-8")
    return text, _character_problem(text, file, forgiving=forgiving)


def _character_problem(text: str, file: str, *, forgiving: bool) -> Problem | None:
    """Find the first character that must not stand in the file."""
    found = _ILLEGAL.search(text) or (None if forgiving or text.isascii() else _AMBIGUOUS.search(text))
    if found is None:
        return None
    line, column = place_of(text, found.start())
    point = ord(found[0])
    return Problem(
        code="GR101",
        message=f"the character U+{point:04X} must not stand in the file as it is",
        file=file,
        line=line,
        column=column,
        hint=f"write {escape_character(chr(point))} in double quotes, or delete it",
    )


def _syntax_problem(error: Exception, text: str, file: str) -> Problem:
    """Say where and why the parser stopped."""
    unmerged = _marker_problem(text, file)
    if unmerged is not None:
        return unmerged
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "the parser gave up"
    # What is missing at the end of the file is reported behind the last character, not on a line that does not exist.
    line, column = place_of(text, min(mark.index, len(text.rstrip()))) if mark else (1, 1)
    return Problem(
        code="GR101",
        message=f"the file is no YAML: {reason}",
        file=file,
        line=line,
        column=column,
        hint="look at this line and the one before it: indentation, quotes, ':' and brackets",
    )


def _marker_problem(text: str, file: str) -> Problem | None:
    """Find what a merge left to a person: a quoted text can hide it from the parser."""
    if "<<<<<<< " not in text or ">>>>>>> " not in text:
        return None
    begins = [found.start() for found in _MARKER.finditer(text)]
    if not begins:
        return None
    line, column = place_of(text, begins[0])
    message = "the file has conflict markers" + (f" in {len(begins)} places" if len(begins) > 1 else "")
    hint = "keep what is right of both sides, delete the lines that begin with '<<<<<<<', '=======' and '>>>>>>>'"
    return Problem(code="GR101", message=message, file=file, line=line, column=column, hint=hint)
