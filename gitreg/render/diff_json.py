"""What `diff` found, as JSON."""

from __future__ import annotations

from gitreg.core.compared import Comparison
from gitreg.core.registry_diff import ArtifactChange, Finding, Held, RegistryDiff, Revision
from gitreg.core.registry_diff_summary import choose_next, count_changes, differs
from gitreg.core.state import Artifact
from gitreg.render.comparison_json import shape_code, shape_comparison
from gitreg.render.diff import format_verdict
from gitreg.render.diff_words import format_step
from gitreg.render.json_values import Shape, shape_holder, shape_plain, shape_problem


def shape_diff(diff: RegistryDiff) -> Shape:
    """Shape what `diff` answers."""
    return {
        "verdict": format_verdict(diff),
        "differs": differs(diff),
        "base": _shape_revision(diff.base),
        "head": _shape_revision(diff.head),
        "against": diff.stage,
        "counts": {kind.value: count for kind, count in count_changes(diff).items()},
        "artifacts": [_shape_change(change) for change in diff.artifacts],
        "code": shape_code(diff.code),
        "findings": [_shape_finding(finding) for finding in diff.findings],
        "problems": [shape_problem(problem) for problem in diff.problems],
        "notes": [*diff.unknown, *diff.notes],
    }


def _shape_revision(revision: Revision) -> Shape:
    """Shape a side."""
    return {"revision": revision.text, "commit": revision.commit, "reason": revision.how or None}


def _shape_change(change: ArtifactChange) -> Shape:
    """Shape an artifact."""
    step = choose_next(change)
    return {
        "name": change.name,
        "change": change.kind.value,
        "before": change.before,
        "after": change.after,
        "comparison": _shape_comparison(change.comparison),
        "declared": [
            {
                "field": row.name,
                "values": [shape_plain(value) for value in row.values],
                "changes": [{"kind": kind.value} for kind in row.kinds],
            }
            for row in change.declared
        ],
        "state": None if change.state is None else _shape_state(change.state),
        "held": None if change.held is None else _shape_held(change.held),
        "next": None if step is None else format_step(step),
    }


def _shape_comparison(comparison: Comparison) -> Shape:
    """Shape a comparison, of which a side may be no commit."""
    shape = shape_comparison(comparison)
    return {**shape, "sides": [{**side, "commit": side["commit"] or None} for side in shape["sides"]]}


def _shape_state(state: Artifact) -> Shape:
    """Shape which versions an artifact has by the registry's tags."""
    return {
        "name": state.name,
        "latest": state.latest,
        "deprecated": state.deprecated,
        "stages": {stage: shape_holder(stack[0]) for stage, stack in state.stages.items() if stack},
    }


def _shape_held(held: Held) -> Shape:
    """Shape what holds the stage that was asked for; nulls where nothing does."""
    return {
        "stage": held.stage,
        "version": held.version,
        "commit": held.commit,
        "comparison": None if held.comparison is None else _shape_comparison(held.comparison),
    }


def _shape_finding(finding: Finding) -> Shape:
    """Shape a finding of `check`."""
    return {**shape_problem(finding.problem), "new": finding.is_new}
