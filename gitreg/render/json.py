"""Every JSON document of the command line, one function for each command; `gitreg.render.json_values` has the values in them.

Keys are only ever added within one `SCHEMA_VERSION`; the schemas in ``gitreg/schemas`` say the same to other programs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, assert_never

from gitreg.core.events import Event
from gitreg.core.tags import TagName
from gitreg.core.views import (
    ArtifactDetail,
    Edited,
    Overview,
    Report,
    Resolution,
    StageView,
    VersionDetail,
    View,
    Written,
)
from gitreg.render.job_log import disarm_json
from gitreg.render.json_values import (
    Shape,
    shape_artifact,
    shape_artifact_detail,
    shape_event,
    shape_problem,
    shape_stage,
    shape_version_detail,
)
from gitreg.render.problems import count_serious

SCHEMA_VERSION: Final = 1


def format_json(shape: Shape) -> str:
    """Write a shape: sorted keys, ASCII only, so that no terminal and no code page changes it."""
    return format_document({"schema_version": SCHEMA_VERSION, **shape})


def format_document(document: object) -> str:
    """Write a document whose keys are those of another program, in the same way."""
    return disarm_json(json.dumps(document, ensure_ascii=True, sort_keys=True, indent=2, allow_nan=False)) + "\n"


def shape_view(view: View) -> Shape:
    """Shape what `show` answers."""
    match view:
        case Overview():
            return {"artifacts": [shape_artifact(item) for item in view.artifacts], "problems": count_serious(view.problems)}
        case ArtifactDetail():
            return {"artifact": shape_artifact_detail(view), "problems": count_serious(view.problems)}
        case VersionDetail():
            return {"version": shape_version_detail(view), "problems": count_serious(view.problems)}
        case _:  # pragma: no cover
            assert_never(view)


def shape_history(events: Sequence[Event]) -> Shape:
    """Shape what `history` answers."""
    return {"events": [shape_event(event) for event in events]}


def shape_resolution(resolution: Resolution) -> Shape:
    """Shape what `resolve` answers."""
    return {
        "artifact": resolution.artifact,
        "version": resolution.version,
        "stage": resolution.stage,
        "commit": resolution.commit,
        "tag": resolution.tag,
        "deprecated": resolution.deprecated,
        "path": resolution.path,
    }


def shape_stages(stages: Sequence[StageView]) -> Shape:
    """Shape what `stages` answers."""
    return {"stages": [shape_stage(view) for view in stages]}


def shape_check_ref(event: Event) -> Shape:
    """Shape what `check-ref` answers."""
    return {"event": shape_event(event)}


def shape_tag_name(tag: TagName) -> Shape:
    """Shape what `parse-tag` answers."""
    return {
        "artifact": tag.artifact,
        "event": tag.kind.value,
        "version": tag.version,
        "stage": tag.stage,
        "counter": tag.counter,
    }


def shape_report(report: Report) -> Shape:
    """Shape what `check` and `doctor` answer."""
    return {"problems": [shape_problem(problem) for problem in report.problems], "checked": list(report.checked)}


def shape_written(written: Written) -> Shape:
    """Shape what a command that makes tags answers."""
    created = [shape_event(event) for event in written.created]
    shape: Shape = {"created": created, "pushed": written.pushed, "dry_run": written.dry_run, "edited": []}
    return shape if written.problems is None else {**shape, "problems": [shape_problem(one) for one in written.problems]}


def shape_edited(*edits: Edited) -> Shape:
    """Shape what a command that changes files answers."""
    return {
        "created": [],
        "pushed": any(edit.pushed for edit in edits),
        "dry_run": any(edit.dry_run for edit in edits),
        "edited": [{"file": edit.file, "diff": edit.diff, "commit": edit.commit} for edit in edits],
    }
