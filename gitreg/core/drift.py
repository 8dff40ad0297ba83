"""Drift: parameters that a pipeline was run with, where the files of the commit have others, because nobody ran it again.

What a version was made with is what the lock says: what a file says that was changed later had no part in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from gitreg.core.equality import are_same
from gitreg.core.pipelines import Stage, Table, Value, name_lock, write_value
from gitreg.core.problems import Problem
from gitreg.core.words import format_count

STALE: Final = "GR402"
"""The code of such a problem."""

COMMIT: Final = "this commit"
_MOST: Final = 5  # of a commit that are told
_LONGEST: Final = 300
_LONGEST_VALUE: Final = 120
_HINT: Final = "run the pipeline again and commit dvc.lock: dvc repro; or put back what it was run with"


class Run(NamedTuple):
    """What a stage of a pipeline was run with, as its lock says.

    Attributes:
        params: values by name, by file.
        lock: its path.
        read, made: hashes of deps and outs by path, as ``algorithm:hex``; what has none is left out.
    """

    stage: str
    params: Table
    lock: str
    read: Mapping[str, str] = MappingProxyType({})
    made: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A parameter that a stage of a pipeline was run with, and another value in the file.

    Attributes:
        lock: the path of the lock that says it.
        run: what the lock says.
        written: what the file of the commit says.
    """

    lock: str
    stage: str
    file: str
    name: str
    run: Value
    written: Value


def find_drift(runs: Iterable[Run], params: Table) -> Iterator[Drift]:
    """Find the parameters that files have, and that stages were run with another value of.

    Args:
        runs: of the stages.
        params: as the files say.
    """
    for run in runs:
        for file, values in run.params.items():
            there = params.get(file, {})
            for name, value in values.items():
                if name in there and not are_same(value, there[name]):
                    yield Drift(lock=run.lock, stage=run.stage, file=file, name=name, run=value, written=there[name])


def order_runs(stages: Iterable[Stage], made: Iterable[Stage]) -> tuple[Run, ...]:
    """List what stages were run with; those that make the artifact last, since of two values theirs counts.

    Args:
        stages: that have to do with it.
        made: those of them that make it, or lead to it.
    """
    making = {(stage.file, stage.name) for stage in made}
    ordered = sorted(stages, key=lambda stage: (stage.file, stage.name) in making)
    return tuple(map(read_run, (stage for stage in ordered if stage.locked)))


def agree(runs: Iterable[Run]) -> bool:
    """Say whether no parameter has one value in one stage and another one in another, so that their order means nothing."""
    known: dict[tuple[str, str], Value] = {}
    return all(
        are_same(known.setdefault((file, name), value), value)
        for run in runs
        for file, values in run.params.items()
        for name, value in values.items()
    )


def read_run(stage: Stage) -> Run:
    """Say what a stage was run with."""
    read, made = ({found.path: found.hash for found in listed if found.hash} for listed in (stage.deps, stage.outs))
    return Run(stage.name, stage.params, name_lock(stage.file), read, made)


def choose_run(runs: Sequence[Run], params: Table, unread: Collection[str] = ()) -> Table:
    """Choose what the lock says of the parameters that files have; of several stages the last one counts.

    Args:
        runs: of the stages.
        params: as the files say.
        unread: files that cannot be read: the lock says what they had when the pipeline was run.
    """
    found: dict[str, dict[str, Value]] = {}
    for run in runs:
        for file, values in run.params.items():
            there = params.get(file, {})
            known = {name: value for name, value in values.items() if name in there or file in unread}
            if known:
                found.setdefault(file, {}).update(known)
    return found


def overlay(table: Table, *others: Table) -> Table:
    """Put other values in the place of those of a table, or beside them."""
    files = dict.fromkeys(file for one in (table, *others) for file in one)
    return {file: {name: value for one in (table, *others) for name, value in one.get(file, {}).items()} for file in files}


def restore_written(params: Table, drift: Iterable[Drift]) -> Table:
    """Give the parameters as the files say them, and not as the pipeline was run with them."""
    written: dict[str, dict[str, Value]] = {}
    for one in drift:
        written.setdefault(one.file, {})[one.name] = one.written
    return overlay(params, written) if written else params


def describe_drift(drift: Sequence[Drift], place: str = COMMIT) -> tuple[str, ...]:
    """Say what pipelines were run with, a sentence each, of very many the first ones; and where the files are."""
    told = [_describe(one, place)[:_LONGEST] for one in drift[:_MOST]]
    left = len(drift) - len(told)
    return (*told, *([f"{format_count(left, 'more parameter')} of this kind"] if left > 0 else []))


def _describe(drift: Drift, place: str) -> str:
    """Say what a stage was run with: values as YAML has them, and texts in quotes where they would look like numbers."""
    run, written = format_run(drift.run), format_run(drift.written)
    if run == written:
        run, written = (f'"{value}"' if isinstance(value, str) else format_run(value) for value in (drift.run, drift.written))
    return f"{drift.stage!r} was run with {drift.name}={run}, and {drift.file} of {place} has {written}"


def format_run(value: Value) -> str:
    """Write a value as files have it, cut where nobody would read it."""
    return write_value(value)[:_LONGEST_VALUE]


def report_stale(sentences: Iterable[str], file: str | None, *, artifact: str | None, commit: str | None) -> tuple[Problem, ...]:
    """Make problems of sentences that say what a pipeline was run with.

    Args:
        sentences: as `describe_drift` writes them.
        file: the lock.
        artifact: what the pipeline makes.
        commit: the full id; None: that of the work tree.
    """
    return tuple(
        Problem(code=STALE, message=sentence, file=file, artifact=artifact, commit=commit, hint=_HINT) for sentence in sentences
    )
