from __future__ import annotations

import pytest

from gitreg.core.events import Kind
from gitreg.core.new_tags import Known
from gitreg.core.plan import (
    check_new_artifact,
    find_target,
    plan_assignment,
    plan_deprecation,
    plan_deregistration,
    plan_registration,
    plan_rollback,
    plan_unassignment,
)
from gitreg.core.reduce import reduce_artifact
from gitreg.core.versions import Bump
from gitreg.errors import Conflict, NotFound, Refused, SyntaxFault
from tests.support.events import A, B, C, tell


def know(*facts: tuple[str, str] | tuple[str, str, str], quarantined: str = "") -> Known:
    """Know what some tags state, and the name of one that cannot be read."""
    events = tell(*facts)
    taken = {event.tag for event in events} | ({quarantined} - {""})
    return Known(artifact=reduce_artifact("churn", events)[0], events=events, taken=frozenset(taken))


NEW = know()
TWO = know(("churn@v1.0.0", A), ("churn@v2.0.0", B), ("churn#prod#1", A), ("churn#prod#2", B), ("churn#dev#3", B))
WITHDRAWN = know(("churn@v1.0.0", A), ("churn@v1.0.0!", A))


def test_the_first_version_is_v0_0_1() -> None:
    decision = plan_registration(NEW, A)
    assert (decision.kind, decision.version, decision.commit) == (Kind.REGISTRATION, "v0.0.1", A)
    assert decision.subject == "Registering artifact churn version v0.0.1"
    assert decision.trailers == {}


@pytest.mark.parametrize(
    ("bump", "version"),
    [(None, "v2.0.1"), (Bump.PATCH, "v2.0.1"), (Bump.MINOR, "v2.1.0"), (Bump.MAJOR, "v3.0.0"), (Bump.PRERELEASE, "v2.0.1-rc.1")],
)
def test_a_version_follows_the_greatest_one(bump: Bump | None, version: str) -> None:
    assert plan_registration(TWO, C, bump=bump).version == version


@pytest.mark.parametrize("known", [WITHDRAWN, know(quarantined="churn@v1.0.0"), know(quarantined="churn@v1.0.0!")])
def test_a_number_is_never_used_twice_be_its_tag_withdrawn_or_unreadable(known: Known) -> None:
    assert plan_registration(known, C).version == "v1.0.1"


def test_the_version_that_was_asked_for_is_taken() -> None:
    assert plan_registration(TWO, C, version="v1.5.0").version == "v1.5.0"


@pytest.mark.parametrize("version", ["1.0.0", "v1", "newest"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(SyntaxFault):
        plan_registration(NEW, A, version=version)


@pytest.mark.parametrize("commit", [A, C])
def test_an_active_version_is_registered_once(commit: str) -> None:
    with pytest.raises(Conflict, match=r"churn@v1\.0\.0 is registered already, at aaaaaaa"):
        plan_registration(TWO, commit, version="v1.0.0")


@pytest.mark.parametrize("commit", [A, C])
def test_a_version_that_was_withdrawn_may_be_registered_again_on_any_commit(commit: str) -> None:
    assert plan_registration(WITHDRAWN, commit, version="v1.0.0").commit == commit


def test_a_version_that_differs_from_another_only_by_case_is_refused() -> None:
    with pytest.raises(Conflict, match=r"differs from 'v1\.0\.0-rc' only by case"):
        plan_registration(know(("churn@v1.0.0-rc", A)), B, version="v1.0.0-RC")


def test_a_second_version_on_one_commit_has_to_be_asked_for() -> None:
    known = know(("churn@v1.0.0-rc.1", A))
    with pytest.raises(Refused, match=r"commit aaaaaaa is churn@v1\.0\.0-rc\.1 already") as caught:
        plan_registration(known, A)
    assert "--same-commit" in caught.value.hint
    assert plan_registration(known, A, same_commit=True).version == "v1.0.0"


def test_a_second_version_on_one_commit_must_not_take_a_stage_along() -> None:
    known = know(("churn@v1.0.0-rc.1", A), ("churn#prod#1", A))
    with pytest.raises(Refused, match="without naming a version"):
        plan_registration(known, A, same_commit=True)
    named = know(("churn@v1.0.0-rc.1", A), ("churn#prod#1", A, "v1.0.0-rc.1"))
    assert plan_registration(named, A, same_commit=True).version == "v1.0.0"


@pytest.mark.parametrize(("name", "error"), [("a//b", SyntaxFault), ("x.lock:a", SyntaxFault), ("Churn", Conflict)])
def test_the_name_of_a_new_artifact_is_held_against_the_rules_for_writing(name: str, error: type[Exception]) -> None:
    known = Known(artifact=reduce_artifact(name, [])[0])
    with pytest.raises(error):
        check_new_artifact(known, ["churn"])


def test_a_new_artifact_with_a_good_name_is_welcome() -> None:
    check_new_artifact(NEW, ["churn", "fraud"])


def test_an_artifact_that_has_tags_keeps_its_name_whatever_it_is() -> None:
    events = tell(("Churn@v1.0.0", A))
    known = Known(artifact=reduce_artifact("Churn", events)[0], events=events, taken=frozenset({"Churn@v1.0.0"}))
    check_new_artifact(known, ["churn"])


def test_an_assignment_names_its_version_in_a_trailer() -> None:
    decision = plan_assignment(TWO, "prod", commit=A, version="v1.0.0")
    assert (decision.kind, decision.stage, decision.version, decision.commit) == (Kind.ASSIGNMENT, "prod", "v1.0.0", A)
    assert decision.trailers == {"Gitreg-Version": "v1.0.0"}
    assert decision.subject == "Assigning stage prod to artifact churn version v1.0.0"


def test_an_assignment_of_a_bare_commit_names_the_commit() -> None:
    decision = plan_assignment(TWO, "prod", commit=C, version=None)
    assert (decision.version, decision.trailers) == (None, {})
    assert decision.subject == f"Assigning stage prod to artifact churn commit {C}"


@pytest.mark.parametrize("stage", ["a/b", "", "-a", "$(id)"])
def test_a_stage_that_git_could_not_keep_is_refused(stage: str) -> None:
    with pytest.raises(SyntaxFault):
        plan_assignment(TWO, stage, commit=A, version="v1.0.0")


def test_a_stage_that_differs_from_another_only_by_case_is_refused() -> None:
    with pytest.raises(Conflict, match="differs from 'prod' only by case"):
        plan_assignment(TWO, "Prod", commit=A, version="v1.0.0")


def test_a_stage_is_not_assigned_to_what_holds_it() -> None:
    with pytest.raises(Conflict, match=r"churn@v2\.0\.0 holds 'prod' already"):
        plan_assignment(TWO, "prod", commit=B, version="v2.0.0")
    with pytest.raises(Conflict, match="commit ccccccc holds 'dev' already"):
        plan_assignment(know(("churn#dev#1", C)), "dev", commit=C, version=None)


def test_an_unassignment_takes_the_current_holder_if_none_is_named() -> None:
    decision = plan_unassignment(TWO, "prod", version=None)
    assert (decision.kind, decision.version, decision.commit) == (Kind.UNASSIGNMENT, "v2.0.0", B)
    assert decision.trailers == {"Gitreg-Version": "v2.0.0"}


def test_an_unassignment_may_name_one_below_the_current_holder() -> None:
    assert plan_unassignment(TWO, "prod", version="v1.0.0").commit == A


def test_an_unassignment_of_a_bare_commit_has_no_trailer() -> None:
    decision = plan_unassignment(know(("churn#dev#1", C)), "dev", version=None)
    assert (decision.version, decision.trailers) == (None, {})
    assert decision.subject == f"Unassigning stage dev from artifact churn commit {C}"


@pytest.mark.parametrize(
    ("stage", "version", "sentence"),
    [("none", None, "nothing of 'churn' is in 'none'"), ("dev", "v1.0.0", "churn@v1.0.0 is not in 'dev'")],
)
def test_what_does_not_hold_a_stage_cannot_be_taken_off_it(stage: str, version: str | None, sentence: str) -> None:
    with pytest.raises(NotFound) as caught:
        plan_unassignment(TWO, stage, version=version)
    assert caught.value.message == sentence


def test_a_rollback_assigns_the_holder_before_the_current_one() -> None:
    decision = plan_rollback(TWO, "prod", to=None)
    assert (decision.kind, decision.version, decision.commit) == (Kind.ASSIGNMENT, "v1.0.0", A)


def test_a_rollback_may_go_to_a_version_that_never_held_the_stage() -> None:
    assert plan_rollback(TWO, "dev", to="v1.0.0").commit == A


@pytest.mark.parametrize("stage", ["dev", "none"])
def test_there_is_no_way_back_where_nothing_was_before(stage: str) -> None:
    with pytest.raises(NotFound, match="no holder before the current one"):
        plan_rollback(TWO, stage, to=None)


@pytest.mark.parametrize(("to", "error"), [("v2.0.0", Conflict), ("v9.0.0", NotFound)])
def test_a_rollback_goes_to_a_version_that_is_there_and_not_in_place(to: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_rollback(TWO, "prod", to=to)


@pytest.mark.parametrize(("version", "commit"), [("v1.0.0", A), ("latest", B)])
def test_a_deregistration_goes_to_the_commit_where_the_version_lives(version: str, commit: str) -> None:
    decision = plan_deregistration(TWO, version)
    assert (decision.kind, decision.commit) == (Kind.DEREGISTRATION, commit)


def test_a_version_is_withdrawn_once() -> None:
    with pytest.raises(Conflict, match="deregistered already"):
        plan_deregistration(WITHDRAWN, "v1.0.0")
    with pytest.raises(NotFound):
        plan_deregistration(TWO, "v9.0.0")


def test_a_deprecation_goes_to_the_commit_of_the_last_event() -> None:
    decision = plan_deprecation(TWO)
    assert (decision.kind, decision.commit, decision.version, decision.stage) == (Kind.DEPRECATION, B, None, None)


def test_an_artifact_is_deprecated_once() -> None:
    with pytest.raises(Conflict, match="deprecated already"):
        plan_deprecation(know(("churn@v1.0.0", A), ("churn@deprecated", A)))
    with pytest.raises(NotFound):
        plan_deprecation(NEW)


def test_the_target_of_a_commit_is_the_version_registered_there_last() -> None:
    assert find_target(TWO, A) == "v1.0.0"
    assert find_target(TWO, C) is None
    assert find_target(know(("churn@v1.0.0-rc.1", A), ("churn@v1.0.0", A)), A) == "v1.0.0"


def test_a_commit_whose_version_is_withdrawn_or_elsewhere_is_no_target() -> None:
    with pytest.raises(Refused, match="is deregistered"):
        find_target(WITHDRAWN, A)
    moved = know(("churn@v1.0.0", A), ("churn@v1.0.0!", A), ("churn@v1.0.0#1", B))
    with pytest.raises(Refused, match=r"commit aaaaaaa was churn@v1\.0\.0, which now is at bbbbbbb"):
        find_target(moved, A)
