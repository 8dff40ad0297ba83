"""A disk that is full: nothing is written, nothing is lost, and with some space again all goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.race.racers import write
from tests.race.test_clones import tags_of
from tests.race.test_remotes import meddle
from tests.support.disk import Disk
from tests.support.repository import Repository

pytestmark = [pytest.mark.race, pytest.mark.full_disk]


@pytest.fixture
def clone(disk: Disk, remote: Repository) -> Repository:
    """A clone on the disk."""
    clone = remote.clone(disk.folder / "clone")
    clone.extra["HOME"] = str(remote.path.parent / "home")
    clone.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    return clone


@pytest.mark.parametrize("push", [False, True], ids=["local", "push"])
def test_an_event_that_does_not_fit_is_a_fault_of_the_outside_and_leaves_nothing(
    clone: Repository, remote: Repository, disk: Disk, *, push: bool
) -> None:
    before = clone.refs()
    outcome = write(clone, "register_and_assign", "churn", "prod", push=push, env=disk.fill())
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    assert outcome.message.startswith("git ")
    assert outcome.hint
    assert (clone.refs(), tags_of(remote)) == (before, {})
    disk.free()
    clone.git("fsck", "--strict", "--no-dangling")
    assert list(clone.path.rglob("*.lock")) == []
    again = write(clone, "register_and_assign", "churn", "prod", push=push)
    assert (again.error, sorted(again.created)) == ("", ["churn#prod#1", "churn@v0.0.1"])


def test_a_remote_without_space_leaves_nothing_on_both_sides(repository: Repository, disk: Disk, tmp_path: Path) -> None:
    remote = repository.bare_remote(disk.folder / "remote.git")
    clone = remote.clone(tmp_path / "clone")
    clone.commit(message="Work of the clone")
    before = clone.refs()
    if not disk.mounted:
        remote.git("config", "receive.maxInputSize", "1")
    disk.fill()
    outcome = write(clone, "register", "churn", push=True)
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    assert (clone.refs(), tags_of(remote)) == (before, {})
    disk.free()
    remote.git("fsck", "--strict", "--no-dangling")
    remote.git("config", "--unset-all", "receive.maxInputSize", check=False)
    assert write(clone, "register", "churn", push=True).error == ""


def test_an_event_that_the_remote_took_is_a_fact_even_if_its_name_does_not_fit_here(
    clone: Repository, remote: Repository, disk: Disk, tmp_path: Path
) -> None:
    fill = f"dd if=/dev/zero of='{disk.filler}' bs=4k 2>/dev/null" if disk.mounted else "ulimit -f 0"
    outcome = write(clone, "register", "churn", push=True, env=meddle(tmp_path, "update-ref", fill))
    disk.free()
    assert (outcome.error, outcome.pushed, list(outcome.created)) == ("", True, ["churn@v0.0.1"])
    assert (tags_of(remote), tags_of(clone)) == (outcome.created, {})
    assert any("show --fetch" in note for note in outcome.notes)


def test_a_file_that_does_not_fit_stays_as_it_was(clone: Repository, disk: Disk) -> None:
    files = clone.files()
    outcome = write(clone, "annotate", "churn", {"description": "x" * 5000}, env=disk.fill())
    assert (outcome.error, outcome.code) == ("ExternalFault", 7)
    disk.free()
    assert {name: data for name, data in clone.files().items() if name != "filler"} == files
