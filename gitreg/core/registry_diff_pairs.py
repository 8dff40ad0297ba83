"""Which artifact of one side is which of the other, and whether it is the same there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import Comparison, FieldRow, Kind, Row, is_same
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.equality import are_same
from gitreg.core.facts import Facts
from gitreg.core.names import split_artifact
from gitreg.core.problems import Problem, Severity, severity_of
from gitreg.core.registry_diff import Change

_FILES: Final = ("artifacts.yaml", "dvc.yaml")
_OF_ENTRY: Final = ("path", "metrics", "params", "goals", "schema", "unknown")
_OF_POINTER: Final = ("kind", "remote", "stage", "inside", "source")
_NOTHING: Final[tuple[object, ...]] = (None, (), {}, PointerKind.MISSING)


class Pair(NamedTuple):
    """An artifact that may differ: its name on each side, or None where it is not, and what happened to it."""

    before: str | None
    after: str | None
    kind: Change


def pair_artifacts(
    before: Mapping[str, Facts], after: Mapping[str, Facts], *, lost_before: Iterable[Problem], lost_after: Iterable[Problem]
) -> list[Pair]:
    """Pair what stands on two sides; what is the same is left out.

    What is on one side alone was renamed where exactly one artifact is on the other side alone that has the same path, or else
    the same bytes.

    Args:
        before: facts by name, of the artifacts that have an entry at BASE.
        after: and of those that have one on HEAD's side.
        lost_before: why entries may be missing at BASE.
        lost_after: and on HEAD's side.

    Returns:
        Pairs, by name.
    """
    pairs = [
        Pair(name, name, Change.CHANGED) for name in before.keys() & after.keys() if not _are_equal(before[name], after[name])
    ]
    gone, come = ({name: one[name] for name in one.keys() - other.keys()} for one, other in ((before, after), (after, before)))
    lost = find_lost(gone, lost_after) | find_lost(come, lost_before)
    gone, come = ({name: facts for name, facts in one.items() if name not in lost} for one in (gone, come))
    renamed = _match(gone, come)
    pairs += [Pair(old, new, Change.RENAMED) for old, new in renamed.items()]
    pairs += [Pair(name, None, Change.REMOVED) for name in gone.keys() - renamed.keys()]
    pairs += [Pair(None, name, Change.ADDED) for name in come.keys() - set(renamed.values())]
    pairs += [Pair(name if name in before else None, name if name in after else None, Change.UNKNOWN) for name in lost]
    return sorted(pairs, key=lambda pair: (pair.after or pair.before or "", pair.before or ""))


def find_lost(names: Iterable[str], problems: Iterable[Problem]) -> set[str]:
    """Find the artifacts whose entry may be there, in a file that could not be read.

    Args:
        names: of artifacts without an entry.
        problems: of the files of entries.
    """
    serious = [problem for problem in problems if severity_of(problem) is Severity.ERROR]
    own = {problem.artifact for problem in serious if problem.artifact is not None}
    broken = {problem.file for problem in serious if problem.artifact is None and problem.file is not None}
    return {name for name in names if name in own or not broken.isdisjoint(_list_places(name))}


def compare_declared(before: Facts, after: Facts) -> tuple[FieldRow, ...]:
    """Compare what decides which facts there are: fields of the entry, and who keeps the bytes.

    Args:
        before: facts of an artifact at BASE; without an entry it is not there.
        after: and on HEAD's side.

    Returns:
        A row for each thing that differs, or may: what a broken file does not say is not known to be missing.
    """
    if before.entry is None or after.entry is None:
        return ()
    unread = bool(list_unread(before)), bool(list_unread(after))
    named = [(name, getattr(before.entry, name), getattr(after.entry, name)) for name in _OF_ENTRY]
    if before.pointer is not None and after.pointer is not None:
        named += [(f"pointer.{name}", getattr(before.pointer, name), getattr(after.pointer, name)) for name in _OF_POINTER]
    return tuple(_make_row(name, old, new, unread) for name, old, new in named if not are_same(old, new))


def _make_row(name: str, old: object, new: object, unread: tuple[bool, bool]) -> FieldRow:
    """Write one thing that differs; what is missing may be in a file that cannot be read."""
    had, has = old not in _NOTHING, new not in _NOTHING
    is_lost = (unread[0] and not had) or (unread[1] and not has)
    kind = Kind.UNKNOWN if is_lost else Kind.CHANGED if had and has else Kind.ADDED if has else Kind.REMOVED
    return FieldRow(name=name, values=(old if had else None, new if has else None), kinds=(kind,))


def judge_change(comparison: Comparison, declared: Iterable[FieldRow]) -> Change | None:
    """Say whether anything differs of an artifact that is on both sides; what only may differ is unknown."""
    rows: tuple[Row, ...] = (
        *comparison.metrics,
        *comparison.params,
        *comparison.data,
        *comparison.packages,
        *comparison.fields,
        *declared,
    )
    kinds = {kind for row in rows if not is_same(row) for kind in row.kinds}
    kinds |= _judge_pointers(comparison)
    if kinds - {Kind.UNKNOWN} or any(comparison.schema):
        return Change.CHANGED
    return Change.UNKNOWN if kinds else None


def _judge_pointers(comparison: Comparison) -> set[Kind]:
    """Say whether the bytes differ: what a broken file does not say of them is not known."""
    before, after = comparison.pointers[0], comparison.pointers[-1]
    if before is None or after is None or _describe(before) == _describe(after):
        return set()
    sides = zip((before, after), comparison.sides, strict=True)
    is_lost = any(pointer.kind is PointerKind.MISSING and list_unread(side.facts) for pointer, side in sides)
    return {Kind.UNKNOWN if is_lost else Kind.CHANGED}


def _describe(pointer: Pointer) -> tuple[object, ...]:
    """Pick what a person is told of where bytes are."""
    return pointer.path, pointer.hash, pointer.size, pointer.kind


def _list_places(name: str) -> Iterator[str]:
    """List what may hold the entry of an artifact, as problems name it: its two files, and the folders that they are in."""
    folder = split_artifact(name)[0].strip("/")
    yield from (f"{folder}/{file}" if folder else file for file in _FILES)
    yield "."
    while folder:
        yield from (folder, f"{folder}/")
        folder = folder.rpartition("/")[0]


def _are_equal(before: Facts, after: Facts) -> bool:
    """Say whether two facts are the same, wherever they stand."""
    return are_same(_strip(before), _strip(after))


def _strip(facts: Facts) -> Facts:
    """Forget what makes no difference: where facts stand, and what is wrong with files."""
    return replace(facts, commit="", problems=(), entry=_strip_entry(facts.entry))


def _strip_entry(entry: Entry | None) -> Entry | None:
    """Forget where an entry stands."""
    return None if entry is None else replace(entry, line=0, file="")


def _match(gone: Mapping[str, Facts], come: Mapping[str, Facts]) -> dict[str, str]:
    """Find what was renamed: new names by old ones."""
    renamed: dict[str, str] = {}
    for find_key in (_path_of, _bytes_of):
        old = _group(gone.keys() - renamed.keys(), gone, find_key)
        new = _group(come.keys() - set(renamed.values()), come, find_key)
        renamed |= {old[key][0]: new[key][0] for key in old.keys() & new.keys() if len(old[key]) == len(new[key]) == 1}
    return renamed


def _group(names: Iterable[str], facts: Mapping[str, Facts], find_key: Callable[[Facts], str | None]) -> dict[str, list[str]]:
    """Group names by a key; those that have none are left out."""
    groups: dict[str, list[str]] = {}
    for name in names:
        key = find_key(facts[name])
        if key is not None:
            groups.setdefault(key, []).append(name)
    return groups


def _path_of(facts: Facts) -> str | None:
    """Say where the bytes are."""
    return facts.pointer.path if facts.pointer is not None else None


def _bytes_of(facts: Facts) -> str | None:
    """Say which bytes they are."""
    pointer = facts.pointer
    return pointer.hash if pointer is not None and pointer.kind is not PointerKind.MISSING else None
