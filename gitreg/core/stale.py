"""Stale pipelines: what a lock shows to have been run only in part, and files that were changed after a stage made them.

Then what the commit says of parameters, data and metrics is not, or not all, of the version that is registered at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeAlias

from gitreg.core.drift import COMMIT, Run, format_run
from gitreg.core.fact_sources import select_values
from gitreg.core.pipelines import Table

_Made: TypeAlias = Mapping[str, tuple[str, str]]  # hash and stage by path
_MOST: Final = 5  # sentences of a commit that are told


def find_stale(runs: Sequence[Run], files: Iterable[str], is_other: Callable[[str, str], bool]) -> tuple[str, ...]:
    """Say what shows that some stages were not run, or that somebody changed what they made.

    Args:
        runs: of the stages that have to do with an artifact, with hashes of what each read and made.
        files: the files of metrics that git keeps.
        is_other: says whether a file, by its path, is known to be another one than that of a hash.

    Returns:
        Sentences, of very many the first ones.
    """
    made = {path: (digest, run.stage) for run in runs for path, digest in run.made.items()}
    found = dict.fromkeys((*_find_partial(runs, made), *_find_changed(files, made, is_other)))
    return tuple(found)[:_MOST]


def find_missing(runs: Iterable[Run], params: Table, keys: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Say what stages were run with that files do not have any more.

    Args:
        runs: of the stages.
        params: as the files say; of a file that is not among them nothing is known.
        keys: the dotted names that are wanted of a file; none: all.

    Returns:
        Sentences, of very many the first ones.
    """
    return tuple(islice(_find_missing(runs, params, keys), _MOST))


def _find_missing(runs: Iterable[Run], params: Table, keys: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Find what files do not have any more."""
    for run in runs:
        for file, values in run.params.items():
            there = params.get(file)
            if there is None or values.keys() <= there.keys():  # as nearly always
                continue
            for name, value in select_values(values, keys.get(file, ())).items():
                if name not in there:
                    yield f"{run.stage!r} was run with {name}={format_run(value)}, and {file} of {COMMIT} has no such parameter"


def describe_partial(stage: str, path: str, maker: str) -> str:
    """Say that a stage was not run again after another one had made something new."""
    return f"{stage!r} was run with another {path} than {maker!r} made last"


def describe_changed(maker: str, path: str, place: str) -> str:
    """Say that a file is not what a stage made; the place is what has the file, for a person."""
    return f"{maker!r} made another {path} than {place} has"


def _find_partial(runs: Iterable[Run], made: _Made) -> Iterator[str]:
    """Find stages that read something else than another stage made last."""
    for run in runs:
        for path, digest in run.read.items():
            last, maker = made.get(path, (digest, ""))
            if last != digest:
                yield describe_partial(run.stage, path, maker)


def _find_changed(files: Iterable[str], made: _Made, is_other: Callable[[str, str], bool]) -> Iterator[str]:
    """Find files of metrics that are not what a stage made."""
    for path in files:
        digest, maker = made.get(path, ("", ""))
        if digest.startswith("md5:") and is_other(path, digest):
            yield describe_changed(maker, path, COMMIT)
