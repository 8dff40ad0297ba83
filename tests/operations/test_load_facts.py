from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitreg.core.facts import Facts
from gitreg.git import run
from gitreg.git.derived import FILE
from gitreg.git.repository import Repository as GitRepository
from gitreg.operations import fact_reader, fact_records
from gitreg.operations.context import Context
from gitreg.operations.load_facts import EVERYTHING, Place, Wanted, load_facts
from tests.git.inside import enter
from tests.support.dvc import track
from tests.support.repository import Repository

ENTRY = "churn:\n  path: model.pkl\n"
PIPELINE = """\
stages:
  prepare:
    cmd: python prepare.py
    deps: [prepare.py, data/users.csv]
    params: [prepare.rows]
    outs: [prepared.csv]
  train:
    cmd: python train.py
    deps: [train.py, prepared.csv]
    params: [train.rate]
    outs: [model.pkl]
    metrics: [{metrics.json: {cache: false}}]
"""
FILES = {
    "artifacts.yaml": ENTRY,
    "dvc.yaml": PIPELINE,
    "metrics.json": '{"auc": 0.9, "by": {"class": [1, 2], "none": null, "f1": 0.5}}',
    "params.yaml": "prepare: {rows: 10}\ntrain: {rate: 0.1, layers: [8, 8]}\n",
    "requirements.txt": "numpy==1.26.4\n",
    "prepare.py": "1",
    "train.py": "1",
    "data/users.csv": "a,b\n",
}


@pytest.fixture
def context(repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """The repository, opened in this process, with a cache of its own."""
    enter(repository, monkeypatch)
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    with GitRepository.open(repository.path) as opened:
        yield Context(opened)


def load(context: Context, *commits: str, artifact: str = "churn", wanted: Wanted = EVERYTHING) -> list[Facts]:
    return [facts for _, facts in load_facts(context, [Place(artifact, commit) for commit in commits], wanted)]


def load_one(context: Context, commit: str, artifact: str = "churn", wanted: Wanted = EVERYTHING) -> Facts:
    return load(context, commit, artifact=artifact, wanted=wanted)[0]


def said(facts: Facts) -> list[tuple[str | None, str]]:
    assert all(problem.commit == facts.commit for problem in facts.problems if problem.code == "GR401")
    return [(problem.file, problem.message) for problem in facts.problems]


def test_metrics_and_parameters_are_those_of_the_pipeline(repository: Repository, context: Context) -> None:
    facts = load_one(context, repository.commit(FILES))
    assert facts.metrics == {"metrics.json": {"auc": 0.9, "by.f1": 0.5}}
    assert facts.params == {"params.yaml": {"prepare.rows": 10, "train.rate": 0.1, "train.layers": "[8, 8]"}}
    assert [(package.name, package.version, package.file) for package in facts.packages] == [
        ("numpy", "1.26.4", "requirements.txt")
    ]
    assert [material.path for material in facts.data] == ["data/users.csv"]
    assert facts.pointer is not None
    assert facts.entry is not None
    assert facts.problems == ()


def test_what_nobody_wants_is_not_there(repository: Repository, context: Context) -> None:
    commit = repository.commit(FILES)
    facts = load_one(context, commit, wanted=Wanted(params=True))
    assert facts == Facts(artifact="churn", commit=commit, entry=facts.entry, params=facts.params)
    assert facts.params
    assert facts.entry is not None


def test_what_the_entry_names_comes_before_the_pipeline(repository: Repository, context: Context) -> None:
    entry = "churn:\n  path: ../model.pkl\n  metrics: [m.toml, {path: n.json, keys: [auc, by]}]\n  params: [{path: p.yml, keys: [train.rate]}]\n"
    files = {
        **FILES,
        "artifacts.yaml": ENTRY.replace("churn", "other"),
        "models/artifacts.yaml": entry.replace("../", ""),
        "models/m.toml": "loss = 0.5\n",
        "models/n.json": '{"auc": 1, "by": {"f1": 2}, "byte": 3}',
        "models/p.yml": "train: {rate: 1, epochs: 2}\n",
    }
    facts = load_one(context, repository.commit(files), artifact="models:churn")
    assert facts.metrics == {"models/m.toml": {"loss": 0.5}, "models/n.json": {"auc": 1, "by.f1": 2}}
    assert facts.params == {"models/p.yml": {"train.rate": 1}}


def test_an_entry_that_names_metrics_leaves_the_parameters_to_the_pipeline(repository: Repository, context: Context) -> None:
    files = {**FILES, "artifacts.yaml": ENTRY + "  metrics: [m.json]\n", "m.json": '{"f1": 1}'}
    facts = load_one(context, repository.commit(files))
    assert facts.metrics == {"m.json": {"f1": 1}}
    assert list(facts.params) == ["params.yaml"]


def test_two_models_of_one_pipeline_have_each_their_own_metrics(repository: Repository, context: Context) -> None:
    pipeline = """\
stages:
  train:
    foreach: [a, b]
    do:
      cmd: python train.py ${item}
      deps: [data.csv]
      params: ["conf-${item}.yaml": [rate]]
      outs: ["${item}.pkl"]
      metrics: ["${item}.json"]
"""
    lock = "schema: '2.0'\nstages:\n" + "".join(
        f"  train@{name}:\n    cmd: python train.py {name}\n    deps: [{{path: data.csv, md5: aa, hash: md5}}]\n"
        f"    params: {{conf-{name}.yaml: {{rate: 1}}}}\n    outs: [{{path: {name}.pkl, md5: bb}}, {{path: {name}.json, md5: cc}}]\n"
        for name in "ab"
    )
    files = {f"{name}.json": f'{{"auc": {number}}}' for number, name in enumerate("ab")}
    files |= {f"conf-{name}.yaml": "rate: 1\n" for name in "ab"}
    files |= {"artifacts.yaml": "a:\n  path: a.pkl\nb:\n  path: b.pkl\n", "dvc.yaml": pipeline, "dvc.lock": lock}
    commit = repository.commit(files)
    a, b = (load_one(context, commit, artifact=name) for name in "ab")
    assert (a.metrics, b.metrics) == ({"a.json": {"auc": 0}}, {"b.json": {"auc": 1}})
    assert (list(a.params), list(b.params)) == (["conf-a.yaml"], ["conf-b.yaml"])
    assert a.data == b.data
    assert [(material.path, material.hash) for material in a.data] == [("data.csv", "md5:aa")]


@pytest.mark.parametrize("place", ["dvc.yaml", "dvclive/dvc.yaml"])
def test_dvclive_lists_its_files_at_the_top(repository: Repository, context: Context, place: str) -> None:
    folder = "" if "/" in place else "dvclive/"
    files = {
        "artifacts.yaml": ENTRY,
        "model.pkl": "1",
        place: f"params:\n- {folder}params.yaml\nmetrics:\n- {folder}metrics.json\nplots:\n- {folder}plots/metrics:\n    x: step\n",
        "dvclive/metrics.json": '{"train": {"loss": 0.5}, "step": 9}',
        "dvclive/params.yaml": "rate: 0.1\n",
    }
    facts = load_one(context, repository.commit(files))
    assert facts.metrics == {"dvclive/metrics.json": {"train.loss": 0.5, "step": 9}}
    assert facts.params == {"dvclive/params.yaml": {"rate": 0.1}}
    assert facts.data == ()


def test_without_a_pipeline_that_makes_it_the_nearest_one_counts(repository: Repository, context: Context) -> None:
    files = {
        **FILES,
        "artifacts.yaml": "churn:\n  path: models/deep/model.pkl\n",
        "models/dvc.yaml": "metrics: [m.json]\n",
        "models/m.json": '{"auc": 1}',
    }
    assert load_one(context, repository.commit(files)).metrics == {"models/m.json": {"auc": 1}}


def test_a_pipeline_in_another_folder_that_makes_it_is_found(repository: Repository, context: Context) -> None:
    pipeline = (
        "stages:\n  train:\n    wdir: ..\n    cmd: x\n    outs: [models/model.pkl]\n    metrics: [{m.json: {cache: false}}]\n"
    )
    files = {
        "artifacts.yaml": "churn:\n  path: models/model.pkl\n",
        "train/dvc.yaml": pipeline,
        "m.json": '{"auc": 1}',
        "train/requirements.txt": "a==1\n",
    }
    facts = load_one(context, repository.commit(files))
    assert facts.metrics == {"m.json": {"auc": 1}}
    assert [package.file for package in facts.packages] == ["train/requirements.txt"]


def test_stages_in_several_folders_above_the_artifact_belong_together(repository: Repository, context: Context) -> None:
    files = {
        "artifacts.yaml": "churn:\n  path: sub/model.pkl\n",
        "dvc.yaml": "stages:\n  prepare:\n    cmd: x\n    deps: [raw.csv]\n    params: [rows]\n    outs: [prepared.csv]\n",
        "params.yaml": "rows: 1\n",
        "raw.csv": "",
        "sub/dvc.yaml": "stages:\n  train:\n    cmd: x\n    deps: [../prepared.csv]\n    outs: [model.pkl]\n",
    }
    facts = load_one(context, repository.commit(files))
    assert facts.params == {"params.yaml": {"rows": 1}}
    assert [material.path for material in facts.data] == ["raw.csv"]


def test_a_folder_of_metrics_stands_for_the_files_in_it(repository: Repository, context: Context) -> None:
    files = {
        "artifacts.yaml": ENTRY,
        "dvc.yaml": "metrics: [eval]\n",
        "eval/a.json": '{"auc": 1}',
        "eval/b.yaml": "f1: 2\n",
        "eval/c.png": "x",
    }
    assert load_one(context, repository.commit(files)).metrics == {"eval/a.json": {"auc": 1}, "eval/b.yaml": {"f1": 2}}


def test_a_folder_of_very_many_metrics_says_that_not_all_are_read(repository: Repository, context: Context) -> None:
    files = {"artifacts.yaml": ENTRY, "dvc.yaml": "metrics: [eval]\n", "eval/sub/x.json": '{"x": 1}'}
    whole = load_one(context, repository.commit(files | {f"eval/{number:04}.json": "{}" for number in range(999)}))
    assert (whole.metrics, whole.problems) == ({"eval/sub/x.json": {"x": 1}}, ())
    [problem] = load_one(context, repository.commit({"eval/more.json": "{}"})).problems
    assert (problem.file, problem.message) == (
        "eval",
        "the folder has more than 1000 files of values or folders, so only the first are read",
    )


def test_data_is_what_dvc_tracks_and_what_looks_like_data(repository: Repository, context: Context) -> None:
    pipeline = """\
stages:
  train:
    cmd: x
    deps: [train.py, src, tables, conf.yaml, users.csv, big.bin, 'https://example.com/far.csv', params.yaml]
    params: [rate]
    outs: [model.pkl]
"""
    files = {
        **dict.fromkeys(("train.py", "src/a.py", "tables/a.csv", "conf.yaml", "users.csv"), "x"),
        "artifacts.yaml": ENTRY,
        "dvc.yaml": pipeline,
        "params.yaml": "rate: 1\n",
    }
    repository.commit(files)
    commit = track(repository, "big.bin", b"big")
    assert [material.path for material in load_one(context, commit).data] == [
        "tables",
        "users.csv",
        "big.bin",
        "https://example.com/far.csv",
    ]


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"requirements.txt": "a==1\n", "uv.lock": '[[package]]\nname = "a"\nversion = "2"\n', "pyproject.toml": '[project]\ndependencies=["b"]\n'}, ["a 2 uv.lock", "b None pyproject.toml"]),
        ({"requirements.txt": "a==1\n", "models/requirements-gpu.txt": "a==2\n"}, ["a 2 models/requirements-gpu.txt"]),
        ({"requirements.txt": "a==1\n", "models/m/MLmodel": "mlflow_version: 2.1\n"}, ["a 1 requirements.txt", "mlflow 2.1 models/m/MLmodel"]),
        ({"requirements.txt": "a==1\n", "models/m/MLmodel": "mlflow_version: 2.1\n", "models/m/requirements.txt": "b==1\n"}, ["b 1 models/m/requirements.txt", "mlflow 2.1 models/m/MLmodel"]),
        ({"requirements.txt": "a==1\n", "models/environment-gpu.yml": "dependencies: [b=1]\n"}, ["b None models/environment-gpu.yml"]),
        ({"uv.lock": '[[package]]\nname = "b"\nversion = "2"\n', "models/pyproject.toml": '[project]\ndependencies=["b"]\n'}, ["b 2 uv.lock"]),
        ({"sub/requirements.txt": "a==1\n"}, []),
    ],
)  # fmt: skip
def test_packages_are_those_of_the_nearest_folder_that_names_any(
    repository: Repository, context: Context, files: dict[str, str], found: list[str]
) -> None:
    commit = repository.commit({"artifacts.yaml": "churn:\n  path: models/m\n", "models/m/model.bin": "1", **files})
    packages = load_one(context, commit, wanted=Wanted(packages=True)).packages
    assert [f"{package.name} {package.version} {package.file}" for package in packages] == found


def test_without_an_entry_the_folder_of_the_name_is_where_to_look(repository: Repository, context: Context) -> None:
    files = {
        "dvc.yaml": "metrics: [m.json]\n",
        "m.json": '{"auc": 1}',
        "nlp/dvc.yaml": "metrics: [n.json]\n",
        "nlp/n.json": '{"auc": 2}',
    }
    commit = repository.commit(files)
    assert load_one(context, commit, artifact="churn").metrics == {"m.json": {"auc": 1}}
    assert load_one(context, commit, artifact="nlp:sent").metrics == {"nlp/n.json": {"auc": 2}}


def test_an_artifact_elsewhere_has_the_pipeline_beside_its_entry(repository: Repository, context: Context) -> None:
    commit = repository.commit({**FILES, "artifacts.yaml": "churn:\n  path: s3://bucket/model.pkl\n"})
    assert list(load_one(context, commit).metrics) == ["metrics.json"]


def test_a_broken_old_commit_answers_for_the_rest_and_says_what_could_not_be_read(
    repository: Repository, context: Context
) -> None:
    good = repository.commit(FILES)
    bad = repository.commit({"metrics.json": '{"auc": ', "requirements.txt": "numpy==2.0.0\n"})
    worse = repository.commit({"dvc.yaml": "stages: [", "artifacts.yaml": "churn:\n  path: model.pkl\n  colour: red\n"})
    first, second, third = load(context, good, bad, worse)
    assert first.problems == ()
    assert (second.metrics, second.packages[0].version) == ({}, "2.0.0")
    assert list(second.params) == ["params.yaml"]
    assert said(second) == [("metrics.json", "it is no JSON: Expecting value")]
    assert (third.metrics, third.params) == ({}, {})  # nobody knows whether a pipeline was run with what params.yaml says
    assert third.packages[0].version == "2.0.0"
    assert {file for file, _ in said(third)} == {"artifacts.yaml", "dvc.yaml"}


def test_metrics_that_dvc_keeps_and_git_does_not_are_a_problem(repository: Repository, context: Context) -> None:
    files: dict[str, str | None] = {**FILES, "artifacts.yaml": ENTRY + "  params: [nowhere.yaml, ../../etc/passwd]\n"}
    del files["metrics.json"]
    facts = load_one(context, repository.commit(files))
    assert (facts.metrics, facts.params) == ({}, {})
    message = "git has no such file at this commit, so its values are not known"
    kept = f"{message} (git keeps what a pipeline makes where dvc.yaml says cache: false, and else DVC does)"
    assert ("metrics.json", kept) in said(facts)
    assert ("nowhere.yaml", message) in said(facts)
    assert all("- metrics.json: {cache: false}" in problem.hint for problem in facts.problems if message in problem.message)


def test_a_link_is_not_followed(repository: Repository, context: Context) -> None:
    repository.commit(FILES)
    (repository.path / "metrics.json").unlink()
    (repository.path / "metrics.json").symlink_to("/etc/passwd")
    repository.git("add", "metrics.json")
    facts = load_one(context, repository.commit())
    assert facts.metrics == {}
    assert said(facts)[0][0] == "metrics.json"


@pytest.mark.slow
def test_a_file_of_a_hundred_megabytes_is_not_read(repository: Repository, context: Context) -> None:
    facts = load_one(
        context, repository.commit({**FILES, "metrics.json": b" " * (100 << 20), "requirements.txt": b"#" * (9 << 20)})
    )
    assert said(facts) == [
        ("metrics.json", "the file has 104857600 bytes, which is too many"),
        ("requirements.txt", "the file has 9437184 bytes, which is too many"),
    ]
    assert list(facts.params) == ["params.yaml"]


def test_a_commit_that_this_clone_lacks_is_known_of_nothing_and_nothing_is_kept(
    repository: Repository, context: Context, tmp_path: Path
) -> None:
    facts = load_one(context, "e" * 40)
    assert facts == Facts(artifact="churn", commit="e" * 40, problems=facts.problems)
    assert not kept(tmp_path)


def test_a_blob_that_this_clone_lacks_is_a_problem_and_is_not_kept(
    repository: Repository, context: Context, tmp_path: Path
) -> None:
    commit = repository.commit(FILES)
    blob = repository.git("rev-parse", f"{commit}:metrics.json")
    place = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
    data = place.read_bytes()
    place.unlink()
    assert said(load_one(context, commit)) == [("metrics.json", "the file cannot be read, since this clone lacks its object")]
    place.write_bytes(data)
    context.repository.close()
    assert load_one(context, commit).problems == ()


def kept(tmp_path: Path) -> list[str]:
    """List the keys of the cache."""
    path = tmp_path / "cache" / FILE
    if not path.exists():
        return []
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT key FROM derived").fetchall()
    connection.close()
    return [key for (key,) in rows]


def history(repository: Repository) -> list[str]:
    """Commit ten versions: each has metrics of its own, and every second one parameters."""
    repository.commit(
        {**FILES, "dvc.yaml": PIPELINE, "artifacts.yaml": ENTRY + "  goals: {auc: higher}\n  labels: [a]\n  custom: {x: .nan}\n"}
    )
    track(repository, "data/users.csv", b"users")
    return [
        repository.commit({"metrics.json": json.dumps({"auc": number / 10}), "params.yaml": f"train: {{rate: {number // 2}}}\n"})
        for number in range(10)
    ]


def same(one: list[Facts], other: list[Facts]) -> bool:
    """Say whether facts are the same; NaN is not equal to itself."""
    return repr(one) == repr(other)


def test_the_cache_changes_no_answer(repository: Repository, context: Context, tmp_path: Path) -> None:
    commits = history(repository)
    cold = load(context, *commits)
    assert kept(tmp_path)
    assert same(load(context, *commits), cold)
    (tmp_path / "cache" / FILE).write_bytes(b"damaged")
    assert same(load(context, *commits), cold)
    assert same(load(context, *commits), cold)


def test_what_is_kept_of_one_question_is_not_taken_for_another(repository: Repository, context: Context) -> None:
    commits = history(repository)
    some = load(context, *commits, wanted=Wanted(metrics=True))
    assert all(facts.params == {} and facts.packages == () for facts in some)
    assert all(facts.params and facts.packages and facts.data for facts in load(context, *commits))
    assert same(load(context, *commits, wanted=Wanted(metrics=True)), some)


def test_another_program_reads_anew(repository: Repository, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    commits = history(repository)
    load(context, *commits)
    monkeypatch.setattr(fact_records, "PROGRAM", "0.0.0/0")
    parsed = listen(monkeypatch)
    load(context, *commits)
    assert parsed


def listen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bytes]]:
    """Note which files are parsed."""
    parsed: list[tuple[str, bytes]] = []
    parse = fact_reader.parse_file

    def note(kind: fact_reader.FactKind, path: str, data: bytes) -> fact_reader.Said:
        parsed.append((path, data))
        return parse(kind, path, data)

    monkeypatch.setattr(fact_reader, "parse_file", note)
    return parsed


def test_each_distinct_file_is_parsed_once_and_none_the_next_time(
    repository: Repository, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = history(repository)
    parsed = listen(monkeypatch)
    load(context, *commits)
    assert len(parsed) == len(set(parsed)) == 10 + 5 + 1
    parsed.clear()
    load(context, *commits)
    assert parsed == []


@pytest.mark.parametrize("known", [False, True])
def test_one_git_process_is_enough(
    repository: Repository, context: Context, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    commits = history(repository)
    if known:
        load(context, *commits)
        context.repository.close()
    started: list[tuple[str, ...]] = []
    start = run.Git.start

    def note(self: run.Git, *args: str, **options: object) -> object:
        started.append(args)
        return start(self, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(run.Git, "start", note)
    load(context, *commits)
    assert len(started) == (0 if known else 1)


def test_who_stops_in_the_middle_loses_nothing(repository: Repository, context: Context, tmp_path: Path) -> None:
    commits = history(repository)
    loading = load_facts(context, [Place("churn", commit) for commit in commits], EVERYTHING)
    place, facts = next(loading)
    assert (place.commit, facts.commit) == (commits[0], commits[0])
    del loading
    assert kept(tmp_path)


def test_a_record_that_is_none_of_ours_counts_as_none() -> None:
    for text in ("", "3", "[]", "[1,2,3,4,5]", '[null,{"kind":"x"},[[],[],[]],[],[]]', "[{},null,[[],[],[]],[],[]]"):
        assert fact_records.parse_sources(text) is None
    for text in ("", "3", "[]", "[3,[],null]", "[{},[1],null]", '[{},[],{"x":1}]'):
        assert fact_records.parse_said(text) is None
