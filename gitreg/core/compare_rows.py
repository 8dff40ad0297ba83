"""Data, packages and entries of several sides: which of them are the same thing, and what happened to each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from gitreg.core.compare_unread import OF_PIPELINES, is_unread, judge, list_unread
from gitreg.core.compared import DataRow, FieldRow, Kind, PackageRow
from gitreg.core.entries import Entry
from gitreg.core.equality import are_same
from gitreg.core.facts import Facts, Package
from gitreg.core.package_changes import differ_in_major, state_package
from gitreg.core.pipelines import Material

_FIELDS: Final = (
    "type",
    "license",
    "owner",
    "labels",
    "framework",
    "task",
    "base",
    "homepage",
    "description",
    "virtual",
    "custom",
)
_OF_FIELDS: Final = frozenset({"GR103", "GR105"})
"""Problems of a field that leave out what it says."""
_OF_PACKAGES = re.compile(
    r"(?:.*/)?(?:(?:uv|poetry|pdm|Pipfile)\.lock|pylock.*\.toml|[^/]*requirements[^/]*\.txt"
    r"|(?:conda-lock|environment|conda)\.ya?ml|MLmodel|pyproject\.toml)",
    re.DOTALL,
)

_Places: TypeAlias = list[Material | None]


def compare_data(facts: Sequence[Facts]) -> tuple[DataRow, ...]:
    """Compare data by path and hash; what has another path and the same hash has moved."""
    rows: list[_Places] = []
    by_path: dict[str, _Places] = {}
    for number, one in enumerate(facts):
        materials = {material.path: material for material in sorted(one.data, key=lambda material: material.path)}
        for path in materials.keys() & by_path.keys():
            by_path[path][number] = materials[path]
        free = _list_free(rows, number)
        for path in [path for path in materials if path not in by_path]:
            same = free.get(materials[path].hash or "", [])
            while same and same[-1][number] is not None:  # it has another hash on a third side, and was taken for that
                same.pop()
            row = same[-1] if same else _add_row(rows, len(facts))
            row[number] = materials[path]
            by_path[path] = row
    made = [DataRow(materials=tuple(row), kinds=tuple(_judge_materials(row, facts))) for row in rows]
    return tuple(sorted(made, key=lambda row: [material.path for material in row.materials if material is not None]))


def _add_row(rows: list[_Places], sides: int) -> _Places:
    """Begin a row that no side has anything in yet."""
    rows.append([None] * sides)
    return rows[-1]


def _list_free(rows: Iterable[_Places], number: int) -> dict[str, list[_Places]]:
    """List the rows that a side has nothing in by the hashes that other sides have there, the first one last."""
    free: dict[str, list[_Places]] = {}
    for row in reversed([row for row in rows if row[number] is None]):
        for digest in {material.hash for material in row if material is not None and material.hash is not None}:
            free.setdefault(digest, []).append(row)
    return free


def _judge_materials(row: Sequence[Material | None], facts: Sequence[Facts]) -> Iterator[Kind]:
    """Say what happened to data, side by side."""
    first, unread = row[0], [is_unread(one, (), (*OF_PIPELINES, ".dvc")) or _says_nothing(one) for one in facts]
    for number in range(1, len(row)):
        material, alike = row[number], facts[0].commit == facts[number].commit
        if first is None or material is None:
            yield judge(first is not None, material is not None, unread[0], unread[number], same=True)
        elif (same := _compare_materials(first, material, alike=alike)) is Kind.SAME and first.path != material.path:
            yield Kind.MOVED
        else:
            yield same


def tells_data(facts: Facts) -> bool:
    """Say whether a pipeline tells what an artifact was made from, or that it starts from nothing."""
    return bool(facts.data) or (facts.pointer is not None and facts.pointer.stage is not None)


def _says_nothing(facts: Facts) -> bool:
    """Say whether nobody knows the data of an artifact: it is there, and no pipeline makes it."""
    return facts.entry is not None and not tells_data(facts)


def _compare_materials(first: Material, other: Material, *, alike: bool) -> Kind:
    """Say whether two materials have the same bytes; where they lack a hash, other sizes are other bytes."""
    same = compare_hashes(first.hash, other.hash)
    if same is None and first.size is not None and other.size is not None and first.size != other.size:
        same = False
    if same is None:
        return Kind.SAME if alike else Kind.UNKNOWN
    return Kind.SAME if same else Kind.CHANGED


def compare_hashes(one: str | None, other: str | None) -> bool | None:
    """Say whether two hashes, as ``algorithm:hex``, are of the same bytes; None where they cannot be compared."""
    if one is None or other is None:
        return None
    return one == other if one.partition(":")[0] == other.partition(":")[0] else None


def compare_packages(facts: Sequence[Facts]) -> tuple[PackageRow, ...]:
    """Compare packages by name; where a side names an exact version anywhere, ranges beside it say nothing."""
    grouped: dict[str, list[list[Package]]] = {}
    for number, one in enumerate(facts):
        for package in sorted(one.packages, key=lambda package: (package.file, package.version or "", package.specifier)):
            grouped.setdefault(package.name, [[] for _ in facts])[number].append(package)
    unread = [is_unread(one, _list_package_files(facts)) for one in facts]
    rows = []
    for name, found_by_side in sorted(grouped.items()):
        packages = tuple(map(tuple, found_by_side))
        states = [state_package(found) for found in packages]
        kinds = tuple(
            judge(bool(packages[0]), bool(found), unread[0], lost, same=states[0] == state)
            for found, lost, state in zip(packages[1:], unread[1:], states[1:], strict=True)
        )
        major = tuple(differ_in_major(states[0], state) for state in states[1:])
        rows.append(PackageRow(name=name, packages=packages, kinds=kinds, major=major))
    return tuple(rows)


def _list_package_files(facts: Sequence[Facts]) -> set[str]:
    """List the files that may name any package: those that were read, and those that could not be."""
    broken = {problem.file for one in facts for problem in list_unread(one) if problem.file}
    return {package.file for one in facts for package in one.packages} | set(filter(_OF_PACKAGES.fullmatch, broken))


def compare_fields(facts: Sequence[Facts]) -> tuple[FieldRow, ...]:
    """Compare what entries say; of a side without an entry nothing is known, where a file could not be read."""
    unread = [_is_unclear(one) for one in facts]
    rows = []
    for name in _FIELDS:
        values = tuple(_read_field(one.entry, name) for one in facts)
        if any(value is not None for value in values):
            kinds = tuple(
                judge(values[0] is not None, value is not None, unread[0], lost, same=are_same(values[0], value))
                for value, lost in zip(values[1:], unread[1:], strict=True)
            )
            rows.append(FieldRow(name=name, values=values, kinds=kinds))
    return tuple(rows)


def _is_unclear(facts: Facts) -> bool:
    """Say whether an entry may say more: it was not found in what could be read, or what it says in some field is wrong."""
    if facts.entry is None:
        return bool(list_unread(facts))
    return any(problem.code in _OF_FIELDS and problem.artifact == facts.artifact for problem in facts.problems)


def _read_field(entry: Entry | None, name: str) -> object:
    """Read a field of an entry; labels have no order."""
    value = getattr(entry, name) if entry is not None else None
    if name == "labels":
        return tuple(sorted(set(value))) if value else None
    return value
