"""gitreg is killed before or after each of its git processes: the event is there, whole, or it is not."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.race.racers import write_quickly
from tests.race.test_clones import tags_of
from tests.support.forks import Forks
from tests.support.repository import Repository

pytestmark = pytest.mark.race

# The program counts its own runs. The run of the wanted number kills gitreg, before or after it did its work, and ends too;
# `cat-file` works as long as gitreg lives, so there is no "after".
PROGRAM: Final = """#!/bin/sh
case " $* " in *" --no-pager "*) ;; *) exec '{real}' "$@" ;; esac
echo "$*" >>'{folder}/log'
number=$(wc -l <'{folder}/log')
if [ "$number" -eq {at} ]; then
  case "$*" in *cat-file*) ;; *) [ {when} = before ] || '{real}' "$@" ;; esac
  kill -9 $PPID
  exit 1
fi
exec '{real}' "$@"
"""


def kill_at(folder: Path, at: int, when: str) -> dict[str, str]:
    """Make an environment whose ``git`` kills gitreg at the process of a number, from 1; 0: never."""
    folder.mkdir()
    (folder / "log").touch()
    real = Path(str(shutil.which("git")))
    program = folder / "git"
    program.write_text(PROGRAM.format(real=real, folder=folder, at=at, when=when))
    program.chmod(0o755)
    return {"PATH": f"{folder}:{real.parent}:/usr/bin:/bin"}


@pytest.fixture
def clone(repository: Repository, remote: Repository, tmp_path: Path) -> Repository:
    """A clone with a version, so that an assignment has a target."""
    clone = remote.clone(tmp_path / "clone")
    clone.commit(message="Work of the clone")
    clone.register("churn", "v1.0.0")
    clone.git("push", "--quiet", "--tags")
    clone.tick()
    return clone


@pytest.mark.parametrize("push", [False, True], ids=["local", "push"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_at_any_process_leaves_the_events_whole_or_absent(
    when: str, clone: Repository, remote: Repository, forks: Forks, tmp_path: Path, *, push: bool
) -> None:
    written = {"churn@v1.0.1", "churn#prod#1"}
    commits = [clone.commit(message=f"Commit {number}") for number in range(2)]
    clone.git("push", "--quiet")
    fresh = tmp_path / "fresh"
    shutil.copytree(clone.path, fresh / "clone")
    shutil.copytree(remote.path, fresh / "remote.git")
    steps = count_steps(forks, clone, commits[0], push=push, tmp_path=tmp_path)
    assert steps >= 6
    seen = set()
    for step in range(1, steps + 1):
        for name, repository in (("clone", clone), ("remote.git", remote)):
            shutil.rmtree(repository.path)
            shutil.copytree(fresh / name, repository.path)
        before = tags_of(remote)
        env = kill_at(tmp_path / f"kill-{step}", step, when)
        outcome = write_quickly(forks, clone, "register_and_assign", "churn", "prod", rev=commits[0], push=push, env=env)
        assert outcome.code == -9, step
        here, there = set(tags_of(clone)) - set(before), set(tags_of(remote)) - set(before)
        assert here in (set(), written), step
        assert there in (set(), written), step
        assert not here or not push or there, "what is named here is published"
        seen.add((bool(here), bool(there)))
        check_sound(clone, remote)
        clone.tick()
        after = write_quickly(forks, clone, "register", "churn", commits[1], push=push)
        assert (after.error, list(after.created)) == ("", [f"churn@v1.0.{2 if there or here else 1}"]), step
    assert seen >= {(False, False)} | ({(True, push is not False)} if when == "after" else set())


def count_steps(forks: Forks, clone: Repository, commit: str, *, push: bool, tmp_path: Path) -> int:
    """Count the git processes of a run that nobody disturbs."""
    env = kill_at(tmp_path / "undisturbed", 0, "never")
    assert write_quickly(forks, clone, "register_and_assign", "churn", "prod", rev=commit, push=push, env=env).error == ""
    return len((tmp_path / "undisturbed/log").read_text().splitlines())


def check_sound(*repositories: Repository) -> None:
    """No object is damaged, no ref is broken, no lock is left."""
    for repository in repositories:
        repository.git("fsck", "--no-dangling", "--strict", "--no-progress")
        assert list(repository.path.rglob("*.lock")) == []
