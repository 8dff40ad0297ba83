"""A hint that names a command is worth something only if the command helps: these run it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.operations.clones import OF_THIS_MACHINE, Clone
from tests.operations.picture import Open
from tests.support.repository import Repository

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="hints are written for a POSIX shell")

TAG: Final = "refs/tags/churn@v1.0.0"


@pytest.fixture
def clone(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    repository.register("churn", "v1.0.0")
    repository.register("Churn-2", "v1.0.0")
    remote = repository.bare_remote(tmp_path / "remote.git")
    return Clone(remote.clone(tmp_path / "clone"), remote, tmp_path, monkeypatch)


def follow(repository: Repository, hint: str) -> None:
    """Run the command of a hint in a shell."""
    command = hint.partition(", or ")[0].partition(" (")[0]
    for lead in ("if the remote has it annotated: ", "if the remote is right: ", "if no git is running: "):
        command = command.removeprefix(lead)
    subprocess.run(["sh", "-ec", command], cwd=repository.path, env=repository.env, check=True, capture_output=True)


def make_lightweight(repository: Repository) -> None:
    repository.git("update-ref", TAG, "HEAD")


def rename_another(repository: Repository) -> None:
    repository.git("update-ref", TAG, "refs/tags/Churn-2@v1.0.0")


def lose_the_object(repository: Repository) -> None:
    (repository.path / ".git" / TAG).write_text(f"{'1' * 40}\n")


def break_the_ref(repository: Repository) -> None:
    (repository.path / ".git" / TAG).write_text("nothing\n")


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(make_lightweight, "GR201"), (rename_another, "GR204"), (lose_the_object, "GR207"), (break_the_ref, "GR209")],
)
def test_a_tag_that_was_spoiled_here_is_mended_by_the_hint(
    clone: Clone, opened: Open, spoil: Callable[[Repository], None], code: str
) -> None:
    (clone.repository.path / ".git/refs/tags").mkdir(exist_ok=True)
    spoil(clone.repository)
    registry = opened(clone.repository)
    [problem] = [found for found in registry.check().problems if found.tag == "churn@v1.0.0"]
    assert problem.code == code
    follow(clone.repository, problem.hint)
    assert registry.resolve("churn@v1.0.0").tag == "churn@v1.0.0"
    assert [found for found in opened(clone.repository).doctor().problems if found.code != "GR309"] == []


@pytest.mark.parametrize("code", ["GR503", "GR504", "GR505", "GR506", "GR508", "GR510", "GR514"])
def test_a_clone_that_is_not_fit_is_mended_by_the_hint(clone: Clone, opened: Open, code: str) -> None:
    repository = OF_THIS_MACHINE[code].make(clone)
    found = [problem for problem in opened(repository).doctor().problems if problem.code in {code, "GR505"}]
    assert code in [problem.code for problem in found]
    for problem in found:
        follow(repository, problem.hint)
    assert opened(repository).doctor().problems == ()
