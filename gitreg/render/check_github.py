"""Problems as commands of GitHub's workflows, which become annotations: ``::error file=...,line=...,title=GR105::sentence``.

A step may make ten annotations of each kind, and GitHub drops the others without a word
(https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from gitreg.core.problems import Problem, severity_of
from gitreg.core.views import Report
from gitreg.core.words import format_count
from gitreg.render.problems import format_summary
from gitreg.render.text import escape

MOST: Final = 10
"""Annotations of a kind in a step."""


def render_github(report: Report) -> tuple[str, ...]:
    """Write the problems of a report as commands, errors first, and a last line for the log that counts them."""
    counts: Counter[str] = Counter()
    lines = []
    for problem in report.problems:
        kind = severity_of(problem).value
        counts[kind] += 1
        if counts[kind] <= MOST:
            lines.append(_format_command(problem, kind))
    summary = f"{format_summary(report)} in {' and '.join(report.checked)}"
    left = counts.total() - len(lines)
    more = f"; {format_count(left, 'more problem')} that GitHub would not show: gitreg check lists all" if left else ""
    return (*lines, f"{summary}{more}")


def _format_command(problem: Problem, kind: str) -> str:
    """Write one command."""
    properties = ",".join(f"{name}={_escape_property(value)}" for name, value in _properties(problem))
    hint = f"\nhint: {escape(problem.hint)}" if problem.hint else ""
    return f"::{kind} {properties}::{_escape_data(f'{escape(problem.message)}{hint}')}"


def _properties(problem: Problem) -> Iterator[tuple[str, str]]:
    """List where a problem is, and its code."""
    if problem.file is not None:
        yield "file", escape(problem.file)
        if problem.line is not None:
            yield "line", str(problem.line)
            if problem.column is not None:
                yield "col", str(problem.column)
    yield "title", problem.code


def _escape_data(text: str) -> str:
    """Keep a text from ending the line: what follows would be a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    """Keep a text from ending a property or the list of them, too."""
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
