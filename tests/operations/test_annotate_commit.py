from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.operations.picture import Open, changed_files, index, picture
from tests.support.repository import Repository

BEFORE: Final = "churn:\n  path: old\n"
AFTER: Final = "churn:\n  path: new\n"


@pytest.fixture
def annotated(repository: Repository) -> Repository:
    """A repository whose ``artifacts.yaml`` is committed."""
    repository.commit({"artifacts.yaml": BEFORE, "train.py": "1\n2\n3\n", "old.py": "old\n"}, "Second")
    repository.tick()
    return repository


def write(repository: Repository, name: str, content: str) -> None:
    (repository.path / name).write_text(content)


def stage_other(repository: Repository) -> None:
    write(repository, "train.py", "staged\n")
    repository.git("add", "train.py")


def stage_partially(repository: Repository) -> None:
    stage_other(repository)
    write(repository, "train.py", "staged\nand more\n")


def change_other(repository: Repository) -> None:
    write(repository, "train.py", "changed\n")


def add_untracked(repository: Repository) -> None:
    write(repository, "new.py", "new\n")


def stage_removal(repository: Repository) -> None:
    repository.git("rm", "--quiet", "old.py")


def stage_renaming(repository: Repository) -> None:
    repository.git("mv", "old.py", "young.py")


def intend_to_add(repository: Repository) -> None:
    add_untracked(repository)
    repository.git("add", "--intent-to-add", "new.py")


def assume_unchanged(repository: Repository) -> None:
    repository.git("update-index", "--assume-unchanged", "train.py")
    change_other(repository)


def nothing(_: Repository) -> None:
    pass


STATES: Final = (
    nothing, stage_other, stage_partially, change_other, add_untracked, stage_removal, stage_renaming, intend_to_add, assume_unchanged,
)  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_a_commit_takes_that_file_only_and_leaves_index_and_work_tree_as_they_were(
    annotated: Repository, opened: Open, state: Callable[[Repository], None]
) -> None:
    state(annotated)
    staged, files, status = index(annotated), annotated.files(), annotated.git("status", "--porcelain")
    parent = annotated.git("rev-parse", "HEAD")
    edited = opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert annotated.git("rev-parse", "HEAD", "HEAD~1").split() == [edited.commit, parent]
    assert changed_files(annotated) == ["M artifacts.yaml"]
    assert annotated.git("show", "HEAD:artifacts.yaml") == AFTER.strip()
    assert index(annotated) == {**staged, "artifacts.yaml": index(annotated)["artifacts.yaml"]}
    assert annotated.files() == {**files, "artifacts.yaml": AFTER.encode()}
    assert annotated.git("status", "--porcelain") == status


@pytest.mark.parametrize("state", STATES)
def test_so_does_the_commit_that_adds_the_file(repository: Repository, opened: Open, state: Callable[[Repository], None]) -> None:
    repository.commit({"train.py": "1\n2\n3\n", "old.py": "old\n"})
    state(repository)
    staged, status = index(repository), repository.git("status", "--porcelain")
    opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert changed_files(repository) == ["A artifacts.yaml"]
    assert {path: facts for path, facts in index(repository).items() if path != "artifacts.yaml"} == staged
    assert repository.git("status", "--porcelain") == status


def test_remove_commits_the_same_way(annotated: Repository, opened: Open) -> None:
    stage_partially(annotated)
    status = annotated.git("status", "--porcelain")
    edited = opened(annotated).remove("churn", commit=True)
    assert changed_files(annotated) == ["M artifacts.yaml"]
    assert annotated.git("log", "-1", "--format=%H %s") == f"{edited.commit} Remove churn"
    assert annotated.git("status", "--porcelain") == status


def test_the_commit_is_the_persons_with_their_message_at_their_time(annotated: Repository, opened: Open) -> None:
    opened(annotated).annotate("churn", {"path": "new"}, commit=True, message="Move the model\n\nIt was in the way.")
    told = annotated.git("log", "-1", "--format=%an <%ae> %at %cn %ct%n%B")
    now = annotated.now
    assert told.strip() == f"Ann Example <ann@example.com> {now} Ann Example {now}\nMove the model\n\nIt was in the way."


def test_without_a_message_the_commit_says_what_it_does(annotated: Repository, opened: Open) -> None:
    opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert annotated.git("log", "-1", "--format=%s") == "Annotate churn"
    assert annotated.git("reflog", "-1", "--format=%gs") == "gitreg: Annotate churn"


@pytest.mark.parametrize("executable", [True, False])
def test_the_mode_of_the_file_stays(repository: Repository, opened: Open, *, executable: bool) -> None:
    write(repository, "artifacts.yaml", BEFORE)
    (repository.path / "artifacts.yaml").chmod(0o755 if executable else 0o644)
    repository.commit({"artifacts.yaml": BEFORE})
    opened(repository).annotate("churn", {"path": "new"}, commit=True)
    mode = "100755" if executable else "100644"
    assert repository.git("ls-tree", "HEAD", "artifacts.yaml").startswith(mode)
    assert index(repository)["artifacts.yaml"].startswith(mode)
    assert repository.git("status", "--porcelain") == ""


def test_a_file_with_crlf_is_committed_as_git_would_where_line_ends_are_converted(repository: Repository, opened: Open) -> None:
    repository.git("config", "core.autocrlf", "true")
    repository.commit({"artifacts.yaml": BEFORE.replace("\n", "\r\n")})
    opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert (repository.path / "artifacts.yaml").read_bytes() == AFTER.replace("\n", "\r\n").encode()
    assert repository.git("cat-file", "blob", "HEAD:artifacts.yaml") == AFTER.rstrip("\n")
    assert repository.git("status", "--porcelain") == ""


def test_a_file_with_crlf_is_committed_with_crlf_where_they_are_not(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": BEFORE.replace("\n", "\r\n")})
    opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert "\r\n" in repository.git("cat-file", "blob", "HEAD:artifacts.yaml")
    assert repository.git("status", "--porcelain") == ""


def test_a_detached_head_moves_and_no_branch_does(annotated: Repository, opened: Open) -> None:
    annotated.git("checkout", "--quiet", "--detach")
    refs = annotated.refs()
    edited = opened(annotated).annotate("churn", {"path": "new"}, commit=True)
    assert annotated.git("rev-parse", "HEAD") == edited.commit
    assert annotated.refs() == refs
    assert annotated.git("status", "--porcelain") == ""


def test_an_unborn_branch_gets_its_first_commit(tmp_path: Path, opened: Open) -> None:
    repository = Repository.create(tmp_path / "repository")
    write(repository, "other.py", "staged\n")
    repository.git("add", "other.py")
    edited = opened(repository).annotate("churn", {"path": "new"}, commit=True)
    assert repository.git("log", "--format=%H") == edited.commit
    assert changed_files(repository) == ["A artifacts.yaml"]
    assert repository.git("status", "--porcelain") == "A  other.py"


def test_a_linked_work_tree_has_its_own_head_and_index(annotated: Repository, opened: Open, tmp_path: Path) -> None:
    annotated.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    linked = Repository(tmp_path / "side", now=annotated.now)
    stage_partially(linked)
    before, status = picture(annotated), linked.git("status", "--porcelain")
    edited = opened(linked).annotate("churn", {"path": "new"}, commit=True)
    assert linked.git("rev-parse", "refs/heads/side") == edited.commit
    assert linked.git("status", "--porcelain") == status
    after = picture(annotated)
    assert after == {**before, "refs": after["refs"]}


def test_a_submodule_is_a_repository_of_its_own(annotated: Repository, opened: Open, tmp_path: Path) -> None:
    parent = Repository.create(tmp_path / "parent")
    parent.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", annotated.path.as_uri(), "sub")
    parent.commit(message="Begin")
    submodule = Repository(parent.path / "sub", now=annotated.now)
    edited = opened(submodule).annotate("churn", {"path": "new"}, commit=True)
    assert submodule.git("rev-parse", "HEAD") == edited.commit
    assert submodule.git("status", "--porcelain") == ""
    assert parent.git("status", "--porcelain") == " M sub"


def test_in_a_folder_of_the_repository_names_still_count_from_its_root(annotated: Repository, opened: Open) -> None:
    (annotated.path / "deep/er").mkdir(parents=True)
    opened(Repository(annotated.path / "deep/er", now=annotated.now)).annotate("churn", {"path": "new"}, commit=True)
    assert changed_files(annotated) == ["M artifacts.yaml"]


def test_other_files_of_a_folder_are_left_alone_too(annotated: Repository, opened: Open) -> None:
    annotated.commit({"models/nlp/artifacts.yaml": BEFORE, "models/nlp/train.py": "1\n"})
    write(annotated, "models/nlp/train.py", "2\n")
    opened(annotated).annotate("models/nlp:churn", {"path": "new"}, commit=True)
    assert changed_files(annotated) == ["M models/nlp/artifacts.yaml"]
    assert annotated.git("status", "--porcelain") == " M models/nlp/train.py"
