from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

import pytest

from gitreg import Registry
from gitreg.core.findings import Finding, Findings
from gitreg.errors import SyntaxFault, Unanswerable, UsageFault
from gitreg.git import run
from tests.support.dvc import track
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]

ENTRY: Final[dict[str, Any]] = {
    "path": "models/churn.bin", "type": "model", "owner": "ml", "labels": ["pii"], "license": "MIT", "metrics": ["metrics.json"], "params": ["params.yaml"],
}  # fmt: skip


def train(repository: Repository, version: str, files: Mapping[str, str | bytes | None] | None = None, **entry: object) -> None:
    """Commit and register a version; None takes a field out of its entry."""
    fields = {name: value for name, value in {**ENTRY, **entry}.items() if value is not None}
    repository.commit({"artifacts.yaml": json.dumps({"churn": fields}, indent=1), "models/churn.bin": version, **(files or {})})
    repository.register("churn", version)
    repository.tick()


def names(findings: Iterable[Finding]) -> list[str]:
    return [f"{found.candidate.artifact} {found.candidate.version or 'commit'}" for found in findings]


def versions(found: Findings) -> tuple[list[str | None], list[str | None]]:
    """The versions that are meant, and those of which nobody can know."""
    return [one.candidate.version for one in found.matches], [one.candidate.version for one in found.unknown]


@pytest.fixture
def past(repository: Repository) -> Repository:
    """Four versions, of which the third has a broken entry file; the first is in prod, the second was withdrawn."""
    train(
        repository,
        "v1.0.0",
        {"metrics.json": '{"auc": 0.8}', "params.yaml": "lr: 0.1\n", "requirements.txt": "tensorflow==2.11.0\n"},
    )
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    train(
        repository,
        "v1.1.0",
        {"metrics.json": '{"auc": 0.9}', "requirements.txt": "tensorflow>=2\n"},
        license="GPL-3.0-only OR MIT",
    )
    repository.deregister("churn", "v1.1.0")
    repository.tick()
    repository.commit({"artifacts.yaml": "churn: ["})
    repository.register("churn", "v1.2.0")
    repository.tick()
    train(repository, "v2.0.0-rc.1", {"metrics.json": '{"auc": 0.95}', "requirements.txt": "tensorflow==2.13\n"}, license=None)
    repository.register("other", "v0.1.0", "HEAD~1")
    repository.tick()
    return repository


# ---- what is searched ----


def test_current_is_what_is_latest_or_stable_or_holds_a_stage(past: Repository, opened: Open) -> None:
    past.assign("bare", "dev")
    found = opened(past).search("name:*")
    assert names(found.matches) == ["bare commit", "churn v2.0.0-rc.1", "churn v1.2.0", "churn v1.0.0", "other v0.1.0"]
    assert (found.searched, found.matched) == (5, 5)


def test_history_is_every_version_ever(past: Repository, opened: Open) -> None:
    registry = opened(past)
    assert versions(registry.search("churn", history=True))[0] == ["v2.0.0-rc.1", "v1.2.0", "v1.1.0", "v1.0.0"]
    assert versions(registry.search("active:no", history=True))[0] == ["v1.1.0"]
    assert versions(registry.search("active:no"))[0] == []


def test_the_registry_can_be_searched_as_it_was(past: Repository, opened: Open) -> None:
    assert versions(opened(past).search("churn", at="2020-01-01"))[0] == []
    assert names(opened(past).search("stage:prod", at="2099-01-01").matches) == ["churn v1.0.0"]


def test_a_deprecated_artifact_is_found_too(past: Repository, opened: Open) -> None:
    past.deprecate("other")
    assert names(opened(past).search("deprecated:yes").matches) == ["other v0.1.0"]


# ---- what is found ----


@pytest.mark.parametrize(("query", "matches", "unknown"), [
    ("stage:prod", ["v1.0.0"], []),
    ("churn type:model", ["v2.0.0-rc.1", "v1.1.0", "v1.0.0"], ["v1.2.0"]),
    ("churn metric.auc>0.85", ["v2.0.0-rc.1", "v1.1.0"], ["v1.2.0"]),
    ("churn param.lr=0.1 version<v1.2.0", ["v1.1.0", "v1.0.0"], []),
    ("churn package:tensorflow<2.12", ["v1.0.0"], ["v1.2.0", "v1.1.0"]),
    ("churn not package:tensorflow<2.12", ["v2.0.0-rc.1"], ["v1.2.0", "v1.1.0"]),
    ("churn license:gpl*", ["v1.1.0"], ["v2.0.0-rc.1", "v1.2.0"]),
    ("churn has:license", ["v1.1.0", "v1.0.0"], ["v1.2.0"]),
    ("version:latest -other", ["v2.0.0-rc.1"], []),
    ("path:models/churn.bin label:pii owner:ML", ["v2.0.0-rc.1", "v1.1.0", "v1.0.0"], ["v1.2.0"]),
    ("size=6", ["v1.1.0", "v1.0.0"], ["v1.2.0"]),
    ("stage:prod (license:gpl* or metric.auc<0.85)", ["v1.0.0"], []),
])  # fmt: skip
def test_a_query_tells_yes_from_unknown(
    query: str, matches: list[str], unknown: list[str], past: Repository, opened: Open
) -> None:
    assert versions(opened(past).search(f"name:churn {query}", history=True)) == (matches, unknown)


def test_each_unknown_has_its_reason(past: Repository, opened: Open) -> None:
    found = opened(past).search("name:churn package:tensorflow<2.12 type:model", history=True).unknown
    assert found[1].reasons == ("requirements.txt: tensorflow>=2 names no exact version",)
    assert [reason.partition(":")[0] for reason in found[0].reasons] == ["requirements.txt", "artifacts.yaml"]


def test_data_of_the_pipeline_is_found_by_path_and_hash(repository: Repository, opened: Open) -> None:
    digest = "1a2b" + "0" * 28
    lock = {
        "schema": "2.0",
        "stages": {
            "train": {
                "cmd": "python train.py",
                "deps": [{"path": "data/users.csv", "hash": "md5", "md5": digest, "size": 3}],
                "outs": [{"path": "models/churn.bin", "hash": "md5", "md5": "f" * 32, "size": 1}],
            }
        },
    }
    stage = {"cmd": "python train.py", "deps": ["data/users.csv"], "outs": ["models/churn.bin"]}
    train(repository, "v1.0.0", {"dvc.yaml": json.dumps({"stages": {"train": stage}}), "dvc.lock": json.dumps(lock)})
    registry = opened(repository)
    for query in ("data:data/users.csv", "data:1a2b", "data:data/*.csv@1a2b", "has:data"):
        assert versions(registry.search(query)) == (["v1.0.0"], []), query
    assert versions(registry.search("data:beef or data:other.csv")) == ([], [])


def test_free_metadata_is_found_by_its_keys_and_one_that_an_entry_lacks_is_none(repository: Repository, opened: Open) -> None:
    train(repository, "v1.0.0", custom={"team": {"lead": "Ann"}, "limit": 0.5, "tags": ["gold"]})
    train(repository, "v1.1.0", custom={"team": "risk", "limit": 0.7})
    repository.commit({"artifacts.yaml": "churn: ["})
    repository.register("churn", "v1.2.0")
    registry = opened(repository)
    assert versions(registry.search("custom.team.lead:ann custom.tags:gold", history=True)) == (["v1.0.0"], ["v1.2.0"])
    found = registry.search("custom.limit>0.6 -custom.team.lead:ann", history=True, sort="-custom.limit")
    assert (versions(found), found.matches[0].values) == (
        (["v1.1.0"], ["v1.2.0"]),
        {"custom.limit": (0.7,), "custom.team.lead": ()},
    )
    assert versions(registry.search("custom.limit>0", sort="-custom.limit", history=True))[0] == ["v1.1.0", "v1.0.0"]


def test_each_field_that_the_issue_promises_is_answered_together_with_the_others(past: Repository, opened: Open) -> None:
    query = (
        "type:model stage:prod metric.auc>0.7 package:tensorflow<2.12 license:mit label:pii owner:ml registered:<2100-01-01 "
        "size:>0 not data:users.csv and (stage:dev or not stage:staging)"
    )
    found = opened(past).search(query, history=True)
    assert versions(found) == ([], ["v1.0.0"])  # nothing says which data it was made from
    assert found.unknown[0].reasons == ("no pipeline says which data it was made from",)
    assert versions(opened(past).search(query.replace("not data:users.csv", ""), history=True)) == (["v1.0.0"], [])


def test_a_selector_finds_the_version_that_it_stands_for(past: Repository, opened: Open) -> None:
    registry = opened(past)
    assert names(registry.search("churn#prod").matches) == ["churn v1.0.0"]
    assert names(registry.search("churn@v1.1.0 or other@latest", history=True).matches) == ["churn v1.1.0", "other v0.1.0"]


def test_bytes_that_dvc_keeps_have_size_and_hash(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.bin\n"})
    track(repository, "models/churn.bin", b"12345")
    repository.register("churn", "v1.0.0")
    found = opened(repository).search("size>4 size<6 hash:827c")
    assert versions(found) == (["v1.0.0"], [])
    assert found.matches[0].values == {"size": (5,), "hash": ("md5:827ccb0eea8a706c4c34a16891f84e7b",)}


def test_a_file_of_metrics_that_cannot_be_read_is_unknown_and_the_rest_answers(repository: Repository, opened: Open) -> None:
    train(repository, "v1.0.0", {"metrics.json": '{"auc":', "params.yaml": "lr: 1\n"})
    train(repository, "v1.1.0", {"metrics.json": '{"auc": 1}'})
    registry = opened(repository)
    found = registry.search("metric.auc>0.5", history=True)
    assert versions(found) == (["v1.1.0"], ["v1.0.0"])
    assert "metrics.json" in found.unknown[0].reasons[0]
    assert versions(registry.search("metric.auc>0.5 or param.lr=1", history=True)) == (["v1.1.0", "v1.0.0"], [])


# ---- how it is shown ----


def test_sorting_and_limits(past: Repository, opened: Open) -> None:
    registry = opened(past)
    found = registry.search("name:churn", history=True, sort="-metric.auc", limit=2)
    assert (versions(found)[0], found.matched) == (["v2.0.0-rc.1", "v1.1.0"], 4)
    assert versions(registry.search("name:churn", history=True, sort="registered"))[0] == [
        "v1.0.0",
        "v1.1.0",
        "v1.2.0",
        "v2.0.0-rc.1",
    ]
    assert versions(registry.search("name:churn", history=True, sort="size"))[0][-1] == "v1.2.0"
    assert versions(registry.search("name:churn", limit=0))[0] == []
    with pytest.raises(UsageFault):
        registry.search("x", limit=-1)


def test_the_columns_are_what_the_query_names(past: Repository, opened: Open) -> None:
    found = opened(past).search("stage:prod metric.auc<1 package:tensorflow license:*")
    assert [column.title for column in found.columns] == ["metric.auc", "package:tensorflow", "license"]
    assert found.matches[0].values == {"metric.auc": (0.8,), "package:tensorflow": ("2.11.0",), "license": ("MIT",)}
    assert found.query == "stage:prod metric.auc<1 package:tensorflow license:*"


# ---- clones, hostility, cost ----


def test_a_query_that_is_none_is_refused_before_anything_is_read(repository: Repository, opened: Open) -> None:
    with pytest.raises(SyntaxFault):
        opened(repository).search("metric.auc>")


def test_a_clone_that_lacks_tags_does_not_answer(past: Repository, opened: Open, tmp_path: Any) -> None:
    with pytest.raises(Unanswerable, match="shallow"):
        opened(past.clone(tmp_path / "clone", "--depth=1")).search("churn")


def test_an_empty_registry_is_searched_in_vain(repository: Repository, opened: Open) -> None:
    assert opened(repository).search("x or metric.a>1").searched == 0


@pytest.mark.parametrize("query", [
    "name:" + "*a" * 2000, ".*", "'[a-z]+(?:x'", "'\x1b[31m'", "name:'\x00'", "metric.'$(touch x)':1", "data:../../../etc/passwd", "path:--upload-pack=x", "type:'\ud800'",
])  # fmt: skip
def test_whatever_is_asked_is_only_compared(query: str, past: Repository, opened: Open) -> None:
    assert versions(opened(past).search(query))[0] == []


def test_hostile_values_are_only_compared(repository: Repository, opened: Open) -> None:
    metrics = json.dumps({"auc": 1e308, "big": 10**200, "deep": {"a" * 5000: 1}, "t": "\x1b[2J"}) + " " * 10
    train(
        repository,
        "v1.0.0",
        {"metrics.json": metrics, "params.yaml": "x: .nan\n", "requirements.txt": "a===x y\n-r ../../x\n\x00\n"},
    )
    registry = opened(repository)
    assert versions(registry.search("metric.auc>1 metric.big>1 not metric.big:1", sort="metric.big"))[0] == ["v1.0.0"]
    registry.search("package:a<2 param.x>1 has:data has:package")


def test_cheap_conditions_spare_the_dear_ones(past: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    for reader in ("_read_entries", "_read_pointers", "_read_facts"):
        monkeypatch.setattr(f"gitreg.operations.search.{reader}", refuse)
    assert versions(opened(past).search("stage:prod (churn or metric.auc>1) version>v3.0.0"))[0] == []
    assert versions(opened(past).search("name:churn stage:prod registered>2000"))[0] == ["v1.0.0"]


def test_a_search_starts_three_processes_at_most(past: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = opened(past)
    started: list[object] = []
    original = run._popen

    def count(*arguments: Any, **options: Any) -> Any:
        started.append(arguments)
        return original(*arguments, **options)

    monkeypatch.setattr(run, "_popen", count)
    registry.search("x or (type:model size>1 metric.auc>0 package:x data:y)", history=True)
    assert 0 < len(started) <= 3


def test_what_no_version_has_is_told_and_the_field_that_is_sorted_by_is_a_column(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: {type: model, metrics: [m.json]}\n", "m.json": '{"test": {"f1": 0.5}}'})
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    assert [tuple(one) for one in registry.search("metric.f1>0.4").absent] == [
        ("none of them has a metric 'f1'", "did you mean metric.test.f1?")
    ]
    assert registry.search("metric.test.f1>0.4 or type:modle").absent == ()
    assert [column.title for column in registry.search("churn", sort="-metric.test.f1").columns] == ["metric.test.f1"]
    assert registry.search("churn", sort="version").columns == ()


def test_where_nothing_has_what_is_sorted_by_it_is_told(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: {type: model, metrics: [m.json]}\n", "m.json": '{"auc": 0.5, "top 5": 1}'})
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    found = registry.search("churn", sort="-metric.acu")
    assert (found.matched, found.notes) == (1, ("none of them has a metric 'acu' to sort by; did you mean metric.auc?",))
    assert [registry.search("churn", sort=sort).notes for sort in ("metric.auc", "metric.top 5", "version", "size")] == [()] * 4
    assert registry.search("zebra", sort="metric.nope").notes == ()
