"""What a change does to the registry in few words: how many artifacts, the metrics that matter most, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from gitreg.core.compare_unread import list_unread
from gitreg.core.compared import Comparison, FieldRow, Kind, Row, Side, Trend, ValueRow, is_same
from gitreg.core.comparison import compare_facts
from gitreg.core.facts import Facts
from gitreg.core.problems import Severity, severity_of
from gitreg.core.registry_diff import ArtifactChange, Change, RegistryDiff
from gitreg.core.registry_diff_pairs import compare_declared
from gitreg.core.value_texts import format_change
from gitreg.core.versions import Bump
from gitreg.core.words import format_count

_ALWAYS: Final = (Change.ADDED, Change.CHANGED, Change.REMOVED)
TITLES: Final = {
    "unknown": "unknown fields",
    "pointer.kind": "kept by",
    "pointer.remote": "remote",
    "pointer.stage": "pipeline stage",
    "pointer.inside": "folder in DVC",
    "pointer.source": "imported from",
}
"""What people call rows of what decides which facts there are, where that is not the name of the field."""

_WORTH_A_VERSION: Final = frozenset({"path", "schema", "pointer.kind"})


class Headline(NamedTuple):
    """A metric that has a goal and changed: of which artifact, and how."""

    artifact: str
    row: ValueRow


class NextStep(NamedTuple):
    """What to do after the change is merged.

    Attributes:
        command: ``register`` or ``deprecate``.
        bump: the part of the version to count up; None for a first version, or for no version.
    """

    command: str
    artifact: str
    bump: Bump | None = None


def count_changes(diff: RegistryDiff) -> dict[Change, int]:
    """Count artifacts: those that were added, changed and removed always, others where there are some."""
    counts = Counter(change.kind for change in diff.artifacts)
    return {kind: counts[kind] for kind in (*_ALWAYS, Change.RENAMED, Change.UNKNOWN) if counts[kind] or kind in _ALWAYS}


def count_new(diff: RegistryDiff) -> dict[Severity, int]:
    """Count the findings that are new, the worst first; those that are none are left out."""
    counts = Counter(severity_of(finding.problem) for finding in diff.findings if finding.is_new)
    return {severity: counts[severity] for severity in Severity if counts[severity]}


def differs(diff: RegistryDiff) -> bool:
    """Say whether the registry differs, may differ, or has new errors."""
    return bool(diff.artifacts) or Severity.ERROR in count_new(diff) or is_unread(diff)


def is_unread(diff: RegistryDiff) -> bool:
    """Say whether something differs that could not be read, so that nobody knows all that changed."""
    return any(severity_of(problem) is Severity.ERROR for problem in diff.problems)


def pick_headlines(diff: RegistryDiff) -> tuple[Headline, ...]:
    """Pick the first metric that got worse, and the first that got better."""
    found: dict[Trend, Headline] = {}
    for change in diff.artifacts:
        for row in change.comparison.metrics:
            trend = row.trends[-1]
            if trend in {Trend.WORSE, Trend.BETTER} and trend is not None:
                found.setdefault(trend, Headline(change.name, row))
    return tuple(found[trend] for trend in (Trend.WORSE, Trend.BETTER) if trend in found)


def describe_headline(row: ValueRow) -> str:
    """Write what happened to a metric: ``0.83 -> 0.86 better``."""
    trend = row.trends[-1]
    return f"{format_change(row.values[0], row.values[-1], None)}{f' {trend.value}' if trend is not None else ''}"


def choose_next(change: ArtifactChange) -> NextStep | None:
    """Choose what to do after the change is merged: nothing where no version would be another one, or one is there already.

    A change of the schema that breaks callers makes a major version, other bytes or values a minor one, and what is only said of
    the artifact a patch.
    """
    match change.kind:
        case Change.UNKNOWN:
            return None
        case _ if change.state is None:  # nobody here knows which versions there are
            return None
        case Change.REMOVED:
            return NextStep("deprecate", change.name) if any(version.active for version in change.state.versions) else None
        case _ if change.registered is not None:
            return None
        case Change.ADDED | Change.RENAMED:  # under a new name the versions begin anew
            return NextStep("register", change.name)
        case _:
            bump = _choose_bump(change.comparison, change.declared)
            return None if bump is None else NextStep("register", change.name, bump if change.state.versions else None)


def find_registered(change: ArtifactChange, facts: Facts, latest: Facts) -> str | None:
    """Find the active version that has what is on HEAD's side already; None where nobody knows of one.

    Args:
        change: with its state.
        facts: of HEAD's side.
        latest: of the greatest version.
    """
    versions = change.state.versions if change.state is not None else ()
    here = next((version.version for version in versions if version.active and version.commit == facts.commit), None)
    if here is not None or change.state is None:
        return here
    comparison = compare_facts([Side(label="", facts=latest), Side(label="", facts=facts)])
    is_known = comparison.same_bytes == (True,) and _choose_bump(comparison, compare_declared(latest, facts)) is None
    return change.state.latest if is_known and not list_unread(latest) and not list_unread(facts) else None


def _choose_bump(comparison: Comparison, declared: Iterable[FieldRow]) -> Bump | None:
    """Choose the part of the version to count up; None where a version would have nothing new."""
    if any(found.breaking for changes in comparison.schema for found in changes):
        return Bump.MAJOR
    names = {row.name for row in declared}
    rows: list[Row] = [*comparison.data]
    for name, values in (("metrics", comparison.metrics), ("params", comparison.params)):
        # where the entry names other files, they may have been there all along: then only what is on both sides tells
        rows += [row for row in values if name not in names or Kind.CHANGED in row.kinds]
    if False in comparison.same_bytes or names & _WORTH_A_VERSION or not all(map(is_same, rows)):
        return Bump.MINOR
    return None if all(map(is_same, comparison.fields)) else Bump.PATCH


def sort_changes(changes: Iterable[ArtifactChange]) -> tuple[ArtifactChange, ...]:
    """Order artifacts by name; those of which only packages differ, which a whole repository may share, last."""
    return tuple(sorted(changes, key=lambda change: (has_packages_alone(change), change.name)))


def has_packages_alone(change: ArtifactChange) -> bool:
    """Say whether nothing differs but packages, which say nothing of the artifact itself."""
    if change.kind is not Change.CHANGED:
        return False
    comparison = change.comparison
    rows: tuple[Row, ...] = (*comparison.metrics, *comparison.params, *comparison.data, *comparison.fields, *change.declared)
    return all(map(is_same, rows)) and not any(comparison.schema) and False not in comparison.same_bytes


def list_topics(change: ArtifactChange) -> tuple[str, ...]:
    """List in a few words each what differs of an artifact: ``bytes``, ``2 metrics``, ``labels``."""
    comparison = change.comparison
    topics = ["bytes"] if False in comparison.same_bytes else []
    counted: tuple[tuple[tuple[object, ...], str, str], ...] = (
        (tuple(row for row in comparison.metrics if not is_same(row)), "metric", "metrics"),
        (tuple(row for row in comparison.params if not is_same(row)), "parameter", "parameters"),
        (tuple(row for row in comparison.data if not is_same(row)), "data file", "data files"),
        (tuple(row for row in comparison.packages if not is_same(row)), "package", "packages"),
    )
    topics += [format_count(len(rows), noun, plural) for rows, noun, plural in counted if rows]
    names = [TITLES.get(row.name, row.name) for row in (*comparison.fields, *change.declared) if not is_same(row)]
    return (*topics, *dict.fromkeys(names))
