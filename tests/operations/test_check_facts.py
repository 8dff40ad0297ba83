"""What `check` finds in the files that answers are read from: metrics, parameters, packages and pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from gitreg.core.problems import Problem
from gitreg.core.views import Report
from gitreg.operations import check_facts
from gitreg.registry import Registry
from tests.operations.picture import Open
from tests.support.repository import Repository

BAD: Final = '{"auc": 0.9,\n "loss": }\n'
CONFLICT: Final = "schema: '2.0'\n<<<<<<< HEAD\nstages: {}\n"
ENTRY: Final = "churn:\n  path: models/churn.bin\n"
PIPELINE: Final = """\
stages:
  train:
    cmd: train
    deps: [train.py]
    params:
    - rates.yaml:
    - own.py:
    outs: [models/churn.bin]
    metrics:
    - m.json:
        cache: false
    - later.json:
        cache: false
metrics: [top.json]
params: [more.toml]
"""
SOUND: Final = {
    "artifacts.yaml": ENTRY,
    "models/churn.bin": "model",
    "dvc.yaml": PIPELINE,
    "dvc.lock": "schema: '2.0'\nstages: {}\n",
    "m.json": '{"auc": 1}',
    "top.json": "{}",
    "rates.yaml": "a: 1\n",
    "more.toml": "a = 1\n",
    "params.yaml": "a: 1\n",
    "own.py": "import os\n",
    "uv.lock": '[[package]]\nname = "numpy"\nversion = "2.0"\n',
}


def places(report: Report) -> list[tuple[str, str | None, int | None]]:
    """Write code, file and line of each problem."""
    return [(problem.code, problem.file, problem.line) for problem in report.problems]


def check_all(repository: Repository, opened: Open, files: Mapping[str, str]) -> Report:
    """Check the same files in the work tree, in the index and at a revision, which must give the same."""
    for path, text in files.items():
        place = repository.path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    found = opened(repository).check()
    repository.git("add", "--all")
    assert opened(repository).check(staged=True).problems == found.problems
    repository.commit()
    assert opened(repository).check(rev="HEAD").problems == found.problems
    return found


def test_where_all_can_be_read_there_are_no_problems(repository: Repository, opened: Open) -> None:
    assert check_all(repository, opened, SOUND).problems == ()


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("m.json", BAD, ("GR401", "m.json", 2)),
        ("top.json", BAD, ("GR401", "top.json", 2)),
        ("rates.yaml", "a:\n  b: [1\n", ("GR401", "rates.yaml", 2)),
        ("more.toml", "a = = 1\n", ("GR401", "more.toml", 1)),
        ("params.yaml", "- a\n", ("GR401", "params.yaml", None)),
        ("uv.lock", '<<<<<<< HEAD\n[[package]]\nname = "a"\n', ("GR401", "uv.lock", 1)),
        ("dvc.lock", CONFLICT, ("GR101", "dvc.lock", 3)),
        ("dvc.lock", "- a\n", ("GR101", "dvc.lock", None)),
        ("dvc.yaml", "stages: [\n", ("GR101", "dvc.yaml", 1)),
        ("models/churn.bin.dvc", "outs: [\n", ("GR101", "models/churn.bin.dvc", 1)),
        ("models/dvc.lock", CONFLICT, ("GR101", "models/dvc.lock", 3)),
        ("models/dvclive/dvc.yaml", "metrics: [\n", ("GR101", "models/dvclive/dvc.yaml", 1)),
        ("models/requirements.txt", "numpy 1\n", ("GR401", "models/requirements.txt", 1)),
    ],
)
def test_a_file_near_an_artifact_that_cannot_be_read_is_a_problem_with_its_place(
    file: str, text: str, place: tuple[str, str, int | None], repository: Repository, opened: Open
) -> None:
    assert places(check_all(repository, opened, {**SOUND, file: text})) == [place]


def test_files_that_an_entry_names_are_read_and_must_be_there(repository: Repository, opened: Open) -> None:
    entry = "churn:\n  metrics: [m.json, {path: all, keys: [auc]}, ../outside.json]\n  params: [gone.yaml, '${x}.yaml']\n"
    files = {"deep/artifacts.yaml": entry, "deep/m.json": BAD, "deep/all/a.json": "[", "deep/all/b.txt": BAD}
    report = check_all(repository, opened, files)
    assert places(report) == [
        ("GR107", "deep/artifacts.yaml", 2),
        ("GR401", "deep/all/a.json", 1),
        ("GR401", "deep/artifacts.yaml", 1),
        ("GR401", "deep/m.json", 2),
    ]
    assert (
        report.problems[2].message == "'deep/gone.yaml', which 'deep:churn' names under 'params', is no file that could be read"
    )
    assert "cache: false" in report.problems[2].hint


def test_files_that_nothing_of_the_registry_is_made_with_are_not_read(repository: Repository, opened: Open) -> None:
    files = {
        **SOUND,
        "other/dvc.yaml": PIPELINE.replace("models/churn.bin", "x.bin"),
        "other/m.json": BAD,
        "other/dvc.lock": CONFLICT,
        "other/uv.lock": "[",
        "notes.json": BAD,
    }
    assert check_all(repository, opened, files).problems == ()


def test_a_pipeline_of_elsewhere_that_makes_an_artifact_is_one_of_its_own(repository: Repository, opened: Open) -> None:
    files = {
        "artifacts.yaml": ENTRY,
        "models/churn.bin": "model",
        "jobs/dvc.yaml": "stages:\n  train:\n    cmd: x\n    wdir: ..\n    outs: [models/churn.bin]\n    metrics: [jobs/m.json]\n",
        "jobs/dvc.lock": CONFLICT,
        "jobs/m.json": BAD,
        "jobs/requirements.txt": "= 1\n",
        "talk/dvc.yaml": "stages:\n  talk:\n    cmd: talk about churn.bin\n    outs: [m.json]\n",
        "talk/dvc.lock": CONFLICT,
    }
    assert [file for _, file, _ in places(check_all(repository, opened, files))] == [
        "jobs/dvc.lock",
        "jobs/m.json",
        "jobs/requirements.txt",
    ]


def test_pipelines_of_elsewhere_are_looked_for_on_behalf_of_the_first_artifacts_only(
    repository: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_facts, "_MOST_FAR", 1)
    files = {
        "artifacts.yaml": "a:\n  path: m/a\nb:\n  path: m/b\n",
        "m/a": "a",
        "m/b": "b",
        "jobs/a/dvc.yaml": "stages:\n  a:\n    cmd: a\n    wdir: ../..\n    outs: [m/a]\n",
        "jobs/b/dvc.yaml": "stages:\n  b:\n    cmd: b\n    wdir: ../..\n    outs: [m/b]\n",
        "jobs/a/dvc.lock": CONFLICT,
        "jobs/b/dvc.lock": CONFLICT,
    }
    assert [file for _, file, _ in places(check_all(repository, opened, files))] == ["jobs/a/dvc.lock"]


def test_metrics_whose_names_only_the_lock_knows_are_read(repository: Repository, opened: Open) -> None:
    files = {
        "artifacts.yaml": ENTRY,
        "models/churn.bin": "model",
        "dvc.yaml": "stages:\n  train:\n    foreach: [a]\n    do:\n      cmd: x\n      metrics: ['${item}.json']\n      outs: [models/churn.bin]\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train@a:\n    cmd: x\n    outs:\n    - path: a.json\n      md5: aa\n",
        "a.json": BAD,
    }
    assert places(check_all(repository, opened, files)) == [("GR401", "a.json", 2)]


def test_an_artifact_without_a_path_or_with_an_address_has_the_files_beside_its_entry(
    repository: Repository, opened: Open
) -> None:
    entries = "a: {}\nb:\n  path: s3://bucket/b\n"
    files = {"deep/artifacts.yaml": entries, "deep/requirements.txt": "= 1\n", "dvc.yaml": "metrics: [m.json]\n", "m.json": BAD}
    assert places(check_all(repository, opened, files)) == [("GR401", "deep/requirements.txt", 1), ("GR401", "m.json", 2)]


def test_the_packages_of_a_folder_are_its_own(repository: Repository, opened: Open) -> None:
    files = {"artifacts.yaml": "m:\n  path: model\n", "model/requirements.txt": "= 1\n", "requirements.txt": "= 2\n"}
    assert places(check_all(repository, opened, files)) == [("GR401", "model/requirements.txt", 1)]


def test_what_requirements_include_is_read_too_and_what_is_not_there_is_told(repository: Repository, opened: Open) -> None:
    files = {
        "artifacts.yaml": "a:\n  path: m/a\nb:\n  path: m/b\n",
        "m/a": "1",
        "m/b": "1",
        "m/requirements.txt": "numpy\n-r ../base.txt\n-r gone.txt\n",
        "base.txt": "scipy\n= 1\n",
    }
    found = check_all(repository, opened, files)
    assert places(found) == [("GR401", "base.txt", 2), ("GR401", "m/requirements.txt", 3)]


def test_a_path_that_a_broken_lock_may_name_is_not_said_to_be_missing(repository: Repository, opened: Open) -> None:
    assert places(check_all(repository, opened, {"artifacts.yaml": ENTRY, "dvc.lock": CONFLICT})) == [("GR101", "dvc.lock", 3)]


def test_a_file_that_is_too_large_is_named_and_not_read(
    repository: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = "a:\n  metrics: [a.json, b.json]\n"
    small = {"artifacts.yaml": entries, "a.json": '{"a": 1}', "b.json": '{"b": 1}'}
    monkeypatch.setattr(check_facts, "_MOST_BYTES", 10)
    [problem] = check_all(repository, opened, small).problems
    assert (problem.file, "nearly 10 bytes" in problem.message) == ("b.json", True)
    monkeypatch.undo()
    [problem] = check_all(repository, opened, {**small, "b.json": " " * (9 << 20)}).problems
    assert (problem.file, problem.message) == ("b.json", "the file has 9437184 bytes, which is too many")


def test_what_a_large_file_says_is_remembered(
    repository: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    lines = "".join(f"package{number}==1\n" for number in range(6000))
    check_all(repository, opened, {**SOUND, "requirements.txt": f"{lines}= 1\n"})
    found: list[tuple[Problem, ...]] = [opened(repository).check().problems]
    monkeypatch.setattr(check_facts, "parse_file", lambda *_: pytest.fail("it was read again"))
    repository.commit(
        {name: None for name in SOUND if name.endswith((".json", ".toml", ".yaml", ".lock")) and "artifacts" not in name}
    )
    found.append(opened(repository).check().problems)
    assert [[(problem.file, problem.line) for problem in problems] for problems in found] == [[("requirements.txt", 6001)]] * 2


def test_python_that_holds_parameters_is_no_fault(repository: Repository, opened: Open) -> None:
    report = check_all(repository, opened, {**SOUND, "own.py": "rate = 1\n"})
    assert report.problems == ()


def test_a_repository_without_a_work_tree_is_checked_too(repository: Repository, tmp_path: Path) -> None:
    repository.commit({**SOUND, "m.json": BAD})
    bare = repository.bare_remote(tmp_path / "remote.git")
    repository.git("push", "--quiet", "origin", "main")
    with Registry(bare.path) as registry:
        assert ("GR401", "m.json", 2) in places(registry.check())


@pytest.mark.parametrize(
    ("files", "messages"),
    [
        (
            {"artifacts.yaml": "churn:\n  path: m.bin\n  goals: {logloss: lower, test.f1: higher}\n"},
            ["did you mean 'test.logloss'?"],
        ),
        ({"artifacts.yaml": "churn:\n  path: m.bin\n  goals: {test.logloss: lower, 'm.json:test.f1': higher}\n"}, []),
        ({"artifacts.yaml": "churn:\n  path: m.bin\n  goals: {speed: lower}\n"}, ["'speed' of 'churn' is of no metric"]),
        ({"artifacts.yaml": "churn:\n  metrics: [{path: m.json, keys: [n]}]\n  goals: {test.f1: higher}\n"}, ["of no metric"]),
        ({"artifacts.yaml": "churn:\n  metrics: [gone.json]\n  goals: {test.f1: higher}\n"}, []),  # nobody knows its metrics
        ({"artifacts.yaml": "churn:\n  path: m.bin\n  goals: {speed: lower}\n", "m.json": "{"}, []),
        ({"artifacts.yaml": "churn:\n  path: s3://b/m.bin\n  goals: {speed: lower}\n", "dvc.yaml": "stages: {}\n"}, []),
    ],
)
def test_a_goal_of_no_metric_is_told(
    repository: Repository, opened: Open, files: dict[str, str | None], messages: list[str]
) -> None:
    pipeline = "stages:\n  train: {cmd: python train.py, outs: [m.bin], metrics: [m.json: {cache: false}]}\n"
    repository.commit({"dvc.yaml": pipeline, "m.json": '{"test": {"logloss": 1, "f1": 2}, "n": 5}', "m.bin": "1", **files})
    found = [problem.message for problem in opened(repository).check().problems if problem.code == "GR403"]
    assert [message in told for message, told in zip(messages, found, strict=True)] == [True] * len(messages)
