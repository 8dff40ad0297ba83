"""Which pipeline stages make a version again: those that lead to it, and of those that measure it the ones that can be run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from gitreg.core.fact_sources import Places, leading_stages, related_stages
from gitreg.core.model_cards import order_stages
from gitreg.core.pipelines import Pipeline, Stage

_MOST_NAMED: Final = 5


class Choice(NamedTuple):
    """The pipeline stages that are run again, and those that are not.

    Attributes:
        stages: those that make an artifact, and measure it, in an order in which they can be run.
        left_out: stages that start from what these make, too, each with a path that it reads and nobody here makes.
    """

    stages: tuple[Stage, ...] = ()
    left_out: tuple[tuple[Stage, str], ...] = ()


def choose_stages(path: str | None, pipelines: Sequence[Pipeline], is_there: Callable[[str], bool]) -> Choice:
    """Choose the stages that make a path, and of those that measure it the ones that need nothing of any other stage.

    DVC runs a stage only after all that it reads from, so one that compares several models needs what made each of them.

    Args:
        path: from the root of the repository; None: of nothing.
        pipelines: those that may make it.
        is_there: says whether something that no stage makes is known at the commit.
    """
    stages = [stage for pipeline in pipelines for stage in pipeline.stages]
    makers = Places((out.path, number) for number, stage in enumerate(stages) for out in stage.outs)
    numbers = {(stage.file, stage.name): number for number, stage in enumerate(stages)}
    making = {numbers[stage.file, stage.name] for stage in leading_stages(path, stages)}
    chosen, left_out = set(making), []
    for stage in order_stages(related_stages(path, pipelines)) if making else ():
        number = numbers[stage.file, stage.name]
        needed = {dep.path: makers.meeting(dep.path) - {number} for dep in stage.deps}
        lacking = [needs for needs, found in needed.items() if not (found <= chosen if found else is_there(needs))]
        if number not in chosen and lacking:
            left_out.append((stage, lacking[0]))
        else:
            chosen.add(number)
    return Choice(order_stages(tuple(stages[number] for number in sorted(chosen))), tuple(left_out))


def describe_left_out(choice: Choice) -> tuple[str, ...]:
    """Say which stages are not run again, if any."""
    if not choice.left_out:
        return ()
    told = [f"{stage.name!r} ({path})" for stage, path in choice.left_out[:_MOST_NAMED]]
    more = ", ..." * (len(choice.left_out) > _MOST_NAMED)
    return (f"not run again, since they read what is not made here: {', '.join(told)}{more}",)
