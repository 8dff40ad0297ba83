"""What `diff` found, as blocks: the verdict, each artifact that changed, findings, and what to do after the merge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from gitreg.core.importance import describe_code
from gitreg.core.registry_diff import ArtifactChange, RegistryDiff
from gitreg.core.registry_diff_summary import choose_next, count_new, describe_headline, pick_headlines
from gitreg.core.words import format_count
from gitreg.render.blocks import Block, Column, Fit, Lines, Table
from gitreg.render.comparison import list_files
from gitreg.render.diff_words import (
    SIGNS,
    Row,
    cells_of,
    count_rest,
    describe_change,
    describe_counts,
    describe_finding,
    describe_new,
    describe_nothing,
    describe_side,
    describe_state,
    describe_step,
    describe_topics,
    explains_unknown,
    format_step,
    list_rows,
    title_rows,
)
from gitreg.render.text import escape

_MOST_ARTIFACTS: Final = 50  # with all their rows; JSON has all
_MOST_LISTED: Final = 1000
_MOST_ROWS: Final = 100
_WITH_STAGE: Final = 7  # columns
_CHANGE: Final = 4  # the number of the column that says what changed from BASE, where there are fewer


def render_diff(diff: RegistryDiff) -> tuple[Block, ...]:
    """Show what changed.

    Args:
        diff: what was found.
    """
    blocks: list[Block] = [_render_verdict(diff)]
    findings = [_render_findings(diff)] if diff.findings else []
    if explains_unknown(diff):
        blocks += findings
        findings = []
    blocks += [_render_artifact(change) for change in diff.artifacts[:_MOST_ARTIFACTS]]
    if len(diff.artifacts) > _MOST_ARTIFACTS:
        blocks.append(_render_others(diff.artifacts[_MOST_ARTIFACTS:]))
    if diff.code is not None and diff.code.files:
        blocks.append(Lines((escape(f"code changed, {describe_code(diff.code)}: {list_files(diff.code)}"),), fold=True))
    blocks += findings
    steps = list_steps(diff)
    if steps:
        blocks.append(Lines(("After the merge:", *(escape(f"  {step}") for step in steps))))
    return tuple(blocks)


def format_verdict(diff: RegistryDiff) -> str:
    """Say in one line what the change does."""
    new = describe_new(diff)
    if not diff.artifacts:
        return describe_nothing(diff)
    parts = [describe_counts(diff)]
    parts += [f"{row.label} of {artifact} {describe_headline(row)}" for artifact, row in pick_headlines(diff)]
    return f"Model registry: {'; '.join([*parts, *([new] if new else [])])}"


def list_steps(diff: RegistryDiff) -> list[str]:
    """List what to do after the merge: commands, each with what it is about."""
    steps = [(step, change.state) for change in diff.artifacts if (step := choose_next(change)) is not None]
    listed = []
    for step, state in steps[:_MOST_ARTIFACTS]:
        about = describe_step(step, state)
        listed.append(f"{format_step(step)}" + (f"    # {about}" if about else ""))
    rest = count_rest(len(steps), len(listed), "command")
    return [*listed, *([rest] if rest else [])]


def describe_sides(diff: RegistryDiff) -> str:
    """Name the two sides."""
    return f"base: {describe_side(diff.base)}; head: {describe_side(diff.head)}"


def list_unread(diff: RegistryDiff) -> list[str]:
    """Say what could not be read."""
    from gitreg.render.problems import format_problem

    return [format_problem(problem) for problem in diff.problems]


def list_notes(diff: RegistryDiff) -> list[str]:
    """Say what must be known to read the rest."""
    held = (change.held.comparison for change in diff.artifacts if change.held is not None)
    comparisons = (*(change.comparison for change in diff.artifacts), *(one for one in held if one is not None))
    found = {finding.problem.message for finding in diff.findings}
    notes = dict.fromkeys(note for one in comparisons for note in one.notes if note.partition(": ")[2] not in found)
    return [*diff.notes, *notes]


def _render_verdict(diff: RegistryDiff) -> Lines:
    """Show the line that says most, and what was compared."""
    return Lines(tuple(escape(line) for line in (format_verdict(diff), describe_sides(diff), *diff.unknown)), fold=True)


def title_of(change: ArtifactChange) -> str:
    """Write what happened to an artifact, and which version it has."""
    state = describe_state(change.state, change.name)
    held = ""
    if change.held is not None and change.held.commit is None:
        held = f"nothing of it is in {change.held.stage}"
    about = "; ".join(text for text in (describe_topics(change), state, held) if text)
    return f"{SIGNS[change.kind]} {change.name} {describe_change(change)}" + (f" ({about})" if about else "")


def _render_artifact(change: ArtifactChange) -> Block:
    """Show what differs of one artifact."""
    rows = list_rows(change)
    title = escape(title_of(change))
    if not rows:
        return Lines((title,), fold=True)
    titles = title_rows(change)
    columns = (Column(titles[0]), *(Column(text, Fit.FOLD) for text in titles[1:]))
    narrow = _render_narrow(rows[:_MOST_ROWS], titles) if len(titles) == _WITH_STAGE else None
    rest = count_rest(len(rows), _MOST_ROWS, "row")
    return Table(
        columns=columns,
        rows=tuple(tuple(cells_of(row, change)) for row in rows[:_MOST_ROWS]),
        title=f"{title} {rest}" if rest else title,
        narrow=replace(narrow, title=title) if narrow is not None else None,
    )


def _render_narrow(rows: Sequence[Row], titles: Sequence[str]) -> Table:
    """Show the rows of an artifact and of a stage in fewer columns."""
    _, name, base, held, head, change, against = titles
    columns = tuple(Column(text, Fit.FOLD) for text in (name, base, held, head, change, against))
    cells = [(f"{row.what} {row.name}", row.base, row.held, row.head, row.change, row.held_change) for row in rows]
    return Table(
        columns=columns,
        rows=tuple(cells),
        narrow=Table(  # what was asked for stays the longest
            columns=(*columns[:_CHANGE], *columns[_CHANGE + 1 :]),
            rows=tuple((*row[:_CHANGE], *row[_CHANGE + 1 :]) for row in cells),
            missing=(change,),
        ),
    )


def _render_others(changes: tuple[ArtifactChange, ...]) -> Block:
    """Show in a row each what is not shown in full."""
    columns = (Column(""), Column("artifact", Fit.FOLD), Column("change", Fit.FOLD), Column("what", Fit.FOLD))
    rows = tuple(
        (SIGNS[change.kind], change.name, describe_change(change), describe_topics(change)) for change in changes[:_MOST_LISTED]
    )
    rest = count_rest(len(changes), len(rows), "artifact")
    title = f"{format_count(len(changes), 'more artifact')}" + (
        f"; of these {len(rows)} are listed, --json has all" if rest else ""
    )
    return Table(columns=columns, rows=rows, title=title)


def _render_findings(diff: RegistryDiff) -> Table:
    """Show what `check` finds."""
    columns = (Column("finding"), Column("where", Fit.FOLD), Column("what", Fit.FOLD))
    rows = tuple(describe_finding(finding) for finding in diff.findings[:_MOST_LISTED])
    old = len(diff.findings) - sum(count_new(diff).values())
    title = f"findings of check: {describe_new(diff) or 'none is new'}" + (f"; found before, too: {old}" if old else "")
    return Table(columns=columns, rows=rows, title=title)
