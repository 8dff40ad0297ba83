from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.core.problems import CATALOGUE, Problem
from gitreg.core.views import Report
from gitreg.render.problems import count_serious, describe_check, describe_examination, fails, format_problem
from tests.render.values import PROBLEMS


def test_a_problem_is_one_line_with_its_place_first() -> None:
    assert [format_problem(problem) for problem in PROBLEMS] == snapshot(
        [
            "tag 'x@v1.0.0': error GR201 tag 'x@v1.0.0' is lightweight",
            "artifacts.yaml:3:5: error GR105 'labels' is no list",
            "aaaaaaa:a/artifacts.yaml:4: warning GR106 unknown field 'lables'",
            "artifact 'churn': notice GR309 'churn' has no entry",
            "warning GR511 there is no remote 'origin'",
        ]
    )


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_can_be_printed(code: str) -> None:
    assert code in format_problem(Problem(code=code, message="x"))


def test_check_says_what_it_found_and_where_it_looked() -> None:
    assert describe_check(Report(PROBLEMS, ("2 files with 3 entries", "4 registry tags"))) == snapshot(
        (
            "tag 'x@v1.0.0': error GR201 tag 'x@v1.0.0' is lightweight",
            "  hint: fetch it again",
            "artifacts.yaml:3:5: error GR105 'labels' is no list",
            "aaaaaaa:a/artifacts.yaml:4: warning GR106 unknown field 'lables'",
            "artifact 'churn': notice GR309 'churn' has no entry",
            "warning GR511 there is no remote 'origin'",
            "2 errors, 2 warnings, 1 notice in 2 files with 3 entries and 4 registry tags",
        )
    )
    assert describe_check(Report((), ("2 files with 3 entries",))) == snapshot(("No problems in 2 files with 3 entries",))


def test_doctor_says_what_is_well_and_what_is_not() -> None:
    assert describe_examination(Report(PROBLEMS[-1:], ("git 2.39.5", "no lock files"))) == snapshot(
        ("ok: git 2.39.5", "ok: no lock files", "warning GR511 there is no remote 'origin'", "1 warning")
    )
    assert describe_examination(Report((), ("git 2.39.5",))) == snapshot(("ok: git 2.39.5", "No problems"))


def test_errors_fail_warnings_fail_when_strict_and_notices_never() -> None:
    error, warning, notice = Report(PROBLEMS[:1]), Report(PROBLEMS[2:3]), Report(PROBLEMS[3:4])
    assert [fails(report) for report in (error, warning, notice)] == [True, False, False]
    assert [fails(report, strict=True) for report in (error, warning, notice)] == [True, True, False]


def test_notices_do_not_count() -> None:
    assert count_serious(PROBLEMS) == len(PROBLEMS) - 1
