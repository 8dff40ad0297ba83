"""Comparing: facts of several commits, side by side.

Laws: sides that are equal differ in nothing; to swap two sides turns added into removed and better into worse; the order in which
a file lists things does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gitreg.core.compare_hints import list_hints
from gitreg.core.compare_rows import compare_data, compare_fields, compare_hashes, compare_packages
from gitreg.core.compare_runs import compare_made, compare_runs, compare_written
from gitreg.core.compare_values import compare_metrics, merge_goals
from gitreg.core.compared import Comparison, Side
from gitreg.core.drift import STALE
from gitreg.core.facts import Facts
from gitreg.core.importance import find_important
from gitreg.core.problems import Problem
from gitreg.core.schema_changes import SchemaChange, compare_schemas


def compare_facts(sides: Sequence[Side]) -> Comparison:
    """Compare sides with the first of them.

    Args:
        sides: two or more; with one there is nothing to compare, and all rows are the same.
    """
    facts = [side.facts for side in sides]
    goals = merge_goals(one.entry for one in facts)
    metrics = compare_metrics(facts, goals)
    comparison = Comparison(
        sides=tuple(sides),
        metrics=metrics,
        params=(*compare_written(facts), *compare_runs(sides)),
        made=compare_made(sides),
        schema=tuple(_compare_schemas(facts[0], one) for one in facts[1:]),
        data=compare_data(facts),
        packages=compare_packages(facts),
        fields=compare_fields(facts),
        pointers=tuple(one.pointer for one in facts),
        same_bytes=tuple(_compare_bytes(facts[0], one) for one in facts[1:]),
        problems=tuple(dict.fromkeys(_place_problems(facts))),
        hints=list_hints(facts, metrics),
        notes=tuple(dict.fromkeys(f"{side.label}: {note}" for side in sides for note in side.notes)),
    )
    return replace(comparison, important=find_important(comparison))


def _compare_schemas(one: Facts, other: Facts) -> tuple[SchemaChange, ...]:
    """Compare what two entries say of inputs and outputs, where there are two."""
    return () if one.entry is None or other.entry is None else compare_schemas(one.entry.schema, other.entry.schema)


def _compare_bytes(one: Facts, other: Facts) -> bool | None:
    """Say whether two sides have the same bytes: those of one artifact at one commit are, whatever is known of them."""
    if (one.artifact, one.commit) == (other.artifact, other.commit):
        return True
    if one.pointer is None or other.pointer is None:
        return None
    same = compare_hashes(one.pointer.hash, other.pointer.hash)
    sizes = {one.pointer.size, other.pointer.size}
    return False if same is None and None not in sizes and len(sizes) > 1 else same


def _place_problems(facts: Sequence[Facts]) -> Iterator[Problem]:
    """List all problems, each with the commit that has it; of pipelines that were not run again the notes of a side tell."""
    for one in facts:
        for problem in (problem for problem in one.problems if problem.code != STALE):
            yield problem if problem.commit is not None else replace(problem, commit=one.commit)
