from __future__ import annotations

from gitreg.core.reduce import reduce_events
from gitreg.core.state import Artifact, find_holder, find_version
from tests.support.events import A, B, tell

CHURN = reduce_events(tell(("churn@v1.0.0", A), ("churn@v2.0.0", B), ("churn#prod#1", A), ("churn#prod#2", B))).artifacts["churn"]


def test_a_version_is_found_by_its_exact_text() -> None:
    found = find_version(CHURN, "v1.0.0")
    assert found is not None
    assert found.commit == A


def test_a_version_that_was_never_registered_is_not_found() -> None:
    assert find_version(CHURN, "v1.0.0+build") is None


def test_the_holder_of_a_stage_is_the_first_of_its_stack() -> None:
    holder = find_holder(CHURN, "prod")
    assert holder is not None
    assert holder.version == "v2.0.0"


def test_a_stage_that_nobody_holds_has_no_holder() -> None:
    assert find_holder(CHURN, "staging") is None
    assert find_holder(Artifact(name="new"), "prod") is None
