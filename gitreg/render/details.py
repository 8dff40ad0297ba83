"""One artifact or one version with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from json import dumps

from gitreg.core.entries import Entry, Pointer
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.views import ArtifactDetail, VersionDetail
from gitreg.core.words import format_count
from gitreg.render.blocks import Block, Column, Fields, Fit, Table
from gitreg.render.text import first_line, format_commit, format_size, format_time
from gitreg.render.trends import metric_columns, render_facts


def render_artifact(detail: ArtifactDetail) -> tuple[Block, ...]:
    """Show an artifact: what it is, its versions, its stages."""
    read = f", in commit {format_commit(detail.commit)}" if detail.commit else ""  # the bytes may be of no version
    pairs = (*_artifact_pairs(detail.artifact), *_entry_pairs(detail.entry, read), *_pointer_pairs(detail.pointer, read))
    blocks: list[Block] = [Fields(pairs)]
    if detail.versions:
        blocks.append(_version_table(detail))
    if detail.artifact.stages:
        blocks.append(_stage_table(detail.artifact.stages))
    return tuple(blocks)


def render_version(detail: VersionDetail) -> tuple[Block, ...]:
    """Show a version, or the bare commit that holds a stage: where it is, who made it, what it is."""
    return (
        Fields(
            (
                ("artifact", detail.artifact),
                *_target_pairs(detail),
                *_assignment_pairs(detail.assignment),
                *_entry_pairs(detail.entry),
                *_pointer_pairs(detail.pointer),
            )
        ),
        *(render_facts(detail.facts) if detail.facts else ()),
    )


def _artifact_pairs(artifact: Artifact) -> tuple[tuple[str, str], ...]:
    """Say what the events add up to."""
    return (
        ("name", artifact.name),
        ("state", "deprecated" if artifact.deprecated else ""),
        ("latest", artifact.latest or ""),
        ("stable", artifact.stable if artifact.stable and artifact.stable != artifact.latest else ""),
        ("updated", "" if artifact.updated_at is None else format_time(artifact.updated_at)),
    )


def _target_pairs(detail: VersionDetail) -> tuple[tuple[str, str], ...]:
    """Say which version it is, and who registered it."""
    version = detail.version
    if version is None:
        return (("commit", detail.commit),)
    return (
        ("version", version.version),
        ("state", "" if version.active else "deregistered"),
        ("commit", version.commit),
        ("tag", version.tag),
        ("registered", f"{format_time(version.registered_at)} by {version.author} <{version.author_email}>"),
        ("message", version.message),
        ("stages", ", ".join(version.stages)),
    )


def _assignment_pairs(assignment: Assignment | None) -> tuple[tuple[str, str], ...]:
    """Say who gave the stage to it."""
    if assignment is None:
        return ()
    return (
        ("stage", assignment.stage),
        ("assigned", f"{format_time(assignment.assigned_at)} by {assignment.author} <{assignment.author_email}>"),
        ("assigned as", assignment.tag),
    )


def _entry_pairs(entry: Entry | None, read: str = "") -> tuple[tuple[str, str], ...]:
    """Say what the files say."""
    if entry is None:
        return ()
    return (
        ("type", entry.type or ""),
        ("description", (entry.description or "").strip()),
        ("labels", ", ".join(entry.labels)),
        ("path", entry.path or ""),
        ("owner", entry.owner or ""),
        ("license", entry.license or ""),
        ("framework", entry.framework or ""),
        ("task", entry.task or ""),
        ("homepage", entry.homepage or ""),
        ("base", entry.base or ""),
        ("metrics", _format_value(entry.metrics)),
        ("params", _format_value(entry.params)),
        ("goals", _format_value(entry.goals)),
        ("schema", _format_value(entry.schema)),
        ("custom", _format_value(entry.custom)),
        ("entry", f"{entry.file}:{entry.line}{read}"),
    )


def _pointer_pairs(pointer: Pointer | None, read: str = "") -> tuple[tuple[str, str], ...]:
    """Say where the bytes are."""
    if pointer is None:
        return ()
    facts = (
        pointer.kind.value,
        pointer.path,
        pointer.hash or "",
        "" if pointer.size is None else format_size(pointer.size),
        "" if pointer.files is None else format_count(pointer.files, "file"),
        f"remote {pointer.remote}" if pointer.remote else "",
        f"stage {pointer.stage}" if pointer.stage else "",
        f"in the folder {pointer.inside}" if pointer.inside else "",
        f"imported from {pointer.source}" if pointer.source else "",
    )
    return (("pointer", ", ".join(fact for fact in facts if fact) + read),)


def _version_table(detail: ArtifactDetail) -> Table:
    """List versions, with the metrics that are wanted."""
    metrics, cells = metric_columns(detail) if detail.facts is not None else ((), {})
    columns = (
        Column("version"),
        Column("stages", Fit.FOLD),
        Column("registered"),
        Column("commit"),
        *metrics,
        Column("author", Fit.CUT),
        Column("message", Fit.CUT),
    )
    rows = tuple(_version_row(version, cells.get(version.version, ())) for version in detail.versions)
    return Table(columns=columns, rows=rows, title="versions")


def _version_row(version: Version, metrics: Sequence[str]) -> tuple[str, ...]:
    """Say of a version what it holds, or that it is no more."""
    return (
        version.version,
        ", ".join(version.stages) if version.active else "deregistered",
        format_time(version.registered_at),
        format_commit(version.commit),
        *metrics,
        version.author,
        first_line(version.message),
    )


def _stage_table(stages: Mapping[str, Sequence[Assignment]]) -> Table:
    """List stages, their holders and those that a rollback would bring back."""
    columns = (Column("stage"), Column("holder"), Column("since"), Column("author", Fit.CUT), Column("before", Fit.CUT))
    rows = tuple(
        (
            stage,
            _format_holder(stack[0]),
            format_time(stack[0].assigned_at),
            stack[0].author,
            ", ".join(_format_holder(held) for held in stack[1:]),
        )
        for stage, stack in sorted(stages.items())
    )
    return Table(columns=columns, rows=rows, title="stages")


def _format_holder(held: Assignment) -> str:
    """Name a version or a bare commit."""
    return held.version or format_commit(held.commit)


def _format_value(value: object) -> str:
    """Write a value of YAML on one line, nothing for nothing."""
    if value in (None, (), {}, []):
        return ""
    return value if isinstance(value, str) else dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    """Turn what JSON does not know, such as a date of YAML, into what it knows."""
    return dict(value) if isinstance(value, Mapping) else str(value)
