"""Hooks are installed and uninstalled by several processes at once, and by processes that are killed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gitreg.git.hook_script import HOOK, KEPT, format_hook
from gitreg.operations.hooks import find_program
from tests.cli.terminal import COMMAND, environment_of
from tests.race.test_kills import kill_at
from tests.support.repository import Repository

pytestmark = pytest.mark.race

THEIRS = b"#!/bin/sh\necho theirs\n"


def run(repository: Repository, *args: str, **more: str) -> subprocess.Popen[bytes]:
    """Start gitreg."""
    return subprocess.Popen(
        [*COMMAND, "hooks", *args],
        cwd=repository.path,
        env=environment_of(repository, **more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def state(repository: Repository) -> dict[str, bytes]:
    """Take down the hooks and the configuration."""
    folder = repository.path / ".git"
    hooks = {path.name: path.read_bytes() for path in (folder / "hooks").iterdir()}
    return {**hooks, "config": (folder / "config").read_bytes()}


@pytest.fixture
def theirs(repository: Repository) -> Repository:
    """A repository with a hook of somebody."""
    path = repository.path / ".git/hooks" / HOOK
    path.parent.mkdir()
    path.write_bytes(THEIRS)
    path.chmod(0o755)
    return repository


def test_installs_at_the_same_moment_are_one(theirs: Repository) -> None:
    was = state(theirs)
    assert [process.wait() for process in [run(theirs, "install") for _ in range(6)]] == [0] * 6
    found = state(theirs)
    assert (set(found), found[HOOK], found[KEPT]) == ({HOOK, KEPT, "config"}, format_hook(find_program()), THEIRS)
    assert theirs.git("config", "--get-all", "merge.gitreg.name").count("\n") == 0
    assert run(theirs, "uninstall").wait() == 0
    assert state(theirs) == was


def test_whoever_installs_while_others_uninstall_the_hook_of_before_is_never_lost(theirs: Repository) -> None:
    was = state(theirs)
    processes = [run(theirs, verb) for verb in ("install", "uninstall") * 3]
    assert [process.wait() for process in processes] == [0] * 6
    assert THEIRS in {state(theirs).get(KEPT), state(theirs)[HOOK]}
    assert run(theirs, "uninstall").wait() == 0
    assert state(theirs) == was


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_process_of_git_leaves_a_hook_and_can_be_undone(when: str, theirs: Repository, tmp_path: Path) -> None:
    was = state(theirs)
    assert run(theirs, "install", **kill_at(tmp_path / "undisturbed", 0, "never")).wait() == 0
    steps = len((tmp_path / "undisturbed/log").read_text().splitlines())
    assert run(theirs, "uninstall").wait() == 0
    for step in range(1, steps + 1):
        assert run(theirs, "install", **kill_at(tmp_path / f"{step}", step, when)).wait() == -9
        assert state(theirs)[HOOK] in {THEIRS, format_hook(find_program())}
        assert run(theirs, "uninstall").wait() == 0
        assert state(theirs) == was, step
