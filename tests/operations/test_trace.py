from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from gitreg import Registry
from gitreg.core.lineage import Lineage, NodeKind
from gitreg.errors import NotFound, Unanswerable, UsageFault
from gitreg.git import run
from gitreg.operations import trace_relatives
from tests.git.inside import enter
from tests.support.dvc import run_dvc, set_up_dvc
from tests.support.pipelines import format_definition, format_lock, md5_of
from tests.support.repository import Repository

Open: TypeAlias = Callable[[Repository], Registry]

EXAMPLE: Final = Path(__file__).parents[2] / "examples" / "churn"
ENTRIES: Final = "churn: {path: model}\nusers: {path: data/users.csv, type: dataset}\n"
RUN: Final = "0123456789abcdef0123456789abcdef"


def pipeline(users: str = "users", code: str = "train", model: str = "model", **params: object) -> dict[str, str]:
    """The files of a pipeline of two stages that were run."""
    lock = {
        "prepare": ({"data/users.csv": users, "prepare.py": "prepare"}, {"prepared": f"prepared {users}"}),
        "train": ({"prepared": f"prepared {users}", "train.py": code}, {"model": model}),
    }
    return {
        "dvc.yaml": format_definition(
            {"prepare": "", "train": ", outs: [model], params: [rate], metrics: [{m.json: {cache: false}}]"}
        ),
        "dvc.lock": format_lock(lock, {"train": params} if params else {}),
        "prepare.py": "prepare",
        "train.py": code,
        "data/users.csv.dvc": f"outs:\n- {{md5: {md5_of(users)}, hash: md5, size: 5, path: users.csv}}\n",
        "m.json": '{"auc": 0.9}',
        "params.yaml": "".join(f"{name}: {value}\n" for name, value in params.items()) or "{}\n",
        "requirements.txt": "numpy==1.26.4\n",
        "artifacts.yaml": ENTRIES,
    }


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """A model of two versions that differ in their code."""
    repository.tick()
    repository.commit(pipeline(rate=0.5), "Train")
    repository.register("users", "v1.0.0")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.commit({"notes.txt": "x"}, "Write notes")
    repository.tick()
    repository.commit(pipeline(code="train better", model="better", rate=0.5), "Fix the training")
    repository.register("churn", "v1.1.0")
    repository.assign("churn", "prod", version="v1.1.0")
    return repository


def arrows(lineage: Lineage) -> set[str]:
    nodes = {node.id: node for node in lineage.nodes}
    return {f"{nodes[edge.source].label} {edge.kind} {nodes[edge.target].label}" for edge in lineage.edges}


def kinds(lineage: Lineage, kind: NodeKind) -> set[str]:
    return {node.label for node in lineage.nodes if node.kind is kind}


# ---- back ----


def test_a_version_leads_back_to_pipeline_data_code_people_and_packages(trained: Repository, opened: Open) -> None:
    lineage = opened(trained).trace("churn#prod")
    assert arrows(lineage) == {
        "churn v1.1.0 made-by train",
        "train reads params.yaml",
        "m.json made-by train",
        "train reads prepared",
        "train reads train.py",
        "prepared made-by prepare",
        "prepare reads data/users.csv",
        "prepare reads prepare.py",
        "data/users.csv same-bytes users v1.0.0",
    }
    assert (kinds(lineage, NodeKind.DATA), kinds(lineage, NodeKind.CODE)) == ({"data/users.csv"}, {"prepare.py", "train.py"})
    assert (lineage.version, lineage.previous, lineage.commits_total) == ("v1.1.0", "v1.0.0", 1)
    assert [(found.subject, found.files) for found in lineage.commits] == [("Fix the training", 1)]
    assert lineage.people == (("Ann Example", 1),)
    assert [(package.name, package.version) for package in lineage.packages] == [("numpy", "1.26.4")]
    assert (lineage.params, lineage.metrics) == ({"params.yaml": {"rate": 0.5}}, {"m.json": {"auc": 0.9}})
    assert (lineage.notes, lineage.problems) == ((), ())


def test_the_first_version_has_the_whole_history_behind_it(trained: Repository, opened: Open) -> None:
    lineage = opened(trained).trace("churn@v1.0.0")
    assert (lineage.previous, [found.subject for found in lineage.commits]) == (None, ["Train"])


@pytest.mark.parametrize(("code", "subjects"), [
    (["notes.txt"], ["Write notes"]), (["."], ["Fix the training", "Write notes"]), (["train.py", "notes.txt"], ["Fix the training", "Write notes"]), (["./train.py/"], ["Fix the training"]),
])  # fmt: skip
def test_commits_are_those_that_change_the_code_that_is_meant(
    code: list[str], subjects: list[str], trained: Repository, opened: Open
) -> None:
    assert [found.subject for found in opened(trained).trace("churn@latest", code=code).commits] == subjects


@pytest.mark.parametrize("code", [["nothing"], [".", "nothing"], ["*.txt"], [":(glob)**"], ["--all"]])
def test_code_that_is_nowhere_is_refused_as_compare_does(code: list[str], trained: Repository, opened: Open) -> None:
    for ask in (
        lambda: opened(trained).trace("churn@latest", code=code),
        lambda: opened(trained).compare("churn@v1.0.0", "churn@v1.1.0", code=code),
    ):
        with pytest.raises(NotFound, match=f"there is no {re.escape(repr(code[-1]))} at any of these commits") as caught:
            ask()
        assert "from the root" in caught.value.hint


def test_code_that_was_there_for_a_while_has_its_commits(trained: Repository, opened: Open) -> None:
    trained.commit({"short.py": "1\n"}, "Try")
    trained.commit({"short.py": None}, "Give up")
    trained.register("churn", "v1.2.0")
    assert [found.subject for found in opened(trained).trace("churn@v1.2.0", code=["short.py"]).commits] == ["Give up", "Try"]


@pytest.mark.parametrize("path", ["", "/etc", "../x", "a/../../x", "a\0b", "a\nb"])
def test_code_outside_of_the_repository_is_refused(path: str, trained: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault):
        opened(trained).trace("churn@latest", code=[path])


def test_without_a_pipeline_all_but_the_files_of_the_registry_counts(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "m: {path: m.bin}\n", "m.bin": "1"}, "Begin")
    repository.register("m", "v1.0.0")
    repository.commit({"sub/artifacts.yaml": "x: {}\n", "y.dvc": "outs: []\n"}, "Annotate")
    repository.commit({"m.bin": "2"}, "Train again")
    repository.register("m", "v1.1.0")
    lineage = opened(repository).trace("m@latest")
    assert ([found.subject for found in lineage.commits], lineage.code, len(lineage.nodes)) == (["Train again"], (), 1)


def test_the_version_before_is_that_of_semver_and_a_bare_commit_follows_the_last_one(trained: Repository, opened: Open) -> None:
    trained.tick()
    trained.git("checkout", "-q", "-b", "old", "churn@v1.0.0")
    trained.commit({"train.py": "hot"}, "Hot fix")
    trained.register("churn", "v1.0.1")
    trained.tick()
    trained.commit({"train.py": "hotter"}, "Try")
    trained.assign("churn", "dev")
    registry = opened(trained)
    assert (registry.trace("churn@v1.0.1").previous, registry.trace("churn@v1.1.0").previous) == ("v1.0.0", "v1.0.1")
    bare = registry.trace("churn#dev")
    assert (bare.version, bare.previous, [found.subject for found in bare.commits]) == (None, "v1.0.1", ["Try"])


def test_a_moment_that_is_past_knows_nothing_of_what_came_later(trained: Repository, opened: Open) -> None:
    assert opened(trained).trace("churn@latest", at="HEAD~2").version == "v1.0.0"
    with pytest.raises(NotFound):
        opened(trained).trace("churn#prod", at="HEAD~2")


@pytest.mark.parametrize(("selector", "error"), [("churn", UsageFault), ("churn@v9.9.9", NotFound), ("nobody@latest", NotFound)])
def test_what_is_not_there_is_an_error(selector: str, error: type[Exception], trained: Repository, opened: Open) -> None:
    with pytest.raises(error):
        opened(trained).trace(selector)


def test_bytes_of_registered_versions_are_found_in_dvc_and_in_git(repository: Repository, opened: Open) -> None:
    lock = format_lock({"train": ({"list.csv": "list", "copy/users.csv": "users"}, {"model": "m"})})
    files = {
        "artifacts.yaml": "churn: {path: model}\nlist: {path: list.csv}\nusers: {path: users.csv}\n",
        "dvc.yaml": format_definition({"train": ""}), "dvc.lock": lock, "list.csv": "list",
        "users.csv.dvc": f"outs:\n- {{md5: {md5_of('users')}, hash: md5, path: users.csv}}\n",
    }  # fmt: skip
    repository.commit(files)
    for name in ("churn", "list", "users"):
        repository.register(name, "v1.0.0")
    lineage = opened(repository).trace("churn@latest")
    assert {arrow for arrow in arrows(lineage) if "same-bytes" in arrow} == {
        "list.csv same-bytes list v1.0.0", "copy/users.csv same-bytes users v1.0.0",
    }  # fmt: skip


def test_in_a_large_registry_only_artifacts_at_the_same_paths_are_looked_at_and_that_is_said(
    trained: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_relatives, "_FEW", 0)
    lineage = opened(trained).trace("churn@latest")
    assert "data/users.csv same-bytes users v1.0.0" in arrows(lineage)
    (note,) = lineage.notes
    assert note == (
        "inputs that are registered versions themselves may not be marked as such: of so many versions only artifacts at the same "
        "paths are looked at (users); all are looked at from the input: gitreg trace INPUT@VERSION --reverse"
    )
    trained.commit({"artifacts.yaml": "churn: {path: model}\nusers: {path: elsewhere}\n"})
    trained.register("churn", "v1.2.0")
    assert "only artifacts at the same paths are looked at (there is none)" in opened(trained).trace("churn@latest").notes[0]


@pytest.mark.parametrize(("base", "label"), [
    ("bert@v1.0.0", "bert v1.0.0"), ("bert@latest", "bert v1.0.0"), ("bert#prod", "bert v1.0.0"), ("bert", "bert v1.0.0"),
    ("bert@v9.0.0", "bert@v9.0.0"), ("bert@v2.0.0", "bert v2.0.0"), ("bert#dev", "bert#dev"),
    ("org/bert-base-uncased", "org/bert-base-uncased"), ("https://h/x", "https://h/x"),
])  # fmt: skip
def test_the_base_of_an_entry_is_what_it_meant_when_the_version_was_registered(
    base: str, label: str, repository: Repository, opened: Open
) -> None:
    repository.register("bert", "v1.0.0")
    repository.assign("bert", "prod", version="v1.0.0")
    repository.tick()
    repository.commit({"artifacts.yaml": f"churn: {{path: model, base: '{base}'}}\n"})
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.commit()
    repository.register("bert", "v2.0.0")
    repository.assign("bert", "prod", version="v2.0.0")
    registry = opened(repository)
    assert arrows(registry.trace("churn@latest")) == {f"churn v1.0.0 based-on {label}"}
    for version in ("v1.0.0", "v2.0.0"):
        forward = {f"churn v1.0.0 based-on {label}"} if label == f"bert {version}" else set()
        assert arrows(registry.trace(f"bert@{version}", reverse=True)) == forward


def test_an_artifact_that_is_based_on_itself_comes_from_its_version_before(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: {base: churn}\n"})
    for version in ("v1.0.0", "v1.1.0", "v1.2.0"):
        repository.register("churn", version)
        repository.tick()
    registry = opened(repository)
    assert arrows(registry.trace("churn@v1.1.0")) == {"churn v1.1.0 based-on churn v1.0.0"}
    assert arrows(registry.trace("churn@v1.0.0", reverse=True)) == {"churn v1.1.0 based-on churn v1.0.0"}


def test_a_bare_commit_that_held_a_stage_is_a_base_both_ways(repository: Repository, opened: Open) -> None:
    commit = repository.commit({"artifacts.yaml": "churn: {base: bert#dev}\nbert: {}\n"})
    repository.assign("bert", "dev")
    repository.tick()
    repository.register("churn", "v1.0.0")
    registry = opened(repository)
    expected = {f"churn v1.0.0 based-on bert commit {commit[:7]}"}
    assert arrows(registry.trace("churn@v1.0.0")) == arrows(registry.trace("bert#dev", reverse=True)) == expected


def test_runs_are_named_by_entry_tag_experiments_and_dvclive(trained: Repository, opened: Open) -> None:
    before = trained.git("rev-parse", "HEAD")
    entries = f"churn: {{path: model, homepage: 'https://wandb.ai/a/b/runs/w1', custom: {{mlflow: {{run_id: {RUN}}}}}, metrics: [dvclive/metrics.json]}}\n"
    commit = trained.commit({"artifacts.yaml": entries, "dvclive/metrics.json": "{}"})
    trained.register("churn", "v1.2.0", message=f"From runs:/{'f' * 32}/model")
    same = trained.git("commit-tree", f"{commit}^{{tree}}", "-p", before, "-m", "e")
    trained.commit({"dvc.lock": "schema: '2.0'\nstages: {}\n"})
    other = trained.git("rev-parse", "HEAD")
    for began, name, tip in ((before, "same", same), (before, "other", other), (before, "own", commit), (other, "far", other)):
        trained.git("update-ref", f"refs/exps/{began[:2]}/{began[2:]}/{name}", tip)
    trained.git("update-ref", "refs/exps/exec/EXEC_HEAD", before)
    trained.git("update-ref", "refs/exps/stash", before)
    lineage = opened(trained).trace("churn@v1.2.0")
    runs = {node.label: (node.facts["tool"], node.facts["relation"]) for node in lineage.nodes if node.kind is NodeKind.RUN}
    assert runs == {
        RUN: ("mlflow", None), "f" * 32: ("mlflow", None), "w1": ("wandb", None), "own": ("dvc", "is this commit"),
        "same": ("dvc", "has the same results"), "other": ("dvc", "began at the commit before"),
    } | ({"dvclive": ("dvclive", "wrote the metrics")} if lineage.metrics else {})  # fmt: skip


def test_what_was_run_with_other_files_than_the_commit_has_is_told(trained: Repository, opened: Open) -> None:
    trained.commit({
        "train.py": "changed later", "params.yaml": "rate: 0.7\n",
        "data/users.csv.dvc": f"outs:\n- {{md5: {'9' * 32}, hash: md5, path: users.csv}}\n",
    })  # fmt: skip
    trained.register("churn", "v1.2.0")
    assert opened(trained).trace("churn@latest").notes == (
        "'prepare' was run with another data/users.csv than this commit has",
        "'train' was run with another train.py than this commit has",
        "'train' was run with rate=0.5, and params.yaml of this commit has 0.7",
    )


def test_a_stage_that_read_another_file_than_was_made_last_is_told(trained: Repository, opened: Open) -> None:
    lock = (trained.path / "dvc.lock").read_text().replace(md5_of("prepared users"), "1" * 32, 1)
    trained.commit({"dvc.lock": lock})
    trained.register("churn", "v1.2.0")
    assert opened(trained).trace("churn@latest").notes == ("'train' was run with another prepared than 'prepare' made last",)


def test_line_ends_of_windows_and_files_of_git_lfs_are_no_difference(repository: Repository, opened: Open) -> None:
    lfs = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 5\n"
    repository.git("config", "core.autocrlf", "false")
    lock = format_lock({"train": ({"train.py": "a\r\nb\r\n", "x.csv": "data!"}, {"model": "m"})})
    repository.commit(
        {
            "dvc.yaml": format_definition({"train": ""}),
            "dvc.lock": lock,
            "train.py": "a\nb\n",
            "x.csv": lfs,
            "artifacts.yaml": ENTRIES,
        }
    )
    repository.register("churn", "v1.0.0")
    assert opened(repository).trace("churn@latest").notes == ()


# ---- files that are not as they should be ----


@pytest.mark.parametrize("broken", ["stages: [", "- no", "\x00", "stages: {train: {deps: [{path: x}], outs: 7}}"])
def test_a_lock_that_was_broken_then_is_told_and_the_rest_answers(broken: str, trained: Repository, opened: Open) -> None:
    trained.tick()
    trained.commit({"dvc.lock": broken})
    trained.register("churn", "v1.2.0")
    trained.tick()
    trained.commit(pipeline(rate=0.5))
    trained.register("churn", "v1.3.0")
    registry = opened(trained)
    lineage = registry.trace("churn@v1.2.0")
    assert lineage.commits_total is not None
    if "outs" not in broken:
        assert {problem.file for problem in lineage.problems} == {"dvc.lock"}
        assert "prepare" not in kinds(lineage, NodeKind.STAGE)
    assert registry.trace("churn@v1.3.0").problems == ()


def test_a_lock_with_a_circle_has_an_end(repository: Repository, opened: Open) -> None:
    lock = format_lock(
        {"a": ({"x": "1", "model": "m"}, {"y": "2"}), "b": ({"y": "2"}, {"x": "1", "model": "m"}), "c": ({"c": "c"}, {"c": "c"})}
    )
    repository.commit({"dvc.lock": lock, "artifacts.yaml": ENTRIES})
    repository.register("churn", "v1.0.0")
    assert {"churn v1.0.0 made-by b", "y made-by a", "x made-by b"} <= arrows(opened(repository).trace("churn@latest"))


def test_stages_of_foreach_in_other_folders_and_addresses_are_followed(repository: Repository, opened: Open) -> None:
    lock = format_lock({"train@small": ({"../data/x.csv": "x", "s3://me:pw@bucket/k": "k"}, {"model": "m"})})
    definition = "stages:\n  train:\n    foreach: [small]\n    do: {wdir: '${item}', cmd: x}\n"
    repository.commit({"sub/dvc.yaml": definition, "sub/dvc.lock": lock, "artifacts.yaml": "churn: {path: sub/small/model}\n"})
    repository.register("churn", "v1.0.0")
    assert arrows(opened(repository).trace("churn@latest")) == {
        "churn v1.0.0 made-by train@small", "train@small reads sub/data/x.csv", "train@small reads s3://bucket/k",
    }  # fmt: skip


def test_a_commit_without_its_files_is_told(trained: Repository, opened: Open) -> None:
    oid = trained.git("rev-parse", "HEAD:dvc.lock")
    (trained.path / f".git/objects/{oid[:2]}/{oid[2:]}").unlink()
    assert {problem.file for problem in opened(trained).trace("churn@latest").problems} == {"dvc.lock"}


# ---- forward ----


def test_what_was_made_from_a_version_is_found_by_bytes_and_by_base(trained: Repository, opened: Open) -> None:
    trained.tick()
    trained.commit(
        {"artifacts.yaml": f"{ENTRIES}app: {{base: 'churn@v1.1.0'}}\nother: {{base: churn@v1.0.0}}\nall: {{base: churn}}\n"}
    )
    for name in ("app", "other", "all"):
        trained.register(name, "v1.0.0")
    registry = opened(trained)
    lineage = registry.trace("users@v1.0.0", reverse=True)
    assert arrows(lineage) == {"churn v1.0.0 same-bytes users v1.0.0", "churn v1.1.0 same-bytes users v1.0.0"}
    assert lineage.reverse
    assert arrows(registry.trace("churn#prod", reverse=True)) == {
        "app v1.0.0 based-on churn v1.1.0", "all v1.0.0 based-on churn v1.1.0",
    }  # fmt: skip


def test_what_git_keeps_is_followed_forward_too(repository: Repository, opened: Open) -> None:
    lock = format_lock({"train": ({"list.csv": "list"}, {"model": "m"})})
    entries = "churn: {path: model}\nlist: {path: list.csv}\n"
    repository.commit(
        {"artifacts.yaml": entries, "dvc.yaml": format_definition({"train": ""}), "dvc.lock": lock, "list.csv": "list"}
    )
    repository.register("churn", "v1.0.0")
    repository.register("list", "v1.0.0")
    assert arrows(opened(repository).trace("list@latest", reverse=True)) == {"churn v1.0.0 same-bytes list v1.0.0"}


def test_deregistered_versions_were_made_from_it_all_the_same_and_are_marked(trained: Repository, opened: Open) -> None:
    trained.register("churn", "v1.0.9", "churn@v1.0.0^{commit}")  # another version at the commit of the one that is deregistered
    trained.tick()
    trained.deregister("churn", "v1.0.0")
    registry = opened(trained)
    lineage = registry.trace("users@v1.0.0", reverse=True)
    assert {node.label: node.facts["active"] for node in lineage.nodes} == {
        "users v1.0.0": True, "churn v1.0.0": False, "churn v1.0.9": True, "churn v1.1.0": True,
    }  # fmt: skip
    assert len(lineage.edges) == 3
    assert registry.trace("churn@v1.0.0").active is False
    assert registry.trace("churn@v1.0.0", reverse=True).active is False
    assert registry.trace("churn@v1.1.0").active is True


def test_the_base_of_an_entry_that_was_deregistered_since_is_marked(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: {base: bert}\n"})
    repository.register("bert", "v1.0.0")
    repository.tick()
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.deregister("bert", "v1.0.0")
    lineage = opened(repository).trace("churn@v1.0.0")
    assert {node.label: node.facts["active"] for node in lineage.nodes} == {"churn v1.0.0": True, "bert v1.0.0": False}


def test_who_registered_a_version_is_named_where_no_commit_lies_between(trained: Repository, opened: Open) -> None:
    trained.register("churn", "v1.2.0")
    trained.assign("churn", "dev", "HEAD~1")
    registry = opened(trained)
    lineage = registry.trace("churn@v1.2.0")
    assert (lineage.people, lineage.registered_by, lineage.registered_by_email) == ((), "Ann Example", "ann@example.com")
    assert lineage.registered_at == trained.now
    bare = registry.trace("churn#dev")
    assert (bare.active, bare.registered_at, bare.registered_by, bare.registered_by_email) == (None, None, None, None)


def test_what_is_wrong_with_a_file_is_told_once_with_its_commit(trained: Repository, opened: Open) -> None:
    trained.tick()
    broken = trained.commit({"dvc.lock": f"stages: [{md5_of('users')}"})
    trained.register("churn", "v1.2.0")
    trained.tick()
    worse = trained.commit({"artifacts.yaml": "- no\n"})
    trained.register("churn", "v1.3.0")
    registry = opened(trained)
    assert [(problem.file, problem.commit) for problem in registry.trace("churn@v1.2.0").problems] == [("dvc.lock", broken)]
    worst = registry.trace("churn@v1.3.0").problems
    assert sorted((problem.file, problem.commit) for problem in worst) == [("artifacts.yaml", worse), ("dvc.lock", worse)]
    forward = registry.trace("users@v1.0.0", reverse=True).problems
    assert sorted((problem.file, problem.commit) for problem in forward) == [("artifacts.yaml", worse), ("dvc.lock", broken)]


def test_from_the_side_of_an_input_only_files_that_may_name_its_bytes_are_understood(
    trained: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gitreg.operations import load_pipelines

    for number, lock in enumerate(("stages: [", "stages: [\\x61", f"stages: [{md5_of('users')}"), 2):
        trained.tick()
        trained.commit({"dvc.lock": lock, "dvc.yaml": "stages: {}\n"})
        trained.register("churn", f"v1.{number}.0")
    understood: list[str] = []
    original = load_pipelines._understand

    def understand(file: str, own: bytes | None, locked: bytes | None) -> Any:
        understood.append(file)
        return original(file, own, locked)

    monkeypatch.setattr(load_pipelines, "_understand", understand)
    forward = opened(trained).trace("users@v1.0.0", reverse=True)
    assert {arrow for arrow in arrows(forward) if "same-bytes" in arrow} == {
        "churn v1.0.0 same-bytes users v1.0.0", "churn v1.1.0 same-bytes users v1.0.0",
    }  # fmt: skip
    assert (len(understood), len(forward.problems)) == (4, 2)


def test_a_folder_or_a_file_that_is_not_here_may_name_any_bytes(trained: Repository, tmp_path: Path, opened: Open) -> None:
    remote = trained.bare_remote(tmp_path / "remote.git")
    clone = remote.clone(tmp_path / "partial", "--filter=tree:0", "--no-checkout")
    clone.git("remote", "remove", "origin")
    assert opened(clone).trace("churn@v1.0.0", reverse=True).problems


@pytest.mark.parametrize(("selector", "example"), [
    ("churn", "churn"), ("HEAD", "churn"), ("user", "users"), ("nope", "churn"),
])  # fmt: skip
def test_a_text_without_version_or_stage_is_answered_with_an_example(
    selector: str, example: str, trained: Repository, opened: Open
) -> None:
    for reverse in (False, True):
        with pytest.raises(UsageFault, match="only those can be traced") as caught:
            opened(trained).trace(selector, reverse=reverse)
        assert caught.value.hint == f"say which: '{example}@latest' or '{example}#prod'"


# ---- is it in there ----


def test_a_commit_is_in_the_versions_that_come_after_it(trained: Repository, opened: Open) -> None:
    trained.git("checkout", "-q", "-b", "side", "churn@v1.0.0")
    trained.tick()
    aside = trained.commit({"x": "y"})
    trained.register("churn", "v1.0.1")
    registry = opened(trained)
    notes = registry.find_commit("churn", "main~1")
    assert (notes.contained, notes.first, notes.versions, notes.subject) == (True, "v1.1.0", ("v1.1.0",), "Write notes")
    assert not registry.find_commit("churn@v1.0.0", "main").contained
    assert registry.find_commit("churn#prod", "main~1").contained
    assert registry.find_commit("churn@v1.0.0", "main~2").versions == ("v1.1.0", "v1.0.1", "v1.0.0")
    assert not registry.find_commit("churn#prod", aside).contained
    nowhere = registry.find_commit("churn", trained.commit({"x": "z"}))
    assert (nowhere.contained, nowhere.first, nowhere.versions) == (False, None, ())


@pytest.mark.parametrize(("selector", "rev"), [
    ("nobody", "HEAD"), ("churn@v9.9.9", "HEAD"), ("churn#nothing", "HEAD"), ("churn", "nothing"), ("churn", "--all"), ("churn", "HEAD:train.py"),
])  # fmt: skip
def test_a_commit_or_version_that_is_not_there_is_an_error(selector: str, rev: str, trained: Repository, opened: Open) -> None:
    with pytest.raises(NotFound):
        opened(trained).find_commit(selector, rev)


def test_a_bare_commit_in_a_stage_is_asked_too(trained: Repository, opened: Open) -> None:
    trained.tick()
    trained.commit({"x": "y"})
    trained.assign("churn", "dev")
    found = opened(trained).find_commit("churn#dev", "HEAD")
    assert (found.contained, found.version, found.versions) == (True, None, ())


# ---- clones that lack something ----


def test_a_shallow_clone_says_what_it_does_not_know(trained: Repository, tmp_path: Path, opened: Open) -> None:
    clone = trained.clone(tmp_path / "shallow", "--depth=1")
    clone.git("fetch", "--quiet", "--depth=1", "origin", "refs/tags/*:refs/tags/*")
    registry = opened(clone)
    with pytest.raises(Unanswerable):
        registry.trace("churn#prod")
    lineage = registry.trace("churn#prod", fetch=True)
    assert (lineage.commits_total, [problem.code for problem in lineage.problems]) == (None, ["GR503"])
    assert "churn v1.1.0 made-by train" in arrows(lineage)
    with pytest.raises(Unanswerable, match="shallow"):
        registry.find_commit("churn#prod", "HEAD", fetch=True)


def test_a_clone_without_folders_says_what_it_does_not_know(trained: Repository, tmp_path: Path, opened: Open) -> None:
    remote = trained.bare_remote(tmp_path / "remote.git")
    clone = remote.clone(tmp_path / "partial", "--filter=tree:0", "--no-checkout")
    registry = opened(clone)
    assert registry.find_commit("churn#prod", "main~1").contained
    with pytest.raises(Unanswerable, match="partial clone"):
        registry.trace("churn#prod")


READS: Final[dict[str, Callable[[Registry], Any]]] = {
    "back": lambda registry: registry.trace("churn#prod"),
    "first": lambda registry: registry.trace("churn@v1.0.0"),
    "code": lambda registry: registry.trace("churn@v1.1.0", code=["notes.txt"]),
    "all code": lambda registry: registry.trace("churn@v1.1.0", code=["."]),
    "no pipeline": lambda registry: registry.trace("users@v1.0.0"),
    "forward": lambda registry: registry.trace("users@v1.0.0", reverse=True),
    "in": lambda registry: registry.find_commit("churn#prod", "main"),
    "not in": lambda registry: registry.find_commit("churn@v1.0.0", "main"),
    "in any": lambda registry: registry.find_commit("churn", "main"),
}


@pytest.mark.parametrize("question", READS)
def test_a_repository_that_is_read_by_its_address_gives_the_answer_of_a_clone(
    question: str, trained: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):  # more than are brought at once
        trained.commit({"later.txt": str(number)})
    remote = trained.bare_remote(tmp_path / "remote.git")
    clone = remote.clone(tmp_path / "clone")
    enter(trained, monkeypatch)
    with Registry(remote.path.as_uri()) as afar, Registry(clone.path) as near:
        far, here = READS[question](afar), READS[question](near)
    if isinstance(far, Lineage):
        assert (arrows(far), far.commits, far.people, far.commits_total) == (
            arrows(here),
            here.commits,
            here.people,
            here.commits_total,
        )
        assert (far.packages, far.metrics, far.problems) == (here.packages, here.metrics, here.problems)
    else:
        assert far == here


def test_from_afar_it_is_said_which_inputs_may_be_versions_and_where_that_can_be_known(
    trained: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = trained.bare_remote(tmp_path / "remote.git").path.as_uri()
    enter(trained, monkeypatch)
    with Registry(url) as registry:
        (note,) = registry.trace("churn@v1.1.0").notes
    assert note == (
        "inputs that are registered versions themselves may not be marked as such: from afar only artifacts at the same paths "
        f"are looked at (users); in a clone more are: git clone {url}"
    )


def test_too_many_commits_are_not_looked_at_from_afar(
    trained: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gitreg.operations import trace_remote

    remote = trained.bare_remote(tmp_path / "remote.git")
    enter(trained, monkeypatch)
    monkeypatch.setattr(trace_remote, "MOST_FROM_AFAR", 1)
    with Registry(remote.path.as_uri()) as registry:
        lineage = registry.trace("churn@v1.1.0")
    assert lineage.commits_total is None
    assert [(problem.message, problem.hint) for problem in lineage.problems] == [
        (
            "the commits since the version before are not known: from afar at most 1 are looked at, and there are 2",
            "clone the repository, and trace it there: git clone",
        )
    ]


@pytest.mark.parametrize(("question", "most"), [("back", 4), ("code", 4), ("forward", 3), ("in", 4), ("in any", 4)])
def test_an_answer_takes_four_processes_of_git_at_most(
    question: str, most: int, trained: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(trained, monkeypatch)
    started = []
    popen = run._popen

    def count(*given: Any) -> Any:
        started.append(given[1])
        return popen(*given)

    monkeypatch.setattr(run, "_popen", count)
    with Registry(trained.path) as registry:
        READS[question](registry)
    assert len(started) <= most


# ---- the real DVC ----


@pytest.mark.slow
def test_the_pipeline_that_the_real_dvc_ran_is_told_from_beginning_to_end(repository: Repository, opened: Open) -> None:
    shutil.copytree(EXAMPLE, repository.path, dirs_exist_ok=True)
    set_up_dvc(repository)
    run_dvc(repository, "add", "--quiet", "data/users.csv", "data/holdout.csv")
    run_dvc(repository, "repro", "--quiet")
    repository.git("add", "--all")
    repository.commit(message="Train")
    repository.register("churn", "v1.0.0")
    repository.register("users", "v1.0.0")
    lineage = opened(repository).trace("churn@v1.0.0")
    assert arrows(lineage) == {
        "churn v1.0.0 made-by train",
        "metrics.json made-by train",
        "train reads params.yaml",
        "train reads train.py",
        "train reads prepare.py",
        "train reads data/holdout.csv",
        "train reads prepared.csv",
        "prepared.csv made-by prepare",
        "prepare reads params.yaml",
        "prepare reads prepare.py",
        "prepare reads data/users.csv",
        "data/users.csv same-bytes users v1.0.0",
    }
    assert kinds(lineage, NodeKind.DATA) == {"data/users.csv", "data/holdout.csv"}
    assert (lineage.notes, lineage.problems) == ((), ())
    assert lineage.metrics["metrics.json"].keys() == {"auc", "accuracy", "loss"}


def test_where_no_pipeline_makes_a_model_nothing_says_how_it_was_made(repository: Repository, opened: Open) -> None:
    entries = "churn: {path: model}\nusers: {path: users.csv, type: dataset}\nidea: {type: model}\n"
    repository.commit({"artifacts.yaml": entries, "model": "1", "users.csv": "1"})
    for name in ("churn", "users", "idea"):
        repository.register(name, "v1.0.0")
        repository.tick()
    sentence = "no pipeline stage of this commit makes 'churn', so nothing says how it was made"
    assert [opened(repository).trace(f"{name}@latest").notes for name in ("churn", "users", "idea")] == [(sentence,), (), ()]
    repository.commit({"dvc.yaml": "stages: [\n"})
    repository.register("churn", "v1.1.0")
    assert sentence not in opened(repository).trace("churn@latest").notes  # nobody knows what that file would say
