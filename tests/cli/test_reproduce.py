"""`reproduce`: all that a version was made from in a folder of its own, and nothing of it run."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere
from tests.support.churn import make_churn, train_again
from tests.support.command import GitregCommand, Result
from tests.support.dvc import Folder, hash_of, put_object, run_dvc, set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.storage import folder_storage

USERS = b"1,2\n" * 100
FOLDER: Folder = {"a.csv": b"1\n", "sub/b.csv": b"2\n"}
MODEL = b"model"
STAGE = """\
stages:
  train:
    cmd: |
      touch ran
      echo '```' "<script>" >> log
    deps: [train.py, data/users.csv, folder, loose]
    params: [rate]
    outs: [model.bin]
    metrics: [{metrics.json: {cache: false}}]
"""


COMMAND = "touch ran\necho '```' \"<script>\" >> log"
DEPS = {"train.py": hash_of(b"#"), "data/users.csv": hash_of(USERS), "folder": "0" * 32, "loose": "1" * 32}


def make_lock(deps: dict[str, str], outs: dict[str, str]) -> str:
    """Write a ``dvc.lock`` of the stage."""
    lines = ["schema: '2.0'", "stages:", "  train:", f"    cmd: {json.dumps(COMMAND)}"]
    for kind, materials in (("deps", deps), ("outs", outs)):
        lines.append(f"    {kind}:")
        lines += [f"    - {{path: {json.dumps(path)}, hash: md5, md5: '{digest}'}}" for path, digest in materials.items()]
    return "".join(f"{line}\n" for line in lines)


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """A version that a pipeline stage made from a file and a folder that DVC keeps, and from files of git."""
    store = tmp_path / "store"
    set_up_dvc(repository, folder_storage(store))
    track(repository, "data/users.csv", USERS, store=store)
    track(repository, "folder", FOLDER, store=store)
    track(repository, "loose/c.csv", b"3\n", store=store)
    put_object(store, hash_of(MODEL), MODEL)
    repository.commit(
        {
            "artifacts.yaml": "churn:\n  path: model.bin\n  metrics: [metrics.json]\n",
            "dvc.yaml": STAGE,
            "dvc.lock": make_lock(DEPS, {"model.bin": hash_of(MODEL)}),
            "train.py": "#",
            "loose/readme.txt": "x",
            "params.yaml": "rate: 1\n",
            "metrics.json": '{"auc": 0.9}\n',
            "requirements.txt": "numpy==1.26.4\nscipy>=1\n",
        },
        "Train",
    )
    repository.register("churn", "v1.0.0")
    repository.tick()
    return store


def list_files(folder: Path) -> list[str]:
    """List the files of a checkout, without those of git."""
    found = (place.relative_to(folder) for place in folder.rglob("*") if not place.is_dir() or place.is_symlink())
    return sorted(place.as_posix() for place in found if place.parts[0] != ".git")


def anonymous(result: Result, *places: Path) -> str:
    """Write a run without places and ids."""
    text = experience_anywhere(result)
    for place in places:
        text = text.replace(str(place), "PLACE")
    return text


def test_a_person_gets_a_checkout_with_its_data_and_is_told_what_to_do(
    store: Path, gitreg: GitregCommand, tmp_path: Path
) -> None:
    assert anonymous(gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "again")), tmp_path) == snapshot("""\

exit 0
Checked out churn v1.0.0 at COMMIT to PLACE/again with 3 files and folders of data, 406 bytes
---- stderr
note: 1 package of no exact version: scipy>=1
note: 'train' was run with another folder than this commit has, so what it makes now may be something else
hint: read PLACE/again/REPRODUCE.md first, then: cd PLACE/again && dvc repro train
""")
    again = tmp_path / "again"
    assert list_files(again) == snapshot(
        [
            ".dvc/.gitignore",
            ".dvc/config",
            ".dvcignore",
            "README.md",
            "REPRODUCE.md",
            "artifacts.yaml",
            "data/users.csv",
            "data/users.csv.dvc",
            "dvc.lock",
            "dvc.yaml",
            "folder.dvc",
            "folder/a.csv",
            "folder/sub/b.csv",
            "loose/c.csv",
            "loose/c.csv.dvc",
            "loose/readme.txt",
            "metrics.json",
            "params.yaml",
            "reproduce.json",
            "requirements.txt",
            "train.py",
        ]
    )
    assert (again / "data" / "users.csv").read_bytes() == USERS
    assert (again / "folder" / "sub" / "b.csv").read_bytes() == FOLDER["sub/b.csv"]
    assert (again / "loose" / "c.csv").read_bytes() == b"3\n"
    assert not (again / "model.bin").exists()


def test_the_guide_says_all_that_is_needed(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "again"))
    text = (tmp_path / "again" / "REPRODUCE.md").read_text(encoding="utf-8").replace(str(tmp_path), "PLACE")
    assert re.sub(r"\b[0-9a-f]{40}\b", "COMMIT", text) == snapshot("""\
# Make `churn v1.0.0` again

gitreg checked out commit `COMMIT` of `PLACE/repository`, and ran nothing of it.
Read the commands before you run them: they are those of the repository.

## Run it

```console
$ python -m venv .venv
$ . .venv/bin/activate
$ python -m pip install -r requirements.txt
$ dvc repro train
```

## Check it

```console
$ dvc status --quiet train && git diff --exit-code -- dvc.lock metrics.json && echo same
```

`same`: what was read and what was made is there, and has the hashes that it had, which `dvc.lock` lists.
Otherwise `dvc status` and `git diff` say what is not.

| made | hash | size |
| --- | --- | --- |
| `model.bin` | `md5:20f35e630daf44dbfa4c3f68f5399d8c` |  |

| metric | value |
| --- | --- |
| `auc` | `0.9` |

## What may differ

- `1 package of no exact version: scipy>=1`
- `'train' was run with another folder than this commit has, so what it makes now may be something else`

## Pipeline stages, in order

1. `train` of `dvc.yaml`

````console
touch ran
echo '```' "<script>" >> log
````

## What it starts from

| path | hash | size | where |
| --- | --- | --- | --- |
| `folder` | `md5:f1178421c1f9e2ff1052caa9866bc1c0.dir` | 4 bytes | fetched and checked |
| `loose` | `git:COMMIT` |  | in git |
| `loose/c.csv` | `md5:6d7fce9fee471194aa8b5b6e47267f03` | 2 bytes | fetched and checked |
| `train.py` | `git:COMMIT` | 1 byte | in git |
| `data/users.csv` | `md5:8177a602e044e93c5a11a773ad4b51a8` | 400 bytes | fetched and checked |

## Parameters

| parameter | value | file |
| --- | --- | --- |
| `rate` | `1` | `params.yaml` |

## Environment

| package | version | allowed | file |
| --- | --- | --- | --- |
| `numpy` | `1.26.4` |  | `requirements.txt` |
| `scipy` |  | `>=1` | `requirements.txt` |
""")


def test_the_guide_says_what_to_set_where_the_commit_has_other_parameters_than_the_version_was_made_with(
    store: Path, gitreg: GitregCommand, tmp_path: Path
) -> None:
    lock = make_lock(DEPS, {"model.bin": hash_of(MODEL)})
    lock += "    params: {params.yaml: {rate: 1.0e-05, name: 'a | b'}}\n"
    stages = STAGE.replace("[rate]", "[rate, name]")
    gitreg.repository.commit({"dvc.lock": lock, "dvc.yaml": stages, "params.yaml": "rate: 2\nname: '3'\n"})
    gitreg.repository.register("churn", "v1.1.0")
    assert gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again")).code == 0
    guide = (tmp_path / "again" / "REPRODUCE.md").read_text(encoding="utf-8")
    assert guide[guide.index("## Set this first") : guide.index("## Run it")] == snapshot("""\
## Set this first

The files of the commit have other values than the version was made with. Write these into them first.

| file | parameter | set it to | it has |
| --- | --- | --- | --- |
| `params.yaml` | `rate` | `1.0e-05` | `2` |
| `params.yaml` | `name` | <code>&#34;a &#124; b&#34;</code> | `"3"` |

""")
    assert guide[guide.index("## Parameters") : guide.index("## Environment")] == snapshot("""\
## Parameters

| parameter | value | file |
| --- | --- | --- |
| `rate` | `1.0e-05` | `params.yaml` |
| `name` | <code>&#34;a &#124; b&#34;</code> | `params.yaml` |

""")
    facts = read_facts(tmp_path / "again")
    assert (facts["params"], facts["restore"]) == snapshot(
        (
            {"params.yaml": {"name": "a | b", "rate": 1e-05}},
            [
                {"file": "params.yaml", "name": "rate", "value": 1e-05, "written": 2},
                {"file": "params.yaml", "name": "name", "value": "a | b", "written": "3"},
            ],
        )
    )
    jsonschema.Draft202012Validator(load("reproduce")).validate(facts)


def test_the_checkout_is_a_repository_of_one_commit_and_clean(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "again"))
    again, source = Repository(tmp_path / "again"), gitreg.repository
    assert again.git("rev-parse", "HEAD") == source.git("rev-parse", "HEAD")
    assert again.git("rev-list", "--count", "HEAD") == "1"
    assert again.git("diff", "HEAD", "--stat") == ""
    assert again.git("fsck", "--no-dangling") == ""
    assert again.git("config", "remote.origin.url") == str(source.path)
    assert again.git("fetch", "--quiet", "--unshallow", "origin", "main") == ""
    assert int(again.git("rev-list", "--count", "HEAD")) > 1


def test_nothing_in_the_repository_changes(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    def picture() -> list[tuple[str, int, int]]:
        root = gitreg.repository.path
        return sorted((str(place), place.lstat().st_mtime_ns, place.lstat().st_size) for place in root.rglob("*"))

    before = picture()
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "again")).code == 0
    assert picture() == before


def test_data_can_be_left_out_and_the_version_itself_be_wanted(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    plain, whole = tmp_path / "plain", tmp_path / "whole"
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(plain), "--no-data").code == 0
    assert not (plain / "data" / "users.csv").exists()
    assert {one["path"]: one["place"] for one in read_facts(plain)["inputs"]} == snapshot(
        {"folder": "left", "loose": "git", "loose/c.csv": "left", "train.py": "git", "data/users.csv": "left"}
    )
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(whole), "--no-data", "--outputs").code == 0
    assert (whole / "model.bin").read_bytes() == MODEL
    assert not (whole / "data" / "users.csv").exists()


def read_facts(folder: Path) -> Any:
    return json.loads((folder / "reproduce.json").read_text(encoding="utf-8"))


def test_json_follows_its_schema_and_is_what_stands_in_the_folder(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    document = json.loads(gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "again"), "--json").stdout)
    schema = load("reproduce")
    jsonschema.Draft202012Validator.check_schema(schema)
    for found in (document, read_facts(tmp_path / "again")):
        jsonschema.Draft202012Validator(schema).validate(found)
    assert sorted({*schema["required"], "folder", "guide"}) == sorted(document)
    assert {key: value for key, value in document.items() if key not in {"folder", "guide"}} == read_facts(tmp_path / "again")
    assert document["run"] == ["dvc repro train"]


def test_what_is_in_the_folder_already_stays(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "mine")).code == 4
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "mine" / "notes.txt")).code == 4
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "link")).code == 5
    assert gitreg("reproduce", "churn@v1.0.0", "-o", ".git/again").code == 5
    assert list_files(tmp_path / "mine") == ["notes.txt"]
    assert gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "empty")).code == 0


def test_all_arrives_or_nothing_does(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    put_object(store, hash_of(FOLDER["sub/b.csv"]), b"other")
    result = gitreg("reproduce", "churn@v1.0.0", "-o", str(tmp_path / "deep" / "again"))
    assert result.code == 7
    assert "is damaged or was exchanged" in result.stderr
    assert not (tmp_path / "deep").exists()
    assert [place.name for place in tmp_path.iterdir() if place.name.startswith(".gitreg")] == []


def test_an_artifact_that_no_stage_makes_is_told_as_such(repository: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    repository.commit({"artifacts.yaml": "note:\n  path: README.md\n"})
    repository.register("note", "v1.0.0")
    assert anonymous(gitreg("reproduce", "note@latest", "-o", str(tmp_path / "again")), tmp_path) == snapshot("""\

exit 0
Checked out note v1.0.0 at COMMIT to PLACE/again
---- stderr
note: no pipeline stage of this commit makes the artifact, so nothing says how it was made
hint: read PLACE/again/REPRODUCE.md
""")


def test_the_guide_takes_the_name_of_no_file(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg.repository.commit({"reproduce.MD": "mine", "gitreg-REPRODUCE.md": "mine"})
    gitreg.repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"), "--json")
    assert json.loads(result.stdout)["guide"].endswith("/gitreg-gitreg-REPRODUCE.md")
    assert (tmp_path / "again" / "reproduce.MD").read_text(encoding="utf-8") == "mine"


def test_the_guide_takes_the_name_of_no_data_either(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    track(gitreg.repository, "REPRODUCE.md", USERS, store=store)
    gitreg.repository.commit({"dvc.yaml": STAGE.replace("data/users.csv", "REPRODUCE.md").replace("model.bin", "reproduce.json")})
    gitreg.repository.commit({"artifacts.yaml": "churn:\n  path: reproduce.json\n", "dvc.lock": None})
    gitreg.repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"), "--json")
    assert json.loads(result.stdout)["guide"].endswith("/gitreg-REPRODUCE.md")
    assert (tmp_path / "again" / "REPRODUCE.md").read_bytes() == USERS
    assert not (tmp_path / "again" / "reproduce.json").exists()


def test_nothing_of_a_repository_or_a_person_is_run(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    marker, repository = tmp_path / "marker", gitreg.repository
    run = f"touch {marker};"
    module = f'[submodule "module"]\n\tpath = module\n\turl = ext::{run}\n\tupdate = !{run}\n'
    repository.commit({".gitattributes": "* filter=evil\n", ".gitmodules": module})
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    repository.commit(message="Add a module")
    repository.register("churn", "v1.1.0")
    template = tmp_path / "template" / "hooks"
    template.mkdir(parents=True)
    (repository.path / ".git" / "hooks").mkdir(exist_ok=True)
    for folder in (template, repository.path / ".git" / "hooks"):
        for name in ("post-checkout", "post-index-change", "reference-transaction", "pre-auto-gc"):
            (folder / name).write_text(f"#!/bin/sh\n{run}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
    for key in ("filter.evil.smudge", "filter.evil.process", "core.fsmonitor", "uploadpack.packObjectsHook"):
        repository.git("config", key, run)
    personal = f'[init]\n\ttemplateDir = {template.parent}\n[core]\n\thooksPath = {template}\n[filter "evil"]\n\tsmudge = "{run}"\n\trequired\n'
    (tmp_path / "gitconfig").write_text(personal, encoding="utf-8")
    given = {"KEY_0": "filter.evil.smudge", "VALUE_0": run, "COUNT": "1", "GLOBAL": str(tmp_path / "gitconfig")}
    variables = {f"GIT_CONFIG_{name}": value for name, value in given.items()}
    place = str(tmp_path / "again")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", place, env={**variables, "GIT_TEMPLATE_DIR": str(template.parent)})
    assert result.code == 0, result.stderr
    assert not marker.exists()
    assert (tmp_path / "again" / "train.py").read_text(encoding="utf-8") == "#"
    assert list((tmp_path / "again" / "module").iterdir()) == []
    assert not (tmp_path / "again" / ".git" / "hooks").exists()


def test_data_is_written_through_no_link_of_the_commit(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    outside, repository = tmp_path / "outside", gitreg.repository
    outside.mkdir()
    evil = f"outs:\n- md5: {hash_of(USERS)}\n  hash: md5\n  path: link/users.csv\n"
    repository.commit({"evil.dvc": evil, "dvc.yaml": STAGE.replace("data/users.csv", "link/users.csv"), "dvc.lock": "{}"})
    (repository.path / "link").symlink_to(outside)
    repository.git("add", "link")
    repository.commit(message="Link")
    repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"))
    assert anonymous(result, tmp_path) == snapshot("""\

exit 5
---- stderr
error: the path 'link/users.csv' leads through a symbolic link of the commit, so nothing is written there
hint: leave the data out: --no-data
""")
    assert list(outside.iterdir()) == []
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("path", ["../out.csv", "/tmp/out.csv", ".git/hooks/post-checkout", "a/.GIT/config"])
def test_data_of_a_path_that_leads_out_is_not_written(store: Path, gitreg: GitregCommand, tmp_path: Path, path: str) -> None:
    repository = gitreg.repository
    evil = f"outs:\n- md5: {hash_of(USERS)}\n  hash: md5\n  path: {path}\n"
    repository.commit({"evil.dvc": evil, "dvc.yaml": STAGE.replace("data/users.csv", path), "dvc.lock": "{}"})
    repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"))
    assert result.code in {0, 5}
    if result.code == 0:
        assert "does not say what it is" in result.stderr or "is read where it is" in result.stderr
    assert not (tmp_path / "out.csv").exists()
    assert not (tmp_path / "again" / ".git" / "hooks").exists()


def test_what_git_and_dvc_both_keep_is_refused(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg.repository.commit({"data/users.csv": "mine"})
    gitreg.repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"))
    assert (result.code, "DVC and git both keep 'data/users.csv'" in result.stderr) == (4, True)
    assert gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"), "--no-data").code == 0


def test_what_git_lfs_keeps_takes_the_place_of_its_pointer(repository: Repository, gitreg: GitregCommand, tmp_path: Path) -> None:
    digest = hashlib.sha256(USERS).hexdigest()
    place = repository.path / ".git" / "lfs" / "objects" / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True)
    place.write_bytes(USERS)
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(USERS)}\n"
    files = {
        ".gitattributes": "*.csv filter=lfs\n",
        "artifacts.yaml": "churn:\n  path: model.bin\n",
        "dvc.yaml": "stages:\n  train:\n    cmd: x\n    deps: [users.csv, data]\n    outs: [model.bin]\n",
    }
    repository.git("config", "filter.lfs.clean", "cat")
    repository.commit({**files, "users.csv": pointer, "data/more.csv": pointer})
    repository.register("churn", "v1.0.0")
    again = tmp_path / "again"
    assert gitreg("reproduce", "churn@latest", "-o", str(again)).code == 0
    assert (again / "users.csv").read_bytes() == (again / "data" / "more.csv").read_bytes() == USERS
    assert "dvc.lock does not know the pipeline stages train" in (again / "REPRODUCE.md").read_text(encoding="utf-8")


def test_a_bare_repository_of_longer_ids_is_reproduced_too(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "long")
    repository.path.mkdir()
    repository.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    repository.commit({"artifacts.yaml": "note:\n  path: a.txt\n", "a.txt": "a", "b/c.sh": "c"})
    repository.register("note", "v1.0.0")
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    result = GitregCommand(repository)("reproduce", "note@latest", "-o", "../again", "--repo", str(tmp_path / "bare.git"))
    assert result.code == 0, result.stderr
    again = Repository(tmp_path / "again")
    assert (again.git("status", "--porcelain"), again.git("rev-parse", "HEAD")) == ("", repository.git("rev-parse", "HEAD"))
    assert list_files(again.path) == ["REPRODUCE.md", "a.txt", "artifacts.yaml", "b/c.sh", "reproduce.json"]


@pytest.mark.parametrize("words", [("resolve", "note#prod"), ("show", "note"), ("register", "note", "--dry-run")])
def test_a_checkout_of_the_very_first_commit_does_not_answer_as_if_there_were_no_versions(
    repository: Repository, gitreg: GitregCommand, tmp_path: Path, words: tuple[str, ...]
) -> None:
    repository.git("checkout", "--quiet", "--orphan", "fresh")
    repository.commit({"artifacts.yaml": "note:\n  path: a.txt\n", "a.txt": "a"})
    repository.register("note", "v1.0.0")
    repository.assign("note", "prod", "HEAD", version="v1.0.0")
    assert gitreg("reproduce", "note#prod", "-o", str(tmp_path / "again")).code == 0
    again = Repository(tmp_path / "again", now=repository.now, extra=repository.extra)
    assert not (again.path / ".git" / "shallow").exists()
    asked = GitregCommand(again)(*words)
    assert (asked.code, asked.stdout) == (6, "")
    assert "this clone was made without the tags of 'origin'" in asked.stderr
    again.git("config", "--unset", "remote.origin.tagOpt")
    again.git("fetch", "--quiet", "--tags", "origin")
    assert GitregCommand(again)("resolve", "note#prod").stdout == "v1.0.0\n"


@pytest.mark.slow
def test_dvc_makes_the_same_again(repository: Repository, gitreg: GitregCommand, tmp_path: Path, remote: Repository) -> None:
    make_churn(repository)
    run_dvc(repository, "remote", "add", "--default", "store", str(tmp_path / "store"))
    run_dvc(repository, "push", "--quiet")
    train_again(repository)
    repository.git("push", "--quiet", "--tags", "origin", "main")
    places = {"here": ".", "there": remote.path.as_uri()}
    for name, place in places.items():
        folder = tmp_path / name
        result = gitreg("reproduce", "churn@v1.0.0", "-o", str(folder), "--repo", place)
        assert result.code == 0, result.stderr
        again = Repository(folder, now=repository.now, extra=repository.extra)
        (check,) = read_facts(folder)["check"]
        assert not follow(again, check)
        ran = run_dvc(again, "repro", "train")
        assert "Running stage 'prepare'" in ran.stdout
        assert "Running stage 'train'" in ran.stdout
        assert follow(again, check)
        facts = read_facts(folder)
        assert facts["hash"] == f"md5:{hash_of((folder / 'model.safetensors').read_bytes())}"
        assert again.git("status", "--porcelain") == ""


PIPELINE = """\
stages:
  train:
    foreach: [a, b]
    do:
      cmd: cat ${item}.csv > ${item}.bin && cat ${item}.csv > metrics/${item}.json
      deps: ["${item}.csv"]
      outs: ["${item}.bin"]
      metrics: [{"metrics/${item}.json": {cache: false}}]
  measure:
    cmd: cat a.bin > scores.json
    deps: [a.bin]
    metrics: [{scores.json: {cache: false}}]
  report:
    cmd: cat metrics/a.json metrics/b.json > report.txt
    deps: [metrics/a.json, metrics/b.json]
    outs: [report.txt: {cache: false}]
"""


def make_pair(repository: Repository, store: Path) -> None:
    """Make two models in one pipeline, a measure of one of them and a report on both, with the real DVC."""
    set_up_dvc(repository, folder_storage(store))
    for name in ("a", "b"):
        (repository.path / f"{name}.csv").write_text(json.dumps({name: 1}), encoding="utf-8")
        run_dvc(repository, "add", "--quiet", f"{name}.csv")
    repository.commit({"dvc.yaml": PIPELINE, "artifacts.yaml": "a: {path: a.bin}\nboth: {path: report.txt}\n", "metrics/x": ""})
    run_dvc(repository, "repro", "--quiet")
    run_dvc(repository, "push", "--quiet")
    repository.git("add", "--all")
    repository.commit(message="Run")
    repository.register("a", "v1.0.0")
    repository.register("both", "v1.0.0")


def follow(again: Repository, command: str) -> bool:
    """Do what the guide says, up to what fails."""
    for part in command.split(" && "):
        program, *words = shlex.split(part)
        match program:
            case "dvc":
                code = run_dvc(again, *words, check=False).code
            case "git":
                code = subprocess.run(["git", *words], cwd=again.path, env=again.env, check=False, capture_output=True).returncode
            case _:
                code = 0
        if code:
            return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize(("name", "run"), [("a", "dvc repro --force measure"), ("both", "dvc repro --force report")])
def test_what_the_guide_says_makes_a_version_again_and_its_check_fails_before(
    repository: Repository, gitreg: GitregCommand, tmp_path: Path, name: str, run: str
) -> None:
    make_pair(repository, tmp_path / "store")
    result = gitreg("reproduce", f"{name}@v1.0.0", "-o", str(tmp_path / "again"))
    assert result.code == 0, result.stderr
    again = Repository(tmp_path / "again", now=repository.now, extra=repository.extra)
    facts = read_facts(again.path)
    assert facts["run"] == [run]
    assert not follow(again, facts["check"][0])
    for command in facts["run"]:
        assert follow(again, command)
    assert follow(again, facts["check"][0])
    assert (again.path / facts["path"]).read_bytes() == (repository.path / facts["path"]).read_bytes()
    (again.path / "a.bin").write_bytes(b"other")
    assert not follow(again, facts["check"][0])


@pytest.mark.slow
def test_a_stage_that_reads_what_is_not_fetched_is_left_out_with_its_metrics_and_said_so(
    repository: Repository, gitreg: GitregCommand, tmp_path: Path
) -> None:
    make_pair(repository, tmp_path / "store")
    result = gitreg("reproduce", "a@v1.0.0", "-o", str(tmp_path / "again"))
    facts = read_facts(tmp_path / "again")
    assert "note: not run again, since they read what is not made here: 'report' (metrics/b.json)\n" in result.stderr
    assert [stage["name"] for stage in facts["stages"]] == ["train@a", "measure"]
    assert [one["path"] for one in facts["inputs"]] == ["a.csv"]
    assert sorted(facts["metrics"]) == ["metrics/a.json", "scores.json"]


BROKEN = {
    "dvc.yaml": "stages:\n  train: [\n",
    "dvc.lock": "schema: '2.0'\nstages: {train: {\n",
    "params.yaml": "rate: {a: 1\n",
}


@pytest.mark.parametrize("file", sorted(BROKEN))
def test_what_dvc_cannot_read_it_is_not_told_to_run_and_each_problem_is_said_once(
    store: Path, gitreg: GitregCommand, tmp_path: Path, file: str
) -> None:
    gitreg.repository.commit({file: BROKEN[file]})
    gitreg.repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"))
    facts = read_facts(tmp_path / "again")
    assert (result.code, facts["run"], facts["check"]) == (0, [], [])
    assert f"note: DVC cannot run it as it is: it cannot read {file}\n" in result.stderr
    assert result.stderr.count("the file is no YAML") == 1
    assert result.stderr.endswith("REPRODUCE.md\n")
    guide = (tmp_path / "again" / "REPRODUCE.md").read_text(encoding="utf-8")
    assert (guide.count("dvc repro"), guide.count(f"cannot read {file}"), guide.count("the file is no YAML")) == (0, 1, 1)
    again = Repository(tmp_path / "again", now=gitreg.repository.now, extra=gitreg.repository.extra)
    assert run_dvc(again, "repro", "train", check=False).code != 0


@pytest.mark.parametrize("text", [None, "stages: {other: {cmd: x}}\n"])
def test_a_stage_that_only_the_lock_knows_is_not_told_to_be_run(
    store: Path, gitreg: GitregCommand, tmp_path: Path, text: str | None
) -> None:
    if text is None:
        gitreg.repository.git("rm", "--quiet", "dvc.yaml")
        gitreg.repository.commit(message="Remove the pipeline")
    else:
        gitreg.repository.commit({"dvc.yaml": text})
    gitreg.repository.register("churn", "v1.1.0")
    result = gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again"))
    assert result.code == 0
    assert "dvc repro" not in result.stderr
    assert "dvc.yaml of this commit does not define 'train'" in result.stderr or "no pipeline stage" in result.stderr


def test_a_stage_that_is_always_run_is_not_asked_whether_it_is_done(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    gitreg.repository.commit({"dvc.yaml": f"{STAGE}    always_changed: true\n"})
    gitreg.repository.register("churn", "v1.1.0")
    assert gitreg("reproduce", "churn@v1.1.0", "-o", str(tmp_path / "again")).code == 0
    facts = read_facts(tmp_path / "again")
    assert (facts["run"], facts["check"]) == (["dvc repro train"], [])
