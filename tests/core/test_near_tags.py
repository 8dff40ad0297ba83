from __future__ import annotations

import pytest

from gitreg.core.near_tags import NearMiss, find_near_miss

VERSION = "a version is 'v' and three numbers, such as v1.2.0 or v2.0.0-rc.1"
BEHIND = "behind a version stands nothing, '!', or '#' with a number"
STAGE = "behind '#' stands a stage, then nothing, '!', or '#' with a number"


@pytest.mark.parametrize(
    ("tag", "artifact", "reason"),
    [
        ("churn@v2", "churn", VERSION),
        ("churn@2.0.0", "churn", "write 'v2.0.0'"),
        ("churn@2.0.0!", "churn", "write 'v2.0.0'"),
        ("churn@V2.0.0", "churn", VERSION),
        ("churn@v.1.0.0", "churn", VERSION),
        ("churn@v01.0.0", "churn", VERSION),
        ("models=churn@v1.0", "models:churn", VERSION),
        ("churn@v1.0.0#x", "churn", BEHIND),
        ("churn@v1.0.0!!", "churn", BEHIND),
        ("churn#prod#x", "churn", STAGE),
        ("churn#-prod", "churn", STAGE),
        ("churn#prod!!", "churn", STAGE),
    ],
)
def test_a_name_that_is_nearly_one_of_the_registry_is_found_with_what_is_wrong(tag: str, artifact: str, reason: str) -> None:
    assert find_near_miss(tag) == NearMiss(artifact, reason)


def test_a_version_that_git_could_not_keep_says_so() -> None:
    reason = "'v1.0.0-a.lock' is no valid version: git could not keep a tag of this name"
    assert find_near_miss("churn@v1.0.0-a.lock") == NearMiss("churn", reason)


@pytest.mark.parametrize(
    "tag",
    ["churn@v1.0.0", "churn#prod#1", "churn@deprecated", "churn@nightly", "churn@", "v1.0.0", "@v1", "", "a@v1" + "0" * 5000],
)
def test_registry_tags_and_names_of_something_else_are_no_near_misses(tag: str) -> None:
    assert find_near_miss(tag) is None
