"""Trends: how metrics of an artifact moved from version to version."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gitreg.core.facts import Facts, Missing, find_agreed, merge_values
from gitreg.core.pipelines import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One metric over versions.

    Attributes:
        goal: ``higher`` or ``lower`` is better; None: nobody says.
        values: one for each version, in the order of these.
    """

    name: str
    goal: str | None
    values: tuple[Value | Missing, ...]

    @property
    def numbers(self) -> tuple[float | None, ...]:
        """The values that are finite numbers; None in place of others."""
        return tuple(map(_to_number, self.values))

    @property
    def best(self) -> int | None:
        """The index of the best value; the first one of several, and None where nobody says what is good."""
        known = [(number, index) for index, number in enumerate(self.numbers) if number is not None]
        if self.goal not in {"higher", "lower"} or not known:
            return None
        sign = -1 if self.goal == "higher" else 1
        return min(known, key=lambda found: (sign * found[0], found[1]))[1]


def list_metric_names(facts: Iterable[Facts]) -> tuple[str, ...]:
    """List the names of all metrics, those of the first facts first; where two files have one, with the file in front."""
    return tuple(dict.fromkeys(name for known in facts for name in merge_values(known.metrics)))


def list_trends(names: Sequence[str], facts: Sequence[Facts], goals: Mapping[str, str]) -> tuple[Trend, ...]:
    """Follow metrics through versions.

    Args:
        names: dotted names, or ``FILE:NAME``; one that stands for different values in a version has no value there.
        facts: of each version.
        goals: of the entry.
    """
    return tuple(
        Trend(
            name=name,
            goal=goals.get(name) or goals.get(name.rpartition(":")[2]),
            values=tuple(find_agreed(known.metrics, name) for known in facts),
        )
        for name in names
    )


def _to_number(value: Value | Missing) -> float | None:
    """Take a finite number; true and false are none, and neither is what no float can hold."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
