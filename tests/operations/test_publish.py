"""What a write says besides, and where it decides."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import NotFound, Refused
from tests.support.command import GitregCommand
from tests.support.repository import Repository

Open = Callable[[Repository], Registry]


def test_a_remote_that_pushes_to_two_places_is_refused_and_neither_place_gets_the_tag(
    repository: Repository, remote: Repository, tmp_path: Path, opened: Open
) -> None:
    other = Repository.create(tmp_path / "other.git", bare=True)
    for place in (remote, other):
        repository.git("remote", "set-url", "--push", "--add", "origin", place.path.as_uri())
    with pytest.raises(Refused, match="pushes to 2 places"):
        opened(repository).register("churn", push=True)
    assert not [name for place in (repository, remote, other) for name in place.refs() if "churn" in name]


def test_a_write_is_decided_where_it_is_pushed_to(
    repository: Repository, remote: Repository, tmp_path: Path, opened: Open
) -> None:
    other = Repository.create(tmp_path / "other.git", bare=True)
    ahead = repository.clone(tmp_path / "ahead")
    ahead.register("churn", "v1.0.0")
    ahead.git("push", "--quiet", str(other.path), "churn@v1.0.0")
    repository.commit()
    repository.git("remote", "set-url", "--push", "origin", other.path.as_uri())
    written = opened(repository).register("churn", push=True)
    assert [event.version for event in written.created] == ["v1.0.1"]
    assert "refs/tags/churn@v1.0.1" in other.refs() or "churn@v1.0.1" in other.refs()


def test_a_published_version_on_a_commit_that_no_branch_of_the_remote_has_is_worth_a_note(
    repository: Repository, remote: Repository, opened: Open
) -> None:
    assert remote.bare
    repository.commit({"artifacts.yaml": "churn:\n  type: model\n"})
    written = opened(repository).register("churn", push=True)
    assert any("is on no branch of 'origin'" in note for note in written.notes)


def test_a_second_version_never_takes_a_stage_that_was_assigned_without_naming_a_version(
    repository: Repository, opened: Open
) -> None:
    repository.register("churn", "v1.0.0")
    repository.assign("churn", "prod")
    with pytest.raises(Refused, match=r"'prod' was assigned .* without naming a version"):
        opened(repository).register("churn", version="v2.0.0", same_commit=True)
    assert opened(repository).resolve("churn#prod").version == "v1.0.0"


def test_a_version_that_was_withdrawn_resolves_to_nothing(repository: Repository, opened: Open) -> None:
    repository.register("churn", "v1.0.0")
    opened(repository).deregister("churn@v1.0.0")
    with pytest.raises(NotFound, match="is deregistered"):
        opened(repository).resolve("churn@v1.0.0")


def test_a_version_in_the_place_of_a_revision_is_recognised(repository: Repository, opened: Open) -> None:
    with pytest.raises(NotFound) as caught:
        opened(repository).register("churn", "v1.0.0")
    assert "--version v1.0.0" in caught.value.hint


def test_the_first_registration_in_a_repository_without_commits_says_what_is_missing(tmp_path: Path, opened: Open) -> None:
    with pytest.raises(NotFound, match="no commit yet"):
        opened(Repository.create(tmp_path / "empty")).register("churn")


@pytest.mark.skipif(os.name == "nt", reason="there is no such lock")
def test_writers_of_one_clone_take_turns_so_that_no_commit_gets_two_versions(
    repository: Repository, gitreg: GitregCommand
) -> None:
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda number: gitreg("register", "churn", "--version", f"v{number}.0.0"), range(1, 7)))
    assert sorted(result.code for result in results) == [0, 5, 5, 5, 5, 5]
    assert len([name for name in repository.refs() if "churn@v" in name]) == 1


def test_fetch_asks_for_the_tags_of_the_artifact_that_is_named_and_no_other(
    repository: Repository, remote: Repository, tmp_path: Path, opened: Open
) -> None:
    clone = repository.clone(tmp_path / "clone")
    clone.git("remote", "set-url", "origin", remote.path.as_uri())
    for name in ("churn", "fraud"):
        repository.register(name, "v1.0.0")
    repository.git("push", "--quiet", "origin", "--tags")
    assert opened(clone).resolve("churn@latest", fetch=True).version == "v1.0.0"
    assert [name for name in clone.refs() if "@v" in name and "fraud" in name] == []
