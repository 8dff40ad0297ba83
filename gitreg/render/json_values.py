"""The values inside the JSON documents of the command line, one function for each."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

from gitreg.core.entries import Entry, Pointer
from gitreg.core.events import Event
from gitreg.core.facts import Facts, merge_values
from gitreg.core.lineage import CodeCommit
from gitreg.core.problems import Problem, severity_of
from gitreg.core.state import Artifact, Assignment, Version
from gitreg.core.views import ArtifactDetail, ArtifactView, StageView, VersionDetail
from gitreg.render.text import format_iso_time

Shape: TypeAlias = dict[str, Any]

_MOST_BITS: Final = 10_000  # of an integer that Python writes with decimal digits


def shape_artifact(view: ArtifactView) -> Shape:
    """Shape one artifact of the registry."""
    return {
        **_shape_summary(view.artifact, view.entry),
        "metrics": shape_plain(view.metrics),
        "stages": {stage: shape_holder(stack[0]) for stage, stack in view.artifact.stages.items() if stack},
        "versions": sum(version.active for version in view.artifact.versions),
    }


def shape_artifact_detail(detail: ArtifactDetail) -> Shape:
    """Shape one artifact with its versions and the stacks of its stages."""
    return {
        **shape_entry(detail.entry),
        **_shape_summary(detail.artifact, detail.entry),
        "commit": detail.commit,
        "pointer": shape_pointer(detail.pointer),
        "stable": detail.artifact.stable,
        "stages": {stage: [shape_holder(held) for held in stack] for stage, stack in detail.artifact.stages.items()},
        "versions": [
            {**shape_version(version), **shape_values((detail.facts or {}).get(version.version))} for version in detail.versions
        ],
    }


def shape_version_detail(detail: VersionDetail) -> Shape:
    """Shape one version, or the bare commit that holds a stage."""
    version = shape_version(detail.version) if detail.version else _shape_bare_commit(detail)
    return {
        **version,
        **shape_values(detail.facts),
        "assignment": shape_holder(detail.assignment) if detail.assignment else None,
        "entry": shape_entry(detail.entry) if detail.entry else None,
        "pointer": shape_pointer(detail.pointer),
    }


def shape_version(version: Version) -> Shape:
    """Shape a version."""
    return {
        "artifact": version.artifact,
        "version": version.version,
        "active": version.active,
        "commit": version.commit,
        "tag": version.tag,
        "registered_at": format_iso_time(version.registered_at),
        "author": version.author,
        "author_email": version.author_email,
        "message": version.message,
        "stages": list(version.stages),
    }


def shape_values(facts: Facts | None) -> Shape:
    """Shape metrics and parameters by their names, each with its file in front where two files have it; null where not loaded."""
    if facts is None:
        return {"metrics": None, "params": None}
    return {"metrics": shape_plain(merge_values(facts.metrics)), "params": shape_plain(merge_values(facts.params))}


def shape_holder(held: Assignment) -> Shape:
    """Shape what holds, or held, a stage."""
    return {
        "version": held.version,
        "commit": held.commit,
        "tag": held.tag,
        "assigned_at": format_iso_time(held.assigned_at),
        "author": held.author,
        "author_email": held.author_email,
    }


def shape_stage(view: StageView) -> Shape:
    """Shape a stage and its current holders."""
    holders = [{"artifact": held.artifact, "version": held.version, "commit": held.commit} for held in view.holders]
    return {"stage": view.stage, "holders": holders}


def shape_event(event: Event) -> Shape:
    """Shape an event."""
    return {
        "event": event.kind.value,
        "artifact": event.artifact,
        "version": event.version,
        "stage": event.stage,
        "commit": event.commit or None,  # a dry run of `add` makes none
        "tag": event.tag,
        "counter": event.counter,
        "at": format_iso_time(event.at),
        "author": event.author,
        "author_email": event.author_email,
        "message": event.message,
    }


def shape_problem(problem: Problem) -> Shape:
    """Shape a problem."""
    return {
        "code": problem.code,
        "severity": severity_of(problem).value,
        "message": problem.message,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "tag": problem.tag,
        "commit": problem.commit,
        "artifact": problem.artifact,
        "hint": problem.hint or None,
    }


def shape_commit(commit: CodeCommit) -> Shape:
    """Shape a commit that changed code."""
    return {
        "commit": commit.commit,
        "at": format_iso_time(commit.at),
        "author": commit.author,
        "author_email": commit.author_email,
        "subject": commit.subject,
    }


def shape_entry(entry: Entry | None) -> Shape:
    """Shape what the files say of an artifact; every key is there, also without an entry."""
    return {
        "path": entry.path if entry else None,
        "type": entry.type if entry else None,
        "description": entry.description if entry else None,
        "labels": list(entry.labels) if entry else [],
        "virtual": entry.virtual if entry else None,
        "owner": entry.owner if entry else None,
        "license": entry.license if entry else None,
        "framework": entry.framework if entry else None,
        "task": entry.task if entry else None,
        "homepage": entry.homepage if entry else None,
        "base": entry.base if entry else None,
        "metrics": shape_plain(entry.metrics) if entry else [],
        "params": shape_plain(entry.params) if entry else [],
        "goals": dict(entry.goals) if entry else {},
        "schema": shape_plain(entry.schema) if entry else {},
        "custom": shape_plain(entry.custom) if entry else None,
        "file": entry.file if entry else None,
        "line": entry.line if entry else None,
    }


def shape_pointer(pointer: Pointer | None) -> Shape | None:
    """Shape where the bytes are."""
    if pointer is None:
        return None
    return {
        "kind": pointer.kind.value,
        "path": pointer.path,
        "hash": pointer.hash,
        "size": pointer.size,
        "files": pointer.files,
        "remote": pointer.remote,
        "stage": pointer.stage,
        "inside": pointer.inside,
        "source": pointer.source,
    }


def _shape_summary(artifact: Artifact, entry: Entry | None) -> Shape:
    """Shape what an artifact has in every list."""
    return {
        "name": artifact.name,
        "type": entry.type if entry else None,
        "description": entry.description if entry else None,
        "labels": list(entry.labels) if entry else [],
        "latest": artifact.latest,
        "deprecated": artifact.deprecated,
        "annotated": entry is not None,
        "updated_at": None if artifact.updated_at is None else format_iso_time(artifact.updated_at),
    }


def _shape_bare_commit(detail: VersionDetail) -> Shape:
    """Shape a commit without a version that holds a stage: the keys of a version, as far as they have a value."""
    held = detail.assignment
    return {
        "artifact": detail.artifact,
        "version": None,
        "active": False,
        "commit": detail.commit,
        "tag": held.tag if held else None,
        "registered_at": None,
        "author": held.author if held else None,
        "author_email": held.author_email if held else None,
        "message": held.message if held else None,
        "stages": [held.stage] if held else [],
    }


def shape_plain(value: object) -> Any:  # noqa: ANN401  whatever stood in YAML
    """Turn what YAML can say and JSON cannot, such as dates, infinity and keys that are numbers, into text."""
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return hex(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): shape_plain(item) for key, item in value.items()}
    return [shape_plain(item) for item in value] if isinstance(value, list | tuple) else str(value)
