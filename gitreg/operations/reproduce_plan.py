"""What makes an artifact at a commit, and what a person needs to know to make it again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from gitreg.core.drift import STALE, restore_written
from gitreg.core.fact_sources import made_by_others
from gitreg.core.facts import Facts
from gitreg.core.pipelines import Pipeline, Stage, Table
from gitreg.core.problems import Problem
from gitreg.core.reproduction import (
    Input,
    Reproduction,
    Whereabouts,
    advise_check,
    advise_environment,
    advise_run,
    choose_restored,
    name_loose,
)
from gitreg.core.reproduction_stages import choose_stages, describe_left_out
from gitreg.core.words import format_count
from gitreg.git.objects import Objects
from gitreg.git.trees import CommitTree
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_pipelines import load_pipelines
from gitreg.operations.reproduce_inputs import is_known
from gitreg.operations.reproduce_stages import Runnable, find_runnable
from gitreg.operations.trace_drift import find_drift


class Making(NamedTuple):
    """What makes an artifact at a commit.

    Attributes:
        stages: of the pipeline that are run again, in an order in which they can be run.
        runnable: what DVC can do with them.
        metrics: those that come out.
        notes: sentences on the stages that a person should read.
        problems: of files of the commit.
    """

    facts: Facts
    stages: tuple[Stage, ...]
    runnable: Runnable
    metrics: Table
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]


def find_making(objects: Objects, facts: Facts, tree: CommitTree) -> Making:
    """Find out what makes an artifact.

    Args:
        objects: of the repository.
        facts: of the artifact at the commit.
        tree: the files of the commit.
    """
    loaded, problems = load_pipelines(objects, facts.commit)
    pipelines = tuple(pipeline for pipeline in loaded if not pipeline.file.endswith(".dvc"))
    choice = choose_stages(own_path(facts), pipelines, partial(is_known, tree))
    others = made_by_others(pipelines, choice.stages)
    runnable = find_runnable(choice.stages, tree)
    return Making(
        facts=facts,
        stages=choice.stages,
        runnable=runnable,
        metrics={file: values for file, values in facts.metrics.items() if file not in others},
        notes=(*describe_left_out(choice), *_list_drift(facts, choice.stages, tree)),
        problems=_list_once([problem for problem in facts.problems if problem.code != STALE] + problems + [*runnable.problems]),
    )


def plan_reproduction(making: Making, inputs: tuple[Input, ...], *, version: str | None, origin: str) -> Reproduction:
    """Say what is needed, and what should come out.

    Args:
        making: what makes the artifact.
        inputs: what is needed.
        version: of the artifact, if the commit was chosen by one.
        origin: the address of the repository, without secrets, or its path.
    """
    facts, stages, runnable = making.facts, making.stages, making.runnable
    pointer = facts.pointer
    can_run = not runnable.hindrances
    checked = tuple(stage for stage in stages if stage not in runnable.always)
    metrics = {path: None for stage in stages for path in stage.metrics if path in making.metrics}
    return Reproduction(
        artifact=facts.artifact,
        version=version,
        commit=facts.commit,
        origin=origin,
        path=pointer.path if pointer else None,
        hash=pointer.hash if pointer else None,
        size=pointer.size if pointer else None,
        stages=stages,
        inputs=inputs,
        packages=facts.packages,
        params=facts.params,
        restore=choose_restored(facts.drift, stages),
        metrics=making.metrics,
        prepare=advise_environment(facts.packages),
        run=advise_run(stages, force=runnable.is_made) if can_run else (),
        check=advise_check(checked, metrics) if can_run else (),
        notes=(*runnable.hindrances, *_list_notes(facts, stages, inputs), *making.notes),
        problems=making.problems,
    )


def own_path(facts: Facts) -> str | None:
    """Name the path of the artifact itself."""
    return entry_path(facts.entry) if facts.entry is not None and facts.entry.path is not None else None


def _list_notes(facts: Facts, stages: tuple[Stage, ...], inputs: Iterable[Input]) -> Iterable[str]:
    """Say what may keep the same from coming out."""
    if not stages:
        yield "no pipeline stage of this commit makes the artifact, so nothing says how it was made"
    loose = list(name_loose(facts.packages))
    if loose:
        yield f"{format_count(len(loose), 'package')} of no exact version: {', '.join(loose[:10])}{', ...' * (len(loose) > 10)}"  # noqa: PLR2004  what a person reads
    if stages and not facts.packages:
        yield "no file of this commit names the packages that it was made with"
    never = [stage.name for stage in stages if not stage.locked]
    if never:
        yield f"dvc.lock does not know the pipeline stages {', '.join(never[:10])}, so nothing says what they should make"
    for one in inputs:
        if one.place is Whereabouts.MISSING:
            yield f"{one.path!r} is read by the pipeline, and this commit does not say what it is"
        elif one.place is Whereabouts.ELSEWHERE:
            yield f"{one.path!r} is read where it is, and may have changed since"


def _list_drift(facts: Facts, stages: tuple[Stage, ...], tree: CommitTree) -> Iterable[str]:
    """Say what the commit has that the pipeline was not run with: then it makes something else."""
    path = own_path(facts)
    if path is not None and facts.pointer is not None:
        pipeline = Pipeline(file="", stages=stages)  # of those that are run, whatever files they stand in
        for sentence in find_drift(path, [pipeline], tree, restore_written(facts.params, facts.drift)):
            yield f"{sentence}, so what it makes now may be something else"


def _list_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Keep the first of what is the same to a person: a file of facts is of an artifact, and one of a pipeline of none."""
    found: dict[tuple[object, ...], Problem] = {}
    for one in problems:
        found.setdefault((one.file, one.line, one.column, one.message), one)
    return tuple(found.values())
