from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.code_files import is_code, is_inside, list_spoken_for
from gitreg.core.compare_values import may_have_metric
from gitreg.core.compared import (
    CodeChange,
    Comparison,
    Delta,
    FileChange,
    Kind,
    Matter,
    Row,
    Side,
    Trend,
    ValueRow,
    has_no_differences,
    is_same,
)
from gitreg.core.comparison import compare_facts
from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts, Missing, Package
from gitreg.core.importance import format_point
from gitreg.core.pipelines import Material, Value
from gitreg.core.problems import Problem
from gitreg.core.value_texts import format_change, format_delta, format_share, format_value, format_values
from tests.support.events import A, B, C

MISSING = Missing.MISSING
LOCK = Problem(code="GR101", message="it is no YAML", file="dvc.lock")


def make_entry(**fields: Any) -> Entry:
    return Entry(name="churn", file="artifacts.yaml", line=1, **fields)


def make_pointer(digest: str | None = "md5:1", size: int | None = 1) -> Pointer:
    return Pointer(kind=PointerKind.DVC, path="m.bin", hash=digest, size=size)


def make_side(commit: str = A, *, code: CodeChange | None = None, **facts: Any) -> Side:
    return Side(label=f"churn {commit[:1]}", facts=Facts(artifact="churn", commit=commit, **facts), code=code)


def compare(*facts: Mapping[str, Any]) -> Comparison:
    """Compare sides of different commits, each with an empty entry if none is given."""
    return compare_facts(
        [make_side(commit, **{"entry": make_entry(), **one}) for commit, one in zip((A, B, C), facts, strict=False)]
    )


def compare_metric(old: Value | Missing, new: Value | Missing, goal: str | None = None) -> ValueRow:
    entry = make_entry(goals={"auc": goal} if goal else {})
    tables = [{"m.json": {} if value is MISSING else {"auc": value}} for value in (old, new)]
    (row,) = compare({"metrics": tables[0], "entry": entry}, {"metrics": tables[1], "entry": entry}).metrics
    return row


def say(comparison: Comparison) -> list[str]:
    return [format_point(point) for point in comparison.important]


# ---- metrics and parameters ----


@pytest.mark.parametrize(
    ("old", "new", "goal", "trend"),
    [
        (0.9, 0.8, "higher", Trend.WORSE),
        (0.8, 0.9, "higher", Trend.BETTER),
        (0.9, 0.8, "lower", Trend.BETTER),
        (8, 9, "lower", Trend.WORSE),
        (0.9, 0.8, None, Trend.UNKNOWN),
        (0.9, 0.8, "sideways", Trend.UNKNOWN),
        (0.9, "high", "higher", Trend.UNKNOWN),
        (0.9, MISSING, "higher", Trend.UNKNOWN),
        (True, 0.5, "higher", Trend.UNKNOWN),
        (0.9, math.nan, "higher", Trend.WORSE),
        (math.nan, 0.9, "lower", Trend.BETTER),
        (math.inf, 0.9, "lower", Trend.BETTER),
        (0.9, 0.9, "higher", None),
        (math.nan, math.nan, "higher", None),
        (1, 1.0, "higher", None),
    ],
)
def test_a_goal_says_whether_a_metric_got_better(
    old: Value | Missing, new: Value | Missing, goal: str | None, trend: Trend | None
) -> None:
    assert compare_metric(old, new, goal).trends == (trend,)


@pytest.mark.parametrize(
    ("old", "new", "delta"),
    [
        (4, 3, Delta(-1, -0.25)),
        (-4, -3, Delta(1, 0.25)),
        (0, 3, Delta(3, None)),
        (True, 3, None),
        ("4", 3, None),
        (4, None, None),
        (4, math.nan, None),
        (1e308, -1e308, None),
        (5e-324, 1e308, Delta(1e308, None)),
        (10**400, 1.5, None),
    ],
)
def test_a_change_of_a_number_is_absolute_and_relative(old: Value, new: Value, delta: Delta | None) -> None:
    assert compare_metric(old, new).deltas == (delta,)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (1, 1.0, Kind.SAME),
        (1, True, Kind.CHANGED),
        (0, False, Kind.CHANGED),
        (True, True, Kind.SAME),
        (None, MISSING, Kind.REMOVED),
        (MISSING, None, Kind.ADDED),
        (None, "", Kind.CHANGED),
    ],
)
def test_null_is_a_value_and_true_is_no_number(old: Value | Missing, new: Value | Missing, kind: Kind) -> None:
    assert compare_metric(old, new).kinds == (kind,)


def test_a_metric_that_stands_in_another_file_is_the_same_metric() -> None:
    (row,) = compare({"metrics": {"m.json": {"auc": 1}}}, {"metrics": {"eval/m.json": {"auc": 2}}}).metrics
    assert (row.name, row.files, row.values) == ("auc", ("m.json", "eval/m.json"), (1, 2))


def test_where_two_files_have_a_name_it_is_compared_file_by_file() -> None:
    entry = make_entry(goals={"a.json:loss": "lower"})
    one = {"metrics": {"a.json": {"loss": 1}}, "entry": entry}
    rows = compare(one, {"metrics": {"b.json": {"loss": 2}, "a.json": {"loss": 3}}, "entry": entry}).metrics
    assert [(row.files, row.values, row.goal) for row in rows] == [
        ((None, "b.json"), (MISSING, 2), None),
        (("a.json", "a.json"), (1, 3), "lower"),
    ]


def test_a_name_that_two_files_have_is_told_with_its_file() -> None:
    sides = [{"metrics": {"a.json": {"loss": n, "auc": n}, "b.json": {"loss": n}}} for n in (1, 2)]
    found = compare(*sides)
    assert [row.label for row in found.metrics] == ["auc", "a.json:loss", "b.json:loss"]
    assert [row.name for row in found.metrics] == ["auc", "loss", "loss"]
    details = "auc 1 -> 2 (+100%), a.json:loss 1 -> 2 (+100%), b.json:loss 1 -> 2 (+100%)"
    assert say(found) == [f"metrics changed: {details}"]
    gone = compare({"metrics": {"a.json": {"loss": 1}, "b.json": {"loss": 2}}}, {"metrics": {"a.json": {"loss": 1}}})
    assert say(gone) == ["metrics changed: b.json:loss 2 removed"]


def test_goals_that_disagree_are_none() -> None:
    sides = [
        {"metrics": {"m": {"auc": n}}, "entry": make_entry(goals={"auc": goal})} for n, goal in enumerate(("higher", "lower"))
    ]
    assert compare(*sides).metrics[0].trends == (Trend.UNKNOWN,)


def test_what_a_file_that_cannot_be_read_may_have_is_not_known() -> None:
    broken = {"problems": (Problem(code="GR101", message="no JSON", file="m.json"),)}
    whole = {"metrics": {"m.json": {"auc": 1}, "n.json": {"x": 1}}}
    assert [row.kinds for row in compare(broken, whole).metrics] == [(Kind.UNKNOWN,), (Kind.ADDED,)]
    assert [row.kinds for row in compare(whole, broken).metrics] == [(Kind.UNKNOWN,), (Kind.REMOVED,)]
    assert say(compare(whole, broken)) == ["not all of churn b could be read: m.json", "metrics changed: x 1 removed"]
    assert say(compare(broken, whole)) == ["not all of churn a could be read: m.json", "metrics changed: x 1 added"]


@pytest.mark.parametrize("file", ["dvc.yaml", "train/dvc.lock"])
def test_values_of_a_pipeline_that_cannot_be_read_are_not_known_to_be_gone(file: str) -> None:
    whole = {"metrics": {"m.json": {"auc": 1}}, "params": {"p.yaml": {"x": 1}}}
    broken = {"problems": (Problem(code="GR101", message="no YAML", file=file),)}
    for found in (compare(whole, broken), compare(broken, whole)):
        assert [row.kinds for row in (*found.metrics, *found.params, *found.made)] == [(Kind.UNKNOWN,)] * 3


def test_where_the_entry_names_files_itself_a_broken_pipeline_hides_none() -> None:
    entry = make_entry(metrics=("m.json",), params=("p.yaml",))
    whole = {"metrics": {"m.json": {"auc": 1}}, "params": {"p.yaml": {"x": 1}}, "entry": entry}
    found = compare(whole, {"problems": (LOCK,), "entry": entry})
    assert [row.kinds for row in (*found.metrics, *found.params)] == [(Kind.REMOVED,), (Kind.REMOVED,)]


@pytest.mark.parametrize(
    ("file", "entry", "answer"),
    [
        ("m.json", make_entry(), True),
        ("dvc.yaml", make_entry(), True),
        ("dvc.yaml", make_entry(metrics=("m.json",)), False),
        ("params.yaml", make_entry(), False),
        ("artifacts.yaml", None, True),
    ],
)
def test_a_metric_may_be_in_a_file_that_could_not_be_read(file: str, entry: Entry | None, answer: bool) -> None:  # noqa: FBT001
    facts = Facts(artifact="churn", commit=A, entry=entry, problems=(Problem(code="GR101", message="no YAML", file=file),))
    assert may_have_metric(facts, {"m.json"}) is answer


def test_what_is_wrong_with_another_artifact_hides_nothing() -> None:
    broken = {"problems": (Problem(code="GR105", message="no text", file="m.json", artifact="ranker"),)}
    found = compare({"metrics": {"m.json": {"auc": 1}}}, broken)
    assert (found.metrics[0].kinds, say(found)) == ((Kind.REMOVED,), ["metrics changed: auc 1 removed"])


def test_a_field_of_which_the_value_is_wrong_is_not_known_to_be_gone() -> None:
    wrong = {"problems": (Problem(code="GR105", message="no text", file="artifacts.yaml", artifact="churn"),)}
    found = compare({"entry": make_entry(license="MIT")}, wrong)
    assert (found.fields[0].kinds, say(found)) == ((Kind.UNKNOWN,), ["not all of churn b could be read: artifacts.yaml"])


def test_with_three_sides_what_could_not_be_read_of_the_first_is_told_of_each_comparison() -> None:
    found = compare({"problems": (LOCK,)}, {}, {})
    assert [(point.side, format_point(point)) for point in found.important] == [
        (number, "not all of churn a could be read: dvc.lock") for number in (1, 2)
    ]


def test_with_an_entry_that_cannot_be_read_nothing_is_known_to_be_missing() -> None:
    entry = make_entry(license="MIT", labels=("b", "a"))
    known = {"entry": entry, "metrics": {"m": {"auc": 1}}, "params": {"p": {"x": 1}}, "data": (Material(path="d"),)}
    lost = {"entry": None, "problems": (Problem(code="GR101", message="no YAML", file="artifacts.yaml"),)}
    found = compare(known, lost)
    rows: tuple[Row, ...] = (*found.metrics, *found.params, *found.data, *found.fields)
    assert len(rows) == 5
    assert {row.kinds for row in rows} == {(Kind.UNKNOWN,)}


# ---- what pipelines were run with ----


def test_what_a_pipeline_was_run_with_is_a_row_where_a_file_has_another_value() -> None:
    file = {"params.yaml": {"epochs": 400, "rate": 1}}
    one, two = (
        replace(make_side(commit, params=file), run={"params.yaml": {"epochs": epochs, "rate": 1}}, notes=("told",))
        for commit, epochs in ((A, 400), (B, 100))
    )
    found = compare_facts([one, two])
    rows = [(row.name, row.values, row.kinds) for row in found.params if not is_same(row)]
    assert rows == [("epochs (run with)", (400, 100), (Kind.CHANGED,))]
    assert say(found) == ["parameters changed: epochs 400 -> 100 (-75%)"]
    assert found.notes == ("churn a: told", "churn b: told")


def test_of_a_side_without_a_lock_nobody_knows_what_it_was_run_with() -> None:
    sides = [make_side(commit, params={"p": {"x": 1}}) for commit in (A, B, C)]
    sides[1] = replace(sides[1], run={"p": {"x": 2}})
    found = compare_facts(sides).params[-1]
    assert (found.name, found.kinds) == ("x (run with)", (Kind.UNKNOWN, Kind.SAME))


# ---- data ----


def test_data_is_compared_by_path_and_hash_and_what_moved_is_one_row() -> None:
    one = (
        Material(path="a", hash="md5:1"),
        Material(path="b", hash="md5:2"),
        Material(path="c", hash="md5:3"),
        Material(path="d"),
    )
    two = (Material(path="a", hash="md5:9"), Material(path="x/b", hash="md5:2"), Material(path="new", hash="md5:8"))
    found = compare({"data": one}, {"data": two})
    rows = [(*(m.path if m else None for m in row.materials), row.kinds[0]) for row in found.data]
    assert rows == [
        ("a", "a", Kind.CHANGED),
        ("b", "x/b", Kind.MOVED),
        ("c", None, Kind.REMOVED),
        ("d", None, Kind.REMOVED),
        (None, "new", Kind.ADDED),
    ]
    assert say(found) == ["data changed: a, c removed, d removed and 1 more"]


def test_one_row_is_taken_by_one_file_only() -> None:
    one = (Material(path="a", hash="md5:1"),)
    two = (Material(path="b", hash="md5:1"), Material(path="c", hash="md5:1"))
    rows = [(*(m.path if m else None for m in row.materials), row.kinds[0]) for row in compare({"data": one}, {"data": two}).data]
    assert rows == [("a", "b", Kind.MOVED), (None, "c", Kind.ADDED)]


def test_a_row_with_two_hashes_is_not_taken_twice() -> None:
    data = [(Material(path="a", hash=digest),) for digest in ("md5:1", "md5:2")]
    third = (Material(path="x", hash="md5:1"), Material(path="y", hash="md5:2"))
    rows = compare({"data": data[0]}, {"data": data[1]}, {"data": third}).data
    assert [[m.path if m else None for m in row.materials] for row in rows] == [["a", "a", "x"], [None, None, "y"]]
    assert rows[1].kinds == (Kind.SAME, Kind.ADDED)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (("md5:1", 5), ("md5:1", 5), Kind.SAME),
        (("md5:1", 5), ("sha256:1", 5), Kind.UNKNOWN),
        ((None, 5), ("md5:1", 5), Kind.UNKNOWN),
        ((None, 5), (None, 6), Kind.CHANGED),
        ((None, None), (None, 6), Kind.UNKNOWN),
    ],
)
def test_data_without_a_hash_is_not_known_to_be_the_same(old: tuple[Any, Any], new: tuple[Any, Any], kind: Kind) -> None:
    sides = [{"data": (Material(path="d", hash=digest, size=size),)} for digest, size in (old, new)]
    found = compare(*sides)
    assert found.data[0].kinds == (kind,)
    assert say(found) == {
        Kind.SAME: [],
        Kind.UNKNOWN: ["whether data changed is not known: d"],
        Kind.CHANGED: ["data changed: d"],
    }.get(kind)


def test_data_that_a_broken_lock_may_name_is_not_known_to_be_gone() -> None:
    assert compare({"data": (Material(path="d"),)}, {"problems": (LOCK,)}).data[0].kinds == (Kind.UNKNOWN,)


# ---- packages ----


def make_package(version: str | None, specifier: str = "", name: str = "numpy", file: str = "r.txt") -> Package:
    return Package(name=name, version=version, specifier=specifier, file=file)


@pytest.mark.parametrize(
    ("old", "new", "kind", "major"),
    [
        ("1.26.4", "2.0.0", Kind.CHANGED, True),
        ("1.26.4", "1.27", Kind.CHANGED, False),
        ("0.4.1", "0.5.0", Kind.CHANGED, True),
        ("0.4.1", "0.4.2", Kind.CHANGED, False),
        ("0", "0.4.2", Kind.CHANGED, True),
        ("1!2.0", "1!3.0", Kind.CHANGED, True),
        ("v1.2", "v1.3", Kind.CHANGED, False),
        ("1.0", "1.0.0", Kind.SAME, False),
        ("odd", "even", Kind.CHANGED, True),
    ],
)
def test_a_major_version_is_the_first_number_or_the_second_behind_zero(old: str, new: str, kind: Kind, major: bool) -> None:  # noqa: FBT001
    (row,) = compare({"packages": (make_package(old),)}, {"packages": (make_package(new),)}).packages
    assert (row.kinds, row.major) == ((kind,), (major,))


def test_a_range_says_nothing_of_what_was_installed() -> None:
    pinned, ranged = make_package("1.26.4"), make_package(None, ">=1", file="pyproject.toml")
    found = compare({"packages": (pinned, ranged)}, {"packages": (ranged,)})
    assert (found.packages[0].kinds, found.packages[0].major) == ((Kind.CHANGED,), (None,))
    assert say(found) == ["packages changed: numpy 1.26.4 -> >=1"]
    assert compare({"packages": (pinned, ranged)}, {"packages": (pinned,)}).packages[0].kinds == (Kind.SAME,)


def test_packages_with_another_major_version_are_named_first() -> None:
    one = (make_package("1.0"), make_package("1.0", name="a"), make_package(None, name="gone"))
    two = (make_package("2.0"), make_package("1.1", name="a"), make_package("3", name="new"))
    assert say(compare({"packages": one}, {"packages": two})) == [
        "packages have another major version: numpy 1.0 -> 2.0",
        "packages changed: a 1.0 -> 1.1, gone any removed, new 3 added",
    ]


# ---- entry, schema, bytes, code ----


def test_labels_have_no_order_and_an_empty_field_is_none() -> None:
    one = {"entry": make_entry(labels=("a", "b"), owner="me", license="MIT")}
    two = {"entry": make_entry(labels=("b", "a"), type="model")}
    found = compare(one, two)
    assert [(row.name, row.kinds[0]) for row in found.fields] == [
        ("type", Kind.ADDED),
        ("license", Kind.REMOVED),
        ("owner", Kind.REMOVED),
        ("labels", Kind.SAME),
    ]
    assert say(found) == ["the licence changed: MIT -> none"]


def test_schemas_are_compared_where_there_are_two() -> None:
    schema = {"inputs": [{"name": "age"}]}
    found = compare({"entry": make_entry(schema=schema)}, {"entry": make_entry(schema={"inputs": []})}, {"entry": None})
    assert [[change.text for change in changes] for changes in found.schema] == [["input 'age' is gone"], []]
    assert say(found) == ["the schema breaks callers: input 'age' is gone"]
    assert say(compare({"entry": make_entry(schema={"inputs": []})}, {"entry": make_entry(schema={"outputs": []})})) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (make_pointer(), make_pointer(), True),
        (make_pointer(), make_pointer("md5:2"), False),
        (make_pointer(None, 1), make_pointer("md5:2", 2), False),
        (make_pointer(None, 1), make_pointer(None, 1), None),
        (None, make_pointer(), None),
    ],
)
def test_bytes_are_the_same_where_hashes_say_so(one: Pointer | None, other: Pointer | None, same: bool | None) -> None:  # noqa: FBT001
    found = compare({"pointer": one}, {"pointer": other})
    assert found.same_bytes == (same,)
    assert say(found) == (["the bytes differ, and nothing that was compared says why"] if same is False else [])


def test_code_is_said_in_commits_people_and_files() -> None:
    files = (FileChange("train.py", Kind.CHANGED), FileChange("new.py", Kind.ADDED))
    code = CodeChange(ahead=2, behind=1, people=(("Ann", 2), ("Bob", 1)), files=files)
    texts = [
        say(compare_facts([make_side(A), make_side(B, code=change)]))
        for change in (code, CodeChange(ahead=None, behind=None, files=files), CodeChange(behind=1), CodeChange())
    ]
    assert texts == [
        ["code changed, 2 commits more, 1 commit fewer by 2 people, 2 files: train.py, new.py added"],
        ["code changed, 2 files: train.py, new.py added"],
        ["code changed, 1 commit fewer, 0 files"],
        [],
    ]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("train.py", True),
        ("src/dvc.yaml", True),
        ("README.md", False),
        ("dvc.lock", False),
        ("sub/artifacts.yaml", False),
        ("data/x.dvc", False),
        (".dvc/config", False),
        ("metrics.json", False),
        ("params.yaml", False),
        ("r.txt", False),
        ("images/1.png", False),
        ("m.bin", False),
        ("m.bin2", True),
        ("broken.json", False),
        ("config/deep.json", True),
        ("models/old.pkl", False),
        ("models/net.safetensors", False),
        ("data/holdout.csv", False),
        ("notes.txt", False),
        ("docs/paper.pdf", False),
        ("LICENSE", False),
        ("notes.py", True),
        ("CITATION.cff", False),
        ("CMakeLists.txt", True),
        ("Makefile", True),
        ("bin/json", True),
        (".hidden", True),
        ("explore.ipynb", True),
        ("config/app.yaml", True),
        ("ranker/metrics.json", False),
        ("ranker/test-metrics.yaml", False),
        ("conf/params_large.toml", False),
        ("metrics.py", True),
        ("uv.lock", False),
        ("requirements-dev.in", False),
        ("requirements-gpu.txt", False),
        ("environment.yml", False),
        (".pre-commit-config.yaml", False),
        (".github/workflows/train.yml", False),
        (".gitlab-ci.yml", False),
    ],
)
def test_code_is_what_nothing_else_speaks_of(path: str, answer: bool) -> None:  # noqa: FBT001
    facts = Facts(
        artifact="churn",
        commit=A,
        pointer=make_pointer(),
        metrics={"metrics.json": {}},
        params={"params.yaml": {}},
        packages=(make_package("1"),),
        data=(Material(path="images/"),),
        problems=(Problem(code="GR101", message="no", file="broken.json"), Problem(code="GR101", message="no")),
    )
    assert is_code(path, list_spoken_for([facts, Facts(artifact="churn", commit=B)])) is answer


@pytest.mark.parametrize(
    ("one", "other", "sentences"),
    [
        (make_pointer("md5:1", 200), make_pointer("md5:2", 100), ["data changed: m.bin (-50% in bytes)"]),
        (make_pointer("md5:1", 100), make_pointer("md5:2", 100), ["data changed: m.bin"]),
        (make_pointer("md5:1", 0), make_pointer("md5:2", 100), ["data changed: m.bin"]),
        (make_pointer("md5:1", None), make_pointer("md5:2", 100), ["data changed: m.bin"]),
        (make_pointer("md5:1", 100), make_pointer("md5:1", 100), []),
        (make_pointer("md5:1", 100), None, []),
        (None, make_pointer("md5:1", 100), []),
    ],
)
def test_the_bytes_of_a_dataset_are_data(one: Pointer | None, other: Pointer | None, sentences: list[str]) -> None:
    entry = make_entry(type="dataset")
    assert say(compare({"pointer": one, "entry": entry}, {"pointer": other, "entry": entry})) == sentences


def test_a_model_is_no_other_version_of_a_dataset() -> None:
    model = make_side(A, entry=make_entry(type="model"), pointer=make_pointer("md5:1", 13))
    data = make_side(B, entry=make_entry(type="dataset"), pointer=make_pointer("md5:2", 2300))
    other = replace(data, facts=replace(data.facts, artifact="tx"))
    assert say(compare_facts([model, other])) == ["the bytes differ, and nothing that was compared says why"]
    assert say(compare_facts([model, data])) == ["data changed: m.bin (+17592% in bytes)"]


def test_a_path_is_in_a_folder_that_is_named() -> None:
    asked = [("src/a/b.py", {"src/a"}), ("src/ab.py", {"src/a"}), ("x.py", set()), ("x.py", {"x.py"}), ("x.py", {""})]
    assert [is_inside(path, folders) for path, folders in asked] == [True, False, True, True, True]


# ---- what matters ----


def test_what_matters_most_comes_first() -> None:
    def side(commit: str, number: int) -> Side:
        entry = make_entry(
            goals={"auc": "higher", "loss": "lower"},
            license=f"L{number}",
            schema={"inputs": [{"name": f"i{number}", "type": "int"}]},
        )
        return make_side(
            commit,
            code=CodeChange(ahead=1, files=(FileChange("t.py", Kind.REMOVED),)) if number else None,
            entry=entry,
            pointer=make_pointer(f"md5:{number}"),
            metrics={"m": {"auc": 1 - number, "loss": 1 - number, "speed": number}},
            params={"p": {"rate": number}},
            packages=(make_package(f"{number}.1"),),
            data=(Material(path="d", hash=f"md5:{number}"),),
        )

    found = compare_facts([side(A, 0), side(B, 1)])
    assert say(found) == [
        "the schema breaks callers: input 'i0' is 'i1' now",
        "worse: auc 1 -> 0 (-100%)",
        "better: loss 1 -> 0 (-100%)",
        "the licence changed: L0 -> L1",
        "data changed: d",
        "parameters changed: rate 0 -> 1",
        "packages have another major version: numpy 0.1 -> 1.1",
        "code changed, 1 commit, 1 file: t.py removed",
        "metrics changed: speed 0 -> 1",
    ]
    assert not has_no_differences(found)
    three = compare_facts([side(A, 0), side(B, 1), side(C, 2)])
    assert [(point.matter, point.side) for point in three.important][:4] == [
        (Matter.SCHEMA, 1),
        (Matter.SCHEMA, 2),
        (Matter.WORSE, 1),
        (Matter.WORSE, 2),
    ]


def test_a_sentence_names_three_things_and_cuts_long_names() -> None:
    values = {f"{'x' * 300}{number}": number for number in range(5)}
    (sentence,) = say(compare({"params": {"p": values}}, {}))
    assert sentence.endswith(" and 2 more")
    assert len(sentence) < 700


def test_a_broken_side_against_itself_differs_in_nothing() -> None:
    side = make_side(A, problems=(LOCK,), data=(Material(path="d"),))
    found = compare_facts([side, side])
    assert has_no_differences(found)
    assert found.important == ()
    assert [(problem.file, problem.commit) for problem in found.problems] == [("dvc.lock", A)]


def test_problems_name_the_commit_that_has_them() -> None:
    own = Problem(code="GR101", message="x", commit=C)
    assert [problem.commit for problem in compare({"problems": (own,)}, {"problems": (LOCK,)}).problems] == [C, B]


def test_rows_of_what_is_the_same_are_kept() -> None:
    found = compare({"params": {"p": {"x": 1}}}, {"params": {"p": {"x": 1}}})
    assert is_same(found.params[0])
    assert found.important == ()


# ---- texts ----


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (MISSING, ""),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (3, "3"),
        (1 << 10000, "an integer of 10001 bits"),
        (0.123456789, "0.123457"),
        (math.inf, "inf"),
        ("short", "short"),
        ("x" * 61, "x" * 60 + "..."),
    ],
)
def test_values_are_short(value: Value | Missing, text: str) -> None:
    assert format_value(value) == text


def test_values_that_differ_do_not_look_alike() -> None:
    assert format_values((0.123456781, 0.123456782)) == ("0.123456781", "0.123456782")
    assert format_values((1, 1.0)) == ("1", "1.0")
    assert format_change(0.5, 0.25, Delta(-0.25, -0.5)) == "0.5 -> 0.25 (-50%)"
    assert format_change("a", "b", None) == "a -> b"


@pytest.mark.parametrize(
    ("delta", "text"),
    [
        (None, ""),
        (Delta(-0.04, -0.0439), "-0.04 (-4.4%)"),
        (Delta(3, None), "+3"),
        (Delta(1 << 300, 2.0), "+200%"),
        (Delta(1 << 300, None), ""),
        (Delta(1.0, 1e5), "+1 (+1.0e+07%)"),
        (Delta(1.0, 1e307), "+1 (+inf%)"),
    ],
)
def test_changes_are_short(delta: Delta | None, text: str) -> None:
    assert format_delta(delta) == text
    assert format_share(None) == ""


def test_a_file_of_packages_that_cannot_be_read_may_name_any_package() -> None:
    locked = {"packages": (Package(name="numpy", version="1.26.4", file="uv.lock"),)}
    broken = {"problems": (Problem(code="GR401", message="line 1", file="train/requirements.txt"),)}
    assert compare(locked, broken).packages[0].kinds == (Kind.UNKNOWN,)
    other = {"problems": (Problem(code="GR401", message="no JSON", file="m.json"),)}
    assert compare(locked, other).packages[0].kinds == (Kind.REMOVED,)


@given(st.floats(-3, 3), st.integers(0, 14))
def test_a_share_is_100_per_cent_only_where_nothing_is_left_or_twice_as_much(share: float, digits: int) -> None:
    for relative in (share, -1 + 10.0**-digits, 1 - 10.0**-digits, 1 + 10.0**-digits):
        text = format_share(Delta(absolute=1.0, relative=relative))
        is_all = abs(relative) == 1 or abs(relative - 1) < 1e-11
        assert is_all or text.lstrip("+-") != "100%"
        assert abs(relative) != 1 or text.lstrip("+-") == "100%"


def test_a_share_beside_100_per_cent_has_the_decimals_that_tell_it_from_that() -> None:
    shares = [-0.998, -0.99999, -1 + 1e-13, 0.996, 1.004, 1 + 1e-15, -1.0, 1.0, 0.994]
    texts = [format_share(Delta(absolute=1.0, relative=share)) for share in shares]
    expected = ["-99.8%", "-99.999%", "nearly -100%", "+99.6%", "+100.4%", "+100%", "-100%", "+100%", "+99%"]
    assert texts == expected
