from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gitreg.core.facts import Facts
from gitreg.core.pipelines import Table, Value
from tests.git.inside import open_registry
from tests.support.churn import commit_all, edit, make_churn, train_again
from tests.support.dvc import run_dvc
from tests.support.repository import Repository

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def flat(value: Any, name: str = "") -> dict[str, Value]:
    """Put what DVC says under dotted names, lists as JSON."""
    if isinstance(value, dict):
        return {
            key: item for part, inner in value.items() for key, item in flat(inner, f"{name}.{part}" if name else part).items()
        }
    return {name: json.dumps(value) if isinstance(value, list) else value}


def metrics_of(repository: Repository) -> dict[str, dict[str, Value]]:
    """Ask DVC for the metrics of what is checked out."""
    document = json.loads(run_dvc(repository, "metrics", "show", "--json").stdout)
    return {path: flat(told["data"]) for path, told in document[""]["data"].items()}


def params_of(repository: Repository) -> dict[str, dict[str, Value]]:
    """Ask DVC for the parameters of what is checked out; it only shows them beside those of a commit."""
    document = json.loads(run_dvc(repository, "params", "diff", "--all", "--json", "HEAD").stdout)
    return {path: {name: as_value(change["new"]) for name, change in names.items()} for path, names in document.items()}


def changed(repository: Repository, what: str, old: str, new: str) -> dict[tuple[str, str], tuple[Value, Value]]:
    """Ask DVC for what changed."""
    document = json.loads(run_dvc(repository, what, "diff", "--json", old, new).stdout)
    return {
        (path, name): (as_value(change.get("old")), as_value(change.get("new")))
        for path, names in document.items()
        for name, change in names.items()
    }


def as_value(value: Any) -> Value:
    """Write a list as JSON; DVC's own text of one is that of Python."""
    if isinstance(value, str) and value.startswith("["):
        value = ast.literal_eval(value)
    return json.dumps(value) if isinstance(value, list) else value


def differences(one: Table, other: Table) -> dict[tuple[str, str], tuple[Value, Value]]:
    """Compare two tables as DVC does: what is not there is None."""
    names = {(path, name) for table in (one, other) for path, values in table.items() for name in values}
    both = {(path, name): (one.get(path, {}).get(name), other.get(path, {}).get(name)) for path, name in names}
    return {key: (old, new) for key, (old, new) in both.items() if old != new}


def facts_of(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, Facts]:
    with open_registry(repository, monkeypatch) as registry:
        return registry.facts_of("churn")


def plain(table: Table) -> dict[str, dict[str, Value]]:
    return {path: dict(values) for path, values in table.items()}


def test_the_example_has_the_metrics_parameters_and_data_that_dvc_shows(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_churn(repository)
    (repository.path / "artifacts.yaml").write_text("churn:\n  path: model.safetensors\n", encoding="utf-8")
    commit_all(repository, "Name no files")
    repository.register("churn", "v1.0.1")
    edit_parameters(repository)
    run_dvc(repository, "repro", "--quiet")
    commit_all(repository, "Train faster")
    repository.register("churn", "v1.1.0")
    facts = facts_of(repository, monkeypatch)
    new, old = facts["v1.1.0"], facts["v1.0.1"]
    assert plain(new.metrics) == metrics_of(repository)
    assert plain(new.params) == params_of(repository)
    assert differences(old.metrics, new.metrics) == changed(repository, "metrics", "churn@v1.0.1", "churn@v1.1.0")
    assert differences(old.params, new.params) == changed(repository, "params", "churn@v1.0.1", "churn@v1.1.0")
    assert [material.path for material in new.data] == ["data/users.csv", "data/holdout.csv"]
    assert all(material.hash and material.size for material in new.data)
    assert new.problems == ()


def test_a_folder_of_metrics_has_those_that_dvc_shows(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    run_dvc(repository, "init")
    nested = {
        f"made/{name}": text for name, text in {"a.json": '{"a": 1}', "b/c.yaml": "c: 2\n", "b/d/e.json": '{"e": 3}'}.items()
    }
    repository.commit({"artifacts.yaml": "churn: {}\n", "dvc.yaml": "metrics: [made]\n", **nested})
    repository.register("churn", "v1.0.0")
    assert plain(facts_of(repository, monkeypatch)["v1.0.0"].metrics) == metrics_of(repository)


def edit_parameters(repository: Repository) -> None:
    """Change one parameter, add a list and a mapping."""
    path = repository.path / "params.yaml"
    text = path.read_text(encoding="utf-8").replace("rate: 0.5", "rate: 0.25")
    path.write_text(f"{text}layers: [8, 16.5, a]\nnothing:\ndeep: {{er: {{1: x}}}}\n", encoding="utf-8")


def test_what_compare_is_made_of_agrees_on_another_training(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    make_churn(repository)
    train_again(repository)
    facts = facts_of(repository, monkeypatch)
    assert plain(facts["v1.1.0"].metrics) == metrics_of(repository)
    assert plain(facts["v1.1.0"].params) == params_of(repository)
    before, after = facts["v1.0.0"].data, facts["v1.1.0"].data
    assert [old.hash != new.hash for old, new in zip(before, after, strict=True)] == [True, False]


DVC_YAML = """\
vars:
- folder: made
metrics:
- top.toml
params:
- extra.toml
- conf
stages:
  train:
    foreach: [small, large]
    do:
      cmd: python train.py ${item} ${folder}
      deps: [train.py]
      params:
      - seed
      - custom.yaml:
        - train
        - sizes
      - whole.json:
      outs: ["${folder}/${item}.bin"]
      metrics:
      - "${folder}/${item}.json":
          cache: false
"""
TRAIN = """\
import json, sys
from pathlib import Path
name, folder = sys.argv[1:]
Path(folder).mkdir(exist_ok=True)
Path(folder, f"{name}.bin").write_text(name)
document = {"auc": len(name) / 10, "list": [1], "none": None, "deep": {"er": 1e-9, "text": "x", "yes": True}, "empty": {}}
Path(folder, f"{name}.json").write_text(json.dumps(document))
"""


def test_templates_keys_and_folders_of_parameters_are_read_as_dvc_does(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "dvc.yaml": DVC_YAML,
        "train.py": TRAIN,
        "artifacts.yaml": "churn:\n  path: made\n",
        "params.yaml": "seed: 1\nunused: true\n",
        "custom.yaml": "train: {rate: 1, deep: {a: [1, 2]}}\ntrainer: x\nsizes: [3]\n",
        "whole.json": '{"a": 1, "b": {"c": 2.50}}',
        "top.toml": "[score]\nf1 = 0.5\n",
        "extra.toml": "when = 2026\n",
        "conf/a.yaml": "x: 1\n",
        "conf/b.json": '{"y": 2}',
    }
    repository.extra["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{repository.env['PATH']}"
    for path, text in files.items():
        (repository.path / path).parent.mkdir(exist_ok=True)
        (repository.path / path).write_text(text, encoding="utf-8")
    run_dvc(repository, "init", "--quiet")
    run_dvc(repository, "repro", "--quiet")
    commit_all(repository, "Train")
    repository.register("churn", "v1.0.0")
    facts = facts_of(repository, monkeypatch)["v1.0.0"]
    assert facts.problems == ()
    assert plain(facts.metrics) == metrics_of(repository)
    assert plain(facts.params) == params_of(repository)


def test_what_a_pipeline_was_run_with_outlives_files_that_dvc_itself_cannot_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_churn(repository)
    edit(repository.path / "artifacts.yaml", "  params: [params.yaml]\n", "")
    commit_all(repository, "Let the pipeline name the parameters")
    known = params_of(repository)
    for number, file in enumerate(("dvc.yaml", "params.yaml"), 1):
        before = (repository.path / file).read_text(encoding="utf-8")
        (repository.path / file).write_text("broken: [\n", encoding="utf-8")
        assert "unable to read" in run_dvc(repository, "params", "diff", "HEAD").stderr
        commit_all(repository, f"Break {file}")
        repository.register("churn", f"v1.{number}.0")
        repository.tick()
        (repository.path / file).write_text(before, encoding="utf-8")
        commit_all(repository, f"Mend {file}")
    facts = facts_of(repository, monkeypatch)
    assert plain(facts["v1.1.0"].params) == plain(facts["v1.2.0"].params) == known


ODD = """\
n: 1_000
id: !!str 123
bits: 0b11
hex: -0x1F
octal: 010
new_octal: 0o17
power: 1e5
small: .5e3
half: .5
time: 1:30
word: yes
nothing: ~
1_0: key
list: [1_0, !!str 1]
"""


def test_parameters_and_metrics_are_read_as_dvc_reads_them_and_what_it_refuses_has_no_values(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {
        "dvc.yaml": "stages:\n  train:\n    cmd: cp params.yaml model\n    params: [n, id, bits, hex, power, small, time]\n"
        "    outs: [model]\nmetrics: [metrics.yaml]\n",
        "params.yaml": ODD,
        "metrics.yaml": ODD,
        "artifacts.yaml": "churn: {path: model}\n",
    }
    for path, text in files.items():
        (repository.path / path).write_text(text, encoding="utf-8")
    run_dvc(repository, "init", "--quiet")
    run_dvc(repository, "repro", "--quiet")
    commit_all(repository, "Train")
    repository.register("churn", "v1.0.0")
    facts = facts_of(repository, monkeypatch)["v1.0.0"]
    assert (facts.problems, facts.drift) == ((), ())
    assert repr(sorted(facts.params["params.yaml"].items())) == repr(sorted(params_of(repository)["params.yaml"].items()))
    expected = metrics_of(repository)["metrics.yaml"]
    assert {name: facts.metrics["metrics.yaml"].get(name) for name in expected} == expected
    (repository.path / "metrics.yaml").write_text("n: 1\nn: 2\n", encoding="utf-8")
    assert "error" in run_dvc(repository, "metrics", "show", "--json").stdout
    commit_all(repository, "Write a metric twice")
    repository.register("churn", "v1.1.0")
    facts = facts_of(repository, monkeypatch)["v1.1.0"]
    assert [(problem.file, problem.message) for problem in facts.problems] == [("metrics.yaml", "the key 'n' stands twice")]
    assert facts.metrics == {}
