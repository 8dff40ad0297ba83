"""Reading what files say of versions: each distinct blob is parsed once, and what it says is remembered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from gitreg.core.fact_sources import FactFile
from gitreg.core.facts import Package
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from gitreg.git.forest import Forest
from gitreg.operations.fact_files import describe_unread

_LARGEST: Final = 8 << 20  # bytes of a file that is read, as in `gitreg.files.values_file`
_ROOM: Final = 2_000_000  # values and packages that are remembered


class FactKind(StrEnum):
    """As what a file is read."""

    METRICS = "metrics"
    PARAMS = "params"
    PACKAGES = "packages"


class Asked(NamedTuple):
    """A file, and as what it is read."""

    kind: FactKind
    file: FactFile


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says.

    Attributes:
        whole: whether the file was read at all.
    """

    values: Mapping[str, Value]
    packages: tuple[Package, ...]
    problem: Problem | None
    whole: bool = True


class FactReader:
    """Reads files of metrics, parameters and packages.

    Args:
        forest: where their blobs are.
    """

    def __init__(self, forest: Forest) -> None:
        """Remember nothing yet."""
        self._forest = forest
        self._held: OrderedDict[tuple[str, str, str], Said] = OrderedDict()
        self._room = _ROOM

    def knows(self, asked: Asked) -> bool:
        """Say whether it is remembered what a file says."""
        return _key(asked) in self._held

    def learn(self, asked: Asked, said: Said) -> None:
        """Take over what a file says from somebody who has read it."""
        self._keep(_key(asked), said)

    def bring(self, asked: Iterable[Asked]) -> None:
        """Read ahead what `read` will be asked for."""
        self._forest.bring_blobs(item.file.blob for item in asked)

    def read(self, asked: Asked) -> Said:
        """Say what a file says, all of it."""
        key = _key(asked)
        said = self._held.get(key)
        if said is None:
            said = self._parse(asked)
            self._keep(key, said)
        else:
            self._held.move_to_end(key)
        return said

    def _parse(self, asked: Asked) -> Said:
        """Read a file and understand it."""
        path, blob, _ = asked.file
        size = self._forest.size(blob)
        if size is None or size > _LARGEST:
            return Said({}, (), describe_unread(path, size), whole=False)
        return parse_file(asked.kind, path, self._forest.read(blob, "blob").content)

    def _keep(self, key: tuple[str, str, str], said: Said) -> None:
        """Remember what a file says, and forget what has not been asked for the longest."""
        self._held[key] = said
        self._room -= 1 + len(said.values) + len(said.packages)
        while self._room < 0 and len(self._held) > 1:
            _, old = self._held.popitem(last=False)
            self._room += 1 + len(old.values) + len(old.packages)


def parse_file(kind: FactKind, path: str, data: bytes) -> Said:
    """Understand a file.

    Args:
        kind: as what.
        path: from the root of the repository.
        data: its bytes.
    """
    if kind is FactKind.PACKAGES:
        from gitreg.files.packages_file import read_packages_file

        packages, problem = read_packages_file(path, data)
        return Said({}, packages, problem)
    from gitreg.files.values_file import read_values

    values, problem = read_values(path, data, lists=kind is FactKind.PARAMS)
    return Said(values, (), problem)


def _key(asked: Asked) -> tuple[str, str, str]:
    """Name what is remembered: what a blob says may hang on the name of the file."""
    return asked.kind.value, asked.file.path, asked.file.blob
