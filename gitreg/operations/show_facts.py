"""What `show` says of metrics and parameters: it is loaded for what is shown, and only if it is wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from gitreg.core.compare_values import may_have_metric
from gitreg.core.facts import Facts, Missing, find_agreed, name_apart
from gitreg.core.pipelines import Value
from gitreg.core.problems import Problem
from gitreg.core.selectors import Selector
from gitreg.core.state import Artifact, Version, find_version
from gitreg.core.trends import list_metric_names
from gitreg.core.views import ArtifactDetail, ArtifactView, Overview, VersionDetail, View
from gitreg.errors import Unanswerable, UsageFault
from gitreg.operations.context import Context
from gitreg.operations.load_facts import Place, Wanted, load_facts
from gitreg.operations.show import load_artifact, select, show_version

_SHOWN = Wanted(metrics=True, params=True)


def add_facts(context: Context, view: View, names: Sequence[str]) -> View:
    """Add what files of versions say to a view.

    Args:
        context: where.
        view: of a version; then all is added; or another one.
        names: the metrics to show; none: all of the artifact.

    Raises:
        UsageFault: all metrics of all artifacts are asked for.
    """
    match view:
        case VersionDetail():
            return replace(view, facts=_load_leniently(context, Place(view.artifact, view.commit)))
        case ArtifactDetail():
            return _add_trends(context, view, names)
        case Overview() if names:
            return _add_columns(context, view, names)
        case _:
            message = "--metrics shows those of one artifact"
            raise UsageFault(message, hint="name it, or a metric: gitreg show --metric NAME")


def _add_columns(context: Context, overview: Overview, names: Sequence[str]) -> Overview:
    """Add metrics to the artifacts of an overview: those of the newest active version of each."""
    latest = {view.artifact.name: found for view in overview.artifacts if (found := _latest(view.artifact))}
    versions = sorted(latest.values(), key=_registered_at)
    places = [Place(version.artifact, version.commit) for version in versions]
    loaded = {place.artifact: facts for place, facts in load_facts(context, places, Wanted(metrics=True))}
    columns = name_apart(names, [facts.metrics for facts in loaded.values()])
    artifacts = tuple(_fill_in(view, loaded.get(view.artifact.name), columns) for view in overview.artifacts)
    problems = tuple(
        replace(problem, artifact=facts.artifact, commit=facts.commit) for facts in loaded.values() for problem in facts.problems
    )
    return replace(overview, artifacts=artifacts, metrics=columns, unread=problems)


def _fill_in(view: ArtifactView, facts: Facts | None, names: Sequence[str]) -> ArtifactView:
    """Add the metrics of an artifact, and say which of them may be in a file that could not be read."""
    metrics = _choose(facts, names)
    missing = tuple(name for name in names if name not in metrics)
    if facts is None or not missing or not facts.problems:
        return replace(view, metrics=metrics)
    unread = {
        problem.file for problem in facts.problems if problem.code == "GR401" and problem.file
    }  # of metrics: no others are read
    return replace(view, metrics=metrics, unknown=missing if may_have_metric(facts, unread) else ())


def _add_trends(context: Context, detail: ArtifactDetail, names: Sequence[str]) -> ArtifactDetail:
    """Add the facts of each version to an artifact; without names, all metrics are to be shown."""
    name = detail.artifact.name
    loaded = _load_all(context, name, detail.versions, _SHOWN)
    goals = detail.entry.goals if detail.entry is not None else {}
    wanted = names or _put_first(list_metric_names(loaded.values()), goals)
    columns = name_apart(wanted, [facts.metrics for facts in loaded.values()])
    return replace(detail, facts=loaded, metrics=columns)


def _put_first(names: Iterable[str], goals: Collection[str]) -> list[str]:
    """Put the metrics first that somebody has a goal for: a terminal may have no room for all."""
    return sorted(names, key=lambda name: name not in goals and name.rpartition(":")[2] not in goals)


def find_facts(context: Context, selector: Selector, wanted: Wanted, *, at: str | None, fetched: bool) -> Facts:
    """Find the facts of what a selector of a version or a stage stands for.

    Raises:
        NotFound: it stands for nothing.
    """
    found = show_version(context, selector, at=at, fetched=fetched)
    return _load(context, Place(found.artifact, found.commit), wanted)


def find_all_facts(context: Context, artifact: str, wanted: Wanted, *, everything: bool, fetched: bool) -> dict[str, Facts]:
    """Find the facts of all versions of an artifact, greatest version first.

    Raises:
        NotFound: it has no events.
    """
    state, _ = load_artifact(context, artifact, at=None, fetched=fetched)
    if state.updated_at is None:
        select(context, state, Selector(artifact, version="latest"), at=None, fetched=fetched)
    return _load_all(context, artifact, [version for version in state.versions if version.active or everything], wanted)


def _load_all(context: Context, artifact: str, versions: Sequence[Version], wanted: Wanted) -> dict[str, Facts]:
    """Load the facts of versions of an artifact, by version."""
    places = [Place(artifact, version.commit) for version in sorted(versions, key=_registered_at)]
    loaded = dict(load_facts(context, places, wanted))
    return {version.version: loaded[Place(artifact, version.commit)] for version in versions}


def _load_leniently(context: Context, place: Place) -> Facts:
    """Load the facts of one artifact at one commit; that a partial clone lacks their files is no reason to show nothing else."""
    try:
        return _load(context, place, _SHOWN)
    except Unanswerable as error:
        problem = Problem(code="GR401", message=error.message, file="metrics", commit=place.commit, hint=error.hint)
        return Facts(artifact=place.artifact, commit=place.commit, problems=(problem,))


def _load(context: Context, place: Place, wanted: Wanted) -> Facts:
    """Load the facts of one artifact at one commit."""
    return next(facts for _, facts in load_facts(context, [place], wanted))


def _latest(artifact: Artifact) -> Version | None:
    """Find the newest active version."""
    return find_version(artifact, artifact.latest) if artifact.latest else None


def _choose(facts: Facts | None, names: Sequence[str]) -> dict[str, Value]:
    """Choose metrics by name."""
    found = {name: find_agreed(facts.metrics, name) for name in names} if facts else {}
    return {name: value for name, value in found.items() if not isinstance(value, Missing)}


def _registered_at(version: Version) -> int:
    """Sort by time: commits that follow one another share most of their files."""
    return version.registered_at
