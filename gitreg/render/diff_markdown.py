"""What `diff` found as Markdown for a comment: inert, whatever the repository holds, and never longer than a forge takes.

It begins with a hidden marker by which the comment of the last time is found and written anew. Where there is more than fits,
the first rows of each part are there, and a line says how many are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gitreg.core.importance import describe_code
from gitreg.core.registry_diff import ArtifactChange, Change, Finding, RegistryDiff
from gitreg.core.registry_diff_summary import choose_next, describe_headline, pick_headlines
from gitreg.core.words import format_count
from gitreg.render.diff import list_notes, list_unread
from gitreg.render.diff_words import (
    SIGNS,
    Row,
    cells_of,
    describe_bytes,
    describe_change,
    describe_counts,
    describe_finding,
    describe_new,
    describe_nothing,
    describe_side,
    describe_step,
    describe_topics,
    explains_unknown,
    format_step,
    list_rows,
    title_rows,
)
from gitreg.render.markdown import escape_markdown, quote_markdown
from gitreg.render.markdown_limit import Part, limit_markdown
from gitreg.render.text import format_commit
from gitreg.version import HOME, __version__

MARKER: Final = "<!-- gitreg:diff:v1 -->"
"""The first line: whoever posts the comment looks for it."""

_LONGEST: Final = 160
_LONGEST_TYPE: Final = 30
_MOST_ARTIFACTS: Final = 100  # in the first table
_MOST_SECTIONS: Final = 30  # artifacts that are shown with what differs; beyond that nobody reads a comment
_MOST_STEPS: Final = 30
_FOLDED: Final = frozenset({"data", "param", "package"})
_TRENDS: Final = ("better", "worse")


def render_markdown(diff: RegistryDiff) -> str:
    """Write the comment.

    Args:
        diff: what was found.
    """
    return limit_markdown([*_list_parts(diff)], command="gitreg diff")


def _list_parts(diff: RegistryDiff) -> Iterator[Part]:
    """List what the comment consists of, from top to bottom."""
    yield Part(kept=f"{MARKER}\n### {_write_verdict(diff)}\n")
    if diff.unknown:
        yield Part(kept="".join(f"> {quote_markdown(text)}\n" for text in diff.unknown))
    if diff.artifacts:
        yield _write_summary(diff)
    if explains_unknown(diff):
        yield from _write_findings(diff)
    for number, change in enumerate(diff.artifacts[:_MOST_SECTIONS]):
        yield from _write_artifact(change, 10 + number)
    if not explains_unknown(diff):
        yield from _write_findings(diff)
    yield from _write_steps(diff)
    yield from _write_code(diff)
    for heading, texts in (("Not read", list_unread(diff)), ("To be known", list_notes(diff))):
        if texts:
            yield Part(titles=f"#### {heading}\n\n", rows=tuple(f"- {_quote(text)}\n" for text in texts), rank=3)
    sides = f"base {_quote_html(describe_side(diff.base))}, head {_quote_html(describe_side(diff.head))}"
    yield Part(kept=f"<sub>[gitreg]({HOME}) {escape_markdown(__version__)}: {sides}</sub>\n")


def _write_verdict(diff: RegistryDiff) -> str:
    """Write the line that says most."""
    new = describe_new(diff)
    if not diff.artifacts:
        return describe_nothing(diff)
    parts = [describe_counts(diff)]
    for artifact, row in pick_headlines(diff):
        text, _, trend = describe_headline(row).rpartition(" ")
        parts.append(f"{_quote(row.label)} of {_quote(artifact)} {_quote(text)} {trend}")
    return f"Model registry: {'; '.join([*parts, *([new] if new else [])])}"


def _write_summary(diff: RegistryDiff) -> Part:
    """Write a row for each artifact."""
    head = _write_head(("", "artifact", "type", "what", "now"))
    rows = tuple(_write_row(_list_summary(change)) for change in diff.artifacts[:_MOST_ARTIFACTS])
    return Part(titles=head, rows=rows, rank=1, more=len(diff.artifacts) - len(rows))


def _list_summary(change: ArtifactChange) -> Iterator[str]:
    """Write the cells of one artifact."""
    yield f"{SIGNS[change.kind]}&nbsp;{change.kind.value}"  # a forge breaks lines at blanks
    yield _quote(change.name) + (f", was {_quote(change.before)}" if change.kind is Change.RENAMED and change.before else "")
    kinds = (side.facts.entry.type for side in reversed(change.comparison.sides) if side.facts.entry is not None)
    yield _quote((next(kinds, None) or "")[:_LONGEST_TYPE])
    if change.kind is Change.UNKNOWN:
        yield escape_markdown(describe_change(change))
    else:
        yield escape_markdown(_cut(describe_topics(change))) or _quote(describe_bytes(change))
    yield "; ".join(_list_state(change))


def _list_state(change: ArtifactChange) -> Iterator[str]:
    """Write which version an artifact has now, and which its stages have."""
    state = change.state
    if state is None:
        return
    yield _quote(state.latest) if state.latest is not None else "no version yet"
    for stage, stack in state.stages.items():
        if stack:
            yield f"{_quote(stage)} has {_quote(stack[0].version or format_commit(stack[0].commit))}"
    if state.deprecated:
        yield "deprecated"


def _write_artifact(change: ArtifactChange, rank: int) -> Iterator[Part]:
    """Write what differs of an artifact, and fold what fewer want to know."""
    if change.kind not in {Change.CHANGED, Change.RENAMED, Change.UNKNOWN}:
        return
    rows = list_rows(change)
    titles = title_rows(change)
    shown = tuple(_write_row(_list_cells(row, change)) for row in rows if row.what not in _FOLDED)
    folded = tuple(_write_row(_list_cells(row, change)) for row in rows if row.what in _FOLDED)
    empty = (
        f"Nothing of it is in {_quote(change.held.stage)}.\n\n" if change.held is not None and change.held.commit is None else ""
    )
    title = f"#### {_quote(change.name)} {escape_markdown(describe_change(change))}\n\n{empty}"
    head = _write_head([escape_markdown(_cut(title)) for title in titles])
    if shown:
        yield Part(titles=f"{title}{head}", rows=shown, rank=rank)
    if folded:
        what = format_count(len(folded), "parameter, package or data file", "parameters, packages and data files")
        summary = f"<details><summary>{what} of {_quote_html(change.name)}</summary>\n\n"
        yield Part(titles=f"{'' if shown else title}{summary}{head}", rows=folded, tail="\n</details>\n", rank=rank + 100)


def _list_cells(row: Row, change: ArtifactChange) -> Iterator[str]:
    """Write the cells of a row: values as code, and which way a metric went as a word of ours."""
    changes = {"change", *([f"against {change.held.stage}"] if change.held is not None else [])}
    for title, cell in zip(title_rows(change), cells_of(row, change), strict=True):
        if title == "what":
            yield cell
        else:
            yield _write_change(cell) if title in changes else _quote(cell)


def _write_change(text: str) -> str:
    """Write what changed."""
    start, _, trend = text.rpartition(" ")
    if trend in _TRENDS:
        return f"{_quote(start)} **{trend}**".strip()
    return _quote(text) if text.startswith(("+", "-")) else escape_markdown(text)


def _write_findings(diff: RegistryDiff) -> Iterator[Part]:
    """Write what `check` finds: what is new, and folded what was there before."""
    new = [finding for finding in diff.findings if finding.is_new]
    old = [finding for finding in diff.findings if not finding.is_new]
    head = _write_head(("finding", "where", "what"))
    if new:
        yield Part(titles=f"#### Findings\n\n{head}", rows=tuple(map(_write_finding, new)), rank=2)
    if old:
        summary = f"<details><summary>found before, too: {format_count(len(old), 'finding')}</summary>\n\n"
        yield Part(titles=f"{summary}{head}", rows=tuple(map(_write_finding, old)), tail="\n</details>\n", rank=200)


def _write_finding(finding: Finding) -> str:
    """Write a row of a finding."""
    mark, place, message = describe_finding(finding)
    return _write_row((f"**{mark}**" if finding.is_new else mark, _quote(place), _quote(message)))


def _write_steps(diff: RegistryDiff) -> Iterator[Part]:
    """Write what to do after the merge."""
    rows = []
    for change in diff.artifacts:
        step = choose_next(change)
        if step is not None:
            about = describe_step(step, change.state)
            rows.append(f"- {_quote(format_step(step))}" + (f" ({_quote(about)})" if about else "") + "\n")
    if rows:
        more = max(0, len(rows) - _MOST_STEPS)
        yield Part(titles="#### After the merge\n\n", rows=tuple(rows[:_MOST_STEPS]), rank=4, more=more)


def _write_code(diff: RegistryDiff) -> Iterator[Part]:
    """Write which other files changed, folded."""
    if diff.code is None or not diff.code.files:
        return
    rows = tuple(f"- {_quote(file.path)} {file.kind.value}\n" for file in diff.code.files)
    summary = f"<details><summary>code changed, {escape_markdown(describe_code(diff.code))}</summary>\n\n"
    yield Part(titles=summary, rows=rows, tail="\n</details>\n", rank=150)


def _write_head(titles: Sequence[str]) -> str:
    """Write the head of a table."""
    return f"{_write_row(titles)}{_write_row(['---'] * len(titles))}"


def _write_row(cells: Iterable[str]) -> str:
    """Write a row of a table."""
    return f"| {' | '.join(cells)} |\n"


def _quote(text: str) -> str:
    """Write a value as code, as far as anybody reads it."""
    return quote_markdown(_cut(text))


def _quote_html(text: str) -> str:
    """Write a value as code where Markdown is not read."""
    return f"<code>{escape_markdown(_cut(text))}</code>"


def _cut(text: str) -> str:
    """Cut a text that nobody reads to its end."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
