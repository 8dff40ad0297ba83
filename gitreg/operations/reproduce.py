"""`reproduce`: a version's commit in a folder of its own, with its data, and what to do to make it again.

Nothing of the repository is run: see `gitreg.git.checkout`. Data comes as `get` brings it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from gitreg.core.contents import Advance, no_advance
from gitreg.core.drift import STALE, restore_written
from gitreg.core.facts import Facts
from gitreg.core.pipelines import Pipeline, Stage
from gitreg.core.reproduction import (
    Input,
    Reproduced,
    Reproduction,
    Whereabouts,
    advise_check,
    advise_environment,
    advise_run,
    list_inputs,
    name_loose,
)
from gitreg.core.selectors import Selector
from gitreg.core.words import format_count
from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.files.paths import check_path, is_url
from gitreg.files.pointers import Tree
from gitreg.git.checkout import check_out
from gitreg.git.trees import CommitTree
from gitreg.operations.card import list_making_stages
from gitreg.operations.context import Context
from gitreg.operations.get import Getting, bring, expect_nothing
from gitreg.operations.load_contents import load_contents
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts
from gitreg.operations.load_pipelines import load_pipelines
from gitreg.operations.new_target import choose_place, new_target, refuse_taken, shorten
from gitreg.operations.reproduce_inputs import Needed, find_needed
from gitreg.operations.resolve import resolve_selector
from gitreg.operations.trace_drift import find_drift

GUIDE: Final = "REPRODUCE.md"
FACTS: Final = "reproduce.json"

Documents: TypeAlias = Callable[[Reproduction], Mapping[str, str]]
"""Writes the files that say what to do: texts by `GUIDE` and `FACTS`."""

_RESUMING: Final = "; run it again to go on where it stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproducing:
    """How to reproduce.

    Attributes:
        to: the folder, which is not there or empty.
        data: fetch what the pipeline reads.
        outputs: fetch the bytes of the version, too.
        remote: the storage to ask; None: the one that is configured.
        jobs: files that arrive at once; None: eight.
        expect: told how many bytes are coming, or None where nobody knows.
        advance: told of each piece that has arrived.
    """

    to: str
    data: bool = True
    outputs: bool = False
    remote: str | None = None
    jobs: int | None = None
    expect: Callable[[int | None], None] = expect_nothing
    advance: Advance = no_advance


def reproduce(
    context: Context, selector: Selector, *, at: str | None, how: Reproducing, write: Documents, fetched: bool = False
) -> Reproduced:
    """Check a version out with its data, whole or not at all.

    Raises:
        UsageFault: the selector names an artifact alone.
        NotFound: it stands for nothing, or the storage lacks data.
        Conflict: something is in the folder.
        Refused: a symbolic link is in the way of data.
        ExternalFault: the storage does not answer, or the disk is full.
    """
    target = choose_place(how.to)
    refuse_taken(target, is_folder=True, force=False)
    resolution = resolve_selector(context, selector, at=at, path=False, fetched=fetched)
    commit = resolution.commit
    facts = next(found for _, found in load_facts(context, [Place(resolution.artifact, commit)], EVERYTHING))
    pipelines, problems = load_pipelines(context.repository.objects, commit)
    stages = list_making_stages(facts, pipelines)
    tree = CommitTree(context.repository.objects, commit)
    needed = find_needed(tree, list_inputs(stages), _own_path(facts) if how.outputs else None)
    plan = _plan(context, facts, stages, needed, how)
    plan = replace(
        plan,
        version=resolution.version,
        notes=(*plan.notes, *_list_drift(facts, pipelines, tree)),
        problems=tuple(dict.fromkeys((*(problem for problem in facts.problems if problem.code != STALE), *problems))),
    )
    names = _choose_names(tree)
    with new_target(target, is_folder=True) as folder:
        check_out(context.repository, commit, folder, origin=plan.origin, ignored=names.values())
        if how.data or how.outputs:
            _fetch(context, commit, folder, [one for one in needed if _is_wanted(one, how)], how)
        for name, text in write(plan).items():
            with (folder / names[name]).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return Reproduced(folder=shorten(target), guide=shorten(target / names[GUIDE]), reproduction=plan)


def _plan(context: Context, facts: Facts, stages: tuple[Stage, ...], needed: Iterable[Needed], how: Reproducing) -> Reproduction:
    """Say what is needed, and what should come out."""
    repository, pointer = context.repository, facts.pointer
    place = repository.location.work_tree or repository.location.common_dir
    return Reproduction(
        artifact=facts.artifact,
        version=None,
        commit=facts.commit,
        origin=repository.mirror.address.shown if repository.mirror is not None else str(place),
        path=pointer.path if pointer else None,
        hash=pointer.hash if pointer else None,
        size=pointer.size if pointer else None,
        stages=stages,
        inputs=tuple(_describe(one, how) for one in needed),
        packages=facts.packages,
        metrics=facts.metrics,
        prepare=advise_environment(facts.packages),
        run=advise_run(stages),
        check=advise_check(stages, {path: None for stage in stages for path in stage.metrics if path in facts.metrics}),
        notes=tuple(_list_notes(facts, stages, needed)),
    )


def _list_notes(facts: Facts, stages: tuple[Stage, ...], needed: Iterable[Needed]) -> Iterable[str]:
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
    for one in needed:
        if one.place is Whereabouts.MISSING:
            yield f"{one.path!r} is read by the pipeline, and this commit does not say what it is"
        elif one.place is Whereabouts.ELSEWHERE:
            yield f"{one.path!r} is read where it is, and may have changed since"


def _list_drift(facts: Facts, pipelines: tuple[Pipeline, ...], tree: Tree) -> Iterable[str]:
    """Say what the commit has that the pipeline was not run with: then it makes something else."""
    path = _own_path(facts)
    if path is not None and facts.pointer is not None:
        for sentence in find_drift(path, pipelines, tree, restore_written(facts.params, facts.drift)):
            yield f"{sentence}, so what it makes now may be something else"


def _is_wanted(one: Needed, how: Reproducing) -> bool:
    """Say whether something is fetched."""
    return one.place is Whereabouts.FETCHED and (how.outputs if one.is_output else how.data)


def _describe(one: Needed, how: Reproducing) -> Input:
    """Say where something that is needed is."""
    left = one.place is Whereabouts.FETCHED and not _is_wanted(one, how)
    pointer = one.pointer
    return Input(
        path=one.path,
        hash=pointer.hash if pointer else None,
        size=pointer.size if pointer else None,
        files=pointer.files if pointer else None,
        place=Whereabouts.LEFT if left else one.place,
    )


def _own_path(facts: Facts) -> str | None:
    """Name the path of the artifact itself."""
    return entry_path(facts.entry) if facts.entry is not None and facts.entry.path is not None else None


def _fetch(context: Context, commit: str, folder: Path, needed: list[Needed], how: Reproducing) -> None:
    """Fetch data to where the pipeline reads it.

    Raises:
        Refused: a path is none that can be written to, or leads through a link.
    """
    sizes = [one.pointer.size if one.pointer else None for one in needed]
    how.expect(None if None in sizes else sum(size for size in sizes if size is not None))
    for one in needed:
        _check_way(folder, one.path)
        getting = Getting(force=one.replaces, remote=how.remote, jobs=how.jobs, advance=how.advance)
        with closing(load_contents(context, commit, one.path, remote=how.remote)) as loaded:
            try:
                bring(loaded, folder / one.path, getting)
            except ExternalFault as error:
                error.hint = error.hint.removesuffix(_RESUMING)
                raise
            except Conflict as error:
                message = f"DVC and git both keep {one.path!r} at commit {commit[:7]}, so it cannot be checked out"
                raise Conflict(message, hint="leave the data out: --no-data") from error


def _check_way(folder: Path, path: str) -> None:
    """Refuse a path that leads out of a folder.

    Raises:
        Refused: it does.
    """
    wrong = "is an address" if is_url(path) else check_path(path)
    place = folder
    for part in () if wrong else Path(path).parts:
        place /= part
        if place.is_symlink():
            wrong = "leads through a symbolic link of the commit"
    if wrong:
        raise Refused(f"the path {path!r} {wrong}, so nothing is written there", hint="leave the data out: --no-data")


def _choose_names(tree: CommitTree) -> dict[str, str]:
    """Name the files that say what to do as nothing in the root of the commit is called, on any system."""
    taken = {name.casefold() for name in tree.names("")}
    names = {}
    for name in (GUIDE, FACTS):
        chosen = name
        while chosen.casefold() in taken:
            chosen = f"gitreg-{chosen}"
        names[name] = chosen
    return names
