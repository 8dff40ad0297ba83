"""Where in its file a field of an entry stands: looked up only for what a problem is said of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gitreg.core.entries import Entry
from gitreg.core.names import split_artifact
from gitreg.files.fields import DVC_FIELDS
from gitreg.files.nodes import Node, Scalar, find_value, list_pairs
from gitreg.files.yaml import parse_yaml

_DVC_NAMES = {field: name for name, field in DVC_FIELDS.items()}


class FieldPlace(NamedTuple):
    """A place in a file, counted from 1."""

    file: str
    line: int
    column: int


class FieldPlaces:
    """Finds fields in entry files.

    Args:
        contents: bytes of ``artifacts.yaml`` and ``dvc.yaml`` by path from the root of the repository.
    """

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        """Parse nothing yet."""
        self._contents = contents
        self._entries: dict[str, dict[str, tuple[Scalar, Node]]] = {}

    def find(self, entry: Entry, field: str | None = None) -> FieldPlace:
        """Find the value of a field, in the file that it comes from; or the name of the entry, where there is no such field.

        Args:
            entry: what was read from the files.
            field: as `Entry` calls it; None: the name itself.
        """
        folder, colon, _ = entry.file.rpartition("/")
        for file in (entry.file, f"{folder}{colon}dvc.yaml"):
            pair = self._read(file).get(split_artifact(entry.name)[1])
            is_dvc = file.endswith("dvc.yaml")
            value = find_value(pair[1], (_DVC_NAMES.get(field, "") if is_dvc else field)) if pair and field else None
            if value is not None:
                return FieldPlace(file, value.line, value.column)
        pair = self._read(entry.file).get(split_artifact(entry.name)[1])
        return FieldPlace(entry.file, entry.line, pair[0].column if pair else 1)

    def _read(self, file: str) -> dict[str, tuple[Scalar, Node]]:
        """Read the entries of a file, once."""
        if file not in self._entries:
            is_dvc = file.rpartition("/")[2] == "dvc.yaml"
            root = parse_yaml(self._contents.get(file, b""), file, forgiving=is_dvc).root
            pairs = list_pairs(find_value(root, "artifacts") if is_dvc else root)
            self._entries[file] = {str(key.value): (key, value) for key, value in pairs}
        return self._entries[file]
