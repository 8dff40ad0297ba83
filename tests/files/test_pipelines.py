from __future__ import annotations

import time

import pytest

from gitreg.core.pipelines import Material, Pipeline, Source, Stage
from gitreg.files.pipelines import parse_dvc_file, parse_pipeline, read_pipeline

DVC_YAML = b"""
vars: [more.yaml]
stages:
  train:
    wdir: src
    cmd: [python a.py, python b.py]
    deps: [train.py, ../data/x.csv]
    params:
      - train.rate
      - other.yaml: [a, b]
      - whole.toml:
    outs: [model]
    metrics:
      - m.json: {cache: false}
      - n.json
    plots: [curve.csv]
metrics: [all.json, "${x}.json"]
params: [dvclive/params.yaml]
plots: [dvclive/plots]
"""
LOCK = b"""
schema: '2.0'
stages:
  train:
    cmd:
    - python a.py
    - python b.py
    deps:
    - {path: ../data/x.csv, hash: md5, md5: '%s', size: 5}
    - {path: train.py, md5: '123', size: 1}
    - {path: 's3://u:p@bucket/k?versionId=1', etag: '7'}
    params:
      params.yaml: {train.rate: 0.5, net: {depth: 3, sizes: [1, 2]}, none: null, yes: true}
      other.yaml: {a: x}
    outs:
    - {path: model, hash: md5, md5: abc.dir, size: 9, nfiles: 2}
    - {path: m.json, hash: md5, md5: d}
""" % (b"0" * 32)


def only(pipeline: Pipeline) -> Stage:
    assert len(pipeline.stages) == 1
    return pipeline.stages[0]


def test_a_stage_is_what_the_lock_says_with_paths_from_the_root() -> None:
    pipeline = read_pipeline("sub/dvc.yaml", DVC_YAML, LOCK)
    assert only(pipeline) == Stage(
        name="train",
        file="sub/dvc.yaml",
        commands=("python a.py", "python b.py"),
        deps=(
            Material(path="sub/data/x.csv", hash=f"md5:{'0' * 32}", size=5),
            Material(path="sub/src/train.py", hash="md5-dos2unix:123", size=1),
            Material(path="s3://bucket/k", hash="etag:7"),
        ),
        outs=(Material(path="sub/src/model", hash="md5:abc.dir", size=9, files=2), Material(path="sub/src/m.json", hash="md5:d")),
        params={
            "sub/src/params.yaml": {"train.rate": 0.5, "net.depth": 3, "net.sizes": "[1, 2]", "none": None, "yes": True},
            "sub/src/other.yaml": {"a": "x"},
        },
        metrics=("sub/src/m.json", "sub/src/n.json"),
        params_files=("sub/src/params.yaml", "sub/src/other.yaml", "sub/src/whole.toml"),
        params_keys={"sub/src/params.yaml": ("train.rate",), "sub/src/other.yaml": ("a", "b")},
        locked=True,
    )
    assert (pipeline.metrics, pipeline.params) == (("sub/all.json",), ("sub/dvclive/params.yaml",))


def test_a_stage_that_was_never_run_is_what_its_definition_says() -> None:
    stage = only(read_pipeline("dvc.yaml", DVC_YAML, None))
    assert (stage.locked, stage.commands) == (False, ("python a.py", "python b.py"))
    assert [dep.path for dep in stage.deps] == ["src/train.py", "data/x.csv"]
    assert {out.path for out in stage.outs} == {"src/model", "src/m.json", "src/n.json", "src/curve.csv"}
    assert stage.params_files == ("src/params.yaml", "src/other.yaml", "src/whole.toml")


def test_a_lock_of_the_first_schema_has_its_stages_at_the_top() -> None:
    lock = b"train:\n  cmd: x\n  deps:\n  - {path: a, md5: '1'}\n  outs:\n  - {path: b, md5: '2'}\n"
    stage = only(read_pipeline("dvc.yaml", b"stages: {train: {cmd: x}}", lock))
    assert (stage.deps, stage.outs) == (
        (Material(path="a", hash="md5-dos2unix:1"),),
        (Material(path="b", hash="md5-dos2unix:2"),),
    )


def test_a_lock_alone_is_read_and_stages_that_are_no_longer_defined_are_not() -> None:
    lock = b"schema: '2.0'\nstages:\n  old: {cmd: x, outs: [{path: a, md5: '1', hash: md5}]}\n"
    assert only(read_pipeline("dvc.yaml", None, lock)).name == "old"
    assert [stage.name for stage in read_pipeline("dvc.yaml", b"stages: {new: {cmd: y}}", lock).stages] == ["new"]


FOREACH = b"""
stages:
  train:
    foreach: %s
    do:
      wdir: models/${%s}
      cmd: train ${item}
      outs: [model]
      params: ["${item}.rate", {"${item}.yaml": [a]}]
      metrics: [{"m-${item}.json": {cache: false}}, "x-${other}.json"]
  grid:
    matrix: {size: [small, large], seed: [1, 2]}
    wdir: ${item.size}/${item.seed}
    cmd: grid
    outs: [o]
"""


@pytest.mark.parametrize(("each", "place", "name", "folder"), [
    (b"[small, large]", b"item", "train@small", "models/small"),
    (b"{a: x, b: y}", b"key", "train@a", "models/a"),
    (b"{a: {dir: x}}", b"item.dir", "train@a", "models/x"),
    (b"[{dir: x}, {dir: y}]", b"item.dir", "train@1", "models/y"),
    (b"${list}", b"item", "train@anything", "models/anything"),
])  # fmt: skip
def test_a_stage_of_foreach_works_where_its_values_say(each: bytes, place: bytes, name: str, folder: str) -> None:
    lock = f"schema: '2.0'\nstages:\n  {name}: {{cmd: x, outs: [{{path: model, md5: '1', hash: md5}}]}}\n".encode()
    stages = read_pipeline("dvc.yaml", FOREACH % (each, place), lock).stages
    assert [out.path for out in stages[0].outs] == [f"{folder}/model"]
    assert [stage.name for stage in stages] == [name]


def test_a_stage_of_a_matrix_works_where_its_values_say() -> None:
    lock = b"schema: '2.0'\nstages:\n  grid@large-2: {cmd: x, outs: [{path: o, md5: '1', hash: md5}]}\n"
    stages = read_pipeline("dvc.yaml", FOREACH % (b"[a]", b"item"), lock).stages
    assert [(stage.name, out.path) for stage in stages for out in stage.outs] == [("grid@large-2", "large/2/o")]


def test_metrics_and_parameters_of_foreach_are_filled_in_and_templates_are_held_against_what_there_is() -> None:
    lock = b"schema: '2.0'\nstages:\n  train@a:\n    cmd: x\n    outs: [{path: x-7.json, md5: '1'}, {path: model, md5: '2'}]\n"
    stage = only(Pipeline(file="", stages=read_pipeline("dvc.yaml", FOREACH % (b"[a]", b"item"), lock).stages[:1]))
    assert stage.metrics == ("models/a/m-a.json", "models/a/x-7.json")
    assert stage.params_files == ("models/a/params.yaml", "models/a/a.yaml")


def test_a_stage_whose_folder_only_dvc_can_fill_in_is_left_out_and_told() -> None:
    lock = b"schema: '2.0'\nstages: {a: {cmd: x, outs: [{path: o, md5: '1'}]}, b: {cmd: y, outs: [{path: p, md5: '1'}]}}\n"
    pipeline, problems = parse_pipeline("dvc.yaml", b"stages: {a: {wdir: '${x}', cmd: x}, b: {cmd: y}}", lock)
    assert [stage.name for stage in pipeline.stages] == ["b"]
    assert ["'a'" in problem.message for problem in problems] == [True]
    assert parse_pipeline("dvc.yaml", b"stages: {a: {wdir: '${x}', cmd: x}}", None)[1] == ()


@pytest.mark.parametrize("broken", [b"stages: [", b"- a", b"\xff", b"x" * (9 << 20)])
def test_a_file_that_cannot_be_read_is_told_and_the_other_one_is_read(broken: bytes) -> None:
    pipeline, problems = parse_pipeline("sub/dvc.yaml", DVC_YAML, broken)
    assert (only(pipeline).locked, [problem.file for problem in problems]) == (False, ["sub/dvc.lock"])
    pipeline, problems = parse_pipeline("sub/dvc.yaml", broken, LOCK)
    assert (only(pipeline).locked, [problem.file for problem in problems]) == (True, ["sub/dvc.yaml"])


@pytest.mark.parametrize("odd", [
    b"", b"stages:", b"stages: []", b"stages: {a: 7, b: [x], c: null}", b"stages: {a: {cmd: {}, deps: {}, outs: 3, params: x}}",
    b"stages: {a: {cmd: x, deps: [null, [], {a: b}, {path: 7}], outs: [{path: null}], params: {p: 3, q: [1]}}}", b"schema: 2.0\nx: {}",
    b"metrics: {a: b}\nparams: 3\nstages: {t: {foreach: 3, do: 7}}", b"stages: {t: {foreach: [], do: {cmd: x}}, u: {matrix: 3}}",
])  # fmt: skip
def test_whatever_stands_in_the_files_reading_them_has_an_end(odd: bytes) -> None:
    for pair in ((odd, None), (None, odd), (odd, odd), (DVC_YAML, odd), (odd, LOCK)):
        parse_pipeline("dvc.yaml", *pair)
    parse_dvc_file("a.dvc", odd)


def test_imports_are_stages_with_where_they_came_from() -> None:
    commit = "c" * 40
    data = f"deps:\n- path: data/x\n  repo: {{url: 'https://me:pw@h/r', rev_lock: {commit}}}\nouts:\n- {{path: x, md5: '1', hash: md5}}\n"
    stage = only(parse_dvc_file("sub/x.dvc", data.encode())[0])
    assert (stage.name, stage.file, stage.commands) == ("x.dvc", "sub/x.dvc", ())
    assert stage.deps == (Material(path=f"https://h/r@{commit}:data/x", source=Source("https://h/r", commit, "data/x")),)
    assert stage.outs == (Material(path="sub/x", hash="md5:1"),)
    url = only(
        parse_dvc_file("y.dvc", b"wdir: w\ndeps:\n- {path: 'https://u:p@h/y?sig=1', etag: e, size: 3}\nouts:\n- {path: y}\n")[0]
    )
    assert (url.deps, url.outs) == ((Material(path="https://h/y", hash="etag:e", size=3),), (Material(path="w/y"),))


def test_data_that_was_only_added_is_made_by_nothing() -> None:
    assert parse_dvc_file("x.dvc", b"outs:\n- {path: x, md5: '1'}\n") == (Pipeline(file="x.dvc"), ())
    assert [problem.file for problem in parse_dvc_file("x.dvc", b"deps: [")[1]] == ["x.dvc"]


@pytest.mark.parametrize("name", ["train", "train@{}"])
def test_ten_thousand_stages_take_no_square_of_time(name: str) -> None:
    each = "\n".join(f"      k{number}: {{a: 1}}" for number in range(5_000))
    stages = f"  train:\n    foreach:\n{each}\n    do: {{cmd: x, wdir: '${{key}}', outs: [o]}}\n"
    stages = stages if "@" in name else "".join(f"  train{number}: {{cmd: x}}\n" for number in range(5_000))
    names = [name.format(f"k{number}") if "@" in name else f"train{number}" for number in range(5_000)]
    lock = "schema: '2.0'\nstages:\n" + "".join(f"  {one}: {{cmd: x, outs: [{{path: o, md5: a}}]}}\n" for one in names)
    begin = time.perf_counter()
    assert len(read_pipeline("dvc.yaml", f"stages:\n{stages}".encode(), lock.encode()).stages) == 5_000
    assert time.perf_counter() - begin < 20
