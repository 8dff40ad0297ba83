"""`compare` beside the real DVC, on the example pipeline and on made-up commits."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gitreg.core.compared import Comparison, DataRow, Kind, ValueRow
from gitreg.core.facts import Missing
from tests.git.inside import open_registry
from tests.support.churn import make_churn, train_again
from tests.support.dvc import hash_of, run_dvc, run_python_of_dvc, set_up_dvc
from tests.support.repository import Repository

Differences: TypeAlias = dict[str, dict[str, dict[str, Any]]]

# one process for many pairs: DVC takes a second to start
DRIVER: Final = """
import json, sys
from dvc.repo import Repo
with Repo(".") as repo:
    answers = [
        {"metrics": repo.metrics.diff(a, b).get("diff", {}), "params": repo.params.diff(a, b).get("diff", {}), "data": repo.diff(a, b)}
        for a, b in json.loads(sys.argv[1])
    ]
print(json.dumps(answers))
"""


def ask_dvc(repository: Repository, pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Let the real DVC compare pairs of revisions."""
    result = run_python_of_dvc(repository, DRIVER, json.dumps(pairs))
    assert result.code == 0, result.stderr
    answers: list[dict[str, Any]] = json.loads(result.stdout.splitlines()[-1])
    return answers


def shape_values(rows: Sequence[ValueRow]) -> Differences:
    """Write what changed as ``dvc metrics diff --json`` does: what is in another file is another metric for DVC."""
    found: Differences = {}
    for row in rows:
        if row.kinds[0] is Kind.SAME and row.files[0] == row.files[1]:
            continue
        for file in sorted({file for file in row.files if file is not None}):
            old, new = (
                None if where != file or value is Missing.MISSING else value
                for where, value in zip(row.files, row.values, strict=True)
            )
            if old is None and new is None:  # DVC does not tell null from nothing
                continue
            change = {"old": old, "new": new}
            if row.files[0] == row.files[1] and row.deltas[0] is not None:
                change["diff"] = row.deltas[0].absolute
            found.setdefault(file, {})[row.name] = change
    return found


def shape_data(rows: Sequence[DataRow]) -> dict[str, set[Any]]:
    """Write what changed as ``dvc diff --json`` does."""
    found: dict[str, set[Any]] = {"added": set(), "deleted": set(), "modified": set(), "renamed": set()}
    names = {Kind.ADDED: "added", Kind.REMOVED: "deleted", Kind.CHANGED: "modified"}
    for row in rows:
        old, new = (material.path if material else None for material in row.materials)
        if row.kinds[0] is Kind.MOVED:
            found["renamed"].add((old, new))
        elif row.kinds[0] is not Kind.SAME:
            found[names[row.kinds[0]]].add(new or old)
    return found


def shape_dvc_data(answer: Mapping[str, Any], folder: str) -> dict[str, set[Any]]:
    """Write what DVC says of a folder in the same way."""
    found = {
        kind: {item["path"] for item in answer[kind] if item["path"].startswith(folder)}
        for kind in ("added", "deleted", "modified")
    }
    return {**found, "renamed": {(item["path"]["old"], item["path"]["new"]) for item in answer["renamed"]}}


def compare(repository: Repository, monkeypatch: pytest.MonkeyPatch, *selectors: str) -> Comparison:
    """Compare as a person does."""
    with open_registry(repository, monkeypatch) as registry:
        return registry.compare(*selectors)


@pytest.mark.slow
def test_compare_agrees_with_the_real_dvc_on_the_example(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    train_again(make_churn(repository))
    found = compare(repository, monkeypatch, "churn@v1.0.0", "churn@v1.1.0")

    def ask(*args: str) -> Any:
        return json.loads(run_dvc(repository, *args, "--json", "churn@v1.0.0", "churn@v1.1.0").stdout)

    assert shape_values(found.metrics) == ask("metrics", "diff")
    assert shape_values(found.params) == {
        file: {
            name: {key: value for key, value in change.items() if key != "diff"} | _diff(change)
            for name, change in changes.items()
        }
        for file, changes in ask("params", "diff").items()
    }
    assert shape_data(found.data) == shape_dvc_data(ask("diff"), "data/")
    assert [pointer.hash for pointer in found.pointers if pointer] == [
        f"md5:{digest}" for digest in _hashes_of("model.safetensors", ask("diff", "--show-hash"))
    ]


def _diff(change: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the difference where DVC gives one."""
    return {"diff": change["diff"]} if "diff" in change else {}


def _hashes_of(path: str, answer: Mapping[str, Any]) -> Iterator[str]:
    """Read the hashes of a path out of what DVC says."""
    for item in answer["modified"]:
        if item["path"] == path:
            yield from (item["hash"]["old"], item["hash"]["new"])


# ---- made-up commits ----

_KEYS: Final = st.sampled_from(["auc", "loss", "rate", "name", "seed"])
_LEAVES: Final = st.one_of(
    st.integers(-5, 5), st.sampled_from([0.1, 0.25, -2.5, 1e-9, 1e20]), st.sampled_from(["adam", "sgd", "1"]), st.none()
)
_NESTED: Final = st.recursive(
    st.dictionaries(_KEYS, _LEAVES, min_size=1, max_size=4),
    lambda inner: st.dictionaries(_KEYS, st.one_of(_LEAVES, inner), min_size=1, max_size=3),
    max_leaves=12,
)
_DATA: Final = st.dictionaries(
    st.sampled_from(["data/a.csv", "data/b.csv", "data/c/d.csv"]), st.sampled_from("123"), max_size=3
).filter(
    lambda data: (
        len(set(data.values())) == len(data)
    )  # of two files with the same bytes DVC may take either for the one that moved
)
FILES: Final = ("metrics.json", "eval/metrics.yaml", "params.yaml", "conf/more.json")
_COMMITS: Final = st.fixed_dictionaries({"data": _DATA, **{file: st.one_of(st.none(), _NESTED) for file in FILES}})

MISSING: Final = "git has no such file at this commit, so its values are not known"

DVC_YAML: Final = """\
metrics: [metrics.json, eval/metrics.yaml]
params: [params.yaml, conf/more.json]
stages:
  train:
    cmd: python train.py
    deps: {deps}
    outs: [model.bin]
"""
ENTRY: Final = """\
m:
  path: model.bin
  metrics: [metrics.json, eval/metrics.yaml]
  params: [params.yaml, conf/more.json]
"""


def commit_made_up(repository: Repository, made: Mapping[str, Any], version: str) -> None:
    """Commit and register what hypothesis has made up."""
    data = {path: hash_of(content.encode()) for path, content in made["data"].items()}
    deps = "".join(f"    - path: {path}\n      hash: md5\n      md5: {digest}\n      size: 1\n" for path, digest in data.items())
    lock = f"schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n{'    deps:' if deps else ''}\n{deps}"
    lock += f"    outs:\n    - path: model.bin\n      hash: md5\n      md5: {hash_of(version.encode())}\n      size: 1\n"
    files: dict[str, str | None] = {
        "artifacts.yaml": ENTRY,
        "dvc.yaml": DVC_YAML.format(deps=json.dumps(sorted(data))),
        "dvc.lock": lock,
        **{path: None if made[path] is None else json.dumps(made[path]) for path in FILES},
    }
    for path in ("data/a.csv", "data/b.csv", "data/c/d.csv"):
        name = path.rpartition("/")[2]
        pointer = f"outs:\n- md5: {data[path]}\n  size: 1\n  hash: md5\n  path: {name}\n" if path in data else None
        files[f"{path}.dvc"] = pointer
    gone = [path for path, content in files.items() if content is None and not (repository.path / path).exists()]
    repository.commit({path: content for path, content in files.items() if path not in gone}, version)
    repository.register("m", version)
    repository.tick()


@pytest.mark.slow
@settings(
    max_examples=6, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(made=st.lists(_COMMITS, min_size=8, max_size=8))
def test_compare_agrees_with_the_real_dvc_on_made_up_commits(made: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository.create(Path(folder) / "repository")
        set_up_dvc(repository)
        versions = [f"v{number}.0.0" for number in range(len(made))]
        for version, one in zip(versions, made, strict=True):
            commit_made_up(repository, one, version)
        pairs = list(pairwise(versions))
        answers = ask_dvc(repository, [(f"m@{old}", f"m@{new}") for old, new in pairs])
        for (old, new), answer in zip(pairs, answers, strict=True):
            found = compare(repository, monkeypatch, f"m@{old}", f"m@{new}")
            assert {problem.message for problem in found.problems} <= {MISSING}
            assert shape_values(found.metrics) == answer["metrics"]
            assert shape_values(found.params) == answer["params"]
            assert shape_data(found.data) == shape_dvc_data(answer["data"], "data/")
