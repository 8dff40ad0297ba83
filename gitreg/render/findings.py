"""What `search` found: as a table, sentences and JSON."""

from __future__ import annotations

import math

from gitreg.core.candidates import Candidate
from gitreg.core.findings import Finding, Findings, QueryColumn
from gitreg.core.pipelines import Value, write_value
from gitreg.core.query import Field
from gitreg.core.words import format_count
from gitreg.render.blocks import Column, Fit, Table
from gitreg.render.json_values import Shape
from gitreg.render.problems import count_serious
from gitreg.render.text import first_line, format_commit, format_iso_time, format_size, format_target, format_time

_TIMES = frozenset({Field.REGISTERED, Field.ASSIGNED})
_LONG = frozenset({Field.DESCRIPTION, Field.HASH, Field.DATA, Field.PATH})
_MOST_LINES = 20  # of what nobody can know; more than a person reads, and JSON has them all


def render_findings(findings: Findings) -> Table:
    """Show a row for each version that is meant, with a column for each field that the query names."""
    columns = (
        Column("name", Fit.FOLD),
        Column("version"),
        Column("stages", Fit.FOLD),
        *(Column(column.title, Fit.CUT if column.field in _LONG else Fit.FOLD) for column in findings.columns),
        Column("state"),
    )
    rows = tuple(_row(finding, findings.columns) for finding in findings.matches)
    if any(row[-1] for row in rows):
        return Table(columns=columns, rows=rows)
    return Table(columns=columns[:-1], rows=tuple(row[:-1] for row in rows))


def describe_findings(findings: Findings, *, history: bool) -> str:
    """Say what was found, if that is not all, or nothing."""
    where = format_count(findings.searched, "version") + ("" if history else " that are current")
    if not findings.matched:
        return f"of {where} none is known to be like this"
    if len(findings.matches) < findings.matched:
        return f"{len(findings.matches)} of {findings.matched} are shown; leave --limit out for all"
    return ""


def describe_doubts(findings: Findings) -> tuple[str, ...]:
    """Say of which versions nobody can know, and why; nothing where there is none."""
    if not findings.doubtful:
        return ()
    lines = [f"{_name(finding.candidate)}: {'; '.join(finding.reasons)}" for finding in findings.unknown[:_MOST_LINES]]
    rest = findings.doubtful - len(lines)
    more = [f"and {rest} more, which --json lists"] if rest else []
    return (f"of {format_count(findings.doubtful, 'version')} nobody can know:", *lines, *more)


def shape_findings(findings: Findings) -> Shape:
    """Shape what `search` answers."""
    return {
        "query": findings.query,
        "columns": [column.title for column in findings.columns],
        "matches": [_shape_finding(finding, findings.columns) for finding in findings.matches],
        "unknown": [_shape_finding(finding, findings.columns) for finding in findings.unknown],
        "matched": findings.matched,
        "doubtful": findings.doubtful,
        "searched": findings.searched,
        "problems": count_serious(findings.problems),
        "notes": [*findings.notes, *("; ".join(filter(None, found)) for found in findings.absent)],
    }


def _row(finding: Finding, columns: tuple[QueryColumn, ...]) -> tuple[str, ...]:
    """Write one row."""
    candidate = finding.candidate
    cells = (", ".join(_format(column.field, value) for value in finding.values[column.title]) for column in columns)
    states = ("deprecated" if candidate.deprecated else "", "" if candidate.active else "withdrawn")
    return (
        candidate.artifact,
        candidate.version or format_commit(candidate.commit),
        ", ".join(f"#{stage}" for stage in candidate.stages),
        *cells,
        ", ".join(filter(None, states)),
    )


def _name(candidate: Candidate) -> str:
    """Name a candidate in a sentence, with the stages that it holds."""
    target = format_target(candidate.artifact, candidate.version, candidate.commit)
    return " ".join((target, *(f"#{stage}" for stage in candidate.stages)))


def _format(field: Field, value: Value) -> str:
    """Write a value for a person."""
    if field is Field.SIZE and isinstance(value, int):
        return format_size(value)
    if field in _TIMES and isinstance(value, int):
        return format_time(value)
    return first_line(f"{value:.6g}" if isinstance(value, float) else write_value(value))


def _shape_finding(finding: Finding, columns: tuple[QueryColumn, ...]) -> Shape:
    """Shape one version."""
    candidate = finding.candidate
    return {
        "artifact": candidate.artifact,
        "version": candidate.version,
        "commit": candidate.commit,
        "active": candidate.active,
        "deprecated": candidate.deprecated,
        "latest": "latest" in candidate.marks,
        "stable": "stable" in candidate.marks,
        "stages": list(candidate.stages),
        "registered_at": None if candidate.registered_at is None else format_iso_time(candidate.registered_at),
        "values": {column.title: [_plain(column.field, value) for value in finding.values[column.title]] for column in columns},
        "reasons": list(finding.reasons),
    }


def _plain(field: Field, value: Value) -> Value:
    """Turn times into ISO 8601, and numbers that JSON does not have into text."""
    if field in _TIMES and isinstance(value, int):
        return format_iso_time(value)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
