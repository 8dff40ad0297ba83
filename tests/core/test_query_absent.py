"""What a query asks for that nothing has."""

from __future__ import annotations

import pytest

from gitreg.core.candidates import Candidate
from gitreg.core.facts import Package
from gitreg.core.problems import Problem
from gitreg.core.query import Depth
from gitreg.core.query_absent import find_absent, guess
from gitreg.core.query_parse import parse_query
from tests.core.query_values import make_candidate, make_entry, make_facts

FACTS = make_facts(metrics={"m.json": {"test.f1": 0.4}}, params={"params.yaml": {"fraud.lr": 0.1}})
CANDIDATE = make_candidate(
    artifact="fraud", stages=("prod",), depth=Depth.FACTS, facts=FACTS, entry=make_entry(type="model", custom={"team": "risk"})
)


def say(query: str, *candidates: Candidate) -> list[tuple[str, str]]:
    return [(found.text, found.hint) for found in find_absent(parse_query(query), candidates, ["tx"])]


@pytest.mark.parametrize(
    ("query", "text", "hint"),
    [
        ("metric.f1>0.4", "none of them has a metric 'f1'", "did you mean metric.test.f1?"),
        ("has:metric.f1", "none of them has a metric 'f1'", "did you mean metric.test.f1?"),
        ("param.lr!=1", "none of them has a parameter 'lr'", "did you mean param.fraud.lr?"),
        ("stage:production", "none of them has a stage 'production'", "did you mean stage:prod?"),
        ("type:modle", "none of them has a type 'modle'", "did you mean type:model?"),
        ("custom.tema:x", "none of them has free metadata 'tema'", "did you mean custom.team?"),
        ("owner:zzz", "none of them has an owner 'zzz'", ""),
        ("data:tx", "'tx' is an artifact, and no path of data", "what was made from it: gitreg trace 'tx@latest' --reverse"),
    ],
)
def test_what_nothing_has_is_told_with_what_may_have_been_meant(query: str, text: str, hint: str) -> None:
    assert say(query, CANDIDATE) == [(text, hint)]


@pytest.mark.parametrize(
    "query", ["metric.test.f1>0.9", "type:mod* size>9", "type!=modle", "has:license", "data:other", "registered:2020", "word"]
)
def test_of_what_something_has_or_what_is_no_name_nothing_is_told(query: str) -> None:
    assert say(query, CANDIDATE) == []


def test_where_nothing_was_looked_at_nothing_is_told() -> None:
    assert say("metric.f1>0.4") == []


def test_a_package_is_looked_for_by_its_name_and_is_not_known_where_a_file_is_broken() -> None:
    packages = (Package(name="numpy", version="1.26.4", file="requirements.txt"),)
    made = make_candidate(depth=Depth.FACTS, facts=make_facts(packages=packages))
    assert say("package:nunpy<2", made) == [("none of them has a package 'nunpy'", "did you mean package:numpy?")]
    broken = Problem(code="GR401", message="broken", file="m.json")
    unread = make_candidate(depth=Depth.FACTS, facts=make_facts(metrics={}, problems=(broken,)))
    assert say("metric.f1>1", unread) == [("none of them is known to have a metric 'f1'", "")]
    bare = make_candidate(depth=Depth.ENTRY, entry=None, facts=None)
    assert [text for text, _ in say("metric.f1>1 custom.x:1", bare)] == ["none of them has free metadata 'x'"]
    assert len(say("metric.f1>1 custom.x:1", bare._replace(depth=Depth.FACTS))) == 2


def test_names_are_guessed_by_their_end_their_beginning_or_their_letters() -> None:
    known = ["test.f1", "prod", "model", "id"]
    assert [guess(text, known) for text in ("F1", "production", "modle", "idxyz", "zzz")] == [
        ("test.f1",), ("prod",), ("model",), (), (),
    ]  # fmt: skip
