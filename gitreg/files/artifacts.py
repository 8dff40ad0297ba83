"""Reading ``artifacts.yaml``: bytes to entries and problems; a bad entry never hides a good one."""

from __future__ import annotations

from typing import Final

from gitreg.core.entries import Entry
from gitreg.core.names import is_artifact, join_artifact
from gitreg.core.problems import Problem
from gitreg.files.fields import FieldReader
from gitreg.files.nodes import Document, Faulty, Mapping, Node, Scalar
from gitreg.files.values import describe
from gitreg.files.yaml import parse_yaml

FILE: Final = "artifacts.yaml"


def read_artifacts(data: bytes, file: str) -> tuple[dict[str, Entry], list[Problem]]:
    """Read an ``artifacts.yaml``.

    Args:
        data: the bytes of the file.
        file: its path from the root of the repository; its folder is part of the names: ``sent`` in
            ``models/nlp/artifacts.yaml`` is ``models/nlp:sent``.

    Returns:
        The entries by full name, in the order of the file, and the problems in the same order. A bad field is left out of its
        entry; an entry with a bad name, or that is neither a mapping nor empty, is left out.
    """
    return read_document(parse_yaml(data, file), file)


def read_document(document: Document, file: str) -> tuple[dict[str, Entry], list[Problem]]:
    """Read the entries of a document that is parsed already; see `read_artifacts`."""
    reader = FieldReader(file)
    entries = read_entries(document.root, file, reader)
    problems = [*document.problems, *reader.problems]
    return entries, sorted(problems, key=lambda problem: (problem.line or 0, problem.column or 0))


def read_entries(section: Mapping | None, file: str, reader: FieldReader) -> dict[str, Entry]:
    """Read a mapping from names to entries.

    Args:
        section: the mapping.
        file: path of the file that it stands in.
        reader: reads the fields and takes the problems.

    Returns:
        The entries by full name.
    """
    directory = file.rpartition("/")[0]
    entries: dict[str, Entry] = {}
    folded: dict[str, str] = {}
    for key, value in section.pairs if section else ():
        name = str(key.value)
        artifact = join_artifact(directory, name)
        if _is_entry(reader, key, value, artifact):
            _check_case(reader, key, folded, artifact)
            fields = reader.read_entry(value, artifact) if isinstance(value, Mapping) else {}
            entries[artifact] = Entry(name=artifact, file=file, line=key.line, **fields)
    return entries


def _is_entry(reader: FieldReader, key: Scalar, value: Node, artifact: str) -> bool:
    """Say whether a pair is an entry; if it is none, a problem says why."""
    name = str(key.value)
    if ":" in name or not is_artifact(artifact):
        message = f"{name!r} is no valid name of an artifact" if not is_artifact(name) else f"no tag can be named {artifact!r}"
        hint = "letters, digits, '-', '_' and '/', with a letter or digit first and last; the folder is not part of the name"
        reader.report("GR104", key, message, hint)
        return False
    if isinstance(value, Faulty):
        return False
    if isinstance(value, Mapping) or (isinstance(value, Scalar) and value.value is None):
        return True
    message = f"the entry {artifact!r} must be a mapping of fields, not {describe(value)}"
    reader.report("GR105", value, message, "write the fields below the name, each with two spaces before it", artifact)
    return False


def _check_case(reader: FieldReader, key: Scalar, folded: dict[str, str], artifact: str) -> None:
    """Report a name that differs from an earlier one only by case: on some file systems their tags would be one file."""
    other = folded.setdefault(artifact.casefold(), artifact)
    if other != artifact:
        message = f"the names {other!r} and {artifact!r} differ only by case"
        reader.report("GR111", key, message, "give one of them a name that is different in more than case", artifact)
