"""What a comparison could say if entries said more: of metrics that nobody names, and of goals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gitreg.core.compare_rows import tells_data
from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import Kind, ValueRow
from gitreg.core.entries import DATASET, PointerKind
from gitreg.core.facts import Facts
from gitreg.core.goals import describe_idle, find_idle_goals


def list_hints(facts: Sequence[Facts], metrics: Iterable[ValueRow]) -> tuple[str, ...]:
    """List what a person could add, a sentence each.

    Args:
        facts: of each side.
        metrics: their rows.
    """
    return tuple(dict.fromkeys([*(hint for one in facts for hint in _hint_at_side(one)), *_hint_at_goals(facts, metrics)]))


def _hint_at_side(facts: Facts) -> Iterator[str]:
    """Say of one side what its entry lacks; of what could not be read nobody knows."""
    entry = facts.entry
    if entry is None or list_unread(facts):
        return
    for goal in find_idle_goals(entry.goals, facts.metrics):
        yield describe_idle(goal, facts.artifact)
    if not (facts.metrics or entry.metrics or tells_data(facts) or facts.run or entry.type == DATASET):
        where = f"list their files under 'metrics' of its entry in {entry.file}"
        # of bytes that are in git nothing says whether a pipeline makes them: its outs may be kept there
        may_be_made = facts.pointer is not None and facts.pointer.kind in {PointerKind.GIT, PointerKind.LFS}
        why = "" if may_be_made else ", and no pipeline is known to make it"
        yield f"{facts.artifact!r} names no metrics{why}: {where}"


def _hint_at_goals(facts: Iterable[Facts], metrics: Iterable[ValueRow]) -> Iterator[str]:
    """Say, where nobody has a goal, how to say which way a metric is better."""
    changed = next((row for row in metrics if Kind.CHANGED in row.kinds), None)
    if changed is not None and not any(one.entry.goals for one in facts if one.entry is not None):
        yield f"nobody says which way a metric is better: write it into the entry, such as goals: {{{changed.label}: higher}}"
