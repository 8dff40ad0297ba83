"""Remotes that refuse, die, lose the answer, or are always a step ahead."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.race.racers import write
from tests.race.test_clones import tags_of
from tests.support.repository import Repository

pytestmark = pytest.mark.race

KILL_RECEIVER: Final = "kill -9 $PPID"


def hook(remote: Repository, name: str, script: str) -> None:
    """Give a remote a hook."""
    path = remote.path / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def meddle(tmp_path: Path, before: str, script: str) -> dict[str, str]:
    """Make an environment whose ``git`` runs a script before one of its commands."""
    folder = tmp_path / "meddling"
    folder.mkdir()
    program = folder / "git"
    real = shutil.which("git")
    program.write_text(f'#!/bin/sh\ncase " $* " in *" {before} "*) {script} ;; esac\nexec "{real}" "$@"\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}:{Path(str(real)).parent}:/usr/bin:/bin"}


@pytest.fixture
def clone(repository: Repository, remote: Repository, tmp_path: Path) -> Repository:
    clone = remote.clone(tmp_path / "clone")
    clone.commit(message="Work of the clone")
    return clone


def test_a_push_whose_answer_is_lost_after_it_arrived_is_a_success(clone: Repository, remote: Repository) -> None:
    hook(remote, "post-receive", KILL_RECEIVER)
    outcome = write(clone, "register", "churn", push=True)
    assert (outcome.error, outcome.pushed, list(outcome.created)) == ("", True, ["churn@v0.0.1"])
    assert tags_of(remote) == tags_of(clone) == outcome.created


def test_a_push_that_dies_before_it_arrives_leaves_nothing(clone: Repository, remote: Repository) -> None:
    before = clone.refs()
    hook(remote, "pre-receive", KILL_RECEIVER)
    outcome = write(clone, "register", "churn", push=True)
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    assert outcome.hint
    assert (tags_of(remote), clone.refs()) == ({}, before)
    (remote.path / "hooks/pre-receive").unlink()
    assert list(write(clone, "register", "churn", push=True).created) == ["churn@v0.0.1"]


@pytest.mark.parametrize("name", ["pre-receive", "update"])
def test_a_hook_that_refuses_is_a_refusal_and_leaves_nothing(name: str, clone: Repository, remote: Repository) -> None:
    before = clone.refs()
    hook(remote, name, "echo not on a Friday >&2; exit 1")
    outcome = write(clone, "register_and_assign", "churn", "prod", push=True)
    assert (outcome.error, outcome.code) == ("Refused", 5)
    assert "not on a Friday" in outcome.message
    assert (tags_of(remote), clone.refs()) == ({}, before)


def test_a_hook_that_aborts_the_transaction_of_the_remote_leaves_nothing(clone: Repository, remote: Repository) -> None:
    before = clone.refs()
    hook(remote, "reference-transaction", "exit 1")
    outcome = write(clone, "register_and_assign", "churn", "prod", push=True)
    assert outcome.error in {"Refused", "ExternalFault"}  # git 2.39 hangs up without a word, later ones say who refused
    assert (tags_of(remote), clone.refs()) == ({}, before)


def test_a_hook_that_refuses_one_of_two_tags_refuses_both(clone: Repository, remote: Repository) -> None:
    before = clone.refs()
    hook(remote, "update", 'case "$1" in *prod*) exit 1;; esac')
    assert write(clone, "register_and_assign", "churn", "prod", push=True).error == "Refused"
    assert (tags_of(remote), clone.refs()) == ({}, before)


def test_a_remote_that_is_gone_is_a_fault_of_the_outside(clone: Repository, remote: Repository) -> None:
    before = clone.refs()
    shutil.rmtree(remote.path)
    outcome = write(clone, "register", "churn", push=True)
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    assert clone.refs() == before


def test_a_remote_that_dies_between_reading_and_pushing_is_a_fault_of_the_outside(
    clone: Repository, remote: Repository, tmp_path: Path
) -> None:
    before = clone.refs()
    outcome = write(clone, "register", "churn", push=True, env=meddle(tmp_path, "push", f"rm -rf '{remote.path}'"))
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    assert clone.refs() == before


def test_who_was_overtaken_decides_again(clone: Repository, repository: Repository, remote: Repository, tmp_path: Path) -> None:
    """Somebody registers the very version between our reading and our push, once."""
    repository.register("churn", "v0.0.1")
    once = tmp_path / "once"
    other = f"[ -e '{once}' ] || {{ : >'{once}'; (cd '{repository.path}' && exec git push --quiet origin --tags); }}"
    outcome = write(
        clone, "register", "churn", push=True, env=meddle(tmp_path, "push", other.replace("exec git", "PATH=/usr/bin:/bin git"))
    )
    assert (outcome.error, list(outcome.created)) == ("", ["churn@v0.0.2"])
    assert sorted(tags_of(remote)) == sorted(tags_of(clone)) == ["churn@v0.0.1", "churn@v0.0.2"]


def test_who_is_overtaken_five_times_gives_up_and_leaves_nothing(
    clone: Repository, repository: Repository, remote: Repository, tmp_path: Path
) -> None:
    for number in range(1, 9):
        repository.register("churn", f"v0.0.{number}", repository.commit(message=str(number)))
        repository.tick()
    clone.now = repository.now
    before = clone.refs()
    count = tmp_path / "count"
    next_tag = f"echo >>'{count}'; n=$(wc -l <'{count}'); (cd '{repository.path}' && PATH=/usr/bin:/bin git push --quiet origin refs/tags/churn@v0.0.$n)"
    outcome = write(clone, "register", "churn", push=True, env=meddle(tmp_path, "push", next_tag.replace("$n)", "$((n)))")))
    assert (outcome.error, outcome.code) == ("Conflict", 4)
    assert "5 times" in outcome.message
    assert sorted(tags_of(remote)) == [f"churn@v0.0.{number}" for number in range(1, 6)]
    assert clone.refs() == before


def test_a_clone_that_cannot_name_what_the_remote_took_says_so(clone: Repository, remote: Repository, tmp_path: Path) -> None:
    """The push has arrived, so the event is a fact; naming it here can be made up for."""
    outcome = write(clone, "register", "churn", push=True, env=meddle(tmp_path, "update-ref", "exit 1"))
    assert (outcome.error, list(outcome.created)) == ("", ["churn@v0.0.1"])
    assert tags_of(remote) == outcome.created
    assert tags_of(clone) == {}
    assert any("show --fetch" in note for note in outcome.notes)
