"""Goals: which way a metric is better, as an entry says it, and whether there is such a metric."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from gitreg.core.pipelines import Table


class IdleGoal(NamedTuple):
    """A goal that is of no metric, and the metric that may be meant; None where none is like it."""

    name: str
    meant: str | None


def find_idle_goals(goals: Mapping[str, str], metrics: Table) -> list[IdleGoal]:
    """Find the goals that are of no metric.

    Args:
        goals: ``higher`` or ``lower`` by name, or by ``FILE:NAME``.
        metrics: values by name, by file; where there are none, nobody knows what goals are of.
    """
    names = {name for values in metrics.values() for name in values}
    known = names | {f"{file}:{name}" for file, values in metrics.items() for name in values}
    return [IdleGoal(goal, _guess(goal, names - goals.keys())) for goal in goals if names and goal not in known]


def describe_idle(goal: IdleGoal, artifact: str) -> str:
    """Say that a goal counts for nothing."""
    return f"goal {goal.name!r} of {artifact!r} is of no metric" + (f": did you mean {goal.meant!r}?" if goal.meant else "")


def _guess(goal: str, names: Iterable[str]) -> str | None:
    """Guess which metric is meant: one that ends like it, or one that is written nearly like it."""
    known = sorted(names)
    last = goal.rpartition(":")[2].rpartition(".")[2].casefold()
    alike = [name for name in known if name.rpartition(".")[2].casefold() == last]
    return next(iter([*alike, *get_close_matches(goal, known, n=1)]), None)
