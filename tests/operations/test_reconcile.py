from __future__ import annotations

from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.core.reconciliation import Action
from gitreg.errors import NotFound, Unanswerable, UsageFault
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

DEPLOYED = {"churn": {"prod": "v1.0.0"}}


@pytest.fixture
def story(repository: Repository) -> Repository:
    """Two versions in prod, one after the other."""
    for version in ("v1.0.0", "v1.1.0"):
        repository.commit(message=version)
        repository.register("churn", version)
        repository.tick()
        repository.assign("churn", "prod", version=version)
        repository.tick()
    return repository


def test_a_file_bytes_and_a_mapping_say_the_same(story: Repository, opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "deployed.yaml"
    file.write_text("churn: {prod: v1.0.0}\n")
    registry = opened(story)
    found = registry.reconcile(file)
    assert found == registry.reconcile(str(file)) == registry.reconcile(file.read_bytes()) == registry.reconcile(DEPLOYED)
    (change,) = found.changes
    assert (change.action, change.deployed, change.wanted) == (Action.REPLACE, "v1.0.0", "v1.1.0")
    assert change.commit == story.git("rev-parse", "HEAD")
    assert (found.compared, found.at, found.problems) == (1, story.now, ())


def test_nothing_is_changed(story: Repository, opened: Open) -> None:
    before = picture(story)
    opened(story).reconcile(DEPLOYED)
    assert picture(story) == before


def test_a_moment_counts(story: Repository, opened: Open) -> None:
    registry = opened(story)
    assert registry.reconcile(DEPLOYED, at="2026-01-01T00:01:30Z").changes == ()
    assert registry.reconcile(DEPLOYED, at="HEAD").changes == ()  # committed before it was assigned


def test_a_name_that_nobody_knows_is_not_an_answer_that_nothing_is_to_be_done(story: Repository, opened: Open) -> None:
    registry = opened(story)
    with pytest.raises(NotFound) as caught:
        registry.reconcile(DEPLOYED, artifacts=["chrun"])
    assert caught.value.hint == "did you mean 'churn'?"
    with pytest.raises(NotFound) as caught:
        registry.reconcile(DEPLOYED, stages=["prd"])
    assert (caught.value.message, caught.value.hint) == ("nothing was ever in 'prd'", "stages that are known: prod")
    with pytest.raises(NotFound):
        opened(story).reconcile({}, artifacts=["x"])


def test_a_stage_that_only_settings_or_the_deployed_name_is_known(story: Repository, opened: Open) -> None:
    story.commit({".gitreg.yaml": "stages: [dev, prod]\n"})
    assert opened(story).reconcile({}, stages=["dev"]).changes == ()
    (change,) = opened(story).reconcile({"churn": {"old": "v1.0.0"}}, stages=["old"]).changes
    assert change.action is Action.UNKNOWN


def test_an_artifact_that_only_has_an_entry_is_known(story: Repository, opened: Open) -> None:
    story.commit({"artifacts.yaml": "new: {path: README.md}\n"})
    assert opened(story).reconcile({}, artifacts=["new"]).changes == ()


def test_a_repository_is_reconciled_by_its_address_too(story: Repository, opened: Open, tmp_path: Path) -> None:
    remote = story.bare_remote(tmp_path / "remote.git")
    opened(story)
    with Registry(remote.path.as_uri()) as registry:
        assert [change.wanted for change in registry.reconcile(DEPLOYED).changes] == ["v1.1.0"]
        assert registry.origin().source.startswith("urn:gitreg:")
        assert registry.notify("churn#prod#2", "slack", dry_run=True).announcement.previous == "v1.0.0"
        assert registry.feed().count("<entry>") == 4


def test_without_any_stage_the_hint_says_how_to_begin(repository: Repository, opened: Open) -> None:
    repository.register("churn", "v1.0.0")
    with pytest.raises(NotFound) as caught:
        opened(repository).reconcile({}, stages=["prod"])
    assert caught.value.hint == "assign one: gitreg assign"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--depth=1",), "this clone is shallow"),
        (("--no-tags",), "this clone was made without the tags of 'origin'"),
        (("--single-branch",), "this clone follows a single branch"),
    ],
)
def test_a_clone_that_may_lack_tags_never_says_that_nothing_is_to_be_done(
    story: Repository, opened: Open, tmp_path: Path, options: tuple[str, ...], sentence: str
) -> None:
    clone = story.bare_remote(tmp_path / "remote.git").clone(tmp_path / "clone", *options)
    with pytest.raises(Unanswerable, match=sentence):
        opened(clone).reconcile({"churn": {"prod": "v1.1.0"}})
    (change,) = opened(clone).reconcile(DEPLOYED, fetch=True).changes
    assert change.wanted == "v1.1.0"


def test_a_tag_that_became_lightweight_on_the_way_is_not_passed_over(story: Repository, opened: Open, tmp_path: Path) -> None:
    story.register("fraud", "v1.0.0")
    story.bare_remote(tmp_path / "remote.git")
    good = story.git("rev-parse", "refs/tags/churn#prod#2")
    story.git("update-ref", "refs/tags/churn#prod#2", f"{good}^{{commit}}")  # as actions/checkout before v6.0.2 does
    with pytest.raises(Unanswerable, match="'churn#prod#2' is a lightweight tag") as caught:
        opened(story).reconcile(DEPLOYED)
    assert "git fetch --force --tags" in caught.value.hint
    assert caught.value.hint.endswith("or ask the remote, whose tags then count as they are: --fetch")
    with pytest.raises(Unanswerable, match="'churn#prod#2' is another one here than on 'origin'"):
        opened(story).reconcile(DEPLOYED, fetch=True)
    assert opened(story).reconcile({}, artifacts=["fraud"]).changes == ()  # which it is not about


def test_what_the_remote_itself_has_wrong_is_a_problem_and_no_obstacle(story: Repository, opened: Open, tmp_path: Path) -> None:
    story.tag("churn#prod#9", lightweight=True)
    story.bare_remote(tmp_path / "remote.git")
    found = opened(story).reconcile(DEPLOYED, fetch=True)
    assert [problem.tag for problem in found.problems] == ["churn#prod#9"]
    assert [change.wanted for change in found.changes] == ["v1.1.0"]


def test_a_broken_ref_of_an_artifact_is_not_passed_over(story: Repository, opened: Open) -> None:
    (story.path / ".git/refs/tags/churn#prod#2").write_text("")
    with pytest.raises(Unanswerable, match="is broken and git ignores it"):
        opened(story).reconcile(DEPLOYED, artifacts=["churn"])


@pytest.mark.parametrize("name", ["none.yaml", "folder", "a\0b", "x" * 5000])
def test_a_file_that_cannot_be_read_is_said_so(story: Repository, opened: Open, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises((NotFound, UsageFault)) as caught:
        opened(story).reconcile(tmp_path / name)
    assert caught.value.hint


def test_a_file_without_end_is_given_up(story: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault, match="/dev/zero has more than 8388608 bytes"):
        opened(story).reconcile("/dev/zero")


def test_the_source_is_named_the_same_in_every_clone(story: Repository, opened: Open, tmp_path: Path) -> None:
    first = story.git("rev-list", "--max-parents=0", "HEAD")
    assert opened(story).origin().source == f"urn:gitreg:{first}"
    remote = story.bare_remote(tmp_path / "remote.git")
    assert opened(story).origin().source == f"urn:gitreg:{first}"
    clone = remote.clone(tmp_path / "clone")
    assert opened(clone).origin().source == f"urn:gitreg:{first}"
    assert opened(remote.clone(tmp_path / "shallow", "--depth=1")).origin().source == "urn:gitreg:unnamed"
    clone.git("remote", "set-url", "origin", "https://ann:secret@github.com/acme/models.git")
    assert opened(clone).origin().source == "https://github.com/acme/models"
    clone.git("config", "url.https://token:x@git.example.com/.insteadOf", "ours:")
    clone.git("remote", "set-url", "origin", "ours:models.git")
    assert opened(clone).origin().source == "https://git.example.com/models.git"


def test_a_repository_without_commits_has_no_name(tmp_path: Path, opened: Open) -> None:
    assert opened(Repository.create(tmp_path / "empty")).origin().source == "urn:gitreg:unnamed"


def test_the_remote_of_the_settings_names_the_source(story: Repository, opened: Open) -> None:
    story.git("remote", "add", "upstream", "git@gitlab.com:acme/models.git")
    story.commit({".gitreg.yaml": "remote: upstream\n"})
    assert opened(story).origin().source == "https://gitlab.com/acme/models"
