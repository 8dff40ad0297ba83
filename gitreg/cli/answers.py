"""Prints what the registry answered, for a person or as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

from gitreg.cli import console
from gitreg.cli.shells import Shell, read_script
from gitreg.cli.tables import show
from gitreg.core.events import Event
from gitreg.core.facts import Missing, find_value
from gitreg.core.problems import Problem
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
from gitreg.core.words import format_count
from gitreg.errors import NotFound, UsageFault
from gitreg.render import details, problems, rows, sentences
from gitreg.render.blocks import Block
from gitreg.render.trends import MOST_COLUMNS

_MOST_WARNINGS: Final = 3


def answer_view(view: View, *, json: bool) -> None:
    """Print what `show` found, and how many problems there are."""
    if json:
        from gitreg.render.json import shape_view

        _print_json(shape_view(view))
    elif isinstance(view, Overview) and not view.artifacts:
        _say_nothing(view)
    else:
        show(_blocks_of(view))
        _note_unknown_metrics(view)
    _warn_of_problems(view.problems)
    _warn_of_unread(view)


def _say_nothing(view: Overview) -> None:
    """Say why nothing is shown."""
    if not view.total:
        console.note("there is nothing to show: nothing is registered yet, or nothing that was asked for")
        console.hint("register a version: gitreg register NAME; show deprecated artifacts too: gitreg show --all")
        return
    console.note(f"none of {format_count(view.total, 'artifact')} is like this")
    for text, hint in view.absent:
        console.note(text)
        if hint:
            console.hint(hint)
    if not view.absent:
        console.hint("show deprecated artifacts too: gitreg show --all")


def answer_history(events: Sequence[Event], *, json: bool, source: str | None = None) -> None:
    """Print events; a source is given where CloudEvents are wanted."""
    if source is not None:
        from gitreg.render.cloudevents import render_cloudevents

        console.write(render_cloudevents(events, source))
    elif json:
        from gitreg.render.json import shape_history

        _print_json(shape_history(events))
    elif events:
        show(rows.render_history(events))
    else:
        console.note("there is nothing to show: nothing has happened yet, or nothing that was asked for")


def choose_field(**flags: bool) -> str:
    """Choose what `resolve` prints: the version, if no flag is given.

    Raises:
        UsageFault: more than one flag is given.
    """
    given = [name for name, value in flags.items() if value]
    if len(given) > 1:
        raise UsageFault(f"only one of {', '.join(f'--{name}' for name in given)} can be printed", hint="print them all: --json")
    return given[0] if given else "version"


def answer_resolution(resolution: Resolution, wanted: str, *, json: bool) -> None:
    """Print one line: what is wanted, and the commit where a bare commit has no version."""
    if json:
        from gitreg.render.json import shape_resolution

        _print_json(shape_resolution(resolution))
    elif wanted == "path" and resolution.path is None:
        message = f"{resolution.artifact!r} has no path at commit {resolution.commit[:7]}"
        raise NotFound(
            message, hint=f"give it one for the next version: gitreg annotate '{resolution.artifact}' --path PATH --commit"
        )
    else:
        console.say(getattr(resolution, wanted) or resolution.commit)
    if resolution.deprecated:
        console.warn(f"{resolution.artifact!r} is deprecated")


def answer_stages(stages: Sequence[StageView], *, json: bool) -> None:
    """Print stages."""
    if json:
        from gitreg.render.json import shape_stages

        _print_json(shape_stages(stages))
    elif stages:
        show(rows.render_stages(stages))
    else:
        console.note("there is no stage yet")
        console.hint("assign one: gitreg assign NAME@latest STAGE")


def answer_event(event: Event, *, json: bool) -> None:
    """Print one event."""
    if json:
        from gitreg.render.json import shape_check_ref

        _print_json(shape_check_ref(event))
    else:
        show(rows.render_event(event))


def answer_tag_name(tag: TagName, *, json: bool) -> None:
    """Print the parts of the name of a tag."""
    if json:
        from gitreg.render.json import shape_tag_name

        _print_json(shape_tag_name(tag))
    else:
        show(rows.render_tag_name(tag))


def answer_examination(report: Report, *, json: bool, strict: bool) -> int:
    """Print what `doctor` found; return 1 if its answer is no."""
    return _answer_report(report, problems.describe_examination(report), json=json, strict=strict)


def answer_written(written: Written, *, json: bool) -> None:
    """Print what a write made and what to do next."""
    _answer_tags(written, sentences.describe_written(written), json=json)


def answer_pushed(written: Written, *, json: bool) -> None:
    """Print what `push` published."""
    _answer_tags(written, sentences.describe_pushed(written), json=json)


def answer_edited(edits: Sequence[Edited], *, json: bool) -> None:
    """Print what a change of files did and what to do next."""
    if json:
        from gitreg.render.json import shape_edited

        _print_json(shape_edited(*edits))
    else:
        console.say(*sentences.describe_edited(edits))
    for edit in edits:
        for text in edit.notes:
            console.note(text)
    console.hint(sentences.advise_edited(edits))


def answer_script(shell: Shell) -> None:
    """Print a script of ours as it is."""
    console.write(read_script(shell))


def _answer_report(report: Report, lines: Sequence[str], *, json: bool, strict: bool) -> int:
    """Print a report; return 1 if its answer is no."""
    if json:
        from gitreg.render.json import shape_report

        _print_json(shape_report(report))
    else:
        console.say(*lines)
    return int(problems.fails(report, strict=strict))


def _answer_tags(written: Written, lines: Sequence[str], *, json: bool) -> None:
    """Print what happened to tags."""
    if json:
        from gitreg.render.json import shape_written

        _print_json(shape_written(written))
    else:
        console.say(*lines)
    for text in written.notes:
        console.note(text)
    for text in sentences.describe_problems(written):
        console.warn(text)
    console.hint(sentences.advise_mending(written))
    console.hint(sentences.advise_written(written))


def _blocks_of(view: View) -> Block | tuple[Block, ...]:
    """Turn a view into what a person reads."""
    match view:
        case Overview():
            return rows.render_overview(view)
        case ArtifactDetail():
            return _with_trends(view, details.render_artifact(view))
        case VersionDetail():
            return details.render_version(view)


def _with_trends(view: ArtifactDetail, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Draw how metrics moved, if a person looks: programs find the numbers in the list of versions."""
    if view.facts is None or not console.is_terminal(sys.stdout):
        return blocks
    from gitreg.render.trends import render_trends

    trends = render_trends(view)
    return blocks if trends is None else (*blocks, trends)


def _note_unknown_metrics(view: View) -> None:
    """Say that nothing has a metric that was asked for."""
    if isinstance(view, Overview):
        known = {name for artifact in view.artifacts for name in (*artifact.metrics, *artifact.unknown)}
    elif isinstance(view, ArtifactDetail) and view.facts is not None:
        if not view.metrics:
            console.note("no version has metrics: list their files under 'metrics' in the entry, or in dvc.yaml")
        elif len(view.metrics) > MOST_COLUMNS:
            console.note(
                f"{format_count(len(view.metrics) - MOST_COLUMNS, 'more metric')}: --json has all of them, --metric NAME one"
            )
        known = {
            name
            for name in view.metrics
            for facts in view.facts.values()
            if find_value(facts.metrics, name) is not Missing.MISSING
        }
    else:
        return
    for name in view.metrics:
        if name not in known:
            console.note(f"nothing that is shown has the metric {name!r}")
            console.hint("see which there are: gitreg show NAME --metrics")


def _warn_of_unread(view: View) -> None:
    """Say what files of versions could not be read."""
    from gitreg.render.unread import describe_unread

    unread = describe_unread(view)
    for text in unread[:_MOST_WARNINGS]:
        console.warn(text)
    if len(unread) > _MOST_WARNINGS:
        console.warn(f"{format_count(len(unread) - _MOST_WARNINGS, 'more problem')} with files of versions")


def _warn_of_problems(found: Sequence[Problem]) -> None:
    """Say that there are problems, and how to see them."""
    count = problems.count_serious(found)
    if count:
        console.warn(f"{format_count(count, 'problem')}; run: gitreg check")


def _print_json(shape: dict[str, object]) -> None:
    """Print JSON: it is ASCII, so there is nothing to escape."""
    from gitreg.render.json import format_json

    console.write(format_json(shape))
