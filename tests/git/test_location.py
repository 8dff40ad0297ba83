from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitreg import Registry
from gitreg.errors import Unanswerable
from gitreg.git.location import locate
from tests.git.inside import enter
from tests.support.repository import Repository


@pytest.fixture(autouse=True)
def environment(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(repository, monkeypatch)


def test_a_plain_repository_is_found_from_every_folder_in_it(repository: Repository) -> None:
    deep = repository.path / "a/b"
    deep.mkdir(parents=True)
    found = locate(deep)
    assert found == locate(repository.path)
    assert (found.work_tree, found.git_dir, found.common_dir) == (
        repository.path,
        repository.path / ".git",
        repository.path / ".git",
    )
    assert not found.shallow


def test_a_bare_repository_has_no_work_tree(repository: Repository, tmp_path: Path) -> None:
    bare = repository.clone(tmp_path / "bare.git", "--bare")
    found = locate(bare.path)
    assert (found.work_tree, found.git_dir, found.common_dir) == (None, bare.path, bare.path)


def test_a_linked_work_tree_shares_the_refs(repository: Repository, tmp_path: Path) -> None:
    repository.git("worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    found = locate(tmp_path / "linked")
    assert found.work_tree == tmp_path / "linked"
    assert found.git_dir == repository.path / ".git/worktrees/linked"
    assert found.common_dir == repository.path / ".git"


def test_a_submodule_is_a_repository_of_its_own(repository: Repository, tmp_path: Path) -> None:
    inner = Repository.create(tmp_path / "inner")
    inner.commit({"a.txt": "a"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.path), "sub")
    found = locate(repository.path / "sub")
    assert found.work_tree == repository.path / "sub"
    assert found.common_dir == repository.path / ".git/modules/sub"


def test_a_git_folder_elsewhere_is_found(tmp_path: Path, repository: Repository) -> None:
    work = tmp_path / "work"
    repository.git("init", "--quiet", "--separate-git-dir", str(tmp_path / "elsewhere"), str(work))
    found = locate(work)
    assert (found.work_tree, found.git_dir) == (work, tmp_path / "elsewhere")


def test_a_shallow_clone_is_known_as_such(repository: Repository, tmp_path: Path) -> None:
    repository.commit(message="Second")
    assert locate(repository.clone(tmp_path / "shallow", "--depth=1").path).shallow


def test_a_name_with_line_ends_and_blanks_is_found(repository: Repository, tmp_path: Path) -> None:
    odd = tmp_path / " a\tb ö "
    repository.path.rename(odd)
    assert locate(odd).work_tree == odd


def test_a_folder_outside_of_every_repository_cannot_answer(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    with pytest.raises(Unanswerable, match="not in a git repository") as caught:
        locate(tmp_path / "outside")
    assert caught.value.exit_code == 6


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_repository_of_somebody_else_is_not_read_unless_it_is_trusted(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repository.register("churn", "v1.0.0")
    for path in (repository.path, *repository.path.rglob("*")):
        os.chown(path, 12_345, 12_345)
    with pytest.raises(Unanswerable, match="belongs to somebody else") as caught:
        Registry(repository.path)
    assert f"safe.directory {repository.path}" in caught.value.hint
    trusting = tmp_path / "trusting"
    trusting.write_text(f"[safe]\n\tdirectory = {repository.path}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(trusting))
    with Registry(repository.path) as registry:
        assert registry.resolve("churn@latest").version == "v1.0.0"


def test_an_emptied_packed_refs_is_damage_and_not_an_empty_registry(repository: Repository) -> None:
    repository.register("churn", "v1.0.0")
    repository.git("pack-refs", "--all")
    (repository.path / ".git/packed-refs").write_bytes(b"")
    with pytest.raises(Unanswerable, match="its tags are lost") as caught:
        locate(repository.path)
    assert "git fetch --tags" in caught.value.hint


def test_a_configuration_that_git_cannot_read_is_damage(repository: Repository) -> None:
    (repository.path / ".git/config").write_text("[core\n")
    with pytest.raises(Unanswerable, match="damaged"):
        locate(repository.path)


def test_a_repository_with_ids_of_64_digits_works(repository: Repository, tmp_path: Path) -> None:
    path = tmp_path / "sha256"
    repository.git("init", "--quiet", "--object-format=sha256", "--initial-branch=main", str(path))
    large = Repository(path)
    large.commit({"artifacts.yaml": "churn:\n  path: artifacts.yaml\n"})
    with Registry(path) as registry:
        written = registry.register_and_assign("churn", "prod").created
        assert {len(event.commit) for event in written} == {len(event.tag_id) for event in written} == {64}
        resolution = registry.resolve("churn#prod", path=True)
        assert (resolution.version, resolution.path) == ("v0.0.1", "artifacts.yaml")
        assert [event.tag for event in registry.history()] == ["churn#prod#1", "churn@v0.0.1"]
    large.git("fsck", "--strict")
