"""What a person sees of `add` and of `init --storage`."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere
from tests.support.command import GitregCommand
from tests.support.dvc import write_files
from tests.support.repository import Repository


@pytest.fixture
def project(repository: Repository, remote: Repository, gitreg: GitregCommand, tmp_path: Path) -> Repository:
    """A clone with a storage, and bytes that nobody keeps yet."""
    gitreg("init", "--storage", "../store")
    repository.git("add", "--all")
    repository.commit(message="Set up")
    repository.git("push", "--quiet")
    write_files(repository.path, {"model.onnx": b"model", "data/a": b"1" * 2000, "data/sub/b": b"2"})
    return repository


def test_init_with_a_storage_says_what_to_commit(repository: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    assert experience_anywhere(gitreg("init", "--storage", "../store")) == snapshot("""\

exit 0
Created .gitreg.yaml
Created artifacts.yaml
Created .gitattributes
Created .dvc/.gitignore
Created .dvc/config
Created .dvcignore
---- stderr
hint: commit them: git add .gitreg.yaml artifacts.yaml .gitattributes .dvc/.gitignore .dvc/config .dvcignore && git commit
""")
    assert (tmp_path / "store").is_dir()
    assert (repository.path / ".dvc/config").read_text() == (
        f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {tmp_path / 'store'}\n"
    )
    (result,) = {gitreg("init", "--storage", where) for where in ("../store", str(tmp_path / "store"))}
    assert experience_anywhere(result) == snapshot("""\

exit 0
Nothing to change in .gitreg.yaml
Nothing to change in artifacts.yaml
Nothing to change in .gitattributes
Nothing to change in .dvc/.gitignore
Nothing to change in .dvc/config
Nothing to change in .dvcignore
""")


@pytest.mark.parametrize("where", ["s3://bucket/prefix", "gs://bucket", "ssh://host/path", "https://example.com/x"])
def test_a_storage_may_be_an_address(where: str, repository: Repository, gitreg: GitregCommand) -> None:
    assert gitreg("init", "--storage", where).code == 0
    assert f"url = {where}\n" in (repository.path / ".dvc/config").read_text()


def test_init_never_moves_the_storage(project: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    before = project.files()
    result = gitreg("init", "--storage", "../other")
    assert experience_anywhere(result).replace(str(tmp_path), "TMP") == snapshot("""\

exit 5
---- stderr
error: there is a default storage already: 'storage' at TMP/store
hint: change it: dvc remote modify storage url URL; or add another: dvc remote add
""")
    assert (project.files(), (tmp_path / "other").exists()) == (before, False)


@pytest.mark.parametrize("where", ["inside", ".", "s3://user:password@bucket", "ftp://host/x", "", "s3://"])
def test_a_storage_that_makes_no_sense_is_refused(where: str, repository: Repository, gitreg: GitregCommand) -> None:
    before = repository.files()
    assert gitreg("init", "--storage", where).code in {2, 5}
    assert repository.files() == before


def test_a_dry_run_makes_no_folder(repository: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    before = repository.files()
    assert gitreg("init", "--storage", "../store", "--dry-run").code == 0
    assert (repository.files(), (tmp_path / "store").exists()) == (before, False)


def test_add_says_what_it_wrote_and_what_to_do_next(project: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("add", "model.onnx", "--name", "churn", "--type", "model")) == snapshot("""\

exit 0
Added model.onnx as churn: 5 bytes, md5:20f35e630daf44dbfa4c3f68f5399d8c
Wrote .gitignore, model.onnx.dvc, artifacts.yaml
---- stderr
hint: commit them: git add .gitignore model.onnx.dvc artifacts.yaml && git commit
""")
    assert experience_anywhere(gitreg("add", "model.onnx", "--name", "churn", "--commit")) == snapshot("""\

exit 0
Added model.onnx as churn: 5 bytes, md5:20f35e630daf44dbfa4c3f68f5399d8c
Committed .gitignore, model.onnx.dvc, artifacts.yaml in COMMIT
---- stderr
hint: publish it: run it again with --push
""")
    assert experience_anywhere(gitreg("add", "model.onnx", "--name", "churn", "--push")) == snapshot("""\

exit 0
Added model.onnx as churn: 5 bytes, md5:20f35e630daf44dbfa4c3f68f5399d8c
Sent 5 bytes to the storage 'storage'
Nothing to commit: COMMIT has it all, pushed to origin
---- stderr
hint: register a version: gitreg register churn --push
""")


def test_add_goes_all_the_way_at_once_and_does_nothing_the_second_time(project: Repository, gitreg: GitregCommand) -> None:
    command = (
        "add",
        "data/",
        "--name",
        "cars",
        "--type",
        "dataset",
        "--register",
        "--bump",
        "minor",
        "--push",
        "-m",
        "More cars",
    )
    assert experience_anywhere(gitreg(*command)) == snapshot("""\

exit 0
Added data as cars: 2 files, 2.0 kB, md5:2ab7408290f395a23208266bf8457dd3.dir
Sent 2.1 kB to the storage 'storage'
Committed .gitignore, data.dvc, artifacts.yaml in COMMIT, pushed to origin
Registered cars v0.1.0 at COMMIT as 'cars@v0.1.0'
Pushed it to origin
""")
    assert experience_anywhere(gitreg(*command)) == snapshot("""\

exit 0
Added data as cars: 2 files, 2.0 kB, md5:2ab7408290f395a23208266bf8457dd3.dir
Nothing to send to the storage 'storage'
Nothing to commit: COMMIT has it all, pushed to origin
---- stderr
note: commit COMMIT is cars v0.1.0 already
""")


def test_a_dry_run_shows_files_bytes_and_tags(project: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("add", "data", "--name", "cars", "--register", "--push", "-n")) == snapshot("""\

exit 0
Would add data as cars: 2 files, 2.0 kB, md5:2ab7408290f395a23208266bf8457dd3.dir
Would send the bytes to the storage 'storage'
Would create .gitignore
--- /dev/null
+++ b/.gitignore
@@ -0,0 +1 @@
+/data
Would create data.dvc
--- /dev/null
+++ b/data.dvc
@@ -0,0 +1,6 @@
+outs:
+- md5: 2ab7408290f395a23208266bf8457dd3.dir
+  size: 2001
+  nfiles: 2
+  hash: md5
+  path: data
Would change artifacts.yaml
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -1,3 +1,4 @@
 # yaml-language-server: $schema=https://raw.githubusercontent.com/gitreg/gitreg/main/gitreg/schemas/artifacts.schema.json
 \n\
-{}
+cars:
+  path: data
Would register cars v0.0.1 as 'cars@v0.0.1'
    Registering artifact cars version v0.0.1
""")


def test_without_a_storage_it_says_how_to_get_one(repository: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    (repository.path / "model.onnx").write_bytes(b"model")
    assert experience_anywhere(gitreg("add", "model.onnx", "--name", "churn", "--push")) == snapshot("""\

exit 3
---- stderr
error: no storage is configured here
hint: keep bytes in a folder: gitreg init --storage DIR; or elsewhere: dvc remote add --default NAME URL
""")


def test_a_step_that_fails_says_what_is_done(project: Repository, remote: Repository, gitreg: GitregCommand) -> None:
    other = remote.clone(project.path.parent / "other")
    other.commit({"README.md": "# Other\n"}, "Work of somebody else")
    other.git("push", "--quiet")
    assert experience_anywhere(gitreg("add", "model.onnx", "--name", "churn", "--register", "--push")) == snapshot("""\

exit 5
---- stderr
error: branch 'main' of 'origin' has commits that this clone lacks; so far, the bytes are in DVC's cache, the files are written, the storage 'storage' has the bytes, commit COMMIT has the files
hint: git pull --rebase origin main, then run it again
""")


@pytest.mark.parametrize(
    "line",
    [
        ("add", "model.onnx"),
        ("add", "model.onnx", "--name", "churn", "--bump", "minor"),
        ("add", "model.onnx", "--name", "churn", "--version", "v1.0.0"),
        ("add", "model.onnx", "--name", "churn", "--register", "--version", "v1.0.0", "--bump", "minor"),
        ("add", "model.onnx", "--name", "Churn!"),
        ("add", "model.onnx", "--name", "data:churn"),
        ("add", "model.onnx", "--name", "churn", "--custom", "x"),
    ],
    ids=" ".join,
)
def test_a_wrong_line_writes_nothing(line: tuple[str, ...], project: Repository, gitreg: GitregCommand) -> None:
    before = project.files()
    result = gitreg(*line)
    assert (result.code, result.stdout) == (2, "")
    assert project.files() == before


@pytest.mark.parametrize("options", [(), ("--commit",), ("--push",), ("--register", "--push")], ids=" ".join)
def test_json_follows_the_schema(options: tuple[str, ...], project: Repository, gitreg: GitregCommand) -> None:
    validator = jsonschema.Draft202012Validator(load("write"))
    for more in (("--dry-run",), (), ()):
        result = gitreg("add", "data", "--name", "cars", *options, *more, "--json")
        assert result.code == 0, result.stderr
        document = json.loads(result.stdout)
        validator.validate(document)
        assert document["added"]["hash"].endswith(".dir")
        assert (document["added"]["path"], document["added"]["size"], document["added"]["files"]) == ("data", 2001, 2)


def test_a_hostile_name_does_not_act_on_the_terminal(project: Repository, gitreg: GitregCommand) -> None:
    (project.path / "\x1b]0;owned\x07").write_bytes(b"1")
    result = gitreg("add", "\x1b]0;owned\x07", "--name", "churn")
    assert result.code == 5
    assert "\x1b" not in result.stderr
