"""Artifacts of two sides next to each other, and beside what holds a stage."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from gitreg.core.compared import Comparison, Side
from gitreg.core.comparison import compare_facts
from gitreg.core.entries import PointerKind
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.core.registry_diff import ArtifactChange, Change, Held
from gitreg.core.registry_diff_pairs import Pair, compare_declared, find_lost, judge_change, pair_artifacts
from gitreg.core.state import Artifact, Assignment, find_holder
from gitreg.files.pointers import check_pointer_file, list_pointer_files
from gitreg.git.forest import Forest
from gitreg.operations.compare import add_runs
from gitreg.operations.context import Context
from gitreg.operations.diff_entries import SideEntries
from gitreg.operations.diff_sides import INDEX, WORK_TREE, DiffSide
from gitreg.operations.diff_unread import forget_unread
from gitreg.operations.load_facts import EVERYTHING, Place, load_facts
from gitreg.operations.near_pipelines import folders_above

_SHORT: Final = 7
_MOST_OTHERS: Final = 1000  # .dvc files of other names, as in `gitreg.files.pointers`


def compare_artifacts(
    context: Context, sides: Sequence[DiffSide], entries: Sequence[SideEntries]
) -> tuple[tuple[ArtifactChange, ...], Mapping[str, Facts]]:
    """Find the artifacts that differ between two sides.

    Args:
        context: where.
        sides: BASE and the other one.
        entries: of both.

    Returns:
        The changes, by name, and facts of the other side by name, to be compared further.
    """
    before, after = _load(context, sides, entries)
    pairs = pair_artifacts(before, after, lost_before=entries[0].problems, lost_after=entries[1].problems)
    both_sides = [_pick(pair, (before, after), sides, entries) for pair in pairs]
    compared = []
    for pair, both in zip(pairs, _run(both_sides, sides), strict=True):
        comparison = _hide(compare_facts(both), sides)
        declared = compare_declared(both[0].facts, both[1].facts)
        kind = judge_change(comparison, declared) if pair.kind is Change.CHANGED else pair.kind
        if kind is not None:
            name = pair.after or pair.before or ""
            compared.append(
                ArtifactChange(
                    name=name, kind=kind, before=pair.before, after=pair.after, comparison=comparison, declared=declared
                )
            )
    return tuple(compared), after


def add_states(changes: Iterable[ArtifactChange], states: Mapping[str, Artifact]) -> tuple[ArtifactChange, ...]:
    """Add to each artifact what the registry's tags say of it; of one that was renamed, of its old name."""
    return tuple(replace(change, state=states.get(change.before or change.name)) for change in changes)


def add_holders(
    context: Context, changes: Sequence[ArtifactChange], after: Mapping[str, Facts], head: DiffSide, stage: str
) -> tuple[ArtifactChange, ...]:
    """Compare each artifact with what holds a stage.

    Args:
        context: where.
        changes: with their states.
        after: facts of HEAD's side by name.
        head: that side.
        stage: its name.
    """
    holders = {change.name: holder for change in changes if change.state and (holder := find_holder(change.state, stage))}
    places = {name: Place(holder.artifact, holder.commit) for name, holder in holders.items()}
    facts = dict(load_facts(context, places.values(), EVERYTHING))
    labels = {name: _label(stage, holder) for name, holder in holders.items()}
    wanted = [change for change in changes if change.name in holders and change.after is not None and change.after in after]
    pairs = [
        (
            _make_side(labels[change.name], _own_problems(facts[places[change.name]])),
            _make_side(_label_head(head), after[change.after or ""]),
        )
        for change in wanted
    ]
    found = {change.name: _hide(compare_facts(both), [head]) for change, both in zip(wanted, _run(pairs, [head]), strict=True)}
    return tuple(_add_holder(change, stage, holders.get(change.name), found.get(change.name)) for change in changes)


def _add_holder(change: ArtifactChange, stage: str, holder: Assignment | None, comparison: Comparison | None) -> ArtifactChange:
    """Say what holds the stage of one artifact."""
    if holder is None:
        return replace(change, held=Held(stage=stage))
    label = _label(stage, holder)
    return replace(
        change, held=Held(stage=stage, version=holder.version, commit=holder.commit, label=label, comparison=comparison)
    )


def _load(
    context: Context, sides: Sequence[DiffSide], entries: Sequence[SideEntries]
) -> tuple[dict[str, Facts], dict[str, Facts]]:
    """Load the facts of both sides, in one go."""
    places = [Place(name, side.commit) for side, own in zip(sides, entries, strict=True) for name in own.entries]
    sizes = {**sides[0].sizes, **sides[1].sizes}
    forest = Forest(context.repository.objects)
    loaded: dict[str, dict[str, Facts]] = {side.commit: {} for side in sides}
    by_commit = {side.commit: side for side in sides}
    for place, facts in load_facts(context, places, EVERYTHING):
        found = _add_cause(_own_problems(_add_size(facts, sizes)), forest)
        loaded[place.commit][place.artifact] = forget_unread(found, by_commit[place.commit])
    return loaded[sides[0].commit], loaded[sides[1].commit]


def _add_cause(facts: Facts, forest: Forest) -> Facts:
    """Add why bytes are not found, where a file of DVC that could say where they are cannot be read."""
    pointer = facts.pointer
    if pointer is None or pointer.kind is not PointerKind.MISSING:
        return facts
    tree = forest.tree(facts.commit)
    folders = [folder for folder in folders_above(posixpath.dirname(pointer.path)) if tree.kind(folder) == "tree"]
    others = [posixpath.join(folder, name) for folder in folders for name in tree.names(folder) if name.endswith(".dvc")]
    files = dict.fromkeys((*list_pointer_files(pointer.path), *others[:_MOST_OTHERS]))
    causes = [replace(problem, commit=facts.commit) for file in files for problem in check_pointer_file(file, tree)]
    return replace(facts, problems=(*facts.problems, *causes)) if causes else facts


def _add_size(facts: Facts, sizes: Mapping[str, int]) -> Facts:
    """Add the size of a large file that was hashed and not copied."""
    pointer = facts.pointer
    if pointer is None or pointer.kind is not PointerKind.GIT or pointer.size is not None:
        return facts
    size = sizes.get((pointer.hash or "").removeprefix("git:"))
    return replace(facts, pointer=replace(pointer, size=size)) if size is not None else facts


def _own_problems(facts: Facts) -> Facts:
    """Leave out what is wrong with other entries of the same file: it makes nothing of this one unknown."""
    return replace(facts, problems=tuple(problem for problem in facts.problems if problem.artifact in {None, facts.artifact}))


def _pick(
    pair: Pair, facts: Sequence[Mapping[str, Facts]], sides: Sequence[DiffSide], entries: Sequence[SideEntries]
) -> tuple[Side, Side]:
    """Make the two sides of an artifact; where it is not, there is nothing, or nobody knows."""
    name = pair.after or pair.before or ""
    made: list[Side] = []
    for own, known, side, listed in zip((pair.before, pair.after), facts, sides, entries, strict=True):
        if own is not None:
            found = known[own]
        else:
            lost = _list_lost(name, listed.problems) if pair.kind is Change.UNKNOWN else ()
            found = Facts(artifact=name, commit=side.commit, problems=lost)
        made.append(_make_side(_label_head(side) if made else "base", found))
    return made[0], made[1]


def _list_lost(name: str, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """List why an entry is not known."""
    return tuple(problem for problem in problems if find_lost([name], [problem]))


def _make_side(label: str, facts: Facts) -> Side:
    """Label facts."""
    return Side(label=f"{facts.artifact} {label}", facts=facts)


def _label_head(side: DiffSide) -> str:
    """Name HEAD's side in the title of a column."""
    return side.revision.text.removeprefix("the ") if side.revision.text in {WORK_TREE, INDEX} else "head"


def _label(stage: str, holder: Assignment) -> str:
    """Name what holds a stage in the title of a column."""
    return f"{stage} {holder.version or holder.commit[:_SHORT]}"


def _run(pairs: Sequence[tuple[Side, Side]], sides: Iterable[DiffSide]) -> Iterator[tuple[Side, Side]]:
    """Add the parameters that pipelines were run with."""
    places = {side.commit: side.revision.text for side in sides if side.revision.text in {WORK_TREE, INDEX}}
    flat = add_runs([side for pair in pairs for side in pair], places)
    return zip(flat[::2], flat[1::2], strict=True)


def _hide(comparison: Comparison, sides: Iterable[DiffSide]) -> Comparison:
    """Forget the ids of commits that only this process knows."""
    own = {side.commit for side in sides if side.revision.commit is None}
    return replace(
        comparison,
        sides=tuple(
            replace(side, facts=replace(side.facts, commit="")) if side.facts.commit in own else side for side in comparison.sides
        ),
        problems=tuple(replace(problem, commit=None) if problem.commit in own else problem for problem in comparison.problems),
    )
