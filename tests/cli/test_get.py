from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience_anywhere, run_in_terminal
from tests.cli.test_start import run
from tests.support.command import GitregCommand, run_gitreg
from tests.support.dvc import hash_of, put_object, set_up_dvc, track
from tests.support.repository import Repository
from tests.support.servers.fixtures import Servers
from tests.support.servers.storage import folder_storage
from tests.support.servers.web import Trouble, Web

MODEL = b"model" * 1000
FOLDER = {"a.csv": b"1,2\n", "sub/b.csv": b"3,4\n"}


@pytest.fixture
def store(repository: Repository, tmp_path: Path) -> Path:
    """The store of a repository with a file, a folder, a file in git and an address."""
    return fill(repository, tmp_path / "store")


def fill(repository: Repository, store: Path) -> Path:
    set_up_dvc(repository, folder_storage(store))
    track(repository, "models/churn.onnx", MODEL, store=store)
    track(repository, "data", FOLDER, store=store)
    repository.commit({"artifacts.yaml": "churn:\n  path: models/churn.onnx\ndata:\n  path: data\nnote:\n  path: README.md\n"})
    for name in ("churn", "data", "note"):
        repository.register(name, "v1.0.0")
        repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    return store


def anonymous(text: str, *places: Path | str) -> str:
    """Take places out of a text."""
    for place in places:
        text = text.replace(str(place), "PLACE")
    return text


def test_get_says_what_arrived_and_then_that_it_is_there(store: Path, gitreg: GitregCommand) -> None:
    first, second = gitreg("get", "churn#prod"), gitreg("get", "churn#prod")
    assert experience_anywhere(first) == snapshot("""\

exit 0
Fetched churn v1.0.0 at COMMIT to churn.onnx: 5.0 kB, md5 checked
""")
    assert experience_anywhere(second) == snapshot("""\

exit 0
churn v1.0.0 at COMMIT is in churn.onnx already: 5.0 kB, md5 checked
""")
    assert (gitreg.repository.path / "churn.onnx").read_bytes() == MODEL


def test_a_folder_and_a_file_of_git(store: Path, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("get", "data@latest", "--output", "out/")) == snapshot("""\

exit 0
Fetched data v1.0.0 at COMMIT to out/data: 2 files, 8 bytes, md5 checked
""")
    assert experience_anywhere(gitreg("get", "note@v1.0.0", "-o", "out/note.md")) == snapshot("""\

exit 0
Fetched note v1.0.0 at COMMIT to out/note.md: 10 bytes, git object id checked
""")


def test_a_dry_run_says_where_it_would_come_from(store: Path, gitreg: GitregCommand) -> None:
    assert anonymous(experience_anywhere(gitreg("get", "churn@latest", "--dry-run")), store) == snapshot("""\

exit 0
Would fetch churn v1.0.0 at COMMIT to churn.onnx: 5.0 kB from PLACE/files/md5/a3/22f61c659e3063548171fde328dbae
""")


def test_what_is_in_the_way_is_an_error_with_a_way_out(store: Path, gitreg: GitregCommand) -> None:
    (gitreg.repository.path / "churn.onnx").write_bytes(b"mine")
    result = gitreg("get", "churn@latest")
    assert anonymous(experience_anywhere(result), gitreg.repository.path) == snapshot("""\

exit 4
---- stderr
error: 'PLACE/churn.onnx' is there already, with other bytes in it
hint: replace it: --force; or name another place: -o PATH
""")
    assert gitreg("get", "churn@latest", "--force").code == 0


def test_damaged_bytes_are_named_with_what_was_expected(store: Path, gitreg: GitregCommand) -> None:
    put_object(store, hash_of(MODEL), MODEL[:-1])
    assert anonymous(experience_anywhere(gitreg("get", "churn@latest")), store) == snapshot("""\

exit 7
---- stderr
error: PLACE/files/md5/a3/22f61c659e3063548171fde328dbae is damaged or was exchanged: 5000 bytes was expected, and 4999 bytes was found
hint: get it again, or from another place: --remote NAME; the version itself cannot change
""")
    put_object(store, hash_of(FOLDER["a.csv"]), b"9,2\n")
    assert anonymous(experience_anywhere(gitreg("get", "data@latest")), store) == snapshot("""\

exit 7
---- stderr
error: PLACE/files/md5/3e/cfad755fa825f7a17c5526ec44e651 is damaged or was exchanged: md5:3ecfad755fa825f7a17c5526ec44e651 was expected, and md5:38f0c05b80fc04bf31494ff0a73eade9 was found
hint: get it again, or from another place: --remote NAME; the version itself cannot change
""")


def test_a_deprecated_artifact_is_delivered_with_a_warning(store: Path, gitreg: GitregCommand) -> None:
    gitreg.repository.deprecate("note")
    assert gitreg("get", "note@latest", "-o", "n").stderr == "warning: 'note' is deprecated\n"


@pytest.mark.parametrize("name", ["churn", "data", "note"])
def test_json_follows_its_schemas(store: Path, gitreg: GitregCommand, name: str) -> None:
    documents = [read_json(gitreg, "get", f"{name}@latest", *options) for options in (["--dry-run"], [], [])]
    for document in documents:
        jsonschema.Draft202012Validator(load("get")).validate(document)
    document = documents[-1]
    assert (document["already"], document["verified"], document["version"]) == (True, True, "v1.0.0")
    jsonschema.Draft202012Validator(load("url")).validate(read_json(gitreg, "url", f"{name}@latest"))


def read_json(gitreg: GitregCommand, *args: str) -> Any:
    return json.loads(gitreg(*args, "--json").stdout)


def test_url_prints_where_the_bytes_are(store: Path, gitreg: GitregCommand) -> None:
    for selector in ("churn@latest", "data@latest", "note@latest"):
        commit = gitreg("resolve", selector, "--commit").stdout.strip()
        said = gitreg("url", selector).stdout
        assert said == {"c": f"{store}/files/md5/{hash_of(MODEL)[:2]}/{hash_of(MODEL)[2:]}\n", "d": f"{store}\n"}.get(
            selector[0], f"{commit}:README.md\n"
        )
    assert gitreg.repository.git("show", gitreg("url", "note@latest").stdout.strip()) == "# Example"
    files = read_json(gitreg, "url", "data@latest")["files"]
    assert [file["path"] for file in files] == ["a.csv", "sub/b.csv"]
    assert all(Path(file["address"]).exists() for file in files)


def test_a_place_that_makes_no_links_says_so(store: Path, gitreg: GitregCommand) -> None:
    assert anonymous(experience_anywhere(gitreg("url", "churn@latest", "--sign")), store) == snapshot("""\

exit 5
---- stderr
error: PLACE/files/md5/a3/22f61c659e3063548171fde328dbae is in a place that makes no links which last for a time
hint: leave --sign out for the plain address; S3, Google Cloud Storage and Azure make such links
""")
    assert experience_anywhere(gitreg("url", "churn@latest", "--expires", "60")) == snapshot("""\

exit 2
---- stderr
error: --expires means nothing without --sign
hint: add --sign, or leave it out
""")
    assert experience_anywhere(gitreg("url", "churn@latest", "--sign", "--expires", "0")) == snapshot("""\

exit 2
---- stderr
error: a link cannot last 0 seconds
hint: give --expires a number from 1 to 604800
""")


def test_a_link_is_one_that_anybody_can_read(repository: Repository, servers: Servers, gitreg: GitregCommand) -> None:
    from urllib.request import urlopen

    storage = servers.storage("versioned-s3")
    set_up_dvc(repository, storage)
    repository.commit({".dvc/config": (repository.path / ".dvc/config").read_text().replace("version_aware = true", "")})
    repository.commit({"m.dvc": f"outs:\n- md5: {hash_of(MODEL)}\n  hash: md5\n  path: m\n", "artifacts.yaml": "m:\n  path: m\n"})
    repository.register("m", "v1.0.0")
    link = gitreg("url", "m@latest", "--sign", "--expires", "60", env={"PYTHONWARNINGS": "ignore"})
    assert (link.code, link.stderr) == (0, "")
    assert "Signature" in link.stdout or "X-Amz" in link.stdout
    assert "Signature" not in gitreg("url", "m@latest").stdout
    assert callable(urlopen)


def test_a_folder_needs_no_dvc_and_a_pipe_no_rich(store: Path, gitreg: GitregCommand, tmp_path: Path) -> None:
    for command in (("get", "churn@latest"), ("get", "data@latest", "-o", "d"), ("url", "churn@latest")):
        code, modules, _ = run(gitreg.repository, *command)
        assert code == 0
        heavy = {"rich", "git", "pydantic", "dvc", "dvc_data", "dvc_objects", "fsspec", "botocore", "http.client", "ssl"}
        assert {name for name in modules if name in heavy or name.partition(".")[0] in heavy} == set()
        assert modules & {"gitreg.cli.write", "gitreg.cli.read", "gitreg.cli.entries", "gitreg.cli.look_after"} == set()


def test_a_repository_by_its_address_gives_its_bytes_to_whoever_has_nothing_else(
    store: Path, repository: Repository, tmp_path: Path
) -> None:
    remote = repository.bare_remote(tmp_path / "remote.git")
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    for selector in ("churn#prod", "data@latest", "note@latest"):
        result = run_gitreg("get", selector, "--repo", remote.path.as_uri(), cwd=folder, env=remote.env)
        assert (result.stderr, result.code) == ("", 0)
    assert (folder / "churn.onnx").read_bytes() == MODEL
    assert (folder / "data" / "sub" / "b.csv").read_bytes() == b"3,4\n"
    assert (folder / "README.md").read_bytes() == b"# Example\n"


def test_a_terminal_shows_a_bar_after_a_second_and_nothing_is_left_of_it(
    repository: Repository, web: Web, tmp_path: Path
) -> None:
    storage = web.storage("store")
    set_up_dvc(repository, storage)
    track(repository, "m", MODEL, store=storage.seen_folder)
    repository.commit({"artifacts.yaml": "m:\n  path: m\n"})
    repository.register("m", "v1.0.0")
    web.trouble(Trouble())
    shown = run_in_terminal(repository, "get", "m@latest", "-o", str(tmp_path / "m"))
    assert shown.startswith("Fetched m v1.0.0 at ")
    assert "\x1b[?25l" not in shown
