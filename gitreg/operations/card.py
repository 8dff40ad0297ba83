"""`card`: what a page about a version says."""

from __future__ import annotations

from gitreg.core.compare_values import compare_metrics, merge_goals
from gitreg.core.fact_sources import makes, related_stages
from gitreg.core.facts import Facts
from gitreg.core.model_cards import ModelCard, order_stages
from gitreg.core.pipelines import Pipeline, Stage
from gitreg.core.problems import Problem
from gitreg.core.selectors import Selector, parse_selector
from gitreg.core.state import Assignment
from gitreg.errors import SyntaxFault
from gitreg.operations.context import Context
from gitreg.operations.load_entries import entry_path
from gitreg.operations.load_facts import EVERYTHING, Place, Wanted, load_facts
from gitreg.operations.load_pipelines import load_pipelines
from gitreg.operations.show import choose_time
from gitreg.operations.trace_tags import Registered, Target, find_previous, find_target


def load_card(context: Context, selector: Selector, *, at: str | None, fetched: bool = False) -> ModelCard:
    """Find out what a page about a version says.

    Raises:
        UsageFault: the selector names an artifact alone.
        NotFound: it stands for nothing.
        Unanswerable: this clone may lack tags.
    """
    registered = Registered(context, at=choose_time(context, at), fetched=fetched)
    target = find_target(context, registered, selector, at=at, fetched=fetched)
    previous = find_previous(target)
    name = target.artifact.name
    facts = next(facts for _, facts in load_facts(context, [Place(name, target.commit)], EVERYTHING))
    sides = [facts]
    if previous is not None:
        before = load_facts(context, [Place(name, previous.commit)], Wanted(metrics=True))
        sides = [*(found for _, found in before), facts]
    pipelines, problems = load_pipelines(context.repository.objects, target.commit)
    mirror = context.repository.mirror
    return ModelCard(
        artifact=name,
        version=target.version,
        commit=target.commit,
        facts=facts,
        deprecated=target.artifact.deprecated,
        held=_list_held(target),
        previous=previous,
        metrics=compare_metrics(sides, merge_goals([facts.entry])),
        stages=list_making_stages(facts, pipelines),
        address=mirror.address.shown if mirror is not None else None,
        base_is_registered=_is_registered(registered, facts),
        problems=_leave_out((*facts.problems, *problems)),
    )


def _leave_out(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Leave out what is said twice: a file may be read for the artifact, and once more for all pipelines."""
    return tuple({(problem.code, problem.file, problem.message): problem for problem in reversed(problems)}.values())[::-1]


def list_making_stages(facts: Facts, pipelines: tuple[Pipeline, ...]) -> tuple[Stage, ...]:
    """List the stages that make and measure an artifact, in an order in which they can be run; none where none makes it."""
    path = entry_path(facts.entry) if facts.entry is not None and facts.entry.path is not None else None
    own = tuple(pipeline for pipeline in pipelines if not pipeline.file.endswith(".dvc"))
    return order_stages(related_stages(path, own)) if makes(path, own) else ()


def _list_held(target: Target) -> tuple[Assignment, ...]:
    """List the stages that a version, or a bare commit, holds now."""
    holders = [stack[0] for stack in target.artifact.stages.values() if stack]
    wanted = (target.version.version if target.version else None), target.commit
    return tuple(held for held in holders if (held.version, held.commit) == wanted)


def _is_registered(registered: Registered, facts: Facts) -> bool:
    """Say whether the entry says that a version was made from an artifact of this registry."""
    base = facts.entry.base if facts.entry is not None else None
    if base is None:
        return False
    try:
        name = parse_selector(base).artifact
    except SyntaxFault:
        return False
    return registered.artifact(name).updated_at is not None
