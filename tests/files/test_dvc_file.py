"""``.dvc`` files, lines of ``.gitignore`` and DVC's configuration, byte for byte as the real DVC writes them."""

from __future__ import annotations

from typing import Final

import pytest
from inline_snapshot import snapshot

from gitreg.errors import FileFault, Refused
from gitreg.files.dvc_config import read_dvc_config
from gitreg.files.dvc_file import OutFacts, set_out
from gitreg.files.dvc_setup import CONFIG, SETUP, add_default_remote
from gitreg.files.gitignore import add_pattern, format_pattern, has_pattern
from tests.support.dvc import hash_of, run_dvc
from tests.support.repository import Repository

NAMES: Final = (
    "model.onnx", "with space", "ü ñ.bin", "-dash", "#hash", "yes", "123", "1e3", "0x1f", "~", "null", "a: b", "it's", 'q"uote', "[x]!?*",
    "long " * 30 + "end", "&anchor", "@at", "%percent", "{brace}", "-",
)  # fmt: skip
PERSONS: Final = b"""\
# who made it
meta:
    owner: ann   # not bob
outs:
  - path: model.onnx
    desc: The best
    md5: 26ab0db90d72e28ad0ba1e22ee510510
    size: 2
    remote: other
    labels: [a, b]
"""


def facts_of(data: bytes) -> OutFacts:
    return OutFacts(md5=hash_of(data), size=len(data))


@pytest.mark.slow
def test_files_are_those_of_dvc_for_every_name(repository: Repository) -> None:
    run_dvc(repository, "init")
    assert {name: (repository.path / name).read_bytes() for name in SETUP} == SETUP
    for name in NAMES:
        (repository.path / name).write_text("x\n")
    (repository.path / "model.onnx.dvc").write_bytes(PERSONS)
    (repository.path / ".gitignore").write_text("*.tmp")
    run_dvc(repository, "add", "--", *NAMES)
    ignored: bytes = b"*.tmp"
    for name in NAMES:
        before = PERSONS if name == "model.onnx" else None
        assert set_out(before, name, facts_of(b"x\n")) == (repository.path / f"{name}.dvc").read_bytes(), name
        ignored = add_pattern(ignored, name)
    assert ignored == (repository.path / ".gitignore").read_bytes()
    run_dvc(repository, "remote", "add", "--default", "storage", "/some where/a, b#c")
    assert add_default_remote(b"", "storage", "/some where/a, b#c") == (repository.path / CONFIG).read_bytes()


def test_what_a_person_wrote_stays_and_what_dvc_2_wrote_becomes_what_dvc_3_writes() -> None:
    assert set_out(PERSONS, "model.onnx", OutFacts(md5="ab.dir", size=7, files=2)).decode() == snapshot("""\
# who made it
meta:
  owner: ann     # not bob
outs:
- path: model.onnx
  desc: The best
  md5: ab.dir
  size: 7
  remote: other
  labels: [a, b]
  nfiles: 2
  hash: md5
""")


def test_what_was_said_of_other_bytes_goes() -> None:
    before = b"outs:\n- md5: aa\n  size: 1\n  nfiles: 3\n  isexec: true\n  cloud: {s: {etag: x}}\n  hash: md5\n  path: m\n"
    assert set_out(before, "m", OutFacts(md5="bb", size=2, executable=True)).decode() == snapshot("""\
outs:
- md5: bb
  size: 2
  isexec: true
  hash: md5
  path: m
""")


def test_writing_the_same_again_changes_nothing() -> None:
    once = set_out(PERSONS, "model.onnx", facts_of(b"x"))
    assert set_out(once, "model.onnx", facts_of(b"x")) == once


@pytest.mark.parametrize(
    "data",
    [
        b"\xff", b"[1]", b"outs: [", b"", b"outs: []\n", b"outs:\n- path: other\n", b"outs:\n- path: m\n- path: n\n", b"outs:\n- m\n",
        b"wdir: sub\nouts:\n- path: m\n", b"outs:\n- path: &a m\n  md5: *b\n", b"outs: " + b"[" * 5000,
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(FileFault) as caught:
        set_out(data, "m", facts_of(b"x"))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"deps:\n- path: https://example.com/m\nouts:\n- path: m\n", "the bytes come from elsewhere"),
        (b"frozen: true\nouts:\n- path: m\n", "the bytes come from elsewhere"),
        (b"outs:\n- path: m\n  cache: false\n", "cache: false"),
    ],
)
def test_bytes_that_are_not_dvcs_to_keep_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        set_out(data, "m", facts_of(b"x"))


def test_a_line_is_added_once_and_after_a_last_line_without_an_end() -> None:
    assert add_pattern(None, "a") == b"/a\n"
    assert add_pattern(b"x", "a") == b"x\n/a\n"
    assert add_pattern(b"/a", "a") == b"/a"
    assert add_pattern(b"/a\r\nx\r\n", "a") == b"/a\r\nx\r\n"
    assert add_pattern(b"/ab\n", "a") == b"/ab\n/a\n"
    assert has_pattern(b"x\n/a\n", "a")
    assert not has_pattern(None, "a")


@pytest.mark.parametrize("name", ["a b", "end ", "[x]", "!x", "#x", "x*?", "ü"])
def test_git_ignores_exactly_that_file(name: str, repository: Repository) -> None:
    (repository.path / ".gitignore").write_bytes(add_pattern(None, name))
    assert repository.git("check-ignore", "--", name, check=False)
    assert not repository.git("check-ignore", "--", f"sub/{name}", f"{name}x", "x", check=False), format_pattern(name)


def test_a_default_remote_is_never_overwritten() -> None:
    once = add_default_remote(b"", "storage", "/a")
    assert add_default_remote(once, "storage", "/a") == once
    for other in (once, b"[core]\n    remote = x\n['remote \"x\"']\n    url = /x\n", b"[core]\nremote = gone\n"):
        with pytest.raises(Refused, match="there is a default storage already"):
            add_default_remote(other, "storage", "/b")
    with pytest.raises(Refused, match="there is a storage 'storage' already"):
        add_default_remote(b"['remote \"storage\"']\n    url = /b\n", "storage", "/a")


def test_what_else_the_configuration_says_stays() -> None:
    before = b'# ours\n[cache]\n    type = "reflink,copy"\n[\'remote "other"\']\n    url = s3://b/c\n    region = x\n'
    after = add_default_remote(before, "storage", "/a")
    assert after.startswith(before)
    config = read_dvc_config(after, CONFIG)
    assert (config.remote, config.remotes["storage"]["url"]) == ("storage", "/a")
