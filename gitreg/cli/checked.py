"""Prints what `check` found, for people and for the programs that show it to them."""

from __future__ import annotations

from gitreg.cli import console
from gitreg.core.views import Report
from gitreg.render.problems import describe_check, fails


def answer_check(report: Report, form: str, *, strict: bool) -> int:
    """Print what `check` found; return 1 if its answer is no.

    Args:
        report: what it found.
        form: ``text``, ``json``, ``github``, ``sarif`` or ``codequality``.
        strict: whether warnings make the answer no.
    """
    if form == "text":
        console.say(*describe_check(report))
    else:
        console.write(_format(report, form))
    return int(fails(report, strict=strict))


def _format(report: Report, form: str) -> str:
    """Write a report for a program; all of it is escaped as that program wants it."""
    from gitreg.render.json import format_document, format_json, shape_report

    match form:
        case "github":
            from gitreg.render.check_github import render_github

            return "".join(f"{line}\n" for line in render_github(report))
        case "sarif":
            from gitreg.render.check_sarif import shape_sarif

            return format_document(shape_sarif(report.problems))
        case "codequality":
            from gitreg.render.check_codequality import shape_codequality

            return format_document(shape_codequality(report.problems))
        case _:
            return format_json(shape_report(report))
