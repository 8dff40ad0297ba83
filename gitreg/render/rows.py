"""Lists as tables: the registry, its stages, events."""

from __future__ import annotations

from collections.abc import Sequence

from gitreg.core.events import Event
from gitreg.core.state import find_holder
from gitreg.core.tags import TagName
from gitreg.core.value_texts import format_value
from gitreg.core.views import ArtifactView, Overview, StageView
from gitreg.render.blocks import Column, Fields, Fit, Table
from gitreg.render.comparison_lines import UNKNOWN
from gitreg.render.text import escape, first_line, format_commit, format_time


def render_overview(overview: Overview) -> Table:
    """Show the registry: one row for each artifact, one column for each stage."""
    stages = overview.stages
    rows = tuple(
        (*_identity(view), *(_holder(view, stage) for stage in stages), *_metrics(view, overview.metrics), *_remarks(view))
        for view in overview.artifacts
    )
    columns = (*_IDENTITY, *(Column(f"#{stage}") for stage in stages), *_metric_columns(overview), *_REMARKS)
    return _without_empty(Table(columns=columns, rows=rows, narrow=_narrow_overview(overview)))


def render_stages(stages: Sequence[StageView]) -> Table:
    """Show the stages: one row for each holder, and one for a stage that nothing holds."""
    columns = (Column("stage"), Column("artifact", Fit.FOLD), Column("version"), Column("commit"), Column("since"))
    rows: list[tuple[str, ...]] = []
    for view in stages:
        rows.extend(
            (view.stage, held.artifact, held.version or "", format_commit(held.commit), format_time(held.assigned_at))
            for held in view.holders
        )
        if not view.holders:
            rows.append((view.stage, "", "", "", ""))
    return Table(columns=columns, rows=tuple(rows))


def render_history(events: Sequence[Event]) -> Table:
    """Show events: one row for each."""
    columns = (
        Column("when"),
        Column("event"),
        Column("artifact", Fit.FOLD),
        Column("version"),
        Column("stage"),
        Column("commit"),
        Column("author", Fit.CUT),
    )
    rows = tuple(
        (
            format_time(event.at),
            event.kind.value,
            event.artifact,
            event.version or "",
            event.stage or "",
            format_commit(event.commit),
            event.author,
        )
        for event in events
    )
    return _without_empty(Table(columns=columns, rows=rows))


def render_event(event: Event) -> Fields:
    """Show one event with all that its tag states."""
    return Fields(
        (
            ("event", event.kind.value),
            ("artifact", event.artifact),
            ("version", event.version or ""),
            ("stage", event.stage or ""),
            ("commit", event.commit),
            ("tag", event.tag),
            ("when", format_time(event.at)),
            ("author", f"{event.author} <{event.author_email}>"),
            ("message", event.message),
        )
    )


def render_tag_name(tag: TagName) -> Fields:
    """Show the parts of the name of a tag."""
    return Fields(
        (
            ("event", tag.kind.value),
            ("artifact", tag.artifact),
            ("version", tag.version or ""),
            ("stage", tag.stage or ""),
            ("counter", "" if tag.counter is None else str(tag.counter)),
        )
    )


_IDENTITY = (Column("name", Fit.FOLD), Column("type", Fit.FOLD), Column("latest"))
_REMARKS = (Column("state"), Column("description", Fit.CUT))


def _identity(view: ArtifactView) -> tuple[str, str, str]:
    """Name an artifact, its type and its greatest version."""
    return view.artifact.name, (view.entry.type if view.entry else None) or "", view.artifact.latest or ""


def _remarks(view: ArtifactView) -> tuple[str, str]:
    """Say whether an artifact is deprecated, and what it is."""
    description = (view.entry.description if view.entry else None) or ""
    return "deprecated" if view.artifact.deprecated else "", first_line(description)


def _holder(view: ArtifactView, stage: str) -> str:
    """Name the version, or the bare commit, that holds a stage."""
    holder = find_holder(view.artifact, stage)
    return (holder.version or format_commit(holder.commit)) if holder else ""


def _metric_columns(overview: Overview) -> tuple[Column, ...]:
    """Make the columns of the metrics that were asked for."""
    return tuple(Column(escape(name)) for name in overview.metrics)


def _metrics(view: ArtifactView, names: Sequence[str]) -> tuple[str, ...]:
    """Show metrics of the newest version; a question mark where one may be in a file that could not be read."""
    missing = dict.fromkeys(view.unknown, UNKNOWN)
    return tuple(format_value(view.metrics[name]) if name in view.metrics else missing.get(name, "") for name in names)


def _narrow_overview(overview: Overview) -> Table:
    """Show the registry with all stages in one column, one below the other."""
    rows = tuple(
        (*_identity(view), _holders(view, overview.stages), *_metrics(view, overview.metrics), _remarks(view)[0])
        for view in overview.artifacts
    )
    columns = (*_IDENTITY, Column("stages"), *_metric_columns(overview), _REMARKS[0])
    return _without_empty(Table(columns=columns, rows=rows))


def _holders(view: ArtifactView, stages: Sequence[str]) -> str:
    """Name every stage that is held and its holder."""
    return "\n".join(f"#{stage} {holder}" for stage in stages if (holder := _holder(view, stage)))


def _without_empty(table: Table) -> Table:
    """Leave out the columns, but for the first, that have nothing in any row; a stage of the settings stays."""
    kept = [
        index
        for index, column in enumerate(table.columns)
        if index == 0 or column.title.startswith("#") or any(row[index] for row in table.rows)
    ]
    columns = tuple(table.columns[index] for index in kept)
    rows = tuple(tuple(row[index] for index in kept) for row in table.rows)
    return Table(columns=columns, rows=rows, title=table.title, narrow=table.narrow)
