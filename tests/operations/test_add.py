"""`add` does all that is asked for, in the only safe order, and what is done already is not done again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from gitreg.core.views import Added
from gitreg.errors import Conflict, ExternalFault, NotFound, Refused
from tests.operations.picture import Open, changed_files, index, picture
from tests.support.dvc import read_files, run_dvc, write_files
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository

SETUP: Final = [".dvc/.gitignore", ".dvc/config", ".dvcignore"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def project(repository: Repository, remote: Repository, store: Path, opened: Open) -> Repository:
    """A clone with a storage that is committed, and with bytes that nobody keeps yet."""
    opened(repository).init(storage=str(store))
    repository.git("add", "--all")
    repository.commit(message="Set up")
    repository.git("push", "--quiet")
    write_files(repository.path, {"model.onnx": b"model", "data/a": b"1", "data/sub/b": b"2"})
    return repository


def files_of(added: Added) -> list[str]:
    return [edit.file for edit in added.edits]


def test_a_file_is_tracked_and_has_an_entry_and_nothing_is_committed(repository: Repository, opened: Open) -> None:
    (repository.path / "model.onnx").write_bytes(b"model")
    head = repository.git("rev-parse", "HEAD")
    added = opened(repository).add("model.onnx", "churn", {"type": "model", "labels": ["a"]})
    assert (added.hash, added.size, added.files, added.commit) == ("md5:20f35e630daf44dbfa4c3f68f5399d8c", 5, None, None)
    assert files_of(added) == [*SETUP, ".gitignore", "model.onnx.dvc", "artifacts.yaml"]
    assert repository.git("rev-parse", "HEAD") == head
    assert repository.git("diff", "--cached", "--name-only") == ""
    assert repository.git("status", "--porcelain", "--untracked-files=all").split()[1::2] == sorted(files_of(added))
    assert (
        (repository.path / "artifacts.yaml")
        .read_text()
        .endswith("churn:\n  path: model.onnx\n  type: model\n  labels:\n    - a\n")
    )
    assert (repository.path / "model.onnx").read_bytes() == b"model"


@pytest.mark.slow
def test_dvc_finds_everything_as_if_it_had_done_it_itself(project: Repository, store: Path, opened: Open, tmp_path: Path) -> None:
    registry = opened(project)
    registry.add("model.onnx", "churn", push=True)
    registry.add("data", "cars", register=True, push=True)
    assert run_dvc(project, "status").stdout == "Data and pipelines are up to date.\n"
    assert run_dvc(project, "status", "--cloud").stdout == "Cache and remote 'storage' are in sync.\n"
    before = project.files()
    run_dvc(project, "add", "model.onnx", "data")
    assert {name: data for name, data in project.files().items() if not name.startswith(".dvc/tmp")} == {
        name: data for name, data in before.items() if not name.startswith(".dvc/tmp")
    }
    assert project.git("status", "--porcelain") == ""
    clone = Repository(tmp_path / "remote.git").clone(tmp_path / "clone")
    run_dvc(clone, "pull")
    assert (clone.path / "model.onnx").read_bytes() == b"model"
    assert read_files(clone.path / "data") == {"a": b"1", "sub/b": b"2"}
    assert read_files(store) == read_files(project.path / ".dvc/cache")


def test_push_sends_the_bytes_commits_those_files_and_pushes_the_branch(
    project: Repository, remote: Repository, store: Path, opened: Open
) -> None:
    (project.path / "other").write_text("not mine\n")
    added = opened(project).add("model.onnx", "churn", push=True, message="A model")
    assert added.pushed
    assert (added.storage, added.uploaded) == ("storage", 5)
    assert list(read_files(store).values()) == [b"model"]
    assert changed_files(project) == ["A .gitignore", "M artifacts.yaml", "A model.onnx.dvc"]
    assert project.git("log", "-1", "--format=%B").strip() == "A model"
    assert remote.git("rev-parse", "main") == project.git("rev-parse", "HEAD") == added.commit
    assert project.git("status", "--porcelain") == "?? data/\n?? other"


def test_register_makes_a_version_of_that_commit_and_push_publishes_it(
    project: Repository, remote: Repository, opened: Open
) -> None:
    added = opened(project).add("data/", "cars", {"type": "dataset"}, register=True, bump="minor", push=True, message="Cars")
    assert added.written is not None
    event = added.written.created[0]
    assert (event.tag, event.commit, event.message.splitlines()[0]) == ("cars@v0.1.0", added.commit, "Cars")
    assert "refs/tags/cars@v0.1.0" in remote.refs()


def test_register_alone_sends_the_bytes_too_and_publishes_nothing(
    project: Repository, remote: Repository, store: Path, opened: Open
) -> None:
    before = remote.refs()
    added = opened(project).add("model.onnx", "churn", register=True)
    assert added.written is not None
    assert [event.tag for event in added.written.created] == ["churn@v0.0.1"]
    assert (remote.refs(), len(read_files(store))) == (before, 1)


@pytest.mark.parametrize("options", [{}, {"commit": True}, {"push": True}, {"register": True}, {"register": True, "push": True}])
def test_run_again_it_does_nothing(options: dict[str, bool], project: Repository, remote: Repository, opened: Open) -> None:
    first = opened(project).add("model.onnx", "churn", **options)  # type: ignore[arg-type]
    before = picture(project), remote.refs()
    project.tick()
    again = opened(project).add("model.onnx", "churn", **options)  # type: ignore[arg-type]
    assert (picture(project), remote.refs()) == before
    assert (again.edits, again.commit, again.uploaded) == ((), first.commit, 0 if first.storage else None)
    assert again.written is None or again.written.created == ()


def test_each_step_can_be_taken_by_itself(project: Repository, remote: Repository, opened: Open) -> None:
    for options in ({}, {"commit": True}, {"push": True}, {"register": True, "push": True}):
        opened(project).add("model.onnx", "churn", **options)  # type: ignore[arg-type]
        project.tick()
    assert project.git("rev-list", "--count", "HEAD") == "3"
    assert (remote.git("rev-parse", "main"), remote.git("rev-parse", "churn@v0.0.1^{}")) == (
        project.git("rev-parse", "HEAD"),
    ) * 2


def test_a_version_that_was_not_published_is_published_by_the_next_run(
    project: Repository, remote: Repository, opened: Open
) -> None:
    opened(project).add("model.onnx", "churn", register=True)
    again = opened(project).add("model.onnx", "churn", register=True, push=True)
    assert again.written is not None
    assert (again.written.pushed, "refs/tags/churn@v0.0.1" in remote.refs()) == (True, True)


def test_a_version_that_only_the_remote_has_is_brought_and_not_made_again(
    project: Repository, remote: Repository, opened: Open
) -> None:
    opened(project).add("model.onnx", "churn", register=True, push=True)
    project.git("tag", "--delete", "churn@v0.0.1")
    again = opened(project).add("model.onnx", "churn", register=True, push=True)
    assert again.written is not None
    assert again.written.created == ()
    assert project.refs()["refs/tags/churn@v0.0.1"] == remote.refs()["refs/tags/churn@v0.0.1"]


def test_new_bytes_are_a_new_commit_and_the_next_version(project: Repository, opened: Open) -> None:
    opened(project).add("model.onnx", "churn", register=True, push=True)
    (project.path / "model.onnx").write_bytes(b"better")
    project.tick()
    added = opened(project).add("model.onnx", "churn", register=True, push=True)
    assert added.written is not None
    assert [event.tag for event in added.written.created] == ["churn@v0.0.2"]
    assert changed_files(project) == ["M model.onnx.dvc"]


def test_a_version_that_is_taken_is_refused_before_anything_is_written(project: Repository, store: Path, opened: Open) -> None:
    opened(project).add("model.onnx", "churn", register=True, version="v1.0.0", push=True)
    (project.path / "model.onnx").write_bytes(b"better")
    before, sent = picture(project), read_files(store)
    with pytest.raises(Conflict, match=r"churn@v1\.0\.0 is registered already"):
        opened(project).add("model.onnx", "churn", register=True, version="v1.0.0", push=True)
    left = {name: data for name, data in picture(project)["files"].items() if not name.startswith(".dvc/cache")}  # type: ignore[attr-defined]
    assert left == {name: data for name, data in before["files"].items() if not name.startswith(".dvc/cache")}  # type: ignore[attr-defined]
    assert read_files(store) == sent


def test_work_of_others_in_the_same_files_is_neither_lost_nor_taken_along(project: Repository, opened: Open) -> None:
    project.commit({".gitignore": "*.log\n", "artifacts.yaml": "other:\n  path: x\n"})
    (project.path / ".gitignore").write_text("*.log\n*.bak\n")
    (project.path / "artifacts.yaml").write_text("other:\n  path: y\n")
    opened(project).add("model.onnx", "churn", {"type": "model"}, commit=True)
    assert project.git("show", "HEAD:.gitignore") == "*.log\n/model.onnx"
    assert project.git("show", "HEAD:artifacts.yaml") == "churn:\n  path: model.onnx\n  type: model\n\nother:\n  path: x"
    assert (project.path / ".gitignore").read_text() == "*.log\n*.bak\n/model.onnx\n"
    assert "path: y" in (project.path / "artifacts.yaml").read_text()
    assert project.git("status", "--porcelain").splitlines()[:2] == [" M .gitignore", " M artifacts.yaml"]


def test_what_an_earlier_run_said_of_the_artifact_is_committed_too(project: Repository, opened: Open) -> None:
    opened(project).add("model.onnx", "churn", {"type": "model"})
    opened(project).add("model.onnx", "churn", commit=True)
    assert project.git("show", "HEAD:artifacts.yaml").endswith("churn:\n  path: model.onnx\n  type: model")
    assert project.git("status", "--porcelain") == "?? data/"


def test_the_index_keeps_what_else_is_staged(project: Repository, opened: Open) -> None:
    (project.path / "README.md").write_text("staged\n")
    project.git("add", "README.md")
    before = index(project)
    opened(project).add("model.onnx", "churn", commit=True)
    assert {path: index(project)[path] for path in before if path != "artifacts.yaml"} == {
        path: facts for path, facts in before.items() if path != "artifacts.yaml"
    }
    assert project.git("diff", "--cached", "--name-only") == "README.md"


def test_what_somebody_staged_of_the_same_file_is_a_conflict_and_nothing_is_written(project: Repository, opened: Open) -> None:
    (project.path / "artifacts.yaml").write_text("other:\n  path: staged\n")
    project.git("add", "artifacts.yaml")
    (project.path / "artifacts.yaml").write_text("other:\n  path: here\n")
    with pytest.raises(Conflict, match=r"artifacts\.yaml has changes that are staged"):
        opened(project).add("model.onnx", "churn", commit=True)
    assert not (project.path / "model.onnx.dvc").exists()


def test_a_dry_run_shows_everything_and_writes_nothing(
    project: Repository, remote: Repository, store: Path, opened: Open
) -> None:
    before = picture(project), remote.refs(), read_files(store)
    added = opened(project).add("data", "cars", register=True, push=True, dry_run=True)
    assert (picture(project), remote.refs(), read_files(store)) == before
    assert files_of(added) == [".gitignore", "data.dvc", "artifacts.yaml"]
    assert all(edit.dry_run and edit.diff for edit in added.edits)
    assert added.written is not None
    assert [event.tag for event in added.written.created] == ["cars@v0.0.1"]
    assert opened(project).add("data", "cars").hash == added.hash


def test_a_path_is_relative_to_where_a_person_stands_and_an_absolute_one_is_fine(
    project: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.git.inside import open_registry

    registry = open_registry(project, monkeypatch, path=project.path / "data")
    assert registry.add("sub/b", "one").path == "data/sub/b"
    assert registry.add(project.path / "model.onnx", "two").path == "model.onnx"
    registry.close()
    assert (project.path / "data/sub/.gitignore").read_text() == "/b\n"


def test_an_artifact_of_a_folder_has_its_entry_there(project: Repository, opened: Open) -> None:
    added = opened(project).add("data/sub/b", "data:bees", commit=True)
    assert files_of(added) == ["data/sub/.gitignore", "data/sub/b.dvc", "data/artifacts.yaml"]
    assert project.git("show", "HEAD:data/artifacts.yaml").endswith("bees:\n  path: sub/b")


@pytest.mark.parametrize("name", ["with space", "ünï 漢", "-dash", "a'b", "[x]", "#x", "--push", "ab:c"])
def test_odd_names_go_all_the_way(name: str, project: Repository, remote: Repository, opened: Open, tmp_path: Path) -> None:
    (project.path / name).write_bytes(b"odd")
    added = opened(project).add(name, "odd", register=True, push=True)
    assert added.path == name
    assert project.git("status", "--porcelain") == "?? data/\n?? model.onnx"
    assert (remote.clone(tmp_path / "clone").path / f"{name}.dvc").exists()


def test_a_file_that_git_ignores_by_another_rule_gets_no_line_of_its_own(project: Repository, opened: Open) -> None:
    project.commit({".gitignore": "*.onnx\n"})
    assert files_of(opened(project).add("model.onnx", "churn")) == ["model.onnx.dvc", "artifacts.yaml"]


def test_what_a_pipeline_made_is_registered_as_it_is(project: Repository, store: Path, opened: Open) -> None:
    project.commit({
        "dvc.yaml": "stages:\n  train:\n    cmd: train\n    outs:\n    - model.onnx\n",
        "dvc.lock": "schema: '2.0'\nstages:\n  train:\n    cmd: train\n    outs:\n    - path: model.onnx\n      hash: md5\n"
        "      md5: 20f35e630daf44dbfa4c3f68f5399d8c\n      size: 5\n",
        ".gitignore": "/model.onnx\n",
    })  # fmt: skip
    added = opened(project).add("model.onnx", "churn", push=True)
    assert files_of(added) == ["artifacts.yaml"]
    assert list(read_files(store).values()) == [b"model"]
    (project.path / "model.onnx").write_bytes(b"other")
    with pytest.raises(Refused, match="is not what the stage 'train' of the pipeline made"):
        opened(project).add("model.onnx", "churn")


def test_what_a_pipeline_of_another_folder_made_gets_no_file_of_its_own(project: Repository, opened: Open) -> None:
    lock = "schema: '2.0'\nstages:\n  train:\n    cmd: train\n    outs:\n    - path: ../model.onnx\n      hash: md5\n"
    project.commit({
        "pipelines/dvc.yaml": "stages:\n  train:\n    cmd: train\n    outs:\n    - ../model.onnx\n  test:\n    outs: [../report]\n",
        "pipelines/dvc.lock": lock + "      md5: 20f35e630daf44dbfa4c3f68f5399d8c\n      size: 5\n",
        ".gitignore": "/model.onnx\n",
    })  # fmt: skip
    assert files_of(opened(project).add("model.onnx", "churn")) == ["artifacts.yaml"]
    (project.path / "report").write_text("made")
    with pytest.raises(Refused, match="what the stage 'test' of a pipeline makes"):
        opened(project).add("report", "report")


def test_the_set_up_that_nobody_committed_is_committed_along(repository: Repository, store: Path, opened: Open) -> None:
    opened(repository).init(storage=str(store))
    (repository.path / "model.onnx").write_bytes(b"model")
    opened(repository).add("model.onnx", "churn", commit=True)
    assert changed_files(repository) == [
        f"A {name}" for name in sorted([*SETUP, ".gitignore", "artifacts.yaml", "model.onnx.dvc"])
    ]


def test_an_error_says_what_is_done_and_the_next_run_goes_on(project: Repository, remote: Repository, opened: Open) -> None:
    hook = remote.path / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(Refused) as caught:
        opened(project).add("model.onnx", "churn", register=True, push=True)
    assert (
        "; so far, the bytes are in DVC's cache, the files are written, the storage 'storage' has the bytes, commit "
        in caught.value.message
    )
    hook.unlink()
    added = opened(project).add("model.onnx", "churn", register=True, push=True)
    assert added.written is not None
    assert [event.tag for event in added.written.created] == ["churn@v0.0.1"]
    assert changed_files(remote, "main") == ["A .gitignore", "M artifacts.yaml", "A model.onnx.dvc"]


def no_storage(project: Repository) -> None:
    project.commit({".dvc/config": ""})


def no_remote(project: Repository) -> None:
    project.git("remote", "remove", "origin")


def detached(project: Repository) -> None:
    project.git("checkout", "--quiet", "--detach")


def storage_away(project: Repository) -> None:
    (project.path.parent / "store").rmdir()


def storage_with_versions(project: Repository) -> None:
    with (project.path / ".dvc/config").open("a") as config:
        config.write("    version_aware = true\n")


def other_path(project: Repository) -> None:
    project.commit({"artifacts.yaml": "churn:\n  path: elsewhere\n"})


def tracked_by_git(project: Repository) -> None:
    project.git("add", "model.onnx")


def dvc_file_ignored(project: Repository) -> None:
    project.commit({".gitignore": "*.dvc\n"})


def broken_dvc_file(project: Repository) -> None:
    (project.path / "model.onnx.dvc").write_text("outs: []\n")


def imported(project: Repository) -> None:
    (project.path / "model.onnx.dvc").write_text("deps:\n- path: x\nouts:\n- md5: aa\n  path: model.onnx\n")


def broken_entries(project: Repository) -> None:
    (project.path / "artifacts.yaml").write_text("churn: [\n")


def merging(project: Repository) -> None:
    (project.path / ".git/MERGE_HEAD").write_text(project.git("rev-parse", "HEAD") + "\n")


def out_of_a_stage(project: Repository) -> None:
    (project.path / "dvc.yaml").write_text("stages:\n  train:\n    cmd: x\n    outs:\n    - model.onnx:\n        cache: true\n")


def made_link(project: Repository) -> None:
    (project.path / "model.onnx").rename(project.path / "real")
    (project.path / "model.onnx").symlink_to("real")


@pytest.mark.parametrize(
    ("make", "fault", "reason"),
    [
        (no_storage, NotFound, "no storage is configured here"),
        (no_remote, ExternalFault, "this repository has no remote"),
        (detached, Refused, "HEAD is on no branch"),
        (storage_away, ExternalFault, "is not there"),
        (storage_with_versions, Refused, "only DVC writes there"),
        (other_path, Conflict, "'churn' is at 'elsewhere' already"),
        (tracked_by_git, Refused, "git keeps 'model.onnx' already"),
        (dvc_file_ignored, Refused, "git ignores model.onnx.dvc"),
        (broken_dvc_file, Refused, "has not one out"),
        (imported, Refused, "the bytes come from elsewhere"),
        (broken_entries, Refused, "artifacts.yaml: the file has a problem"),
        (merging, Refused, "a merge is under way"),
        (out_of_a_stage, Refused, "what the stage 'train' of a pipeline makes"),
        (made_link, Refused, "'model.onnx' is a symbolic link"),
    ],
)
def test_what_can_be_refused_is_refused_before_a_byte_is_kept(
    make: Callable[[Repository], None], fault: type[Exception], reason: str, project: Repository, opened: Open
) -> None:
    make(project)
    before = picture(project)
    with pytest.raises(fault) as caught:
        opened(project).add("model.onnx", "churn", push=True, register=True)
    assert reason in str(caught.value)
    assert "so far" not in str(caught.value)
    assert picture(project) == before


@pytest.mark.parametrize(
    ("path", "fault", "reason"),
    [
        ("nothing", NotFound, "there is no 'nothing'"),
        ("../outside", Refused, "is outside of the repository"),
        ("/etc/hostname", Refused, "is outside of the repository"),
        (".", Refused, "is the repository itself"),
        (".git/config", Refused, "is in a folder of git or DVC"),
        (".dvc/config", Refused, "is in a folder of git or DVC"),
        ("linked/a", Refused, "folder 'linked' is a symbolic link"),
        ("nested/file", Refused, "folder 'nested' is a repository of its own"),
        ("nested", Refused, "'nested' is a repository of its own"),
        ("aux.bin", Refused, "the name of a device on Windows"),
        ("kept/part", Refused, "DVC keeps 'kept/part' already, as a part of 'kept'"),
        ("holding", Refused, "so DVC keeps a part of it already"),
        ("out", Refused, "of a pipeline makes"),
    ],
)
def test_what_dvc_could_not_track_there_is_refused(
    path: str, fault: type[Exception], reason: str, project: Repository, opened: Open
) -> None:
    write_files(project.path, {
        "aux.bin": b"1", "nested/file": b"1", "kept/part": b"1", "holding/x": b"1", "out/report": b"1",
        "kept.dvc": b"outs:\n- md5: aa.dir\n  hash: md5\n  path: kept\n", "holding/x.dvc": b"outs:\n- md5: aa\n  path: x\n",
        "dvc.lock": b"schema: '2.0'\nstages:\n  s:\n    cmd: x\n    outs:\n    - path: out/report\n      md5: aa\n",
    })  # fmt: skip
    Repository.create(project.path / "nested")
    (project.path / "linked").symlink_to("data")
    (project.path.parent / "outside").write_text("1")
    before = picture(project)
    with pytest.raises(fault) as caught:
        opened(project).add(path, "churn")
    assert reason in str(caught.value)
    assert picture(project) == before


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_outside(project: Repository, opened: Open) -> None:
    project.path.chmod(0o555)
    try:
        with powers_of_anybody(), pytest.raises(ExternalFault, match="cannot write"):
            opened(project).add("model.onnx", "churn")
    finally:
        project.path.chmod(0o755)


def test_the_next_version_without_a_push_waits_for_nobody(project: Repository, opened: Open) -> None:
    versions = []
    for content in (b"1", b"22", b"333"):
        (project.path / "model.onnx").write_bytes(content)
        written = opened(project).add("model.onnx", "churn", register=True, push=False).written
        assert written is not None
        versions += [event.version for event in written.created]
        project.tick()
    assert versions == ["v0.0.1", "v0.0.2", "v0.0.3"]
