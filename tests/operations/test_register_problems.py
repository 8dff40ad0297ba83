"""What a person learns of a pipeline when they register what it made."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from gitreg.core.problems import Problem
from gitreg.operations import register_problems
from tests.operations.picture import Open
from tests.support.command import GitregCommand
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository

STALE = "'train' was run with rate=0.12, and params.yaml of this commit has 0.99"
FILES = {
    "artifacts.yaml": "churn: {path: model}\nfraud: {path: model}\nother: {path: far/model}\n",
    "dvc.yaml": format_definition(
        {"train": ", deps: [train.py], params: [rate], metrics: [m.json: {cache: false}], outs: [model]"}
    ),
    "dvc.lock": format_lock({"train": ({"train.py": "1"}, {"model": "m", "m.json": "{}"})}, {"train": {"rate": 0.12}}),
    "m.json": "{}",
    "params.yaml": "rate: 0.12\n",
    "train.py": "1",
}


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """A model with the pipeline that made it."""
    repository.commit(FILES, "Train")
    return repository


def messages(problems: tuple[Problem, ...] | None) -> list[str]:
    """List what problems say."""
    return [problem.message for problem in problems or ()]


def test_a_version_of_a_pipeline_that_was_run_as_it_is_has_no_problems(trained: Repository, opened: Open) -> None:
    assert opened(trained).register("churn").problems == ()


def test_registering_says_what_check_says_of_that_commit_and_not_of_the_work_tree(trained: Repository, opened: Open) -> None:
    stale = trained.commit({"params.yaml": "rate: 0.99\n"})
    trained.commit({"params.yaml": "rate: 0.12\n"})
    (trained.path / "train.py").write_text("2")
    registry = opened(trained)
    assert messages(registry.register("churn").problems) == []
    (problem,) = registry.register("fraud", stale).problems or ()
    assert (problem.message, problem.file, problem.artifact, problem.commit) == (STALE, "dvc.lock", "fraud", stale)
    assert problem.message in messages(registry.check(rev=stale).problems)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"train.py": "2"}, ["'train' was run with another train.py than this commit has"]),
        ({"m.json": '{"auc": 1}'}, ["'train' made another m.json than this commit has"]),
        ({"m.json": "{}\r\n"}, ["'train' made another m.json than this commit has"]),
        ({"params.yaml": "rate: [\n"}, ["the file is no YAML"]),
        ({"dvc.yaml": "stages: [\n"}, ["the file is no YAML"]),
        ({"dvc.lock": "stages: [\n"}, ["the file is no YAML"]),
        ({"artifacts.yaml": "churn: {path: model, metrics: [gone.json]}\n"}, ["'gone.json', which 'churn' names under 'metrics'"]),
        ({"requirements.txt": "-r gone.txt\n"}, []),
    ],
)  # fmt: skip
def test_what_is_wrong_near_a_version_is_told_once_and_it_is_registered(
    change: dict[str, str], told: list[str], trained: Repository, opened: Open
) -> None:
    trained.commit(change)
    written = opened(trained).register("churn")
    assert [event.tag for event in written.created] == ["churn@v0.0.1"]
    found = messages(written.problems)
    assert [message[: len(start)] for message, start in zip(found, told, strict=True)] == told


def test_registering_in_one_step_with_a_stage_and_a_dry_run_tell_it_too(trained: Repository, opened: Open) -> None:
    trained.commit({"params.yaml": "rate: 0.99\n"})
    registry = opened(trained)
    assert messages(registry.register("churn", dry_run=True).problems) == [STALE]
    assert messages(registry.register_and_assign("churn", "prod").problems) == [STALE]
    assert registry.assign("churn@latest", "dev").problems is None


def test_an_artifact_without_an_entry_has_no_pipeline_that_anybody_knows(trained: Repository, opened: Open) -> None:
    assert opened(trained).register("new").problems is None


def test_where_no_pipeline_is_near_nothing_is_parsed_and_elsewhere_git_is_started_no_more_often(
    trained: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = Popen.__init__
    started: list[object] = []

    def note(process: Popen[bytes], *arguments: Any, **more: Any) -> None:
        started.append(arguments)
        begin(process, *arguments, **more)

    monkeypatch.setattr(Popen, "__init__", note)

    def count(name: str) -> int:
        registry = opened(trained)
        started.clear()
        registry.register(name)
        return len(started)

    trained.git("rm", "-q", "dvc.yaml")
    trained.commit({"lone/artifacts.yaml": "a: {path: x}\n", "lone/x": "1"})
    with monkeypatch.context() as patch:
        patch.setattr(register_problems, "_check_files", None)
        without = count("lone:a")
    trained.commit(FILES)
    assert count("churn") == without


def test_a_repository_that_was_opened_by_its_address_is_not_asked_for_each_file(
    trained: Repository, opened: Open, tmp_path: Path, gitreg: GitregCommand
) -> None:
    trained.commit({"params.yaml": "rate: 0.99\n"})
    bare = tmp_path / "remote.git"
    trained.git("clone", "-q", "--bare", str(trained.path), str(bare))
    written = gitreg("register", "churn", "--repo", bare.as_uri(), "--dry-run", "--no-data-check", "--json")
    assert "problems" not in json.loads(written.stdout)
