"""`show` and `stages`: the registry, an artifact, a version, now or at a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gitreg.core.problems import Problem
from gitreg.core.query_absent import guess
from gitreg.core.reduce import reduce_artifact, reduce_events
from gitreg.core.select import choose_version, no_artifact, no_version_of, require_holder, was_not_there
from gitreg.core.selectors import Selector
from gitreg.core.state import Artifact, Assignment, Version, find_holder, find_version
from gitreg.core.views import ArtifactDetail, ArtifactView, Overview, Sort, StageView, VersionDetail
from gitreg.errors import NotFound
from gitreg.operations.context import Context, read_lenient_settings
from gitreg.operations.load_entries import load_entries, load_entry, load_pointer
from gitreg.operations.load_tags import load_tags
from gitreg.operations.moment import Moment, find_moment, find_time, head_commit
from gitreg.operations.names import list_tagged
from gitreg.operations.wholeness import require_whole, require_whole_to_deny


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which artifacts `show` lists.

    Attributes:
        everything: those that are deprecated too, and versions that are not active.
        labels: all of them must be there.
        stage: it must be held.
    """

    everything: bool = False
    type: str | None = None
    labels: Sequence[str] = ()
    stage: str | None = None
    sort: Sort = Sort.NAME


def show_overview(context: Context, *, at: str | None, wanted: Filter, fetched: bool = False) -> Overview:
    """Show all artifacts that have events or entries."""
    repository = context.repository
    if not fetched:
        require_whole(repository.location)
    moment = choose_moment(context, at)
    tags = load_tags(repository, at=None if at is None else moment.at)
    state = reduce_events(tags.events)
    entries, problems = load_entries(repository.objects, moment.commit)
    names = sorted({*state.artifacts, *entries})
    views = [ArtifactView(state.artifacts.get(name) or Artifact(name=name), entries.get(name)) for name in names]
    return Overview(
        artifacts=tuple(_sort([view for view in views if _matches(view, wanted)], wanted.sort)),
        stages=_columns(context, state.artifacts.values()),
        problems=(*tags.problems, *state.problems, *problems),
        total=len(views),
        absent=tuple(_find_absent(views, wanted)),
    )


def _find_absent(views: Sequence[ArtifactView], wanted: Filter) -> Iterator[tuple[str, str]]:
    """Say which kinds are asked for that no artifact has, and what may have been meant."""
    entries = [view.entry for view in views if view.entry is not None]
    kinds = {
        "type": ([wanted.type] if wanted.type else [], {entry.type for entry in entries if entry.type}),
        "label": (wanted.labels, {label for entry in entries for label in entry.labels}),
        "stage": ([wanted.stage] if wanted.stage else [], {stage for view in views for stage in view.artifact.stages}),
    }
    for kind, (asked, known) in kinds.items():
        for text in asked:
            if text not in known:
                meant = guess(text, known)
                yield f"no artifact has a {kind} {text!r}", f"did you mean {' or '.join(meant)}?" if meant else ""


def show_artifact(context: Context, name: str, *, at: str | None, everything: bool, fetched: bool = False) -> ArtifactDetail:
    """Show one artifact with its versions.

    Raises:
        NotFound: it has neither events nor an entry.
    """
    moment = choose_moment(context, at)
    artifact, problems = load_artifact(context, name, at=None if at is None else moment.at, fetched=fetched)
    objects = context.repository.objects
    entry, found = load_entry(objects, moment.commit, name) if moment.commit else (None, [])
    if artifact.updated_at is None and entry is None:
        deny(context, no_artifact(name, load_entries(objects, moment.commit)[0], then=at is not None), fetched=fetched)
    pointer = load_pointer(objects, moment.commit, entry) if moment.commit else None
    versions = tuple(version for version in artifact.versions if version.active or everything)
    return ArtifactDetail(
        artifact=artifact,
        entry=entry,
        versions=versions,
        commit=moment.commit,
        pointer=pointer,
        problems=(*problems, *found),
    )


def show_version(context: Context, selector: Selector, *, at: str | None, fetched: bool = False) -> VersionDetail:
    """Show what a selector of a version or a stage stands for.

    Raises:
        NotFound: it stands for nothing.
    """
    artifact, problems = load_artifact(context, selector.artifact, at=choose_time(context, at), fetched=fetched)
    version, holder = select(context, artifact, selector, at=at, fetched=fetched)
    commit = version.commit if version else holder.commit if holder else ""
    objects = context.repository.objects
    entry, found = load_entry(objects, commit, artifact.name)
    return VersionDetail(
        artifact=artifact.name,
        commit=commit,
        version=version,
        assignment=holder,
        entry=entry,
        pointer=load_pointer(objects, commit, entry),
        problems=(*problems, *found),
    )


def show_stages(context: Context, *, at: str | None, fetched: bool = False) -> tuple[StageView, ...]:
    """Show all stages with their current holders: those of the settings in their order, then all others, sorted."""
    if not fetched:
        require_whole(context.repository.location)
    state = reduce_events(load_tags(context.repository, at=choose_time(context, at)).events)
    artifacts = list(state.artifacts.values())
    stages = _columns(context, artifacts)
    return tuple(StageView(stage, tuple(_holders(artifacts, stage))) for stage in stages)


def load_artifact(context: Context, name: str, *, at: int | None, fetched: bool) -> tuple[Artifact, list[Problem]]:
    """Read the state of one artifact, now or at a time; an artifact that nobody knows is empty."""
    if not fetched:
        require_whole(context.repository.location)
    tags = load_tags(context.repository, name, at=at)
    artifact, problems = reduce_artifact(name, tags.events)
    return artifact, [*tags.problems, *problems]


def select(
    context: Context, artifact: Artifact, selector: Selector, *, at: str | None, fetched: bool
) -> tuple[Version | None, Assignment | None]:
    """Find the version, or the holder of the stage and its version, that a selector stands for.

    Raises:
        NotFound: there is none.
        Unanswerable: there is none here, but this clone may lack it.
    """
    try:
        if selector.stage is None:
            return choose_version(artifact, selector.version or ""), None
        holder = require_holder(artifact, selector.stage)
        return (find_version(artifact, holder.version) if holder.version else None), holder
    except NotFound as error:
        if at is not None:
            deny(context, was_not_there(artifact, selector), fetched=fetched)
        known = artifact.updated_at is not None
        names = list_tagged(context) if not known else ()
        deny(context, error if known else no_version_of(artifact.name, names), fetched=fetched)
        raise


def deny(context: Context, denial: NotFound, *, fetched: bool) -> None:
    """Say "there is none", if this clone can know.

    Raises:
        NotFound: the denial.
        Unanswerable: tags may be missing.
    """
    if not fetched:
        require_whole_to_deny(context.repository.location, denial)
    raise denial


def choose_moment(context: Context, at: str | None) -> Moment:
    """Find the moment asked for; without one, the commit of HEAD and no limit in time."""
    objects = context.repository.objects
    return Moment(0, head_commit(objects)) if at is None else find_moment(objects, at)


def choose_time(context: Context, at: str | None) -> int | None:
    """Find the time asked for, or None: now."""
    return None if at is None else find_time(context.repository.objects, at)


def _matches(view: ArtifactView, wanted: Filter) -> bool:
    """Say whether an artifact passes the filter."""
    entry = view.entry
    if view.artifact.deprecated and not wanted.everything:
        return False
    if wanted.type is not None and (entry is None or entry.type != wanted.type):
        return False
    if not set(wanted.labels) <= set(entry.labels if entry else ()):
        return False
    return wanted.stage is None or find_holder(view.artifact, wanted.stage) is not None


def _sort(views: list[ArtifactView], sort: Sort) -> list[ArtifactView]:
    """Sort by name, or by the time of the last event, youngest first."""
    if sort is Sort.NAME:
        return views
    return sorted(views, key=lambda view: (-(view.artifact.updated_at or 0), view.artifact.name))


def _columns(context: Context, artifacts: Iterable[Artifact]) -> tuple[str, ...]:
    """List the stages: those of the settings in their order, then all others that are held, sorted."""
    listed = read_lenient_settings(context).stages or ()
    held = {stage for artifact in artifacts for stage in artifact.stages}
    return (*listed, *sorted(held - set(listed)))


def _holders(artifacts: Iterable[Artifact], stage: str) -> Iterable[Assignment]:
    """Pick the current holder of a stage from each artifact."""
    return (holder for artifact in artifacts if (holder := find_holder(artifact, stage)))
