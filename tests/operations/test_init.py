from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from gitreg.errors import Refused
from tests.operations.picture import Open, picture
from tests.support.repository import Repository

FILES = (".gitreg.yaml", "artifacts.yaml", ".gitattributes")


def test_init_makes_three_files_that_have_no_problems(repository: Repository, opened: Open) -> None:
    edits = opened(repository).init()
    assert tuple(edit.file for edit in edits) == FILES
    assert all(edit.diff.startswith("--- /dev/null\n") and edit.commit is None for edit in edits)
    assert opened(repository).check().problems == ()
    assert repository.git("status", "--porcelain").splitlines() == [f"?? {name}" for name in sorted(FILES)]


def test_settings_that_init_makes_restrict_nothing(repository: Repository, opened: Open) -> None:
    opened(repository).init()
    opened(repository).annotate("churn", {"type": "anything"})
    assert opened(repository).stage_names() == ()


def test_a_second_init_changes_nothing(repository: Repository, opened: Open) -> None:
    opened(repository).init()
    before = picture(repository)
    assert [edit.diff for edit in opened(repository).init()] == ["", "", ""]
    assert picture(repository) == before


def test_a_dry_run_shows_the_files_and_makes_none(repository: Repository, opened: Open) -> None:
    edits = opened(repository).init(dry_run=True)
    assert all(edit.dry_run and edit.diff for edit in edits)
    assert list(repository.files()) == ["README.md"]


@pytest.mark.parametrize("name", FILES[:2])
def test_what_is_there_already_stays(repository: Repository, opened: Open, name: str) -> None:
    (repository.path / name).write_bytes(b"stages: [a]  # mine\r\n")
    opened(repository).init()
    assert (repository.path / name).read_bytes() == b"stages: [a]  # mine\r\n"
    assert set(repository.files()) == {*FILES, "README.md"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"*.bin binary\n", b"*.bin binary\nartifacts.yaml text merge=gitreg diff=gitreg\n"),
        (b"*.bin binary", b"*.bin binary\nartifacts.yaml text merge=gitreg diff=gitreg\n"),
        (b"*.bin binary\r\n", b"*.bin binary\r\nartifacts.yaml text merge=gitreg diff=gitreg\r\n"),
        (b"# artifacts.yaml\n", b"# artifacts.yaml\nartifacts.yaml text merge=gitreg diff=gitreg\n"),
        (b"artifacts.yaml -text\n", b"artifacts.yaml -text\n"),
        (b"", b"artifacts.yaml text merge=gitreg diff=gitreg\n"),
    ],
)
def test_gitattributes_gets_a_line_unless_it_has_one(repository: Repository, opened: Open, before: bytes, after: bytes) -> None:
    (repository.path / ".gitattributes").write_bytes(before)
    opened(repository).init()
    assert (repository.path / ".gitattributes").read_bytes() == after


def test_beside_the_settings_of_gto_no_others_are_made_since_they_would_take_their_place(
    repository: Repository, opened: Open
) -> None:
    repository.commit({".gto": "stages: [dev, prod]\n"})
    edits = opened(repository).init()
    assert [edit.file for edit in edits] == ["artifacts.yaml", ".gitattributes"]
    assert opened(repository).stage_names() == ("dev", "prod")


def test_init_works_in_a_repository_without_a_commit(tmp_path: Path, opened: Open) -> None:
    repository = Repository.create(tmp_path / "repository")
    opened(repository).init()
    assert set(repository.files()) == set(FILES)
    assert opened(repository).check().problems == ()


def test_init_in_a_folder_of_the_repository_makes_the_files_at_its_root(repository: Repository, opened: Open) -> None:
    (repository.path / "deep").mkdir()
    opened(Repository(repository.path / "deep")).init()
    assert set(repository.files()) == {*FILES, "README.md"}


@pytest.mark.skipif(sys.platform == "win32", reason="making symbolic links needs a privilege on Windows")
@pytest.mark.parametrize("name", FILES)
def test_a_symbolic_link_in_the_place_of_a_file_is_refused_and_nothing_is_written(
    repository: Repository, opened: Open, name: str, tmp_path: Path
) -> None:
    (repository.path / name).symlink_to(tmp_path / "outside")
    with pytest.raises(Refused, match="no plain file"):
        opened(repository).init()
    assert set(repository.files()) == {name, "README.md"}
    assert not (tmp_path / "outside").exists()


def test_settings_that_are_not_valid_do_not_stop_init(repository: Repository, opened: Open) -> None:
    (repository.path / ".gitreg.yaml").write_text("stages: 5\n")
    opened(repository).init()
    assert (repository.path / "artifacts.yaml").exists()


STAGES = ("dev", "canary-1", "on", "1")


def test_jobs_name_the_stages_of_the_settings(repository: Repository, opened: Open) -> None:
    repository.commit({".gitreg.yaml": f"stages: {json.dumps(STAGES)}\n"})
    opened(repository).init(ci="github")
    opened(repository).init(ci="gitlab")
    read = YAML(typ="safe", pure=True)
    promote = read.load(repository.path / ".github" / "workflows" / "registry-promote.yml")
    assert promote["on"]["workflow_dispatch"]["inputs"]["stage"]["options"] == list(STAGES)
    included = read.load(repository.path / ".gitlab-ci.yml")["include"]
    for name in ("on-tag", "reconcile"):
        files = [one["inputs"]["stage"] for one in included if one["file"] == f"/.gitlab/registry-{name}.yml"]
        assert files == list(STAGES)
    _, variables = read.load_all(repository.path / ".gitlab" / "registry-promote.yml")
    assert (variables["variables"]["REGISTRY_STAGE"]["value"], variables["variables"]["REGISTRY_STAGE"]["options"]) == (
        "dev",
        list(STAGES),
    )
    assert '{against: "1"}' in (repository.path / ".github" / "workflows" / "registry-review.yml").read_text()


def test_beside_a_pipeline_of_gitlab_init_says_which_lines_to_add(repository: Repository, opened: Open) -> None:
    repository.commit({".gitlab-ci.yml": "test: {script: make}\n", ".gitreg.yaml": "stages: [dev, live]\n"})
    note = opened(repository).init(ci="gitlab")[-1].notes[0]
    sentence, _, lines = note.partition("\n")
    assert sentence == ".gitlab-ci.yml is there already: add these to what stands below 'include:' in it"
    added = f"include:\n{lines}\n"
    assert [one.get("inputs", {}).get("stage") for one in YAML(typ="safe", pure=True).load(added)["include"]] == [
        *("dev", "live") * 2,
        None,
    ]
    repository.commit({".gitlab-ci.yml": added})
    assert "is there already" not in "".join(opened(repository).init(ci="gitlab")[-1].notes)
