"""Problems as lines of text, and reports as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gitreg.core.problems import Problem, Severity, format_file_place, severity_of
from gitreg.core.views import Report
from gitreg.core.words import format_count
from gitreg.render.text import format_commit


def count_serious(problems: Iterable[Problem]) -> int:
    """Count the problems that are more than a notice."""
    return sum(severity_of(problem) is not Severity.NOTICE for problem in problems)


def fails(report: Report, *, strict: bool = False) -> bool:
    """Say whether a report's answer is no: it has an error, or with `strict` a warning."""
    found = {severity_of(problem) for problem in report.problems}
    return Severity.ERROR in found or (strict and Severity.WARNING in found)


def format_problem(problem: Problem) -> str:
    """Write a problem on one line, its place first: ``artifacts.yaml:3:1: error GR105 a sentence``."""
    place = format_place(problem)
    sentence = f"{severity_of(problem).value} {problem.code} {problem.message}"
    return f"{place}: {sentence}" if place else sentence


def format_place(problem: Problem) -> str:
    """Write where a problem is: in a file, in a tag, in an artifact, or nowhere in particular."""
    if problem.file is not None:
        before = [format_commit(problem.commit)] if problem.commit else []
        return ":".join([*before, format_file_place(problem)])
    if problem.tag is not None:
        return f"tag '{problem.tag}'"
    return f"artifact '{problem.artifact}'" if problem.artifact else ""


def describe_check(report: Report) -> tuple[str, ...]:
    """Say what `check` found: each problem with its hint, then how many there are."""
    return (*_lines(report.problems), f"{format_summary(report)} in {' and '.join(report.checked)}")


def describe_examination(report: Report) -> tuple[str, ...]:
    """Say what `doctor` looked at and found to be well, then what is not."""
    well = tuple(f"ok: {sentence}" for sentence in report.checked)
    return (*well, *_lines(report.problems), format_summary(report))


def format_summary(report: Report) -> str:
    """Count the problems of a report: ``2 errors, 1 warning``."""
    counts = Counter(severity_of(problem) for problem in report.problems)
    found = ", ".join(format_count(counts[severity], severity.value) for severity in Severity if counts[severity])
    return found or "No problems"


def _lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Write each problem, and its hint below."""
    for problem in problems:
        yield format_problem(problem)
        if problem.hint:
            yield f"  hint: {problem.hint}"
