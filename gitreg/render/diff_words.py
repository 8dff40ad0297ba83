"""What `diff` found in sentences and rows, for a terminal and for Markdown alike."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from gitreg.core.entries import PointerKind
from gitreg.core.problems import Severity, severity_of
from gitreg.core.registry_diff import ArtifactChange, Change, Finding, RegistryDiff, Revision
from gitreg.core.registry_diff_summary import TITLES, NextStep, count_changes, count_new, is_unread, list_topics
from gitreg.core.state import Artifact
from gitreg.core.versions import next_version
from gitreg.core.words import format_count
from gitreg.render.comparison_lines import Line, list_lines, write_field
from gitreg.render.problems import format_place
from gitreg.render.text import format_commit, format_size

_NOTHING: Final = "No changes in the model registry"
_NOTHING_KNOWN: Final = "No changes are known in the model registry, but not all of it could be read"
SIGNS: Final = {
    Change.ADDED: "+",
    Change.REMOVED: "-",
    Change.RENAMED: ">",
    Change.CHANGED: "~",
    Change.UNKNOWN: "?",
}
"""A sign for each kind, beside the word: nothing is said by a colour alone."""

_ORDER: Final = ("metric", "bytes", "schema", "data", "entry", "param", "package")
_SHARED: Final = frozenset({"package", "data", "param"})


_KEEPERS: Final = {
    PointerKind.DVC: "DVC",
    PointerKind.GIT: "git",
    PointerKind.LFS: "git-lfs",
    PointerKind.URL: "",
    PointerKind.MISSING: "missing",
}


class Row(NamedTuple):
    """What differs of an artifact: its kind, its name, BASE's, the holder's and HEAD's value, and what changed from each."""

    what: str
    name: str
    base: str
    held: str
    head: str
    change: str
    held_change: str


def describe_nothing(diff: RegistryDiff) -> str:
    """Say that no artifact changed, or none that could be read, and what else is new."""
    new = describe_new(diff)
    nothing = _NOTHING_KNOWN if is_unread(diff) else _NOTHING
    return f"{nothing}; {new}" if new else nothing


def describe_counts(diff: RegistryDiff) -> str:
    """Count artifacts: ``1 added, 1 changed, 0 removed``."""
    return ", ".join(f"{count} {kind.value}" for kind, count in count_changes(diff).items())


def describe_new(diff: RegistryDiff) -> str:
    """Count new findings: ``1 new error, 2 new warnings``; nothing where there are none."""
    return ", ".join(format_count(count, f"new {severity.value}") for severity, count in count_new(diff).items())


def describe_side(revision: Revision) -> str:
    """Name a side: what was meant, its commit, and why it was taken."""
    short = format_commit(revision.commit) if revision.commit is not None else ""
    commit = "" if not short or revision.text.startswith(short) else short
    reasons = ", ".join(text for text in (commit, revision.how) if text)
    return f"{revision.text} ({reasons})" if reasons else revision.text


def describe_change(change: ArtifactChange) -> str:
    """Say what happened to an artifact, in a word, and to a renamed one also what it was called."""
    if change.kind is Change.RENAMED:
        return f"renamed, was {change.before}"
    if change.kind is Change.UNKNOWN:
        side = "base" if change.before is None else "head" if change.after is None else ""
        return f"not known, since its entry cannot be read at {side}" if side else "not known, since not all of it can be read"
    return change.kind.value


def describe_topics(change: ArtifactChange) -> str:
    """Say in short what differs."""
    return ", ".join(list_topics(change)) if change.kind in {Change.CHANGED, Change.RENAMED} else ""


def describe_bytes(change: ArtifactChange) -> str:
    """Say where the bytes are of what was added or removed, and how many: ``models/churn.pkl, DVC, 40.1 MB``."""
    pointer = next((pointer for pointer in change.comparison.pointers if pointer is not None), None)
    if pointer is None or change.kind not in {Change.ADDED, Change.REMOVED}:
        return ""
    size = format_size(pointer.size) if pointer.size is not None else ""
    return ", ".join(text for text in (pointer.path, _KEEPERS[pointer.kind], size) if text)


def describe_state(state: Artifact | None, name: str) -> str:
    """Say which version and stages an artifact has now: ``v1.2.0 now, prod: v1.2.0``."""
    if state is None:
        return ""
    if state.latest is None:
        return "no version yet"
    stages = [
        f"{stage} has {stack[0].version or format_commit(stack[0].commit)}" for stage, stack in state.stages.items() if stack
    ]
    renamed = f" as {state.name}" if state.name != name else ""
    return ", ".join([f"{state.latest} is the latest{renamed}", *stages, *(["deprecated"] if state.deprecated else [])])


def format_step(step: NextStep) -> str:
    """Write the command that comes after the merge."""
    return f"gitreg {step.command} {step.artifact}" + (f" --bump {step.bump.value}" if step.bump is not None else "")


def describe_step(step: NextStep, state: Artifact | None) -> str:
    """Say which version that makes; nothing where that is not known."""
    if state is None or step.bump is None or state.name != step.artifact or not state.versions:
        return ""
    following = next_version([version.version for version in state.versions], step.bump)
    return f"{state.versions[0].version} -> {following}"


def explains_unknown(diff: RegistryDiff) -> bool:
    """Say whether findings tell why nothing is known of artifacts: then they come first."""
    return any(change.kind is Change.UNKNOWN for change in diff.artifacts) and Severity.ERROR in count_new(diff)


def list_rows(change: ArtifactChange) -> list[Row]:
    """List what differs of an artifact, beside what holds the stage that was asked for; nothing where its entry is lost."""
    if change.kind is Change.UNKNOWN and None in {change.before, change.after}:
        return []
    held = change.held.comparison if change.held is not None else None
    beside = {line[:2]: line for line in list_lines(held, everything=True)} if held is not None else {}
    told = any(change.comparison.schema)  # in words, which say more than two schemas side by side
    declared = [
        write_field(replace(row, name=TITLES.get(row.name, row.name)))
        for row in change.declared
        if not (told and row.name == "schema")
    ]
    schema = [
        Line("schema", found.where, ("", found.text), ("breaks callers" if found.breaking else "breaks nobody",))
        for found in change.comparison.schema[0]
    ]
    is_whole = change.before is not None and change.after is not None
    lines = [*list_lines(change.comparison, everything=not is_whole), *schema, *declared]
    if held is not None:  # a metric that is as it was at BASE may be another one than that of the stage
        there = {line[:2] for line in lines}
        alike = [line for line in list_lines(held, everything=False) if line.what == "metric" and line[:2] not in there]
        lines = [*(line._replace(cells=(line.cells[1], line.cells[1]), changes=("",)) for line in alike), *lines]
    if not is_whole:  # all of what there is, and not what it shares with others
        lines = [line._replace(changes=("",)) for line in lines if line.what not in _SHARED and any(line.cells)]
    lines.sort(key=lambda line: _ORDER.index(line.what))
    return [_make_row(line, beside.get(line[:2])) for line in lines]


def _make_row(line: Line, held: Line | None) -> Row:
    """Put the values of three sides into one row."""
    return Row(
        what=line.what,
        name=line.name,
        base=line.cells[0],
        held=held.cells[0] if held is not None else "",
        head=line.cells[1],
        change=line.changes[0],
        held_change=held.changes[0] if held is not None else "",
    )


def title_rows(change: ArtifactChange) -> tuple[str, ...]:
    """Write the titles of the columns of those rows."""
    base, head = (side.label.removeprefix(f"{side.facts.artifact} ") for side in change.comparison.sides)
    if change.kind in {Change.ADDED, Change.REMOVED}:
        return ("what", "name", head if change.kind is Change.ADDED else base)
    if change.held is None or change.held.comparison is None:
        return ("what", "name", base, head, "change")
    return ("what", "name", base, change.held.label, head, "change", f"against {change.held.stage}")


def cells_of(row: Row, change: ArtifactChange) -> list[str]:
    """Write the cells below those titles."""
    if change.kind in {Change.ADDED, Change.REMOVED}:
        return [row.what, row.name, row.head or row.base]
    if change.held is None or change.held.comparison is None:
        return [row.what, row.name, row.base, row.head, row.change]
    return list(row)


def describe_finding(finding: Finding) -> tuple[str, str, str]:
    """Write a finding: whether it is new and how bad it is, its place, and what it says."""
    mark = f"{'new ' if finding.is_new else ''}{severity_of(finding.problem).value} {finding.problem.code}"
    return mark, format_place(finding.problem), finding.problem.message


def count_rest(total: int, shown: int, noun: str, plural: str = "") -> str:
    """Say how many things are not shown; nothing where all are."""
    return f"and {format_count(total - shown, f'more {noun}', f'more {plural}' if plural else '')}" if total > shown else ""
