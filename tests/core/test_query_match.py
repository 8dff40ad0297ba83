from __future__ import annotations

from dataclasses import replace

import pytest

from gitreg.core.candidates import Truth, find_reason
from gitreg.core.entries import Pointer, PointerKind
from gitreg.core.facts import Package
from gitreg.core.problems import Problem
from gitreg.core.query import Condition, Depth, Field, Operator
from gitreg.core.query_custom import list_keys
from gitreg.core.query_match import matches
from tests.core.query_values import BROKEN, FULL, make_candidate, make_entry, make_facts, reasons, truth

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
BARE = make_candidate(version=None, stages=("prod",), assigned_at=(5,), authors=("Bob",))
UNREAD = make_candidate(unread="artifacts.yaml: broken", facts=make_facts(problems=(BROKEN,)))


@pytest.mark.parametrize("query", [
    "churn", "CHU", "c*n", "predicts", "'who leaves'", "PII", "growth",
    "name:CHURN", "name=churn", "name!=Churn", "type:mod*", "label:pii", "label:weekly", "owner:'team growth'", "stage:prod", "stage:dev",
    "version:v1.*", "version=v1.2.0", "version:latest", "version>v1.2.0-rc.1", "version<=v1.2.0+x", "version!=v2.0.0", "-version>v1.2.0",
    "task:class*", "framework:tensorflow", "license:gpl*", "license:mit", "license:classpath*", "description:predicts*", "base:bert",
    "path:models/*", "hash:abcd", "hash:md5:abcdef", "size:1.5GB", "size>1GB", "size<=1.5GB", "size>=1.5GB", "size<1.6GB", "size!=1GB",
    "registered:2025", "registered:2025-01-01", "registered<=2025-01-01", "registered>=2025-01-01", "registered<2025-01-02",
    "registered>2024", "registered=2025-01-01T01:00+01:00", "registered:2025-01-01T00", "registered:<2025-01-01T00:01", "registered<=2025-01-01T00:00", "assigned:2025-01-01T00:01",
    "assigned:2025-02", "assigned<2025-01-02", "author:ann*", "author:ann@*", "description:'who leaves'", "description:*LEAVES",
    "schema.input:age", "schema.output:leaves", "active:yes", "deprecated:no", "not deprecated:yes",
    "metric.auc>0.9", 'metric."metrics.json:auc":0.91', "metric.auc<=1.", 'metric."m2.json:auc"=1', "metric.n=3.0", "metric.name:B*", "metric.name=best",
    "metric.ok:true", "metric.none:null", "metric.name!=Best", "param.lr:1e-1", "param.opt.name:adam", "metric.bad:nan",
    "package:tensorflow", "package:TENSOR*", "package:numpy<2", "package:numpy==1.26.*", "package:odd",
    "data:data/users.csv", "data:data/*", "data:1a2b", "data:md5:1a2b3c4d", "data:data/users.csv@1a2b", "data:data/u*@1a2b",
    "has:license", "has:metric", "has:metric.auc", "has:param.lr", "has:package", "has:data", "has:size", "has:hash", "has:registered",
    "custom.team:risk", "custom.team=Risk", "custom.team!=risk", "custom.limit>0.4", "custom.limit:.5", "custom.tags:gold", "custom.tags=7", "custom.tags>6 custom.tags:go*",
    "custom.tags:deep", "custom.lead.name:a*", "custom.lead.a.b:null", 'custom."lead.name"=Ann', "custom.sites.at:oslo", "custom.ok:true", "has:custom", "has:custom.lead", "has:custom.lead.a.b",
    "has:custom.ok", "-has:custom.no", "custom.no!=x", "has:assigned", "has:schema.input", "has:stage", "has:path", "-has:metric.loss", "has:param",
])  # fmt: skip
def test_what_is_so_is_a_yes_and_its_contrary_a_no(query: str) -> None:
    assert truth(query) is YES
    assert truth(f"not {query}") is NO


@pytest.mark.parametrize("query", [
    "nothing", "name:chur", "name=Churn", "type:dataset", "label:pi", "owner:growth", "stage:staging", "version:stable", "version<v1.2.0",
    "license:apache*", "license:or", "path:churn.pkl", "hash:bcde", "size<1GB", "size>1.5GB", "registered<2025-01-01", "registered>2025-01-01",
    "registered>2025", "registered>2025-01-01T00:00", "registered<2025-01-01T00:00", "registered:2025-01-01T00:01", "assigned:2024", "author:bob", "schema.input:leaves", "schema.output:x", "active:no", "deprecated:yes",
    "metric.auc>1", "metric.auc<0.91", "metric.loss<1", "metric.name=Best", "metric.ok:1", "param.lr>=1", "package:torch", "package:numpy>=2",
    "data:users.csv", "data:data/users.csv@ffff", "custom.team=risk", "custom.TEAM:risk", "custom.lead:ann", "custom.limit>0.5", "custom.tags:silver", "custom.te:risk", "custom.team.x:risk",
    "custom.tags!=gold", "custom.no>1", "has:custom.no", "has:metric.loss", "data:other/users.csv@1a2b",
])  # fmt: skip
def test_what_is_not_so_is_a_no(query: str) -> None:
    assert truth(query) is NO


@pytest.mark.parametrize(("query", "reason"), [
    ("package:tensorflow<2.12", "requirements.txt: tensorflow>=2 names no exact version"),
    ("package:odd<2", "uv.lock: '9e' of odd is no version of PEP 440"),
    ("metric.name>1", "metric name is 'best', which is no number"),
    ("metric.ok>0", "metric ok is 'true', which is no number"),
    ("metric.none>0", "metric none is 'null', which is no number"),
    ("custom.team>1", "custom team is 'Risk', which is no number"),
    ("metric.bad>0", "metric bad is 'nan', which is no number"),
    ("data:data/images/1.png", "data/images is kept as one folder with 12 files"),
    ("data:beef", "nothing says which hash data/images had"),
    ("data:data/images@beef", "nothing says which hash data/images had"),
])  # fmt: skip
def test_what_a_file_leaves_open_is_unknown_and_so_is_its_contrary(query: str, reason: str) -> None:
    assert reasons(query) == (reason,)
    assert reasons(f"not {query}") == (reason,)
    assert (truth(f"{query} nothing"), truth(f"{query} or churn"), truth(f"{query} churn")) == (NO, YES, UNKNOWN)


def test_a_folder_of_unknown_length_is_one_folder_too() -> None:
    from gitreg.core.pipelines import Material

    found = make_candidate(facts=make_facts(data=(Material(path="data/", hash="md5:ab"),)))
    assert reasons("data:data/x", found) == ("data/ is kept as one folder",)


@pytest.mark.parametrize("query", ["license:mit", "package:x", "package:x<2", "data:x", "data:abcd", "-license:gpl*"])
def test_silence_about_licence_packages_and_data_is_no_no(query: str) -> None:
    for candidate in (make_candidate(), make_candidate(entry=make_entry(), facts=make_facts(entry=make_entry()))):
        assert truth(query, candidate) is UNKNOWN


NUMPY = Package(name="numpy", version="1.26.4", file="uv.lock")
TORCH = Package(name="torch", version="2.1.0", file="pyproject.toml", optional=True)
PYTHON = Package(name="python", version=None, specifier=">=3.11", file="pyproject.toml")


@pytest.mark.parametrize(
    ("packages", "optional", "query", "answer"),
    [
        ((NUMPY,), (TORCH,), "package:torch<2", UNKNOWN),
        ((NUMPY,), (TORCH,), "package:jax", NO),
        ((PYTHON, TORCH), (), "package:torch<2", NO),
        ((PYTHON, TORCH), (), "package:torch", YES),
        ((PYTHON, TORCH), (), "package:jax", UNKNOWN),
        ((PYTHON,), (), "package:jax", UNKNOWN),
    ],
)
def test_of_a_package_that_is_optional_or_beside_such_alone_nobody_knows_whether_it_was_there(
    packages: tuple[Package, ...], optional: tuple[Package, ...], query: str, answer: Truth
) -> None:
    assert truth(query, make_candidate(facts=make_facts(packages=packages, optional=optional))) is answer


@pytest.mark.parametrize("query", [
    "type:x", "x", "label:x", "owner:x", "path:x", "size>1", "hash:abcd", "metric.auc>1", "param.lr:1", "has:license", "has:package", "has:data",
    "has:metric", "has:size", "schema.input:x", "description:*", "custom.x:1", "custom.x>1", "has:custom",
])  # fmt: skip
def test_silence_about_anything_else_is_a_no(query: str) -> None:
    assert truth(query, make_candidate()) is NO
    assert truth(query, make_candidate(entry=make_entry(schema={"inputs": 3}), facts=make_facts())) is NO


@pytest.mark.parametrize("query", [
    "type:x", "x", "owner!=x", "path:x", "size>1", "hash:abcd", "metric.auc>1", "param.lr:1", "has:license", "has:package", "has:size",
    "license:x", "package:x", "data:x", "custom.x:1", "custom.x!=1", "has:custom", "has:custom.x",
])  # fmt: skip
def test_what_may_stand_in_a_file_that_cannot_be_read_is_unknown_with_the_reason(query: str) -> None:
    assert reasons(query, UNREAD)[0].startswith("artifacts.yaml: ")
    assert truth(f"not {query}", UNREAD) is UNKNOWN


@pytest.mark.parametrize("query", ["churn", "name:churn", "stage:prod", "version>=v1.0.0", "has:stage", "registered>2020"])
def test_what_the_tags_say_needs_no_file(query: str) -> None:
    assert truth(query, make_candidate(unread="broken", stages=("prod",), registered_at=FULL.registered_at)) is YES


def test_what_was_found_beside_a_broken_file_counts() -> None:
    facts = FULL.facts
    assert facts is not None
    candidate = FULL._replace(
        unread="broken", facts=replace(facts, problems=(Problem(code="GR101", message="no JSON", file="m3.json"),))
    )
    assert (truth("metric.auc>0.9", candidate), truth("metric.loss>0", candidate), truth("type:x", candidate)) == (
        YES,
        UNKNOWN,
        NO,
    )
    assert (truth("package:torch", candidate), truth("data:x", candidate), truth("has:metric.loss", candidate)) == (UNKNOWN,) * 3


def test_a_pointer_without_size_or_hash_leaves_both_open() -> None:
    candidate = make_candidate(entry=make_entry(), pointer=Pointer(kind=PointerKind.URL, path="s3://b/x"))
    assert reasons("size>1", candidate) == ("nothing says how many bytes it has",)
    assert reasons("hash:abcd", candidate) == ("nothing says which hash it has",)


def test_a_bare_commit_has_stages_and_no_version() -> None:
    assert (truth("stage:prod", BARE), truth("version:*", BARE), truth("version>v0.0.1", BARE), truth("has:version", BARE)) == (
        YES,
        NO,
        NO,
        NO,
    )
    assert (truth("registered>2000", BARE), truth("has:registered", BARE), truth("author:bob", BARE)) == (NO, NO, YES)


def test_each_reason_is_given_once() -> None:
    assert reasons("package:tensorflow<2.12 package:tensorflow<2.13") == (
        "requirements.txt: tensorflow>=2 names no exact version",
    )
    assert len(reasons("package:tensorflow<2.12 or package:odd<2")) == 2


def test_what_is_not_read_yet_is_unknown_without_a_reason() -> None:
    tags = FULL._replace(depth=Depth.REGISTRY)
    assert (
        reasons("type:model", tags),
        reasons("metric.auc>1", tags),
        truth("churn", tags),
        truth("type:x stage:none", tags),
    ) == ((), (), YES, NO)


def test_neighbours_notices_and_other_artifacts_make_no_doubt() -> None:
    entry = make_entry()
    neighbour = Problem(code="GR105", message="m", file="artifacts.yaml", artifact="other")
    unknown_field = Problem(code="GR106", message="m", file="artifacts.yaml", artifact="churn")
    own = Problem(code="GR105", message="m", file="artifacts.yaml", artifact="churn")
    placeless = Problem(code="GR101", message="m")
    assert find_reason([neighbour, unknown_field], "churn", None) == ""
    assert find_reason([BROKEN], "churn", entry) == ""
    assert (find_reason([own], "churn", entry), find_reason([placeless], "churn", entry)) == ("artifacts.yaml: m", "m")


def test_nobody_has_what_there_is_no_field_for() -> None:
    assert matches(Condition(Field.HAS, Operator.MATCH, "nothing"), FULL).truth is NO


def test_the_keys_of_free_metadata_are_those_that_have_a_value() -> None:
    assert FULL.entry is not None
    assert list_keys(FULL.entry) == ("lead.a.b", "lead.name", "limit", "ok", "sites.at", "tags", "team")
    assert list_keys(make_entry(custom={"none": {}, "empty": []})) == list_keys(make_entry(custom="text")) == ()


def test_a_name_in_two_files_is_a_yes_or_a_no_only_where_it_is_one_for_both() -> None:
    for field, kind in (("metric", "metrics"), ("param", "params")):
        found = make_candidate(facts=make_facts(**{kind: {"a.json": {"acc": 0.1, "n": 1}, "b.json": {"acc": 0.9, "n": "x"}}}))
        assert [truth(f"{field}.acc{rest}", found) for rest in (">0", ">1", "<=0.9", "=3", "!=3")] == [YES, NO, YES, NO, YES]
        reason = f'{field} acc is in 2 files; to ask for one of them: {field}."a.json:acc"'
        for query in (f"{field}.acc>0.5", f"{field}.acc=0.1", f"{field}.acc!=0.1"):
            assert reasons(query, found) == (reason,)
        assert [truth(f'{field}."{file}.json:acc">0.5', found) for file in "ab"] == [NO, YES]
        assert (truth(f"has:{field}.acc", found), truth(f"{field}.n>0", found)) == (YES, UNKNOWN)


def test_two_files_with_the_same_value_leave_nothing_open() -> None:
    found = make_candidate(facts=make_facts(metrics={"a.json": {"acc": 1}, "b.json": {"acc": 1.0}}))
    assert (truth("metric.acc>0.5", found), truth("metric.acc=2", found)) == (YES, NO)
