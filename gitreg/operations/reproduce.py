"""`reproduce`: a version's commit in a folder of its own, with its data, and what to do to make it again.

Nothing of the repository is run: see `gitreg.git.checkout`. Data comes as `get` brings it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from gitreg.core.contents import Advance, no_advance
from gitreg.core.reproduction import Input, Reproduced, Reproduction, Whereabouts, list_inputs
from gitreg.core.selectors import Selector
from gitreg.errors import Conflict, ExternalFault, Refused
from gitreg.files.paths import check_path, is_url
from gitreg.git.checkout import check_out
from gitreg.git.trees import CommitTree
from gitreg.operations.context import Context
from gitreg.operations.get import Getting, bring, expect_nothing
from gitreg.operations.load_contents import load_contents
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts
from gitreg.operations.new_target import choose_place, new_target, refuse_taken, shorten
from gitreg.operations.reproduce_inputs import Needed, find_needed
from gitreg.operations.reproduce_plan import find_making, own_path, plan_reproduction
from gitreg.operations.resolve import resolve_selector

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
    tree = CommitTree(context.repository.objects, commit)
    making = find_making(context.repository.objects, facts, tree)
    needed = find_needed(tree, list_inputs(making.stages), own_path(facts) if how.outputs else None)
    plan = plan_reproduction(
        making, tuple(_describe(one, how) for one in needed), version=resolution.version, origin=_describe_origin(context)
    )
    made = (out.path for stage in making.stages for out in stage.outs)
    names = _choose_names([*tree.names(""), *(one.path for one in needed), *made])
    with new_target(target, is_folder=True) as folder:
        check_out(context.repository, commit, folder, origin=plan.origin, ignored=names.values())
        if how.data or how.outputs:
            _fetch(context, commit, folder, [one for one in needed if _is_wanted(one, how)], how)
        for name, text in write(plan).items():
            with (folder / names[name]).open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return Reproduced(folder=shorten(target), guide=shorten(target / names[GUIDE]), reproduction=plan)


def _describe_origin(context: Context) -> str:
    """Say which repository it is."""
    mirror, location = context.repository.mirror, context.repository.location
    return mirror.address.shown if mirror is not None else str(location.work_tree or location.common_dir)


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


def _choose_names(paths: Iterable[str]) -> dict[str, str]:
    """Name the files that say what to do as nothing that is or will be there is called, on any system."""
    taken = {path.partition("/")[0].casefold() for path in paths}
    names = {}
    for name in (GUIDE, FACTS):
        chosen = name
        while chosen.casefold() in taken:
            chosen = f"gitreg-{chosen}"
        names[name] = chosen
    return names
