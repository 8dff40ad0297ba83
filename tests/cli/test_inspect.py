"""What people see of `gitreg inspect`."""

from __future__ import annotations

import json
import pickle
import struct
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render import schemas
from tests.cli.terminal import environment_of, experience
from tests.formats.samples import names, sample
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def test_a_file_says_what_it_takes_and_gives(repository: Repository, gitreg: GitregCommand) -> None:
    (repository.path / "churn.onnx").write_bytes(sample("churn.onnx"))
    assert experience(gitreg("inspect", "churn.onnx")) == snapshot("""\

exit 0
read from:  churn.onnx
format:     onnx
framework:  onnx
size:       184 bytes
parameters: 10
stored as:  float32 (1 tensor), int8 (1 tensor)
opset:      ai.onnx 17, com.example 2
IR version: 8
loading it: runs no code

Metadata
name              value
author            Ann
graph             churn
nodes             1
producer          gitreg
producer_version  1.0

Inputs
name  type     shape
x     float32  [N, 4]

Outputs
name  type     shape
y     float32  [N, 2]

note: it uses operators of 'com.example', which whoever runs it must have
""")


def test_a_pickle_says_what_it_would_import_and_warns(repository: Repository, gitreg: GitregCommand) -> None:
    (repository.path / "evil.pkl").write_bytes(b"cposix\nsystem\n(S'touch /tmp/x'\ntR.")
    assert experience(gitreg("inspect", "evil.pkl")) == snapshot("""\

exit 0
read from:  evil.pkl
format:     pickle
size:       34 bytes
loading it: may run code

Metadata
name   value
class  posix.system

Loading it imports
name          verdict
posix.system  not known to be safe
---- stderr
warning: loading it could run code: posix.system
""")


def test_a_file_beside_the_model_that_runs_code_is_named(repository: Repository, gitreg: GitregCommand) -> None:
    (repository.path / "hub").mkdir()
    (repository.path / "hub/clf.pkl").write_bytes(pickle.dumps({"a": 1}))
    (repository.path / "hub/evil.pkl").write_bytes(b"cposix\nsystem\n(S'touch /tmp/x'\ntR.")
    assert experience(gitreg("inspect", "hub")) == snapshot("""\

exit 0
read from:  hub
file:       clf.pkl
format:     pickle
size:       55 bytes (whole folder)
loading it: may run code

Metadata
name  value
keys  a

Loading it imports
name          verdict
posix.system  not known to be safe

note: evil.pkl: loading it could run code: posix.system
---- stderr
warning: loading it could run code: posix.system
""")


def test_metadata_are_told_apart_from_facts(repository: Repository, gitreg: GitregCommand) -> None:
    header = b'{"__metadata__":{"format":"pt","size":"0 bytes"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    (repository.path / "a.safetensors").write_bytes(struct.pack("<Q", len(header)) + header + bytes(4))
    assert experience(gitreg("inspect", "a.safetensors")) == snapshot("""\

exit 0
read from:  a.safetensors
format:     safetensors
framework:  pytorch
size:       114 bytes
parameters: 1
stored as:  float32 (1 tensor)
loading it: runs no code

Metadata
name    value
format  pt
size    0 bytes
""")


def test_a_selector_says_which_version_and_where_entry_and_file_differ(repository: Repository, gitreg: GitregCommand) -> None:
    schema = "  schema:\n    inputs:\n      - {name: x, type: int64}\n"
    repository.commit({"artifacts.yaml": f"churn:\n  path: churn.lgb\n{schema}", "churn.lgb": sample("lightgbm.txt")})
    repository.register("churn", "v1.0.0")
    assert experience(gitreg("inspect", "churn@latest")) == snapshot("""\

exit 0
artifact:   churn v1.0.0
read from:  git object d29903da45 of commit c9422ab
format:     lightgbm
framework:  lightgbm
size:       5.1 kB
loading it: runs no code

Metadata
name                    value
label_index             0
model_version           v4
num_class               1
num_tree_per_iteration  1
objective               binary sigmoid:1
trees                   3

Inputs
name  type     shape
age   float64  -
fee   float64  -
used  float64  -

Outputs
name        type     shape
prediction  float64  [?]

Otherwise than the entry says:
  input 'x' is gone
  input 'age' is new and must be given
  input 'fee' is new and must be given
  input 'used' is new and must be given
""")


def test_what_is_neither_file_nor_selector_says_so(repository: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("inspect", "models/churn.onnx")) == snapshot("""\

exit 3
---- stderr
error: there is no file 'models/churn.onnx', and it is no selector
hint: a selector is 'churn', 'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'
""")
    assert experience(gitreg("inspect", "chrun")) == snapshot("""\

exit 3
---- stderr
error: there is no artifact 'chrun'
hint: see what there is: gitreg show --all
""")
    assert repository.path.is_dir()


def test_a_file_needs_no_repository(tmp_path: Path, gitreg: GitregCommand) -> None:
    (tmp_path / "churn.onnx").write_bytes(sample("churn.onnx"))
    done = gitreg("inspect", "churn.onnx", "--json", cwd=tmp_path)
    assert (done.code, json.loads(done.stdout)["format"]) == (0, "onnx")


def test_a_file_wins_over_an_artifact_of_its_name(repository: Repository, gitreg: GitregCommand) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: a.npy\n", "a.npy": sample("array.npy"), "churn": sample("churn.onnx")})
    repository.register("churn", "v1.0.0")
    formats = [json.loads(gitreg("inspect", text, "--json").stdout)["format"] for text in ("churn", "./churn", "churn@latest")]
    assert formats == ["onnx", "onnx", "npy"]


def test_a_name_of_both_a_file_and_an_artifact_says_how_to_name_the_other_one(
    repository: Repository, gitreg: GitregCommand
) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: a.npy\n", "a.npy": "", "churn": sample("churn.onnx")})
    told = (
        "note: 'churn' is a file or folder here, and an artifact: this is './churn'\n"
        "hint: for the artifact: gitreg inspect 'churn@latest'\n"
    )
    assert [gitreg("inspect", text).stderr for text in ("churn", "./churn")] == [told, ""]
    assert gitreg("inspect", "a.npy").stderr == ""
    assert gitreg("inspect", "churn", "--repo", "https://host.invalid/registry.git").stderr == ""


@pytest.mark.parametrize("name", names())
def test_the_json_of_every_format_follows_the_schema(repository: Repository, gitreg: GitregCommand, name: str) -> None:
    (repository.path / name).write_bytes(sample(name))
    document = json.loads(gitreg("inspect", name, "--json").stdout)
    schema = schemas.load("inspect")
    jsonschema.Draft202012Validator(schema).validate(document)
    assert sorted(document) == schema["required"]


BEGINNINGS = {
    "a.safetensors": struct.pack("<Q", 61) + b'{"w":{"dtype":"F32","shape":[1000],"data_offsets":[0,4000]}}'.ljust(61),
    "a.onnx": b"\x08\x08:" + bytes([0x80, 0x80, 0x80, 0xBE, 0x01]) + b"*" + bytes([0xFA, 0xFF, 0xFF, 0xBD, 0x01]),
    "a.gguf": sample("churn.gguf"),
}


DRIVER = """
import contextlib, io, resource, sys
from gitreg.cli.main import main
sys.argv = ["gitreg", "inspect", sys.argv[1], "--json"]
with contextlib.redirect_stdout(io.StringIO()):
    main()
try:
    with open("/proc/self/status") as status:  # unlike getrusage it leaves out what was before the program
        kilobytes = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> (10 if sys.platform == "darwin" else 0)
print(kilobytes, file=sys.stderr)
"""


@pytest.mark.parametrize("name", BEGINNINGS)
def test_a_file_of_400_megabytes_takes_less_than_60_of_memory(repository: Repository, name: str) -> None:
    with (repository.path / name).open("wb") as file:
        file.write(BEGINNINGS[name])
        file.truncate(400 << 20)
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, name], cwd=repository.path, env=environment_of(repository), capture_output=True, check=True
    )
    assert int(done.stderr.split()[-1]) < 60_000


def test_hostile_texts_act_on_no_terminal(repository: Repository, gitreg: GitregCommand) -> None:
    hostile = sample("churn.onnx").replace(b"churn", b"\x1b[31m").replace(b"gitreg", b"[red]a\n")
    (repository.path / "a.onnx").write_bytes(hostile)
    (repository.path / "a.pkl").write_bytes(pickle.dumps({"\x1b]0;x\x07": 1}) + b"c\x1b[2J\nx\n")
    for name in ("a.onnx", "a.pkl"):
        done = gitreg("inspect", name)
        assert "\x1b" not in done.stdout + done.stderr
        assert done.code == 0


def test_an_address_of_a_repository_is_enough(repository: Repository, tmp_path: Path, gitreg: GitregCommand) -> None:
    repository.commit({"artifacts.yaml": "churn:\n  path: churn.onnx\n", "churn.onnx": sample("churn.onnx")})
    repository.register("churn", "v1.0.0")
    bare = repository.bare_remote(tmp_path / "remote.git")
    repository.git("push", "--quiet", str(bare.path), "HEAD:refs/heads/main", "churn@v1.0.0")
    done = gitreg("inspect", "churn@latest", "--repo", bare.path.as_uri(), "--json", cwd=tmp_path)
    assert (done.code, json.loads(done.stdout)["inputs"][0]["name"]) == (0, "x")
