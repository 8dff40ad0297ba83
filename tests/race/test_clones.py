"""Several clones write to one remote at the same moment."""

from __future__ import annotations

import pytest

from tests.race.conftest import Clones
from tests.race.racers import Outcome, finish, start
from tests.support.repository import Repository

pytestmark = pytest.mark.race

MANY = 5


def tags_of(repository: Repository) -> dict[str, str]:
    """List the tags of a repository with the ids of their objects."""
    return {
        ref.removeprefix("refs/tags/"): object_id for ref, object_id in repository.refs().items() if ref.startswith("refs/tags/")
    }


def moments(repository: Repository) -> list[tuple[int, str]]:
    """List the tags of a repository by their time."""
    lines = repository.git("for-each-ref", "--format=%(taggerdate:unix) %(refname:strip=2)", "refs/tags").splitlines()
    return sorted((int(time), name) for time, _, name in (line.partition(" ") for line in lines))


def check_winners(outcomes: list[Outcome], racing: list[Repository], remote: Repository, before: dict[str, str]) -> list[Outcome]:
    """The remote has what the winners say that they wrote, and nothing else; nobody lost anything or kept a leftover."""
    winners = [outcome for outcome in outcomes if not outcome.error]
    written = {name: object_id for outcome in winners for name, object_id in outcome.created.items()}
    assert sum(len(outcome.created) for outcome in winners) == len(written)
    assert tags_of(remote) == before | written
    for clone, outcome in zip(racing, outcomes, strict=True):
        here = tags_of(clone)
        assert here.items() <= tags_of(remote).items()
        assert outcome.created.items() <= here.items()
        assert outcome.error or outcome.pushed
        if outcome.error:
            assert here == before
        clone.git("fsck", "--no-dangling", "--strict")
        assert list(clone.path.rglob("*.lock")) == []
    remote.git("fsck", "--no-dangling", "--strict")
    return winners


def test_of_many_who_register_one_version_exactly_one_wins(clones: Clones, remote: Repository) -> None:
    racing = clones(MANY)
    outcomes = finish(start(clone, "register", "churn", version="v1.0.0", push=True) for clone in racing)
    assert len(check_winners(outcomes, racing, remote, {})) == 1
    losers = [outcome for outcome in outcomes if outcome.error]
    assert {(loser.error, loser.code) for loser in losers} == {("Conflict", 4)}
    assert all("registered already" in loser.message for loser in losers)


def test_many_who_register_the_next_version_get_one_each_and_no_number_twice(clones: Clones, remote: Repository) -> None:
    racing = clones(MANY)
    outcomes = finish(start(clone, "register", "churn", push=True) for clone in racing)
    winners = check_winners(outcomes, racing, remote, {})
    assert winners
    assert {outcome.error for outcome in outcomes} <= {"", "Conflict"}
    assert sorted(tags_of(remote)) == [f"churn@v0.0.{number}" for number in range(1, len(winners) + 1)]
    times = [time for time, _ in moments(remote)]
    assert len(set(times)) == len(times)
    assert [name for _, name in moments(remote)] == [f"churn@v0.0.{number}" for number in range(1, len(winners) + 1)]


def test_counters_increase_with_time_when_many_assign_at_once(clones: Clones, repository: Repository, remote: Repository) -> None:
    versions = [f"v1.0.{number}" for number in range(MANY)]
    for version in versions:
        repository.register("churn", version, repository.commit(message=version))
        repository.tick()
    repository.git("push", "--quiet", "--tags")
    before = tags_of(remote)
    racing = clones(MANY)
    for clone in racing:
        clone.now = repository.now
    outcomes = finish(
        start(clone, "assign", f"churn@{version}", "prod", push=True) for clone, version in zip(racing, versions, strict=True)
    )
    winners = check_winners(outcomes, racing, remote, before)
    assert {outcome.error for outcome in outcomes} <= {"", "Conflict"}
    assert [name for _, name in moments(remote)][MANY:] == [f"churn#prod#{number}" for number in range(1, len(winners) + 1)]
    times = [time for time, _ in moments(remote)]
    assert len(set(times)) == len(times)


def test_registering_and_assigning_at_once_is_whole_or_absent(clones: Clones, remote: Repository) -> None:
    racing = clones(MANY)
    outcomes = finish(start(clone, "register_and_assign", "churn", "prod", push=True) for clone in racing)
    winners = check_winners(outcomes, racing, remote, {})
    assert all(len(winner.created) == 2 for winner in winners)
    assert len(tags_of(remote)) == 2 * len(winners)


def test_those_who_write_of_different_artifacts_never_hinder_each_other(clones: Clones, remote: Repository) -> None:
    racing = clones(MANY)
    outcomes = finish(start(clone, "register", f"model-{number}", push=True) for number, clone in enumerate(racing))
    assert len(check_winners(outcomes, racing, remote, {})) == MANY
    assert sorted(tags_of(remote)) == [f"model-{number}@v0.0.1" for number in range(MANY)]


@pytest.mark.parametrize("verb", ["register", "assign"])
def test_many_processes_in_one_clone_lose_nothing(verb: str, repository: Repository) -> None:
    commits = [repository.commit(message=f"Commit {number}") for number in range(MANY)]
    if verb == "assign":
        for number, commit in enumerate(commits):
            repository.register("churn", f"v1.0.{number}", commit)
            repository.tick()
    before = tags_of(repository)
    outcomes = finish(
        start(repository, verb, *(("churn", commit) if verb == "register" else (f"churn@v1.0.{number}", "prod")))
        for number, commit in enumerate(commits)
    )
    winners = [outcome for outcome in outcomes if not outcome.error]
    assert winners
    assert {outcome.error for outcome in outcomes} <= {"", "Conflict"}
    written = {name: object_id for outcome in winners for name, object_id in outcome.created.items()}
    assert len(written) == len(winners)
    assert tags_of(repository) == before | written
    expected = "churn@v0.0.{}" if verb == "register" else "churn#prod#{}"
    assert [name for _, name in moments(repository)][len(before) :] == [
        expected.format(number) for number in range(1, len(winners) + 1)
    ]
    repository.git("fsck", "--no-dangling", "--strict")
    assert list(repository.path.rglob("*.lock")) == []
