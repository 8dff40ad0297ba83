"""A pytest plugin: with GITREG_TESTS_NO_SKIP=1 a skipped test is a failed test.

A suite that skips what it cannot run stays green for ever; where we know that everything is installed, nothing may be skipped.
Loaded with ``-p tests.support.no_skip``.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Final, TypeVar

import pytest

VARIABLE: Final = "GITREG_TESTS_NO_SKIP"

_Report = TypeVar("_Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the report of a skipped test into a failure."""
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the report of a skipped file into a failure."""
    return _without_skip((yield))


def _without_skip(report: _Report) -> _Report:
    """Fail what was skipped; an expected failure (xfail) is no skip."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(VARIABLE) == "1":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{VARIABLE}=1, and this was skipped: {reason}"
    return report
