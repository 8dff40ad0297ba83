from __future__ import annotations

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from gitreg.core.problems import CATALOGUE, Problem, severity_of
from gitreg.core.views import Report
from tests.operations.clones import OF_THIS_MACHINE, Clone, use_dvc
from tests.operations.picture import Open, picture
from tests.operations.scenarios import OF_FILES_AND_TAGS
from tests.support.repository import Repository

QUARANTINED: Final = [code for code in OF_FILES_AND_TAGS if code.startswith("GR2")]


@pytest.fixture
def clone(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    repository.register("churn", "v1.0.0")
    return Clone(repository, repository.bare_remote(tmp_path / "remote.git"), tmp_path, monkeypatch)


def of(report: Report, code: str) -> list[Problem]:
    """Pick the problems with a code."""
    return [problem for problem in report.problems if problem.code == code]


@pytest.mark.parametrize("code", OF_THIS_MACHINE)
def test_what_is_wrong_with_a_clone_has_its_code_a_sentence_and_a_hint(clone: Clone, opened: Open, code: str) -> None:
    scenario = OF_THIS_MACHINE[code]
    repository = scenario.make(clone)
    before = picture(repository)
    [problem] = of(opened(repository).doctor(), code)
    assert scenario.message in problem.message
    assert scenario.hint in problem.hint
    assert {name: getattr(problem, name) for name in scenario.place} == scenario.place
    assert severity_of(problem) is CATALOGUE[code][0]
    assert picture(repository) == before


@pytest.mark.parametrize("code", QUARANTINED)
def test_tags_that_cannot_be_read_are_named_once_each(clone: Clone, opened: Open, code: str) -> None:
    OF_FILES_AND_TAGS[code].make(clone.repository)
    assert len(of(opened(clone.repository).doctor(), code)) == 1


def test_a_clone_that_is_fit_has_no_problems_and_it_is_said_what_was_looked_at(
    clone: Clone, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "dvc", None)
    report = opened(clone.repository).doctor()
    assert report.problems == ()
    assert report.checked[0].startswith("git 2.")
    assert report.checked[1:] == (
        "identity Ann Example <ann@example.com>",
        "clone with all branches and tags",
        "remote origin with 1 registry tag",
        "1 registry tag, none in the future",
        "no lock files",
        "settings of nobody: the defaults",
    )


def test_dvc_is_named_where_it_is_installed(clone: Clone, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = use_dvc(clone)
    dvc = ModuleType("dvc")
    dvc.__spec__ = ModuleSpec("dvc", None)
    monkeypatch.setitem(sys.modules, "dvc", dvc)
    report = opened(repository).doctor()
    assert report.problems == ()
    assert report.checked[-1] == "DVC"


def test_several_things_at_once_are_all_found(clone: Clone, opened: Open) -> None:
    bad = ["GR112", "GR201", "GR209"]
    worse = ["GR507", "GR509", "GR514", "GR510", "GR502", "GR501"]
    for code in bad:
        OF_FILES_AND_TAGS[code].make(clone.repository)
    for code in worse:
        OF_THIS_MACHINE[code].make(clone)
    assert {problem.code for problem in opened(clone.repository).doctor().problems} == {*bad, *worse}


def test_offline_the_remote_is_not_asked(clone: Clone, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    OF_THIS_MACHINE["GR507"].make(clone)
    registry = opened(clone.repository)
    trace = clone.folder / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    report = registry.doctor(offline=True)
    assert of(report, "GR507") == []
    assert "remote origin (not asked)" in report.checked
    assert "ls-remote" not in trace.read_text()
    registry.doctor()
    assert "ls-remote" in trace.read_text()


def test_offline_a_remote_that_cannot_be_reached_is_no_problem(clone: Clone, opened: Open) -> None:
    OF_THIS_MACHINE["GR512"].make(clone)
    assert opened(clone.repository).doctor(offline=True).problems == ()


def test_settings_that_are_not_valid_are_one_problem_and_the_remote_is_asked_all_the_same(clone: Clone, opened: Open) -> None:
    (clone.repository.path / ".gitreg.yaml").write_text("remote: 5\n")
    report = opened(clone.repository).doctor()
    assert [problem.code for problem in report.problems] == ["GR112"]
    assert "remote origin with 1 registry tag" in report.checked


def test_a_variable_that_is_not_valid_is_a_problem_of_no_file(
    clone: Clone, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = opened(clone.repository)
    monkeypatch.setenv("GITREG_PUSH", "perhaps")
    [problem] = registry.doctor().problems
    assert (problem.code, problem.file, problem.hint) == ("GR112", None, "set or unset GITREG_PUSH")


def test_the_remote_that_the_settings_name_is_the_one_that_counts(clone: Clone, opened: Open) -> None:
    (clone.repository.path / ".gitreg.yaml").write_text("remote: upstream\n")
    [problem] = of(opened(clone.repository).doctor(), "GR511")
    assert problem.message == "there is no remote 'upstream', so nothing can be published"
    clone.repository.git("remote", "rename", "origin", "upstream")
    report = opened(clone.repository).doctor()
    assert report.problems == ()
    assert "settings of .gitreg.yaml" in report.checked


@pytest.mark.parametrize("name", ["index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "refs/tags/a/b.lock"])
def test_a_lock_is_found_wherever_git_makes_one(clone: Clone, opened: Open, name: str) -> None:
    lock = clone.repository.path / ".git" / name
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    os.utime(lock, (0, 0))
    [problem] = opened(clone.repository).doctor().problems
    assert problem.code == "GR510"
    assert problem.hint == f"if no git is running: rm '{lock}'"


def test_in_a_linked_work_tree_the_locks_of_both_folders_are_found(clone: Clone, opened: Open) -> None:
    clone.repository.git("worktree", "add", "--quiet", str(clone.folder / "side"))
    linked = Repository(clone.folder / "side", now=clone.repository.now)
    locks = [clone.repository.path / ".git/worktrees/side/index.lock", clone.repository.path / ".git/packed-refs.lock"]
    for lock in locks:
        lock.touch()
    found = of(opened(linked).doctor(), "GR510")
    assert [problem.hint for problem in found] == [f"if no git is running: rm '{lock}'" for lock in sorted(locks)]


def test_a_temporary_file_is_found_beside_any_file_of_entries(clone: Clone, opened: Open) -> None:
    clone.repository.commit({"nlp/artifacts.yaml": "sent: {}\n"})
    (clone.repository.path / "nlp/.gitreg-9.tmp").touch()
    (clone.repository.path / "nlp/other.tmp").touch()
    [problem] = of(opened(clone.repository).doctor(), "GR514")
    assert problem.file == "nlp/.gitreg-9.tmp"


def test_a_bare_repository_and_one_without_a_commit_can_be_examined(clone: Clone, opened: Open) -> None:
    assert [problem.code for problem in opened(clone.remote).doctor().problems] == ["GR511"]
    empty = Repository.create(clone.folder / "empty")
    assert [problem.code for problem in opened(empty).doctor().problems] == ["GR511"]


def test_a_lightweight_tag_of_the_remote_is_no_difference(clone: Clone, opened: Open) -> None:
    clone.repository.tag("v1.0.0", lightweight=True)
    clone.repository.tag("other")
    assert opened(clone.repository).doctor().problems == ()


def test_what_several_tags_lack_is_said_in_the_plural(clone: Clone, opened: Open) -> None:
    for stage in ("dev", "staging", "prod", "best"):
        clone.repository.assign("churn", stage)
    [problem] = of(opened(clone.repository).doctor(), "GR507")
    assert problem.message == ("4 registry tags are not on 'origin': 'churn#best#4', 'churn#dev#1', 'churn#prod#3' and 1 more")
