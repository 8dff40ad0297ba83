"""What a query asks for that nothing has."""

from __future__ import annotations

import pytest

from gitreg.core.candidates import Candidate
from gitreg.core.facts import Package
from gitreg.core.pipelines import Material
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


@pytest.mark.parametrize(
    ("query", "text", "hint"),
    [
        ("author:dana", "none of them has an author 'dana'", 'did you mean author:"Dana Sci" or author:dana@example.com?'),
        ("name:sent", "none of them has the name 'sent'", "did you mean name:models/nlp:sent?"),
        ("version:v1", "none of them has the version 'v1'", "did you mean version:v1.*?"),
        ("data:loans.csv", "no data of them is known as 'loans.csv'", "did you mean data:data/loans.csv?"),
        ("Prod", "none of them has 'Prod' in its name, description, labels or owner", "did you mean stage:prod?"),
        ("metric.acc*>0.8", "none of them has a metric 'acc*'", "did you mean metric.accuracy?"),
    ],
)
def test_what_is_one_word_away_from_an_answer_is_named(query: str, text: str, hint: str) -> None:
    facts = make_facts(metrics={"m.json": {"accuracy": 0.9}}, data=(Material(path="data/loans.csv"),))
    made = make_candidate(
        artifact="models/nlp:sent", version="v1.0.0", stages=("prod",), authors=("Dana Sci", "dana@example.com"),
        depth=Depth.FACTS, facts=facts,
    )  # fmt: skip
    found = find_absent(parse_query(query), [made], ["models/nlp:sent"])
    assert [(one.text, one.hint) for one in found] == [(text, hint)]
    meant = hint.removeprefix("did you mean ").removesuffix("?").partition(" or ")[0]
    again = parse_query(f"{meant}>0.8" if "metric" in meant else meant)
    assert find_absent(again, [made], ["models/nlp:sent"]) == ()


def test_of_a_word_it_is_not_said_that_nothing_has_it_where_an_entry_cannot_be_read() -> None:
    made = make_candidate(stages=("prod",), depth=Depth.ENTRY, entry=None, unread="broken")
    assert [text for text, _ in say("prod", made)] == [
        "none of them is known to have 'prod' in its name, description, labels or owner"
    ]


@pytest.mark.parametrize("query", ["name:zebra", "version:v2", "data:x", "hello", "name!=sent", "path:x"])
def test_of_what_nobody_can_guess_nothing_is_told(query: str) -> None:
    assert say(query, CANDIDATE) == []


def test_a_metric_whose_name_needs_quotes_is_there() -> None:
    made = make_candidate(depth=Depth.FACTS, facts=make_facts(metrics={"m.json": {"top 5": 0.4}}))
    assert say('metric."top 5">0.9', made) == []
    assert say('metric."top 6">0.9', made) == [("none of them has a metric 'top 6'", 'did you mean metric."top 5"?')]


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
