from __future__ import annotations

from collections.abc import Mapping

import pytest

from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.core.state import Artifact, Version
from gitreg.core.views import ArtifactDetail, ArtifactView, Overview, VersionDetail
from gitreg.render.unread import describe_problem, describe_unread

BROKEN = Problem(code="GR401", message="it is no JSON", file="m.json", line=2, column=10)
GONE = Problem(code="GR401", message="git has no such file", file="n.json")


def facts(*problems: Problem, commit: str = "a" * 40) -> Facts:
    return Facts(artifact="churn", commit=commit, problems=problems)


def show(known: Mapping[str, Facts] | None, *problems: Problem) -> list[str]:
    return describe_unread(
        ArtifactDetail(artifact=Artifact(name="churn"), entry=None, versions=(), facts=known, problems=problems)
    )


def test_a_file_that_cannot_be_read_is_told_with_the_versions_that_have_it() -> None:
    other = Problem(code="GR401", message="it is no JSON", file="m.json", line=2, column=10, commit="b" * 40)
    known = {"v1.2.0": facts(BROKEN), "v1.1.0": facts(), "v1.0.0": facts(other, GONE)}
    assert show(known) == ["m.json:2:10 of v1.2.0, v1.0.0: it is no JSON", "n.json of v1.0.0: git has no such file"]


def test_of_many_versions_the_first_are_named() -> None:
    known = {f"v1.{minor}.0": facts(BROKEN, BROKEN) for minor in range(9, -1, -1)}
    assert show(known) == ["m.json:2:10 of v1.9.0, v1.8.0, v1.7.0 and 7 more: it is no JSON"]


def test_what_is_wrong_with_what_is_shown_anyway_is_not_told_twice() -> None:
    assert show({"v1.0.0": facts(BROKEN)}, BROKEN) == []


def test_without_facts_nothing_is_told() -> None:
    assert show(None) == []
    assert describe_unread(VersionDetail(artifact="churn", commit="a" * 40, version=None)) == []


def test_of_the_registry_artifacts_are_named_too() -> None:
    views = tuple(
        ArtifactView(Artifact(name=name, versions=(), latest=latest)) for name, latest in (("churn", "v1.0.0"), ("fraud", None))
    )
    unread = (
        Problem(code="GR401", message="it is no JSON", file="m.json", artifact="churn", commit="a" * 40),
        Problem(code="GR401", message="it is no JSON", file="m.json", artifact="fraud", commit="b" * 40),
    )
    assert describe_unread(Overview(artifacts=views, stages=(), unread=unread)) == [
        "m.json of churn v1.0.0, fraud bbbbbbb: it is no JSON"
    ]


@pytest.mark.parametrize(("is_version", "text"), [(True, "v1.0.0"), (False, "commit aaaaaaa")])
def test_of_one_version_or_commit_that_one_is_named(is_version: bool, text: str) -> None:  # noqa: FBT001
    version = Version(
        artifact="churn",
        version="v1.0.0",
        active=True,
        commit="a" * 40,
        tag="churn@v1.0.0",
        registered_at=0,
        author="Ann",
        author_email="",
        message="",
    )
    detail = VersionDetail(artifact="churn", commit="a" * 40, version=version if is_version else None, facts=facts(GONE))
    assert describe_unread(detail) == [f"n.json of {text}: git has no such file"]


@pytest.mark.parametrize(
    ("versions", "count", "text"),
    [
        ((), None, "n.json: git has no such file"),
        (
            ("churn v2.0.0", "churn v1.0.0", "fraud v1.0.0"),
            3,
            "n.json of churn v2.0.0, v1.0.0, fraud v1.0.0: git has no such file",
        ),
        (("churn v2.0.0",), 5, "n.json of churn v2.0.0 and 4 more: git has no such file"),
    ],
)
def test_a_problem_names_its_versions(versions: tuple[str, ...], count: int | None, text: str) -> None:
    assert describe_problem(GONE, versions, count) == text


def test_what_is_of_no_file_names_its_versions_behind() -> None:
    problem = Problem(code="GR101", message="something is missing")
    assert describe_problem(problem, ["v1.0.0"]) == "something is missing (of v1.0.0)"
    assert describe_problem(problem, []) == "something is missing"
