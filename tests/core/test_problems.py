from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import gitreg
from gitreg.core.problems import CATALOGUE, Problem, Severity, format_cause, severity_of

PACKAGE = Path(gitreg.__file__).parent


@pytest.mark.parametrize(
    ("code", "severity"), [("GR301", Severity.ERROR), ("GR303", Severity.WARNING), ("GR308", Severity.NOTICE)]
)
def test_the_code_of_a_problem_decides_how_bad_it_is(code: str, severity: Severity) -> None:
    assert severity_of(Problem(code=code, message="something")) is severity


def test_every_code_of_the_catalogue_has_a_sentence() -> None:
    assert all(re.fullmatch(r"GR[1-5][0-9]{2}", code) and sentence for code, (_, sentence) in CATALOGUE.items())


def test_the_catalogue_is_sorted_and_says_nothing_twice() -> None:
    assert list(CATALOGUE) == sorted(CATALOGUE)
    assert len({sentence for _, sentence in CATALOGUE.values()}) == len(CATALOGUE)


def test_every_code_that_the_package_speaks_of_is_in_the_catalogue() -> None:
    spoken = {code for path in PACKAGE.rglob("*.py") for code in re.findall(r"\bGR[0-9]{3}\b", path.read_text("utf-8"))}
    assert spoken == set(CATALOGUE)


def test_a_problem_needs_no_more_than_code_and_sentence() -> None:
    problem = Problem(code="GR101", message="something")
    assert (problem.file, problem.line, problem.tag, problem.artifact, problem.commit, problem.hint) == (
        None,
        None,
        None,
        None,
        None,
        "",
    )


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ({}, "something"),
        ({"file": "dvc.lock"}, "dvc.lock: something"),
        ({"file": "dvc.lock", "line": 3, "column": 1}, "dvc.lock:3:1: something"),
    ],
)
def test_a_problem_that_is_the_cause_of_another_one_says_where_it_is(place: dict[str, Any], text: str) -> None:
    assert format_cause(Problem(code="GR101", message="something", **place)) == text
