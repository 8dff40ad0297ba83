"""Commits whose files would fill the memory, take for ever or are not there."""

from __future__ import annotations

import pytest

from gitreg.core.views import ArtifactDetail, Overview
from gitreg.errors import Unanswerable
from gitreg.git import trees
from gitreg.operations import load_entries
from gitreg.registry import Registry
from tests.support.repository import Repository

ENTRY = "churn:\n  type: model\n  path: model.bin\n"


def set_tree(repository: Repository, listing: str) -> str:
    """Make a tree object of what `git mktree` reads, and a commit of it the tip of ``main``; return the tree."""
    tree = repository.git("mktree", "--missing", input=listing)
    repository.git("update-ref", "refs/heads/main", repository.git("commit-tree", tree, "-m", "A tree"))
    return tree


def overview(repository: Repository) -> Overview:
    """Show the registry."""
    with Registry(repository.path) as registry:
        view = registry.show()
    assert isinstance(view, Overview)
    return view


def test_a_tree_of_trees_without_end_hides_no_tag(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight small objects can claim ten million folders; they are not walked, and the tags are shown."""
    monkeypatch.setattr(trees, "_MOST_FOLDERS", 1000)
    repository.register("churn", "v1.0.0")
    tree = repository.git("rev-parse", "HEAD^{tree}")
    for _ in range(8):
        tree = set_tree(repository, "".join(f"040000 tree {tree}\td{number}\n" for number in range(10)))
    view = overview(repository)
    assert [row.artifact.name for row in view.artifacts] == ["churn"]
    assert len(view.problems) == 1
    with Registry(repository.path) as registry:
        assert registry.names() == ("churn",)
        assert registry.resolve("churn@latest").version == "v1.0.0"


def test_one_file_in_many_folders_is_read_up_to_a_limit(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is within the limit is shown, and each file beyond it is a problem."""
    monkeypatch.setattr(load_entries, "MOST_BYTES", 10 * len(ENTRY))
    blob = repository.git("hash-object", "-w", "--stdin", input=ENTRY)
    tree = repository.git("mktree", input=f"100644 blob {blob}\tartifacts.yaml\n")
    set_tree(repository, "".join(f"040000 tree {tree}\tf{number:02}\n" for number in range(12)))
    view = overview(repository)
    assert [row.artifact.name for row in view.artifacts] == [f"f{number:02}:churn" for number in range(10)]
    assert len(view.problems) == 2


def test_a_file_of_fifty_megabytes_is_a_problem_also_of_its_artifact(repository: Repository) -> None:
    """It is not taken for a file without the entry."""
    repository.commit({"artifacts.yaml": b"#" * (50 << 20)})
    repository.register("churn", "v1.0.0")
    with Registry(repository.path) as registry:
        detail = registry.show("churn")
        assert isinstance(detail, ArtifactDetail)
        assert [problem.code for problem in detail.problems] == ["GR101"]
        with pytest.raises(Unanswerable, match="bytes"):
            registry.resolve("churn@latest", path=True)


@pytest.mark.parametrize("missing", ["HEAD:artifacts.yaml", "HEAD^{tree}"])
def test_a_missing_object_is_told_and_hides_no_tag(repository: Repository, missing: str) -> None:
    """A damaged or partial clone lacks the file; nobody may take that for "it has no entry"."""
    repository.commit({"artifacts.yaml": ENTRY})
    repository.register("churn", "v1.0.0")
    gone = repository.git("rev-parse", missing)
    (repository.path / ".git/objects" / gone[:2] / gone[2:]).unlink()
    view = overview(repository)
    assert [row.artifact.name for row in view.artifacts] == ["churn"]
    assert len(view.problems) == 1
    with Registry(repository.path) as registry, pytest.raises(Unanswerable, match="lacks its object"):
        registry.resolve("churn@latest", path=True)
