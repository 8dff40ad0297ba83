from __future__ import annotations

import time

import pytest

from gitreg.core import trace_nodes
from gitreg.core.entries import Pointer, PointerKind
from gitreg.core.lineage import NodeKind
from gitreg.core.pipelines import Material, Pipeline, Source, Stage
from gitreg.core.runs import Run
from gitreg.core.trace import build_graph, list_code, list_leaves
from gitreg.core.trace_nodes import Graph, Ingredients, Relative

A, B = "a" * 40, "b" * 40


def stage(name: str, deps: str = "", outs: str = "", **more: object) -> Stage:
    made = {"file": "dvc.yaml", "commands": (f"python {name}.py",), "locked": True, **more}
    return Stage(name=name, deps=materials(deps), outs=materials(outs), **made)  # type: ignore[arg-type]


def materials(paths: str) -> tuple[Material, ...]:
    return tuple(Material(path=path, hash=f"md5:{path}", size=len(path)) for path in paths.split())


def ingredients(*stages: Stage, path: str | None = "model", **more: object) -> Ingredients:
    made = {"version": "v1.0.0", "commit": A, "pipelines": (Pipeline(file="dvc.yaml", stages=stages),), **more}
    return Ingredients(artifact="churn", path=path, **made)  # type: ignore[arg-type]


def arrows(graph: Graph) -> set[str]:
    return {f"{edge.source} {edge.kind} {edge.target}" for edge in graph.edges}


ROOT = "version:churn@v1.0.0"


def test_a_version_is_made_by_its_stages_from_data_and_code() -> None:
    prepare = stage("prepare", "data/users prepare.py", "prepared", params={"params.yaml": {"a": 1}})
    train = stage("train", "prepared train.py", "model m.json", metrics=("m.json",), params_files=("other.yaml",))
    graph = build_graph(ingredients(prepare, train, data={"data/users"}))
    assert arrows(graph) == {
        f"{ROOT} made-by stage:dvc.yaml:train",
        "stage:dvc.yaml:train reads path:prepared",
        "stage:dvc.yaml:train reads path:train.py",
        "stage:dvc.yaml:train reads params:dvc.yaml:train:other.yaml",
        "path:m.json made-by stage:dvc.yaml:train",
        "path:prepared made-by stage:dvc.yaml:prepare",
        "stage:dvc.yaml:prepare reads path:data/users",
        "stage:dvc.yaml:prepare reads path:prepare.py",
        "stage:dvc.yaml:prepare reads params:dvc.yaml:prepare:params.yaml",
    }
    kinds = {node.id: node.kind for node in graph.nodes.values()}
    assert kinds["path:data/users"] is NodeKind.DATA
    assert kinds["path:prepared"] is NodeKind.OUTPUT
    assert kinds["path:m.json"] is NodeKind.METRICS
    assert list_code(graph) == ("dvc.yaml", "prepare.py", "train.py")
    assert graph.nodes["params:dvc.yaml:prepare:params.yaml"].facts == {"a": 1}


def test_a_file_in_a_folder_that_a_stage_makes_is_made_by_it_and_a_folder_by_all_that_make_something_in_it() -> None:
    one, two = stage("one", "", "parts/a"), stage("two", "", "parts/b")
    train = stage("train", "parts", "models")
    graph = build_graph(ingredients(one, two, train, path="models/best.bin"))
    assert {
        f"{ROOT} made-by stage:dvc.yaml:train",
        "path:parts made-by stage:dvc.yaml:one",
        "path:parts made-by stage:dvc.yaml:two",
    } <= arrows(graph)


def test_a_stage_that_measures_the_version_is_there_with_its_metrics() -> None:
    train = stage("train", "train.py", "model")
    judge = stage("judge", "model holdout", "m.json", metrics=("m.json",))
    serve = stage("serve", "model", "image")
    graph = build_graph(ingredients(train, judge, serve, data={"holdout"}))
    assert {f"stage:dvc.yaml:judge reads {ROOT}", "stage:dvc.yaml:judge reads path:holdout"} <= arrows(graph)
    assert "stage:dvc.yaml:serve" not in graph.nodes


def test_a_stage_that_reads_what_it_makes_has_no_end_that_nobody_finds() -> None:
    loop = [stage("a", "x", "y"), stage("b", "y", "x"), stage("train", "model x", "model")]
    graph = build_graph(ingredients(*loop))
    assert f"{ROOT} made-by stage:dvc.yaml:train" in arrows(graph)
    assert "path:x made-by stage:dvc.yaml:b" in arrows(graph)
    assert "path:y made-by stage:dvc.yaml:a" in arrows(graph)


def test_imports_name_the_other_repository_and_the_commit() -> None:
    source = Source("https://h/r", B, "data/x")
    imported = Stage(
        name="x.dvc",
        file="x.dvc",
        deps=(Material(path=f"https://h/r@{B}:data/x", source=source),),
        outs=materials("x"),
        locked=True,
    )
    graph = build_graph(ingredients(imported, stage("train", "x s3://b/k", "model")))
    node = graph.nodes[f"import:https://h/r@{B}:data/x"]
    assert (node.facts["url"], node.facts["commit"], node.facts["path"]) == ("https://h/r", B, "data/x")
    assert graph.nodes["import:s3://b/k"].facts["url"] == "s3://b/k"
    assert graph.nodes["path:x"].kind is NodeKind.DATA
    assert f"path:x imported-from {node.id}" in arrows(graph)


def test_an_artifact_that_is_an_import_itself_says_so() -> None:
    pointer = Pointer(kind=PointerKind.DVC, path="model", source="https://h/m.bin")
    graph = build_graph(ingredients(pointer=pointer))
    assert arrows(graph) == {f"{ROOT} imported-from import:https://h/m.bin"}


def test_bases_relatives_and_runs_are_nodes() -> None:
    made = ingredients(
        stage("train", "users", "model"),
        data={"users"},
        relatives={"users": (Relative("users", "v2.0.0", B),)},
        base="bert",
        runs=(Run("wandb", "1a", url="https://h"),),
    )
    assert arrows(build_graph(made)) >= {
        "path:users same-bytes version:users@v2.0.0",
        f"{ROOT} based-on base:bert",
        f"{ROOT} run run:wandb:1a",
    }
    found = build_graph(ingredients(base="bert@v1.0.0", base_version=Relative("bert", "v1.0.0", B)))
    assert arrows(found) == {f"{ROOT} based-on version:bert@v1.0.0"}


@pytest.mark.parametrize("path", [None, "elsewhere", "s3://bucket/model"])
def test_what_no_stage_makes_stands_alone(path: str | None) -> None:
    graph = build_graph(ingredients(stage("train", "train.py", "model", metrics=("m",)), path=path))
    assert (list(graph.nodes), arrows(graph)) == ([ROOT], set())
    assert list_leaves(path, ingredients(stage("train", "train.py", "model")).pipelines) == ()


def test_a_bare_commit_is_a_root_too() -> None:
    root = next(iter(build_graph(ingredients(version=None)).nodes.values()))
    assert (root.id, root.label) == (f"version:churn@{A}", "churn commit aaaaaaa")


def test_a_parameter_file_that_is_a_dep_too_is_there_once() -> None:
    graph = build_graph(ingredients(stage("train", "params.yaml", "model", params_files=("params.yaml",))))
    assert "path:params.yaml" not in graph.nodes


@pytest.mark.parametrize("limit", ["MOST_NODES", "MOST_EDGES"])
def test_a_graph_that_nobody_could_look_at_is_cut_and_says_so(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_nodes, limit, 3)
    graph = build_graph(
        ingredients(stage("train", " ".join(f"d{number}" for number in range(9)), "model"), stage("two", "", "model/x"))
    )
    assert graph.full
    assert len(graph.edges) <= 9


def test_leaves_are_what_the_stages_of_a_version_read() -> None:
    pipelines = ingredients(stage("prepare", "a", "b"), stage("train", "b c", "model"), stage("other", "z", "y")).pipelines
    assert [leaf.path for leaf in list_leaves("model", pipelines)] == ["a", "b", "c"]


def test_makers_that_no_longer_fit_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_nodes, "MOST_NODES", 2)
    graph = build_graph(ingredients(stage("one", "a", "model/x"), stage("two", "a", "model/y"), stage("three", "a", "model/z")))
    assert (graph.full, len(graph.nodes)) == (True, 2)


def test_ten_thousand_stages_that_all_read_what_all_make_take_no_square_of_time() -> None:
    stages = [stage(f"s{number}", "d", f"d/x{number}") for number in range(10_000)]
    begin = time.perf_counter()
    assert build_graph(ingredients(*stages, path="d/x1")).full
    assert len(list_leaves("d/x1", ingredients(*stages).pipelines)) == 1
    assert time.perf_counter() - begin < 20
