"""What a write says of deployments that its tags do not start."""

from __future__ import annotations

import pytest

from tests.operations.picture import Open
from tests.support.repository import Repository

ON_TAG = ".github/workflows/registry-on-tag.yml"


@pytest.fixture
def older(repository: Repository, remote: Repository) -> Repository:
    """Two versions from before there were jobs."""
    assert remote.bare
    for version in ("v1.0.0", "v2.0.0"):
        repository.commit()
        repository.register("churn", version)
    repository.git("push", "--quiet", "origin", "main", "--tags")
    return repository


def add_jobs(repository: Repository, file: str = ON_TAG, content: str = "on: push\n") -> None:
    repository.commit({file: content})
    repository.tick()


def test_promoting_a_commit_without_the_workflow_says_that_nothing_is_deployed(older: Repository, opened: Open) -> None:
    add_jobs(older)
    said = (
        "'churn#prod#1' starts no deployment: GitHub runs the jobs of the tagged commit, and "
        f"{older.git('rev-parse', 'churn@v1.0.0^{commit}')[:7]} has no {ON_TAG}; "
        "start registry-reconcile instead (Actions, Run workflow)"
    )
    assert said in opened(older).assign("churn@v1.0.0", "prod", push=True, dry_run=True).notes
    assert said in opened(older).assign("churn@v1.0.0", "prod", push=True).notes


def test_a_rollback_and_a_push_say_so_too(older: Repository, opened: Open) -> None:
    add_jobs(older, ".gitlab-ci.yml", "include: /.gitlab/registry-on-tag.yml\n")
    opened(older).assign("churn@v1.0.0", "prod", push=True)
    opened(older).assign("churn@v2.0.0", "prod", push=True)
    assert "GitLab runs the jobs" in "".join(opened(older).rollback("churn", "prod", push=True).notes)
    opened(older).assign("churn@v2.0.0", "prod")
    assert "has no .gitlab-ci.yml that does" in "".join(opened(older).push(dry_run=True).notes)


def test_nothing_is_said_where_the_tagged_commit_has_the_workflow(older: Repository, opened: Open) -> None:
    add_jobs(older)
    older.register("churn", "v3.0.0")
    older.git("push", "--quiet", "origin", "main", "--tags")
    assert opened(older).assign("churn@v3.0.0", "prod", push=True).notes == ()


def test_nothing_is_said_of_what_stays_here_of_versions_and_of_files_that_have_nothing_to_do_with_it(
    older: Repository, opened: Open
) -> None:
    add_jobs(older, ".gitlab-ci.yml", "test: {script: make}\n")
    assert opened(older).assign("churn@v1.0.0", "prod", push=True, dry_run=True).notes == ()
    add_jobs(older)
    assert opened(older).assign("churn@v1.0.0", "prod").notes == ()
    assert not any("deployment" in note for note in opened(older).register("fraud", "HEAD~3", push=True, dry_run=True).notes)


def test_the_default_branch_counts_where_the_work_tree_is_an_old_one(older: Repository, opened: Open) -> None:
    add_jobs(older)
    older.git("push", "--quiet", "origin", "main")
    older.git("remote", "set-head", "origin", "main")
    older.git("checkout", "--quiet", "churn@v1.0.0")
    assert "starts no deployment" in "".join(opened(older).assign("churn@v1.0.0", "prod", push=True, dry_run=True).notes)
