"""Model cards: what a page about one version says."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gitreg.core.compared import ValueRow
from gitreg.core.entries import Entry
from gitreg.core.fact_sources import Places
from gitreg.core.facts import Facts
from gitreg.core.pipelines import Stage
from gitreg.core.problems import Problem
from gitreg.core.state import Assignment, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What is known of a version.

    Attributes:
        version: None for a bare commit that holds a stage.
        deprecated: whether the artifact is no longer of use.
        held: the stages that it holds now.
        previous: the version before it.
        metrics: a row for each; where there is a version before, with two values, of which the first is that of the one before.
        stages: of the pipeline that makes it, in an order in which they can be run.
        address: of the repository, without secrets; None where it was read in a clone.
        base_is_registered: whether what the entry says it was made from is an artifact of this registry.
    """

    artifact: str
    version: Version | None
    commit: str
    facts: Facts
    deprecated: bool = False
    held: tuple[Assignment, ...] = ()
    previous: Version | None = None
    metrics: tuple[ValueRow, ...] = ()
    stages: tuple[Stage, ...] = ()
    address: str | None = None
    base_is_registered: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def entry(self) -> Entry | None:
        """What the files of the commit say of the artifact."""
        return self.facts.entry


@dataclass(frozen=True, slots=True)
class Signature:
    """An input or output; empty texts where nothing says so."""

    name: str
    type: str
    shape: str


def list_signatures(entry: Entry | None, side: str) -> tuple[Signature, ...]:
    """List the inputs or outputs that an entry names; what is no mapping is left out.

    Args:
        entry: of the artifact.
        side: ``inputs`` or ``outputs``.
    """
    listed = entry.schema.get(side) if entry is not None else None
    return tuple(_read_signatures(listed)) if isinstance(listed, list | tuple) else ()


def _read_signatures(listed: list[object] | tuple[object, ...]) -> Iterator[Signature]:
    """Read inputs or outputs."""
    for item in listed:
        if isinstance(item, Mapping):
            shape = item.get("shape")
            sizes = ", ".join("?" if size is None else str(size) for size in shape) if isinstance(shape, list | tuple) else ""
            yield Signature(str(item.get("name", "")), str(item.get("type", "")), f"({sizes})" if sizes else "")


def order_stages(stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Put pipeline stages into an order in which they can be run: each behind those whose outs it reads.

    Where they read each other in a circle, those of the circle come last, as they are.
    """
    makers = Places((out.path, number) for number, stage in enumerate(stages) for out in stage.outs)
    needed = [
        set[int]().union(*(makers.meeting(dep.path) for dep in stage.deps)) - {number} for number, stage in enumerate(stages)
    ]
    readers: dict[int, list[int]] = {}
    for number, others in enumerate(needed):
        for other in others:
            readers.setdefault(other, []).append(number)
    left = [len(others) for others in needed]
    ready = deque(number for number, count in enumerate(left) if not count)
    ordered: dict[int, None] = {}
    while ready:
        number = ready.popleft()
        ordered[number] = None
        for reader in readers.get(number, ()):
            left[reader] -= 1
            if not left[reader]:
                ready.append(reader)
    return tuple(stages[number] for number in (*ordered, *(number for number in range(len(stages)) if number not in ordered)))
