from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gitreg.core.compared import CodeChange, Kind, Side
from gitreg.core.comparison import compare_facts
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts, Package
from gitreg.core.pipelines import Material
from gitreg.core.problems import Problem, Severity
from gitreg.core.registry_diff import ArtifactChange, Change, Finding, RegistryDiff, Revision
from gitreg.core.registry_diff_pairs import Pair, compare_declared, find_lost, judge_change, pair_artifacts
from gitreg.core.registry_diff_summary import (
    NextStep,
    choose_next,
    count_changes,
    count_new,
    describe_headline,
    differs,
    find_registered,
    is_unread,
    list_topics,
    pick_headlines,
    sort_changes,
)
from gitreg.core.state import Artifact, Version
from gitreg.core.versions import Bump
from tests.support.events import A, B

BROKEN = Problem(code="GR101", message="it is no YAML", file="artifacts.yaml")


def make_facts(name: str = "churn", commit: str = A, digest: str | None = "md5:1", **facts: Any) -> Facts:
    """Facts of an artifact at ``NAME.bin``; fields of the entry have ``entry_`` in front."""
    fields = {key.removeprefix("entry_"): facts.pop(key) for key in list(facts) if key.startswith("entry_")}
    entry = Entry(name=name, file="artifacts.yaml", line=1, **fields)
    path = facts.pop("path", f"{name}.bin")
    pointer = Pointer(kind=facts.pop("kind", PointerKind.DVC), path=path, hash=digest, size=1)
    return Facts(artifact=name, commit=commit, entry=entry, pointer=facts.pop("pointer", pointer), **facts)


def pair(
    before: list[Facts], after: list[Facts], *, lost_before: tuple[Problem, ...] = (), lost_after: tuple[Problem, ...] = ()
) -> list[Pair]:
    sides = ({facts.artifact: facts for facts in one} for one in (before, after))
    return pair_artifacts(*sides, lost_before=lost_before, lost_after=lost_after)


def make_change(before: Facts | None, after: Facts | None, **more: Any) -> ArtifactChange:
    """Compare two facts as `diff` does."""
    name = (after or before or make_facts()).artifact
    facts = (before or Facts(artifact=name, commit=A), replace(after or Facts(artifact=name, commit=B), commit=B))
    sides = [Side(label=f"{one.artifact} {label}", facts=one) for one, label in zip(facts, ("base", "head"), strict=True)]
    known = (Version(name, "v0.0.0", True, A, f"{name}@v0.0.0", 0, "Ann", "ann@example.com", "m"),)  # noqa: FBT003  active
    more.setdefault("state", Artifact(name=name, versions=known, latest="v0.0.0"))
    kind = Change.CHANGED if before and after else Change.ADDED if after else Change.REMOVED
    return ArtifactChange(
        name=name,
        kind=more.pop("change", kind),
        before=before.artifact if before else None,
        after=after.artifact if after else None,
        comparison=compare_facts(sides),
        declared=compare_declared(*facts),
        **more,
    )


def change_of(**after: Any) -> ArtifactChange:
    """Change one thing of an artifact."""
    same: dict[str, Any] = {"entry_goals": {"auc": "higher"}} if "metrics" in after else {}
    before: dict[str, Any] = {"metrics": {"m.json": {"auc": 0.8}}} if "metrics" in after else {}
    return make_change(make_facts(**same, **before), make_facts(commit=B, **same, **after))


def make_diff(*artifacts: ArtifactChange, **more: Any) -> RegistryDiff:
    return RegistryDiff(base=Revision(text="main", commit=A), head=Revision(text="HEAD", commit=B), artifacts=artifacts, **more)


def test_what_is_the_same_but_for_its_place_is_left_out() -> None:
    problem = Problem(code="GR106", message="unknown", file="artifacts.yaml", artifact="churn")
    assert pair([make_facts()], [make_facts(commit=B, problems=(problem,))]) == []


def test_what_differs_is_paired_by_name() -> None:
    before, after = (
        [make_facts("a"), make_facts("b"), make_facts("c")],
        [make_facts("b", digest="md5:2"), make_facts("d", digest="md5:9")],
    )
    assert pair(before, after) == [
        Pair("a", None, Change.REMOVED),
        Pair("b", "b", Change.CHANGED),
        Pair("c", None, Change.REMOVED),
        Pair(None, "d", Change.ADDED),
    ]


def test_the_path_says_first_what_was_renamed_and_then_the_bytes() -> None:
    before = [make_facts("a", path="x", digest="md5:1"), make_facts("b", digest="md5:2")]
    after = [make_facts("c", path="x", digest="md5:2"), make_facts("d", digest="md5:1")]
    assert pair(before, after) == [
        Pair("b", None, Change.REMOVED),
        Pair("a", "c", Change.RENAMED),
        Pair(None, "d", Change.ADDED),
    ]
    after = [make_facts("c", digest="md5:2"), make_facts("d", digest="md5:1")]
    assert pair(before, after) == [Pair("b", "c", Change.RENAMED), Pair("a", "d", Change.RENAMED)]


def test_several_of_one_path_or_without_bytes_were_not_renamed() -> None:
    assert len(pair([make_facts("a", digest="md5:1")], [make_facts("b"), make_facts("c")])) == 3
    missing: dict[str, Any] = {"kind": PointerKind.MISSING, "digest": None}
    assert len(pair([make_facts("a", **missing)], [make_facts("b", **missing)])) == 2
    assert len(pair([make_facts("a", pointer=None)], [make_facts("b", pointer=None)])) == 2


@pytest.mark.parametrize(
    ("file", "artifact", "lost"),
    [
        ("artifacts.yaml", None, {"churn"}),
        ("dvc.yaml", None, {"churn"}),
        ("models/dvc.yaml", None, {"models/nlp:a", "models:b"} - {"models/nlp:a"}),
        ("models/", None, {"models/nlp:a", "models:b"}),
        (".", None, {"churn", "models/nlp:a", "models:b"}),
        ("artifacts.yaml", "churn", {"churn"}),
        ("artifacts.yaml", "other", set()),
        (None, None, set()),
    ],
)
def test_an_entry_may_be_in_a_file_that_could_not_be_read(file: str | None, artifact: str | None, lost: set[str]) -> None:
    problem = Problem(code="GR101", message="no", file=file, artifact=artifact)
    assert find_lost(["churn", "models/nlp:a", "models:b"], [problem]) == lost


def test_what_may_be_there_is_unknown_and_never_renamed() -> None:
    assert pair([make_facts()], [], lost_after=(BROKEN,)) == [Pair("churn", None, Change.UNKNOWN)]
    assert pair([], [make_facts()], lost_before=(BROKEN,)) == [Pair(None, "churn", Change.UNKNOWN)]
    assert pair([make_facts("a", path="x")], [make_facts("b", path="x")], lost_after=(BROKEN,)) == [
        Pair("a", None, Change.UNKNOWN),
        Pair(None, "b", Change.ADDED),
    ]
    warning = Problem(code="GR106", message="unknown field", file="artifacts.yaml")
    assert pair([make_facts()], [], lost_after=(warning,)) == [Pair("churn", None, Change.REMOVED)]


def test_what_decides_where_facts_are_is_compared_field_by_field() -> None:
    before = make_facts(entry_path="a", entry_goals={"auc": "higher"}, entry_metrics=("m.json",))
    after = make_facts(commit=B, entry_path="b", entry_params=("p.json",), entry_goals={"auc": "higher"}, kind=PointerKind.GIT)
    assert [(row.name, row.values, row.kinds[0]) for row in compare_declared(before, after)] == [
        ("path", ("a", "b"), Kind.CHANGED),
        ("metrics", (("m.json",), None), Kind.REMOVED),
        ("params", (None, ("p.json",)), Kind.ADDED),
        ("pointer.kind", (PointerKind.DVC, PointerKind.GIT), Kind.CHANGED),
    ]
    assert compare_declared(before, Facts(artifact="churn", commit=B)) == ()
    assert compare_declared(make_facts(pointer=None), make_facts(entry_path="x", problems=(BROKEN,)))[0].kinds == (Kind.ADDED,)
    assert compare_declared(make_facts(pointer=None, problems=(BROKEN,)), make_facts(entry_path="x"))[0].kinds == (Kind.UNKNOWN,)


def test_what_only_may_differ_is_unknown() -> None:
    assert judge_change(change_of().comparison, ()) is None
    assert judge_change(change_of(digest="md5:2").comparison, ()) is Change.CHANGED
    assert judge_change(change_of(entry_license="MIT").comparison, ()) is Change.CHANGED
    lost = make_facts(commit=B, digest=None, kind=PointerKind.MISSING, problems=(BROKEN,))
    assert judge_change(make_change(make_facts(), lost).comparison, ()) is Change.UNKNOWN
    gone = make_facts(commit=B, digest=None, kind=PointerKind.MISSING)
    assert judge_change(make_change(make_facts(), gone).comparison, ()) is Change.CHANGED
    schemas = [{"inputs": [{"name": "x", "type": kind}]} for kind in ("int64", "string")]
    change = make_change(make_facts(entry_schema=schemas[0]), make_facts(commit=B, entry_schema=schemas[1]))
    assert judge_change(change.comparison, ()) is Change.CHANGED
    assert judge_change(make_change(make_facts(pointer=None), make_facts(pointer=None)).comparison, ()) is None


def test_artifacts_and_new_findings_are_counted() -> None:
    old = Finding(BROKEN, is_new=False)
    diff = make_diff(change_of(digest="md5:2"), make_change(None, make_facts("b")), findings=(Finding(BROKEN, is_new=True), old))
    assert count_changes(diff) == {Change.ADDED: 1, Change.CHANGED: 1, Change.REMOVED: 0}
    assert count_new(diff) == {Severity.ERROR: 1}
    unknown = make_change(make_facts(), None, change=Change.UNKNOWN)
    assert count_changes(make_diff(unknown))[Change.UNKNOWN] == 1


def test_a_registry_differs_by_artifacts_new_errors_and_what_nobody_can_read() -> None:
    warning = Finding(Problem(code="GR106", message="x"), is_new=True)
    assert not differs(make_diff(findings=(warning, Finding(BROKEN, is_new=False))))
    assert differs(make_diff(findings=(Finding(BROKEN, is_new=True),)))
    assert differs(make_diff(change_of(digest="md5:2")))
    assert is_unread(make_diff(problems=(BROKEN,)))
    assert differs(make_diff(problems=(BROKEN,)))


def test_the_first_metric_that_got_worse_and_the_first_that_got_better_are_the_headlines() -> None:
    better, worse = (change_of(metrics={"m.json": {"auc": value}}) for value in (0.9, 0.7))
    found = pick_headlines(make_diff(better, worse, better))
    assert [(one.artifact, describe_headline(one.row)) for one in found] == [
        ("churn", "0.8 -> 0.7 worse"),
        ("churn", "0.8 -> 0.9 better"),
    ]
    without_goal = make_change(make_facts(metrics={"m.json": {"f1": 0}}), make_facts(metrics={"m.json": {"f1": 1}}))
    assert pick_headlines(make_diff(change_of(digest="md5:2"), without_goal)) == ()
    assert describe_headline(make_change(make_facts(), make_facts(metrics={"m.json": {"f1": 1}})).comparison.metrics[0]) != ""
    same = make_change(make_facts(metrics={"m.json": {"auc": 1}}), make_facts(metrics={"m.json": {"auc": 1}}))
    assert describe_headline(same.comparison.metrics[0]) == "1 -> 1"


def make_state(*states: str) -> Artifact:
    versions = tuple(
        Version("churn", f"v{number}.0.0", state == "active", A, f"churn@v{number}.0.0", 0, "Ann", "ann@example.com", "m")
        for number, state in enumerate(states)
    )
    return Artifact(name="churn", versions=versions)


SCHEMAS = [{"inputs": [{"name": "x", "type": kind}]} for kind in ("int64", "string")]


@pytest.mark.parametrize(
    ("change", "step"),
    [
        (change_of(digest="md5:2"), NextStep("register", "churn", Bump.MINOR)),
        (change_of(metrics={"m.json": {"auc": 1}}), NextStep("register", "churn", Bump.MINOR)),
        (change_of(data=(Material(path="d.csv", hash="md5:3"),)), NextStep("register", "churn", Bump.MINOR)),
        (change_of(entry_path="x"), NextStep("register", "churn", Bump.MINOR)),
        (change_of(entry_license="MIT"), NextStep("register", "churn", Bump.PATCH)),
        (
            make_change(make_facts(entry_schema=SCHEMAS[0]), make_facts(entry_schema=SCHEMAS[1])),
            NextStep("register", "churn", Bump.MAJOR),
        ),
        (make_change(make_facts(), make_facts("scam"), change=Change.RENAMED), NextStep("register", "scam")),
        (change_of(packages=(Package(name="a", version="1"),)), None),
        (change_of(entry_goals={"auc": "lower"}), None),
        (make_change(None, make_facts()), NextStep("register", "churn")),
        (make_change(make_facts(), make_facts(digest="md5:2"), state=make_state()), NextStep("register", "churn")),
        (
            make_change(make_facts(), make_facts(digest="md5:2"), state=make_state("active")),
            NextStep("register", "churn", Bump.MINOR),
        ),
        (make_change(make_facts(), None), NextStep("deprecate", "churn")),
        (make_change(make_facts(), None, state=make_state()), None),
        (make_change(make_facts(), None, state=make_state("withdrawn")), None),
        (make_change(make_facts(), None, state=make_state("active", "withdrawn")), NextStep("deprecate", "churn")),
        (make_change(make_facts(), None, change=Change.UNKNOWN), None),
        (make_change(make_facts(), make_facts(digest="md5:2"), state=None), None),  # nobody knows which versions there are
        (make_change(make_facts(), make_facts(digest="md5:2"), state=make_state("active"), registered="v0.0.0"), None),
        (
            make_change(make_facts(), make_facts(entry_metrics=("m.json",), metrics={"m.json": {"auc": 1}})),
            None,  # nobody knows that the file is newer than the bytes, which are the same
        ),
        (
            make_change(
                make_facts(entry_params=("p.yaml",), params={"p.yaml": {"a": 1}}),
                make_facts(entry_params=("p.yaml", "q.yaml"), params={"p.yaml": {"a": 2}, "q.yaml": {"b": 1}}),
            ),
            NextStep("register", "churn", Bump.MINOR),
        ),
    ],
)
def test_what_comes_after_the_merge_follows_from_what_differs(change: ArtifactChange, step: NextStep | None) -> None:
    assert choose_next(change) == step


@pytest.mark.parametrize(
    ("facts", "latest", "version"),
    [
        (make_facts(commit=A, digest="md5:2"), make_facts(commit=B), "v0.0.0"),  # the commit itself has that version
        (make_facts(commit=B), make_facts(), "v1.0.0"),
        (make_facts(commit=B, packages=(Package(name="a", version="1"),)), make_facts(), "v1.0.0"),
        (make_facts(commit=B, digest="md5:2"), make_facts(), None),
        (make_facts(commit=B, digest=None), make_facts(digest=None), None),
        (make_facts(commit=B, entry_license="MIT"), make_facts(), None),
        (make_facts(commit=B, problems=(BROKEN,)), make_facts(), None),
        (make_facts(commit=B), make_facts(problems=(BROKEN,)), None),
    ],
)
def test_what_a_version_has_already_needs_no_other_one(facts: Facts, latest: Facts, version: str | None) -> None:
    versions = tuple(
        Version("churn", number, number != "", commit, f"churn@{number}", 0, "Ann", "ann@example.com", "m")
        for number, commit in (("v1.0.0", "c" * 40), ("v0.0.0", A))
    )
    change = change_of(digest="md5:2")
    state = Artifact(name="churn", versions=versions, latest="v1.0.0")
    assert find_registered(replace(change, state=state), facts, latest) == version
    assert find_registered(replace(change, state=None), facts, latest) is None


def test_what_differs_is_said_in_few_words() -> None:
    change = make_change(
        make_facts(entry_schema=SCHEMAS[0], params={"p": {"a": 1, "b": 2}}),
        make_facts(
            digest="md5:2",
            entry_schema=SCHEMAS[1],
            entry_license="MIT",
            entry_unknown={"x": 1},
            params={"p": {"a": 2}},
            metrics={"m": {"auc": 1}},
            packages=(Package(name="a", version="1"),),
            data=(Material(path="d.csv"),),
        ),
    )
    assert list_topics(change) == (
        "bytes",
        "1 metric",
        "2 parameters",
        "1 data file",
        "1 package",
        "license",
        "schema",
        "unknown fields",
    )
    optional = [{"inputs": [{"name": "x", "type": "int64"}], "outputs": [{"name": "y", "type": kind}]} for kind in ("a", "b")]
    assert list_topics(make_change(make_facts(entry_schema=optional[0]), make_facts(entry_schema=optional[1]))) == ("schema",)


def test_what_shares_packages_with_others_comes_last() -> None:
    packages = make_change(make_facts("a"), make_facts("a", packages=(Package(name="x", version="1"),)))
    others = [make_change(make_facts("b"), make_facts("b", digest="md5:2")), make_change(None, make_facts("c"))]
    assert [change.name for change in sort_changes([packages, *others])] == ["b", "c", "a"]


def test_a_diff_knows_of_code_where_it_was_looked_into() -> None:
    assert make_diff().code is None
    assert make_diff(code=CodeChange()).code == CodeChange()
