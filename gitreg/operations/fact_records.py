"""Facts as texts, for the cache: what was found for an artifact at a commit, and what a file says.

Both follow from objects of git alone, so they are kept under the ids of these, with the number of the program that made them.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, Final

from gitreg.core.drift import Run
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.fact_sources import FactFile
from gitreg.core.facts import Package
from gitreg.core.pipelines import Material, Source
from gitreg.core.problems import Problem
from gitreg.git.derived import make_key
from gitreg.operations.fact_reader import Asked, Said
from gitreg.operations.fact_sources import Sources, Wanted
from gitreg.operations.find_entries import Place
from gitreg.version import __version__

PROGRAM: Final = f"{__version__}/13"
"""The number of the program: to be counted up with each change of what is read out of files, or of how it is written here."""
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))
_FIELDS: Final = {
    kind: tuple((field.name, () if field.default is MISSING else field.default) for field in fields(kind))
    for kind in (Entry, Pointer, Problem)
}
_FLAGS: Final = tuple(field.name for field in fields(Wanted))


def sources_key(place: Place, wanted: Wanted) -> str:
    """Name what was found for an artifact at a commit."""
    flags = "".join("01"[getattr(wanted, name)] for name in _FLAGS)
    return make_key(PROGRAM, "sources", flags, place.commit, place.artifact)


def said_key(asked: Asked) -> str:
    """Name what a file says; that hangs on its name too."""
    return make_key(PROGRAM, asked.kind, asked.file.path, asked.file.blob)


def format_sources(sources: Sources) -> str:
    """Write what was found for an artifact at a commit."""
    pointer, files = sources.pointer, (sources.metrics, sources.params, sources.packages)
    return _dump(
        [
            None if sources.entry is None else _dump(_shorten(sources.entry)),  # so that equal ones are read once
            None if pointer is None else {**_shorten(pointer), "kind": pointer.kind.value},
            files,
            [(found.path, found.hash, found.size, found.files, _format_source(found.source)) for found in sources.data],
            [_shorten(problem) for problem in sources.problems],
            [(run.stage, run.params, run.lock) for run in sources.runs],
            sources.stale,
        ]
    )


def parse_sources(text: str) -> Sources | None:
    """Read what was found; None where that is no such text."""
    try:
        entry, pointer, (metrics, params, packages), data, problems, runs, stale = json.loads(text)
        return Sources(
            entry=None if entry is None else _read_entry(entry),
            pointer=None if pointer is None else Pointer(**{**pointer, "kind": PointerKind(pointer["kind"])}),
            metrics=_read_files(metrics),
            params=_read_files(params),
            packages=_read_files(packages),
            data=tuple(_read_material(*found) for found in data),
            problems=tuple(Problem(**problem) for problem in problems),
            runs=tuple(Run(stage, dict(tables), lock) for stage, tables, lock in runs),
            stale=tuple(stale),
        )
    except (ValueError, TypeError, KeyError):
        return None


def format_said(said: Said) -> str:
    """Write what a file says."""
    packages = [(package.name, package.version, package.specifier, package.file, package.optional) for package in said.packages]
    return _dump([said.values, packages, None if said.problem is None else _shorten(said.problem)])


def parse_said(text: str) -> Said | None:
    """Read what a file says; None where that is no such text."""
    try:
        values, packages, problem = json.loads(text)
        listed = tuple(
            Package(name=name, version=version, specifier=specifier, file=file, optional=optional)
            for name, version, specifier, file, optional in packages
        )
        return Said(dict(values), listed, None if problem is None else Problem(**problem))
    except (ValueError, TypeError):
        return None


def _dump(value: object) -> str:
    """Write a value; NaN and infinity stay what they are, since nobody but us reads it."""
    return _ENCODER.encode(value)


def _shorten(value: Entry | Pointer | Problem) -> dict[str, Any]:
    """List the fields of a value that are not what they are without being given."""
    found = ((name, getattr(value, name), default) for name, default in _FIELDS[type(value)])
    return {name: given for name, given, default in found if given not in (default, {}, ())}


@lru_cache(maxsize=1024)
def _read_entry(text: str) -> Entry:
    """Read an entry, whose lists are tuples; it stays what it is over many commits."""
    found = json.loads(text)
    return Entry(**{**found, **{name: tuple(found[name]) for name in ("labels", "metrics", "params") if name in found}})


def _read_files(found: list[list[Any]]) -> tuple[FactFile, ...]:
    """Read a list of files."""
    return tuple(FactFile(path, blob, tuple(keys)) for path, blob, keys in found)


def _read_material(path: str, digest: str | None, size: int | None, files: int | None, source: list[Any] | None) -> Material:
    """Read data."""
    return Material(path=path, hash=digest, size=size, files=files, source=Source(*source) if source else None)


def _format_source(source: Source | None) -> tuple[str, str | None, str] | None:
    """Write where data is."""
    return None if source is None else (source.repository, source.commit, source.path)
