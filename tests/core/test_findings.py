from __future__ import annotations

import pytest

from gitreg.core.candidates import Candidate
from gitreg.core.facts import Package
from gitreg.core.findings import (
    Finding,
    QueryColumn,
    Sorting,
    list_columns,
    list_values,
    parse_sorting,
    sort_findings,
)
from gitreg.core.query import Depth, Field, depth_of_field
from gitreg.core.query_parse import parse_query
from gitreg.errors import UsageFault
from tests.core.query_values import FULL, make_candidate, make_facts


@pytest.mark.parametrize(("query", "titles"), [
    ("churn name:x version:y stage:z active:yes", []),
    ("type:model (license:gpl* or -license:mit)", ["type", "license"]),
    ('metric.auc>0.9 metric."a b":1 param.lr:1', ["metric.auc", 'metric."a b"', "param.lr"]),
    ("package:tensorflow<2 package:TensorFlow>1 data:x", ["package:tensorflow", "data:x"]),
    ("custom.team:x custom.limit>1 has:custom", ["custom.team", "custom.limit"]),
    ("has:license has:metric has:metric.auc has:data", ["license", "metric.auc"]),
])  # fmt: skip
def test_each_field_that_a_query_names_is_a_column_once(query: str, titles: list[str]) -> None:
    assert [column.title for column in list_columns(parse_query(query))] == titles


@pytest.mark.parametrize(("query", "values"), [
    ("label:x", ("pii", "weekly")), ("license:x", ("GPL-2.0-only WITH Classpath-exception-2.0 OR MIT",)), ("size>1", (1_500_000_000,)),
    ("hash:abcd", ("md5:abcdef",)), ("registered:2025", (1_735_689_600,)), ("assigned:2025", (1_735_689_660, 1_738_368_000)),
    ("metric.auc>1", (0.91, 1.0)), ("metric.n>1", (3,)), ("param.nothing:1", ()), ("metric.none:1", (None,)), ("package:tensorflow", (">=2",)), ("package:numpy", ("1.26.4",)),
    ("data:data/*", ("data/users.csv md5:1a2b3c4d", "data/images")), ("path:x", ("models/churn.pkl",)), ("schema.input:x", ("age",)), ("custom.team:x", ("Risk",)),
    ("custom.tags:x", ("gold", 7, "deep")), ("has:custom.lead", ()),
])  # fmt: skip
def test_a_column_holds_what_there_is(query: str, values: tuple[object, ...]) -> None:
    (column,) = list_columns(parse_query(query))
    assert list_values(column, FULL) == values


@pytest.mark.parametrize(
    "query",
    ["label:x", "license:x", "size>1", "hash:abcd", "registered:2025", "assigned:2025", "metric.auc>1", "package:x", "data:x"],
)
def test_a_column_of_nothing_is_empty(query: str) -> None:
    (column,) = list_columns(parse_query(query))
    assert list_values(column, make_candidate()) == ()


def test_a_package_without_any_limit_is_any_version() -> None:
    candidate = make_candidate(facts=make_facts(packages=(Package(name="x", version=None),)))
    assert list_values(QueryColumn(Field.PACKAGE, "x"), candidate) == ("any version",)
    assert list_values(QueryColumn(Field.PACKAGE, ""), candidate) == ()


def test_sorting_is_by_fields_that_have_an_order() -> None:
    assert parse_sorting("-metric.auc") == Sorting(QueryColumn(Field.METRIC, "auc"), is_reversed=True)
    assert depth_of_field(parse_sorting("registered").column.field) is Depth.REGISTRY
    for text in ("", "-", "nothing", "metric", "metric.", "data", "text", "has", "--size"):
        with pytest.raises(UsageFault):
            parse_sorting(text)


def order(sort: str | None, *candidates: Candidate) -> list[str | None]:
    findings = [Finding(candidate=candidate) for candidate in candidates]
    return [found.candidate.version for found in sort_findings(findings, parse_sorting(sort) if sort else None)]


def test_findings_are_sorted_by_name_and_greatest_version_or_by_a_column_with_nothing_last() -> None:
    def make(version: str | None, auc: object = None, artifact: str = "b") -> Candidate:
        facts = make_facts(metrics={"m": {"auc": auc}} if auc is not None else {})
        return make_candidate(version=version, artifact=artifact, facts=facts)

    many = [make("v1.0.0", 3), make("v10.0.0", 1), make("v2.0.0"), make(None, "high"), make("v0.0.1", float("nan"), "a")]
    assert order(None, *many) == ["v0.0.1", "v10.0.0", "v2.0.0", "v1.0.0", None]
    assert order("metric.auc", *many) == ["v10.0.0", "v1.0.0", None, "v0.0.1", "v2.0.0"]
    assert order("-metric.auc", *many) == ["v0.0.1", None, "v1.0.0", "v10.0.0", "v2.0.0"]
    assert order("version", *many) == ["v0.0.1", "v1.0.0", "v2.0.0", "v10.0.0", None]
    assert order("name", *many) == ["v0.0.1", "v10.0.0", "v2.0.0", "v1.0.0", None]
