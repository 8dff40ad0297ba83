"""Loading facts of many versions: one git process, each distinct file parsed once, and nothing read that nobody wants.

What was found out before is in the cache (`gitreg.git.derived`): where the facts of an artifact at a commit stand, and what each
file says. What is not whole, since this clone lacks an object, is never kept.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from gitreg.core.drift import choose_run, describe_drift, find_drift, overlay, report_stale
from gitreg.core.fact_sources import FactFile, choose_packages, select_values, split_packages, tells_all
from gitreg.core.facts import Facts, Package
from gitreg.core.pipelines import Table, Value
from gitreg.core.problems import Problem
from gitreg.core.stale import find_missing
from gitreg.git.derived import Derived
from gitreg.git.forest import Forest
from gitreg.operations.context import Context
from gitreg.operations.fact_reader import Asked, FactKind, FactReader
from gitreg.operations.fact_records import format_said, format_sources, parse_said, parse_sources, said_key, sources_key
from gitreg.operations.fact_sources import SourceFinder, Sources, Wanted
from gitreg.operations.find_entries import Place

_TOGETHER: Final = 128  # commits whose objects are asked for in one go
_FEW: Final = 8  # commits

EVERYTHING: Final = Wanted(metrics=True, params=True, packages=True, data=True, pointer=True)
"""All facts."""

__all__ = ["EVERYTHING", "Place", "Wanted", "load_facts"]


def load_facts(context: Context, places: Iterable[Place], wanted: Wanted) -> Iterator[tuple[Place, Facts]]:
    """Find out what the files of commits say of artifacts.

    Args:
        context: where.
        places: artifacts at commits; commits that follow one another should stand near each other, since they share most.
        wanted: which facts; the entry always comes along.

    Returns:
        The facts of each place, once for each that is given twice, artifacts of a commit together. What cannot be read is a
        problem of the place, and the rest is there.
    """
    by_commit: dict[str, dict[str, None]] = {}
    for artifact, commit in places:
        by_commit.setdefault(commit, {})[artifact] = None
    # to open the cache takes longer than to read a few small files; to read a lock file takes longest of all
    derived = Derived(is_shut=len(by_commit) < _FEW and not wanted.packages)
    loader = _Loader(Forest(context.repository.objects), derived, wanted)
    commits = iter(by_commit.items())
    try:
        while batch := dict(islice(commits, _TOGETHER)):
            yield from loader.load([Place(artifact, commit) for commit, artifacts in batch.items() for artifact in artifacts])
    finally:
        derived.close()


class _Loader:
    """Loads facts: from the cache what is in it, and the rest from git.

    Args:
        forest: the trees of the commits.
        derived: the cache.
        wanted: which facts.
    """

    def __init__(self, forest: Forest, derived: Derived, wanted: Wanted) -> None:
        """Know nothing yet."""
        self._finder = SourceFinder(forest, wanted)
        self._reader = FactReader(forest)
        self._derived = derived
        self._wanted = wanted

    def load(self, places: Sequence[Place]) -> Iterator[tuple[Place, Facts]]:
        """Load the facts of some places."""
        found = self._find(places)
        files = {said_key(asked): asked for sources in found.values() for asked in _list_asked(sources)}
        unknown = {key: asked for key, asked in files.items() if not self._reader.knows(asked)}
        for key, text in self._derived.look_up(unknown).items():
            said = parse_said(text)
            if said is not None:
                self._reader.learn(unknown.pop(key), said)
        self._reader.bring(unknown.values())
        self._derived.keep({key: format_said(said) for key, asked in unknown.items() if (said := self._reader.read(asked)).whole})
        for place, sources in found.items():
            yield place, _read_facts(place, sources, self._reader)

    def _find(self, places: Sequence[Place]) -> dict[Place, Sources]:
        """Find where the facts of some places stand."""
        keys = {sources_key(place, self._wanted): place for place in places}
        kept = {keys[key]: parse_sources(text) for key, text in self._derived.look_up(keys).items()}
        known = {place: sources for place, sources in kept.items() if sources is not None}
        new = dict(self._finder.find([place for place in places if place not in known]))
        self._derived.keep({key: format_sources(new[place]) for key, place in keys.items() if place in new and new[place].whole})
        found = {**known, **new}
        return {place: found[place] for place in places}


def _list_asked(sources: Sources) -> Iterator[Asked]:
    """List the files that will be read."""
    for kind, files in (
        (FactKind.METRICS, sources.metrics),
        (FactKind.PARAMS, sources.params),
        (FactKind.PACKAGES, sources.packages),
    ):
        yield from (Asked(kind, file) for file in files)


def _read_facts(place: Place, sources: Sources, reader: FactReader) -> Facts:
    """Read the files, and put together what they say."""
    problems: list[Problem] = list(sources.problems)
    written = _read_table(FactKind.PARAMS, sources.params, reader, problems, place)
    run = _choose_run(sources, written, {problem.file for problem in problems if problem.file})
    drift = tuple(find_drift(sources.runs, written))
    file = drift[0].lock if drift else None
    stale = (*find_missing(sources.runs, written, {file.path: file.keys for file in sources.params}), *sources.stale)
    said = (*describe_drift(drift), *stale)
    problems += report_stale(said, file, artifact=place.artifact, commit=place.commit)
    metrics = _read_table(FactKind.METRICS, sources.metrics, reader, problems, place)
    packages, optional = _read_packages(sources.packages, reader, problems, place)
    return Facts(
        artifact=place.artifact,
        commit=place.commit,
        entry=sources.entry,
        pointer=sources.pointer,
        metrics=metrics,
        params=overlay(written, run) if run else written,
        run=run,
        drift=drift,
        stale=stale,
        packages=packages,
        optional=optional,
        data=sources.data,
        problems=tuple(problems),
    )


def _choose_run(sources: Sources, written: Table, unread: Collection[str]) -> Table:
    """Choose what the pipeline was run with; of a file that cannot be read no more than is wanted of it."""
    run = choose_run(sources.runs, written, unread)
    if not unread:
        return run
    keys = {file.path: [one.keys for one in sources.params if one.path == file.path] for file in sources.params}
    return {
        file: {name: value for wanted in keys.get(file, [()]) for name, value in select_values(values, wanted).items()}
        for file, values in run.items()
    }


def _read_table(
    kind: FactKind, files: Iterable[FactFile], reader: FactReader, problems: list[Problem], place: Place
) -> Mapping[str, Mapping[str, Value]]:
    """Read files of values; one without values is left out."""
    table: dict[str, Mapping[str, Value]] = {}
    for file in files:
        said = reader.read(Asked(kind, file))
        if said.problem is not None:
            problems.append(replace(said.problem, commit=place.commit, artifact=place.artifact))
        values = select_values(said.values, file.keys)
        if values:
            table[file.path] = {**table.get(file.path, {}), **values}
    return table


def _read_packages(
    files: Iterable[FactFile], reader: FactReader, problems: list[Problem], place: Place
) -> tuple[tuple[Package, ...], tuple[Package, ...]]:
    """Read files of packages; those of files that all tell but a part are optional."""
    found: list[Package] = []
    for file in files:
        said = reader.read(Asked(FactKind.PACKAGES, file))
        if said.problem is not None:
            problems.append(replace(said.problem, commit=place.commit, artifact=place.artifact))
        found += said.packages
    if found and not any(tells_all(posixpath.basename(file.path)) for file in files):
        found = [replace(package, optional=True) for package in found]
    packages, optional = split_packages(found)
    return choose_packages(packages), choose_packages(optional)
