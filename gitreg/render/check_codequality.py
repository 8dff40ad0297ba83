"""Problems as a report of code quality, which GitLab shows in merge requests.

See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gitreg.core.problems import Problem, Severity, severity_of
from gitreg.render.check_places import choose_file, name_problems
from gitreg.render.json_values import Shape
from gitreg.render.text import escape

_SEVERITIES: Final = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTICE: "info"}


def shape_codequality(problems: Sequence[Problem]) -> list[Shape]:
    """Shape problems; a problem without a file has that of its artifact, since GitLab leaves out what has none."""
    return [_shape_problem(problem, name) for problem, name in zip(problems, name_problems(problems), strict=True)]


def _shape_problem(problem: Problem, name: str) -> Shape:
    """Shape one problem."""
    return {
        "check_name": problem.code,
        "description": escape(problem.message),
        "fingerprint": name,
        "severity": _SEVERITIES[severity_of(problem)],
        "location": {"path": escape(choose_file(problem)), "lines": {"begin": problem.line or 1}},
    }
