from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.entries import Pointer, PointerKind
from gitreg.files.outs import ListedFile, Origin, Out
from gitreg.files.pointers import Kind, check_pointer_files, find_out, find_pointer

MD5 = "d3b07384d113edec49eaa6238ad5ff00"
OUT = f"outs:\n- md5: {MD5}\n  size: 14\n  hash: md5\n  path: model.bin\n"
LFS = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 12345\n"


class Commit:
    """The files of a commit, as a mapping; a name that ends in ``@`` is a link and one that ends in ``!`` a submodule."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        self.reads: list[str] = []

    def read(self, path: str) -> bytes | None:
        self.reads.append(path)
        return self.files.get(path)

    def size(self, path: str) -> int | None:
        return len(self.files[path]) if path in self.files else None

    def kind(self, path: str) -> Kind | None:
        if f"{path}@" in self.files:
            return "link"
        if f"{path}!" in self.files:
            return "commit"
        if path in self.files:
            return "blob"
        return "tree" if not path or any(name.startswith(f"{path}/") for name in self.files) else None

    def names(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        return sorted({path[len(start) :].partition("/")[0] for path in self.files if path.startswith(start)})

    def list_locks(self) -> list[str]:
        return sorted(path for path in self.files if path.rpartition("/")[2] == "dvc.lock")

    def oid(self, path: str) -> str | None:
        return hashlib.sha1(path.encode(), usedforsecurity=False).hexdigest() if self.kind(path) else None


def point(path: str, files: Mapping[str, str | bytes]) -> Pointer:
    return find_pointer(path, Commit(files))


def dvc(path: str, **fields: Any) -> Pointer:
    return Pointer(kind=PointerKind.DVC, path=path, **fields)


class TestDvcFiles:
    def test_the_file_beside_the_path_has_hash_and_size(self) -> None:
        files = {"models/model.bin.dvc": OUT, "models/model.bin": "never in git, but first is first"}
        assert point("models/model.bin", files) == dvc("models/model.bin", hash=f"md5:{MD5}", size=14)

    def test_a_folder_has_a_number_of_files_and_a_remote_that_it_is_pinned_to(self) -> None:
        text = f"outs:\n- md5: {MD5}.dir\n  size: 300\n  nfiles: 3\n  hash: md5\n  path: data\n  remote: archive\n"
        assert point("data", {"data.dvc": text}) == dvc("data", hash=f"md5:{MD5}.dir", size=300, files=3, remote="archive")

    def test_a_path_inside_a_folder_that_dvc_keeps_has_no_hash_of_its_own(self) -> None:
        files = {"x/data.dvc": f"outs:\n- md5: {MD5}.dir\n  size: 300\n  nfiles: 3\n  hash: md5\n  path: data\n  remote: r\n"}
        assert point("x/data/train/a.csv", files) == dvc("x/data/train/a.csv", remote="r", inside="x/data")
        out = find_out("x/data/train/a.csv", Commit(files))
        assert out == Out(path="x/data", hash=f"md5:{MD5}.dir", size=300, files=3, remote="r")

    def test_a_working_folder_is_followed(self) -> None:
        text = f"wdir: ../data\nouts:\n- md5: {MD5}\n  hash: md5\n  path: raw.csv\n"
        assert find_out("raw.csv", Commit({"raw.csv.dvc": text})) is None
        assert point("data/raw.csv", {"data/raw.csv.dvc": text}).hash == f"md5:{MD5}"

    def test_a_file_of_dvc_2_has_the_hash_that_dvc_2_counted(self) -> None:
        assert point("m", {"m.dvc": f"outs:\n- md5: {MD5}\n  path: m\n"}).hash == f"md5-dos2unix:{MD5}"

    def test_a_hash_of_digits_alone_and_an_etag_stay_as_they_are_written(self) -> None:
        assert point("m", {"m.dvc": f"outs:\n- md5: {'0' * 31}1\n  hash: md5\n  path: m\n"}).hash == f"md5:{'0' * 31}1"
        assert point("m", {"m.dvc": "outs:\n- etag: 12e5\n  path: m\n"}).hash == "etag:12e5"

    def test_an_import_without_download_has_no_hash_but_the_size_and_the_place_of_what_it_was_made_from(self) -> None:
        text = "deps:\n- etag: x\n  size: 3\n  path: remote://ex/model.bin\n  version_id: v\nouts:\n- hash: md5\n  path: m\n"
        assert point("m", {"m.dvc": text}) == dvc("m", size=3, source="remote://ex/model.bin")
        out = find_out("m", Commit({"m.dvc": text}))
        assert out is not None
        assert out.origin == Origin(path="remote://ex/model.bin", etag="x", version_id="v", size=3)

    def test_an_import_names_the_other_repository_without_who_may_read_it(self) -> None:
        repo = f"  repo:\n    url: https://ann:secret@example.com/x.git\n    rev: v1\n    rev_lock: {'c' * 40}\n"
        text = f"deps:\n- path: data/m\n{repo}outs:\n- md5: {MD5}\n  hash: md5\n  path: m\n"
        assert point("m", {"m.dvc": text}).source == f"https://example.com/x.git@{'c' * 40}:data/m"
        plain = f"deps:\n- path: train.py\n  md5: {MD5}\nouts:\n- md5: {MD5}\n  hash: md5\n  path: m\n"
        assert point("m", {"m.dvc": plain}).source is None

    def test_a_store_that_keeps_versions_has_their_ids_in_the_file(self) -> None:
        text = f"outs:\n- md5: {MD5}\n  size: 4\n  hash: md5\n  path: m\n  isexec: true\n  cloud:\n    s:\n      etag: e\n      version_id: '1'\n"
        out = find_out("m", Commit({"m.dvc": text}))
        assert out is not None
        assert (out.cloud, out.executable) == ({"s": "1"}, True)

    def test_a_folder_that_is_listed_in_place_has_the_sizes_of_its_files(self) -> None:
        file = f"  - relpath: a/b.csv\n    md5: {MD5}\n    size: 4\n    cloud:\n      s:\n        version_id: x1\n"
        text = f"outs:\n- hash: md5\n  path: data\n  files:\n{file}"
        assert point("data", {"data.dvc": text}) == dvc("data", size=4, files=1)
        out = find_out("data/a", Commit({"data.dvc": text}))
        assert out is not None
        assert out.listed == (ListedFile(path="a/b.csv", hash=f"md5:{MD5}", size=4, cloud={"s": "x1"}),)

    def test_a_dvc_file_of_any_name_in_a_folder_of_the_path_counts_where_nothing_else_does(self) -> None:
        text = OUT.replace("path: model.bin", "path: models/model.bin")
        assert point("x/models/model.bin", {"x/weights.dvc": text, "x/others.dvc": OUT}).hash == f"md5:{MD5}"
        assert point("x/models/model.bin", {"x/weights.dvc": text, "x/models/model.bin": "git"}).kind is PointerKind.GIT
        assert point("x/models/model.bin", {"y/weights.dvc": text}).kind is PointerKind.MISSING

    @pytest.mark.parametrize(
        "text", ["", "outs: [", "outs: 3", "outs:\n- 3\n", "- a", "outs:\n- path: [x]\n", "outs:\n- path: other\n", b"\xff"]
    )
    def test_a_file_that_says_nothing_of_the_path_is_passed_over(self, text: str | bytes) -> None:
        assert point("m", {"m.dvc": text, "m": "x"}).kind is PointerKind.GIT


LOCK = f"""\
schema: '2.0'
stages:
  train@small:
    cmd: python train.py
    outs:
    - path: model.bin
      hash: md5
      md5: {MD5}
      size: 14
    - path: ../metrics.json
      hash: md5
      md5: {MD5}
  plain:
    outs:
    - path: plots
      md5: {MD5}.dir
      hash: md5
      nfiles: 2
"""
PIPELINE = """\
stages:
  train:
    foreach: [small, large]
    do:
      wdir: out
      cmd: python train.py
      outs:
      - model.bin:
          remote: archive
  plain:
    cmd: x
"""


AFAR = f"""\
schema: '2.0'
stages:
  train:
    cmd: python train.py
    outs:
    - path: ../../models/m.bin
      hash: md5
      md5: {MD5}
      size: 8
"""


class TestPipelines:
    def test_the_lock_of_a_folder_above_holds_the_path_with_stage_wdir_and_remote(self) -> None:
        files = {"p/dvc.lock": LOCK, "p/dvc.yaml": PIPELINE}
        found = dvc("p/out/model.bin", hash=f"md5:{MD5}", size=14, stage="train@small", remote="archive")
        assert point("p/out/model.bin", files) == found
        assert point("p/plots", files) == dvc("p/plots", hash=f"md5:{MD5}.dir", files=2, stage="plain")
        assert point("p/plots/roc.png", files) == dvc("p/plots/roc.png", stage="plain", inside="p/plots")

    def test_without_dvc_yaml_the_lock_alone_counts(self) -> None:
        assert point("model.bin", {"dvc.lock": LOCK}).stage == "train@small"

    def test_matrix_stages_and_names_with_an_at_of_their_own(self) -> None:
        lock = LOCK.replace("train@small", "train@small-1")
        assert (
            point("w/model.bin", {"dvc.lock": lock, "dvc.yaml": "stages: {train: {matrix: {a: [1]}, wdir: w}}"}).stage
            == "train@small-1"
        )
        assert point("w/model.bin", {"dvc.lock": lock, "dvc.yaml": "stages: {train@small-1: {wdir: w}}"}).stage == "train@small-1"

    @pytest.mark.parametrize(
        ("definition", "suffix", "folder"),
        [
            ("foreach: [a, 1]\n    do: {wdir: 'w/${item}', outs: [{'${item}.bin': {remote: r}}]}", "1", "w/1"),
            ("foreach: {a: x, b: y}\n    do: {wdir: 'w/${key}/${item}', outs: [{'${key}.bin': {remote: r}}]}", "b", "w/b/y"),
            ("foreach: {b: {c: z}}\n    do: {wdir: '${ item.c }', outs: [{'${key}.bin': {remote: r}}]}", "b", "z"),
            ("foreach: [{c: y}, {c: z}]\n    do: {wdir: 'w/${item.c}', outs: [{1.bin: {remote: r}}]}", "1", "w/z"),
            (
                "matrix: {m: [a, b], n: [1, 2]}\n    wdir: '${item.m}'\n    outs: [{'${item.m}-${item.n}.bin': {remote: r}}]",
                "b-2",
                "b",
            ),
            ("foreach: ${all}\n    do: {wdir: '${item}', outs: [{'${item}.bin': {remote: r}}]}", "q", "q"),
        ],
    )
    def test_the_templates_of_foreach_and_matrix_are_filled_in_by_the_name_of_the_stage(
        self, definition: str, suffix: str, folder: str
    ) -> None:
        lock = f"schema: '2.0'\nstages:\n  s@{suffix}:\n    outs:\n    - path: {suffix}.bin\n      hash: md5\n      md5: {MD5}\n"
        files = {"dvc.lock": lock, "dvc.yaml": f"stages:\n  s:\n    {definition}\n"}
        assert point(f"{folder}/{suffix}.bin", files) == dvc(
            f"{folder}/{suffix}.bin", hash=f"md5:{MD5}", stage=f"s@{suffix}", remote="r"
        )

    def test_a_working_folder_that_only_dvc_can_fill_in_is_not_guessed(self) -> None:
        files = {"dvc.lock": LOCK, "dvc.yaml": "stages: {train: {wdir: '${item}'}}"}
        assert point("model.bin", files).kind is PointerKind.MISSING
        assert point("plots", files).stage == "plain"

    def test_an_out_that_git_has_since_dvc_does_not_cache_it_is_in_git(self) -> None:
        assert (
            point("p/metrics.json", {"p/dvc.lock": LOCK, "p/dvc.yaml": PIPELINE, "p/metrics.json": "{}"}).kind is PointerKind.GIT
        )
        assert point("p/metrics.json", {"p/dvc.lock": LOCK, "p/dvc.yaml": PIPELINE}).stage == "train@small"

    def test_a_dvc_file_comes_before_a_lock_and_the_nearest_lock_first(self) -> None:
        other = LOCK.replace(MD5, "f" * 32)
        assert point("model.bin", {"model.bin.dvc": OUT, "dvc.lock": LOCK}).stage is None
        nested = {"a/dvc.lock": LOCK, "dvc.lock": other.replace("path: model.bin", "path: a/model.bin")}
        assert point("a/model.bin", nested).hash == f"md5:{MD5}"

    def test_a_pipeline_may_write_beside_its_folder_or_above_it(self) -> None:
        files = {"pipelines/x/dvc.lock": AFAR, "other/dvc.lock": AFAR.replace("models", "data")}
        found = dvc("models/m.bin", hash=f"md5:{MD5}", size=8, stage="train")
        assert point("models/m.bin", files) == found
        definition = {"pipelines/x/dvc.yaml": "stages:\n  train:\n    wdir: ../..\n"}
        assert point("models/m.bin", {"pipelines/x/dvc.lock": AFAR.replace("../../", ""), **definition}) == found
        assert point("models/inside/m.bin", {"a/dvc.lock": AFAR.replace("../../models/m.bin", "../models")}).inside == "models"

    def test_a_pipeline_elsewhere_counts_only_where_nothing_nearer_has_the_path(self) -> None:
        near = AFAR.replace("../../", "").replace(MD5, "e" * 32)
        assert point("models/m.bin", {"pipelines/x/dvc.lock": AFAR, "dvc.lock": near}).hash == f"md5:{'e' * 32}"
        assert point("models/m.bin", {"pipelines/x/dvc.lock": AFAR, "models/m.bin": "x"}).kind is PointerKind.GIT
        assert point("models/other.bin", {"pipelines/x/dvc.lock": AFAR}).kind is PointerKind.MISSING

    def test_a_broken_lock_elsewhere_that_may_have_named_the_path_is_a_cause(self) -> None:
        files = {"pipelines/x/dvc.lock": AFAR + "  - [", "other/dvc.lock": "a: ["}
        assert [problem.file for problem in check_pointer_files("models/m.bin", Commit(files))] == ["pipelines/x/dvc.lock"]
        assert list(check_pointer_files("s3://bucket/models/m.bin", Commit(files))) == []

    def test_a_lock_of_the_first_schema_is_read(self) -> None:
        lock = f"train:\n  cmd: x\n  outs:\n  - path: m\n    md5: {MD5}\n"
        assert point("m", {"dvc.lock": lock}) == dvc("m", hash=f"md5-dos2unix:{MD5}", stage="train")


class TestTheCommitItself:
    def test_an_address_is_an_address(self) -> None:
        assert point("s3://bucket/key", {}) == Pointer(kind=PointerKind.URL, path="s3://bucket/key")

    def test_a_pointer_of_git_lfs_has_hash_and_size(self) -> None:
        found = Pointer(kind=PointerKind.LFS, path="m", hash=f"sha256:{'ab' * 32}", size=12345)
        assert point("m", {"m": LFS}) == found
        assert point("m", {"m": LFS.replace("oid", "ext-0-foo sha256:00\noid")}) == found
        assert point("m", {"m": f"{LFS}more"}).kind is PointerKind.GIT

    def test_a_file_has_its_object_id_and_size_and_a_large_one_is_not_read(self) -> None:
        commit = Commit({"a/m": b"x" * 5000})
        found = find_pointer("a/m", commit)
        assert (found.kind, found.size, found.hash) == (PointerKind.GIT, 5000, f"git:{commit.oid('a/m')}")
        assert "a/m" not in commit.reads

    def test_a_folder_has_its_object_id(self) -> None:
        for path in ("a", "a/", "./a", "."):
            found = point(path, {"a/m": "x"})
            assert (found.kind, found.size) == (PointerKind.GIT, None)

    def test_a_link_a_submodule_and_nothing_are_missing(self) -> None:
        for path in ("link", "module", "nothing", "a/nothing"):
            assert point(path, {"link@": "x", "module!": "", "a/m": "x"}) == Pointer(kind=PointerKind.MISSING, path=path)

    @pytest.mark.timeout(5)
    @pytest.mark.parametrize("path", ["/", "//", "/data/users.csv", "//data/users.csv", "../users.csv"])
    def test_what_is_outside_of_the_repository_is_missing(self, path: str) -> None:
        assert point(path, {"data/users.csv": "x"}).kind is PointerKind.MISSING


@given(st.binary(), st.sampled_from(["m.dvc", "dvc.lock", "m"]))
def test_no_bytes_in_a_commit_make_it_raise(data: bytes, file: str) -> None:
    find_pointer("m", Commit({file: data}))
