from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gitreg.errors import Conflict, ExternalFault, NotFound, Refused, Unanswerable, UsageFault
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

links = pytest.mark.skipif(sys.platform == "win32", reason="making symbolic links needs a privilege on Windows")


@pytest.fixture
def annotated(repository: Repository) -> Repository:
    """A repository with an entry."""
    repository.commit({"artifacts.yaml": "churn:\n  path: old\n", "models/train.py": "1\n"})
    return repository


def begin_merge(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "side", "HEAD~1")
    repository.commit({"side.py": "1\n"})
    repository.git("checkout", "--quiet", "main")
    repository.git("merge", "--quiet", "--no-ff", "--no-commit", "side")


def begin_cherry_pick(repository: Repository) -> None:
    disagree(repository)
    repository.git("cherry-pick", "side", check=False)


def begin_rebase(repository: Repository) -> None:
    disagree(repository)
    repository.git("rebase", "--quiet", "side", check=False)


def begin_revert(repository: Repository) -> None:
    repository.commit({"models/train.py": "2\n"})
    repository.commit({"models/train.py": "3\n"})
    repository.git("revert", "--no-edit", "HEAD~1", check=False)


def disagree(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "side")
    repository.commit({"models/train.py": "mine\n"})
    repository.git("checkout", "--quiet", "main")
    repository.commit({"models/train.py": "theirs\n"})


@pytest.mark.parametrize(
    ("begin", "what"),
    [(begin_merge, "merge"), (begin_cherry_pick, "cherry-pick"), (begin_rebase, "rebase"), (begin_revert, "revert")],
)
def test_in_the_middle_of_something_nothing_is_committed(
    annotated: Repository, opened: Open, begin: Callable[[Repository], None], what: str
) -> None:
    begin(annotated)
    before = picture(annotated)
    with pytest.raises(Refused, match=f"^a {what} is under way") as caught:
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert caught.value.hint == "finish it first: git status"
    assert picture(annotated) == before


def test_in_the_middle_of_a_merge_the_file_can_be_edited_without_a_commit(annotated: Repository, opened: Open) -> None:
    begin_merge(annotated)
    opened(annotated).annotate("churn", {"path": "new"})
    assert annotated.files()["artifacts.yaml"] == b"churn:\n  path: new\n"


def make_dirty(repository: Repository) -> None:
    (repository.path / "artifacts.yaml").write_text("churn:\n  path: mine\n")


def stage(repository: Repository) -> None:
    make_dirty(repository)
    repository.git("add", "artifacts.yaml")


def stage_and_take_back(repository: Repository) -> None:
    stage(repository)
    (repository.path / "artifacts.yaml").write_text("churn:\n  path: old\n")


def take_out_of_the_index(repository: Repository) -> None:
    repository.git("rm", "--quiet", "--cached", "artifacts.yaml")


@pytest.mark.parametrize("change", [make_dirty, stage, stage_and_take_back, take_out_of_the_index])
@pytest.mark.parametrize("verb", ["annotate", "remove"])
def test_changes_of_somebody_else_in_the_file_are_not_taken_along(
    annotated: Repository, opened: Open, change: Callable[[Repository], None], verb: str
) -> None:
    change(annotated)
    before = picture(annotated)
    with pytest.raises(Conflict, match=r"artifacts\.yaml has changes that are not committed"):
        write(opened, annotated, verb)
    assert picture(annotated) == before


def write(opened: Open, repository: Repository, verb: str) -> None:
    registry = opened(repository)
    if verb == "annotate":
        registry.annotate("churn", {"path": "new"}, commit=True)
    else:
        registry.remove("churn", commit=True)


def test_a_file_that_git_does_not_know_yet_is_not_taken_along_either(repository: Repository, opened: Open) -> None:
    make_dirty(repository)
    before = picture(repository)
    with pytest.raises(Conflict, match="not committed"):
        opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert picture(repository) == before


@pytest.mark.parametrize("is_there", [True, False])
def test_a_file_that_git_ignores_is_not_committed(repository: Repository, opened: Open, *, is_there: bool) -> None:
    repository.commit({".gitignore": "artifacts.yaml\n"})
    if is_there:
        make_dirty(repository)
    before = picture(repository)
    with pytest.raises(Refused, match=r"git ignores artifacts\.yaml") as caught:
        opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert caught.value.hint == "see which rule: git check-ignore --verbose artifacts.yaml"
    assert picture(repository) == before


def test_a_rule_to_ignore_does_not_count_for_a_file_that_is_committed_already(annotated: Repository, opened: Open) -> None:
    annotated.commit({".gitignore": "artifacts.yaml\n"})
    assert opened(annotated).annotate("churn", {"path": "new"}, commit=True).commit
    assert annotated.git("status", "--porcelain") == ""


@links
def test_a_symbolic_link_in_the_place_of_the_file_is_not_written_through(annotated: Repository, opened: Open) -> None:
    target = annotated.path / "models/artifacts.yaml"
    target.write_text("sent:\n  path: old\n")
    (annotated.path / "artifacts.yaml").unlink()
    (annotated.path / "artifacts.yaml").symlink_to(target)
    before = picture(annotated)
    with pytest.raises(Refused, match="no plain file"):
        opened(annotated).annotate("sent", {"path": "new"})
    with pytest.raises(Refused, match="no plain file"):
        opened(annotated).remove("sent")
    assert picture(annotated) == before


@links
@pytest.mark.parametrize("commit", [True, False])
def test_a_symbolic_link_in_the_place_of_a_folder_is_not_followed(
    annotated: Repository, opened: Open, tmp_path: Path, *, commit: bool
) -> None:
    (tmp_path / "outside").mkdir()
    (annotated.path / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="folder 'link' is a symbolic link"):
        opened(annotated).annotate("link:sent", {"path": "new"}, commit=commit)
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_folder_that_is_another_repository_is_left_to_that(annotated: Repository, opened: Open) -> None:
    inner = Repository.create(annotated.path / "inner")
    with pytest.raises(Refused, match="folder 'inner' is a repository of its own") as caught:
        opened(annotated).annotate("inner:sent", {"path": "new"})
    assert caught.value.hint == "run it there: gitreg --repo inner"
    assert inner.files() == {}


@links
def test_a_folder_in_the_place_of_the_file_is_refused(repository: Repository, opened: Open) -> None:
    (repository.path / "artifacts.yaml").mkdir()
    with pytest.raises(Refused, match="no plain file"):
        opened(repository).annotate("churn", {"path": "new"})


def test_a_bare_repository_has_no_files_to_change(repository: Repository, remote: Repository, opened: Open) -> None:
    with pytest.raises(Unanswerable, match="no work tree"):
        opened(remote).annotate("churn", {"path": "a"})
    with pytest.raises(Unanswerable, match="no work tree"):
        opened(remote).init()


def test_without_an_identity_nothing_is_committed_and_nothing_changed(annotated: Repository, opened: Open) -> None:
    annotated.extra = {f"GIT_{who}_{what}": "" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    before = picture(annotated)
    with pytest.raises(ExternalFault, match="git does not know who you are") as caught:
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert caught.value.hint.startswith("git config --global user.name")
    assert picture(annotated) == before


def test_while_git_works_on_the_index_nothing_is_committed(annotated: Repository, opened: Open) -> None:
    (annotated.path / ".git/index.lock").touch()
    before = picture(annotated)
    with pytest.raises(ExternalFault, match="another git is at work here") as caught:
        opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert caught.value.hint == "wait for it, or: gitreg doctor"
    assert picture(annotated) == before


def test_a_message_with_a_nul_is_refused(annotated: Repository, opened: Open) -> None:
    before = picture(annotated)
    with pytest.raises(UsageFault, match="NUL"):
        opened(annotated).annotate("churn", {"path": "new"}, commit=True, message="a\0b")
    assert picture(annotated) == before


REMOVALS: Final = [
    ("other", "artifacts.yaml has no entry 'other'"),
    ("chrun", "artifacts.yaml has no entry 'chrun'"),
    ("models:churn", "there is no models/artifacts.yaml"),
    ("none:churn", "there is no folder 'none'"),
]


@pytest.mark.parametrize(("name", "sentence"), REMOVALS)
def test_an_entry_that_is_not_there_cannot_be_removed(annotated: Repository, opened: Open, name: str, sentence: str) -> None:
    before = picture(annotated)
    with pytest.raises(NotFound) as caught:
        opened(annotated).remove(name, commit=True)
    assert caught.value.message == sentence
    assert caught.value.hint
    assert picture(annotated) == before
