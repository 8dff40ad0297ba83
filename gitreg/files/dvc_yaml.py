"""Reading the ``artifacts`` section of ``dvc.yaml``.

The rest of the file belongs to DVC: it may hold anchors, tags and templates, and says nothing to gitreg. A ``dvc.yaml`` without
the section costs one search and never has problems.
"""

from __future__ import annotations

import re
from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.problems import Problem
from gitreg.files.artifacts import read_entries
from gitreg.files.fields import DVC_FIELDS, FieldReader
from gitreg.files.nodes import Document, Mapping, Node, Scalar, find_value
from gitreg.files.paths import is_template
from gitreg.files.values import describe
from gitreg.files.yaml import parse_yaml, place_of

FILE: Final = "dvc.yaml"

_WORD: Final = b"artifacts"
_SECTION = re.compile(rb"^[\"']?artifacts[\"']?[ \t]*:", re.MULTILINE)


def read_dvc_yaml(data: bytes, file: str) -> tuple[dict[str, Entry], list[Problem]]:
    """Read the entries of a ``dvc.yaml``.

    Args:
        data: the bytes of the file.
        file: its path from the root of the repository; its folder is part of the names.

    Returns:
        The entries by full name and the problems, as `gitreg.files.artifacts.read_artifacts` gives them. ``desc`` becomes
        `Entry.description` and ``meta`` becomes `Entry.custom`; a path with ``${...}`` stays as it is.
    """
    narrow = data.replace(b"\0", b"")  # UTF-16 is refused and not overlooked
    if _WORD not in narrow:
        return {}, []
    document = parse_yaml(data, file, forgiving=True)
    if document.root is None:
        return {}, list(document.problems) if _SECTION.search(narrow) or narrow != data else []
    section = find_value(document.root, "artifacts")
    reader = FieldReader(file, DVC_FIELDS, is_template)
    if not isinstance(section, Mapping):
        _check_section(reader, section)
        return {}, reader.problems
    entries = read_entries(section, file, reader)
    problems = [*_problems_inside(document, section), *reader.problems]
    return entries, sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def find_breaks(data: bytes, file: str) -> list[Problem]:
    """Find why nobody knows whether a ``dvc.yaml`` has entries, also of one that does not name the section.

    Args:
        data: the bytes of the file.
        file: its path from the root of the repository.
    """
    document = parse_yaml(data, file, forgiving=True)
    return list(document.problems) if document.root is None else []


def _check_section(reader: FieldReader, section: Node | None) -> None:
    """Report a section that is neither a mapping nor empty."""
    if section is None or (isinstance(section, Scalar) and section.value is None):
        return
    message = f"'artifacts' must be a mapping from names to entries, not {describe(section)}"
    reader.report("GR105", section, message, "write 'name:' below it for each artifact")


def _problems_inside(document: Document, section: Mapping) -> list[Problem]:
    """Choose the problems that lie in the section; what else is odd in the file is DVC's affair."""
    last = place_of(document.text, section.end)
    place = (section.line, section.column)
    return [problem for problem in document.problems if place <= (problem.line or 0, problem.column or 0) <= last]
