from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from gitreg import Registry
from gitreg.core.compared import Kind, Trend
from gitreg.core.entries import Entry
from gitreg.core.problems import Problem, severity_of
from gitreg.core.registry_diff import Change, RegistryDiff
from gitreg.core.registry_diff_summary import choose_next, differs
from gitreg.errors import NotFound, Unanswerable, UsageFault
from gitreg.git import run
from gitreg.operations import diff_entries
from gitreg.operations.load_entries import parse_entry_files
from gitreg.render.blocks import Lines, Table
from gitreg.render.diff import format_verdict, render_diff
from gitreg.render.diff_markdown import render_markdown
from tests.operations.picture import Open, picture
from tests.support.pipelines import format_definition, format_lock, md5_of
from tests.support.powers import powers_of_anybody
from tests.support.repository import Repository

CHURN: Final = "churn:\n  path: churn.pkl\n  goals: {auc: higher}\n  metrics: [m.json]\n"
FRAUD: Final = "fraud:\n  path: fraud.pkl\n"
FILES: Final[Mapping[str, str | None]] = {
    "artifacts.yaml": CHURN + FRAUD,
    "churn.pkl": "1",
    "fraud.pkl": "f",
    "m.json": '{"auc": 0.8}',
    "train.py": "1",
}
VARIABLES: Final = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")


@pytest.fixture(autouse=True)
def no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the job that runs the tests says of its own pull request."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def registry(repository: Repository) -> Repository:
    """Two artifacts on ``main``, one of them in prod; a branch ``feature`` is checked out."""
    repository.commit(FILES, "First")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.git("checkout", "--quiet", "-b", "feature")
    return repository


def say(diff: RegistryDiff) -> dict[str, str]:
    return {change.name: change.kind.value for change in diff.artifacts}


def test_what_was_trained_again_is_changed_and_nothing_else(registry: Repository, opened: Open) -> None:
    registry.commit({"churn.pkl": "2", "m.json": '{"auc": 0.9}', "train.py": "2", "README.md": "# New\n"}, "Train")
    found = opened(registry).diff()
    assert say(found) == {"churn": "changed"}
    change = found.artifacts[0]
    assert [(row.name, row.values, row.trends) for row in change.comparison.metrics] == [("auc", (0.8, 0.9), (Trend.BETTER,))]
    assert change.comparison.same_bytes == (False,)
    assert change.state is not None
    assert (change.state.latest, list(change.state.stages)) == ("v1.0.0", ["prod"])
    assert found.code is not None
    assert ([file.path for file in found.code.files], found.code.ahead) == (["train.py"], 1)
    assert (found.base.how, found.head.text) == ("merge base with main", "the work tree")
    assert format_verdict(found) == "Model registry: 0 added, 1 changed, 0 removed; auc of churn 0.8 -> 0.9 better"


def test_what_a_version_has_already_is_not_to_be_registered_again(registry: Repository, opened: Open) -> None:
    registry.commit({"churn.pkl": "2"}, "Train")
    assert [choose_next(change) is None for change in opened(registry).diff().artifacts] == [False]
    registry.register("churn", "v1.1.0")
    registry.tick()
    assert [choose_next(change) for change in opened(registry).diff().artifacts] == [None]
    registry.commit({"fraud.pkl": "3"}, "Another one")
    steps = {change.name: choose_next(change) for change in opened(registry).diff().artifacts}
    assert [name for name, step in steps.items() if step is not None] == ["fraud"]


def test_what_is_not_committed_counts_and_nothing_is_written(registry: Repository, opened: Open) -> None:
    (registry.path / "artifacts.yaml").write_text(CHURN + "new:\n  path: new.pkl\n")
    (registry.path / "new.pkl").write_text("n")
    (registry.path / "train.py").write_text("2")
    registry.git("add", "artifacts.yaml")
    before = picture(registry), sorted((registry.path / ".git/objects").rglob("*"))
    found = opened(registry).diff()
    assert say(found) == {"fraud": "removed", "new": "added"}
    assert found.code is not None
    assert ([file.path for file in found.code.files], found.code.ahead, found.code.people) == (["train.py"], 0, ())
    assert (found.head.commit, found.artifacts[1].comparison.sides[1].facts.commit) == (None, "")
    assert found.head.how.startswith("not committed, on ")
    assert [finding.problem.code for finding in found.findings] == []
    staged = opened(registry).diff("HEAD", staged=True)
    assert [finding.problem.code for finding in staged.findings] == ["GR108"]  # new.pkl is not staged
    assert (picture(registry), sorted((registry.path / ".git/objects").rglob("*"))) == before


def test_equal_sides_differ_in_nothing(registry: Repository, opened: Open) -> None:
    for sides in ((), ("HEAD",), ("main", "feature"), ("churn#prod", "churn@latest")):
        found = opened(registry).diff(*sides)
        assert (found.artifacts, found.findings, differs(found)) == ((), (), False)
        assert format_verdict(found) == "No changes in the model registry"


def test_swapped_sides_swap_added_and_removed(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN + "new:\n  path: new.pkl\n", "new.pkl": "n", "m.json": '{"auc": 0.7}'})
    there, back = (opened(registry).diff(*sides) for sides in (("main", "feature"), ("feature", "main")))
    assert say(there) == {"churn": "changed", "fraud": "removed", "new": "added"}
    assert say(back) == {"churn": "changed", "fraud": "added", "new": "removed"}
    assert (there.artifacts[0].comparison.metrics[0].trends, back.artifacts[0].comparison.metrics[0].trends) == (
        (Trend.WORSE,),
        (Trend.BETTER,),
    )


def test_what_has_the_same_path_or_bytes_under_another_name_was_renamed(registry: Repository, opened: Open) -> None:
    moved = CHURN.replace("churn", "attrition", 1) + "scam:\n  path: scam.pkl\n"
    registry.commit({"artifacts.yaml": moved, "fraud.pkl": None, "scam.pkl": "f"})
    found = opened(registry).diff()
    assert [(change.before, change.after, change.kind) for change in found.artifacts] == [
        ("churn", "attrition", Change.RENAMED),
        ("fraud", "scam", Change.RENAMED),
    ]
    assert found.artifacts[0].state is not None
    assert found.artifacts[0].state.name == "churn"


def test_a_stage_is_compared_too(registry: Repository, opened: Open) -> None:
    registry.git("checkout", "--quiet", "main")
    registry.commit({"m.json": '{"auc": 0.85}'})
    registry.git("checkout", "--quiet", "-B", "feature")
    registry.commit({"m.json": '{"auc": 0.82}', "fraud.pkl": "g"})
    found = opened(registry).diff(against="prod")
    held = [change.held for change in found.artifacts]
    assert held[0] is not None
    assert held[0].comparison is not None
    assert (held[0].label, held[0].comparison.metrics[0].trends) == ("prod v1.0.0", (Trend.BETTER,))
    assert found.artifacts[0].comparison.metrics[0].trends == (Trend.WORSE,)
    assert held[1] is not None
    assert (held[1].commit, held[1].comparison) == (None, None)
    with pytest.raises(UsageFault):
        opened(registry).diff(against="--all")


def test_findings_are_new_or_were_there_before(registry: Repository, opened: Open) -> None:
    registry.git("checkout", "--quiet", "main")
    registry.commit({"artifacts.yaml": f"{CHURN}  old: 1\n{FRAUD}"})
    registry.git("checkout", "--quiet", "-B", "feature")
    registry.commit({"artifacts.yaml": f"# moved\n\n{CHURN}  old: 1\n{FRAUD}  new: 1\n"})
    found = opened(registry).diff()
    assert [(one.is_new, one.problem.line, one.problem.artifact) for one in found.findings] == [
        (True, 10, "fraud"),
        (False, 7, "churn"),
    ]
    assert say(found) == {"fraud": "changed"}


def test_other_settings_make_findings_of_entries_that_stay_as_they_are(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN + "  type: model\n" + FRAUD})
    registry.commit({".gitreg.yaml": "types: [dataset]\n"})
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert say(found) == {}
    assert [(one.problem.code, one.problem.artifact, one.is_new) for one in found.findings] == [("GR109", "churn", True)]
    assert format_verdict(found) == "No changes in the model registry; 1 new error"


@pytest.mark.parametrize("side", ["base", "head"])
def test_what_cannot_be_read_is_unknown_and_hides_nothing(registry: Repository, opened: Open, side: str) -> None:
    registry.commit({"sub/artifacts.yaml": "x:\n  path: x.pkl\n", "sub/x.pkl": "1"})
    whole = registry.git("rev-parse", "HEAD")
    broken = registry.commit({"artifacts.yaml": "churn: {\nfraud: 1\n", "sub/x.pkl": "2"})
    sides = (whole, broken) if side == "head" else (broken, whole)
    found = opened(registry).diff(*sides)
    assert say(found) == {"churn": "unknown", "fraud": "unknown", "sub:x": "changed"}
    codes = [(one.problem.code, one.is_new) for one in found.findings]
    assert codes == ([("GR101", True)] if side == "head" else [])
    assert [problem.code for problem in found.problems if problem.commit] == ["GR101"]
    assert differs(found)
    assert all(choose_next(change) is None for change in found.artifacts if change.kind is Change.UNKNOWN)
    both = opened(registry).diff(broken, registry.commit({"artifacts.yaml": "churn: {\nfraud: 2\n"}))
    assert (say(both), differs(both)) == ({}, True)
    assert "not all of it could be read" in format_verdict(both)


def test_a_bad_entry_beside_others_is_the_only_unknown_one(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN + "fraud: 3\n"})
    assert say(opened(registry).diff()) == {"fraud": "unknown"}


def test_a_file_of_entries_that_became_a_link_is_not_read(registry: Repository, opened: Open) -> None:
    (registry.path / "artifacts.yaml").rename(registry.path / "real.yaml")
    (registry.path / "artifacts.yaml").symlink_to("real.yaml")
    found = opened(registry).diff()
    assert set(say(found).values()) == {"unknown"}
    assert [one.problem.code for one in found.findings] == ["GR107"]


def test_a_broken_file_of_metrics_makes_metrics_unknown(registry: Repository, opened: Open) -> None:
    registry.commit({"m.json": "{"})
    change = opened(registry).diff().artifacts[0]
    assert (change.kind, change.comparison.metrics[0].kinds) == (Change.UNKNOWN, (Kind.UNKNOWN,))


def test_where_goals_or_files_are_declared_otherwise_the_entry_changed(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN.replace("higher", "lower") + FRAUD + "  metrics: [m.json]\n  odd: x\n"})
    found = {change.name: [(row.name, row.kinds) for row in change.declared] for change in opened(registry).diff().artifacts}
    assert found == {
        "churn": [("goals", (Kind.CHANGED,))],
        "fraud": [("metrics", (Kind.ADDED,)), ("unknown", (Kind.ADDED,))],
    }


@pytest.mark.parametrize(("old", "new", "kind"), [("1", "true", "changed"), ("0", "false", "changed"), ("1", "1.0", None)])
@pytest.mark.parametrize("where", ["metrics", "params", "custom"])
def test_true_is_not_the_number_one(registry: Repository, opened: Open, old: str, new: str, kind: str | None, where: str) -> None:
    def files(value: str) -> dict[str, str | None]:
        if where == "custom":
            return {"artifacts.yaml": f"{CHURN}  custom: {{deep: [{value}]}}\n"}
        if where == "metrics":
            return {"m.json": f'{{"auc": {value}}}'}
        return {"artifacts.yaml": f"{CHURN}  params: [params.yaml]\n", "params.yaml": f"train: {{x: {value}}}\n"}

    base = registry.commit(files(old), "One")
    registry.commit(files(new), "Another")
    assert say(opened(registry).diff(base)) == ({"churn": kind} if kind else {})


def test_a_mode_or_lines_around_an_entry_are_no_change(registry: Repository, opened: Open) -> None:
    (registry.path / "churn.pkl").chmod(0o755)
    (registry.path / "artifacts.yaml").write_text("# a comment\n\n" + (CHURN + FRAUD).replace("\n", "\r\n"), newline="")
    assert say(opened(registry).diff()) == {}


def test_data_and_parameters_of_a_pipeline_count(repository: Repository, opened: Open) -> None:
    definition = format_definition(
        {"train": ", deps: [data.csv], params: [rate], outs: [m.bin], metrics: [{eval/m.json: {cache: false}}]"}
    )

    def lock(data: str, rate: int) -> str:
        return format_lock({"train": ({"data.csv": data}, {"m.bin": data})}, {"train": {"rate": rate}})

    first = {"artifacts.yaml": "churn:\n  path: m.bin\n", "dvc.yaml": definition, "params.yaml": "rate: 1\n"}
    repository.commit({**first, "dvc.lock": lock("1", 1), "eval/m.json": '{"auc": 1}'})
    repository.commit({"dvc.lock": lock("2", 2), "params.yaml": "rate: 2\n", "eval/m.json": '{"auc": 2}'})
    found = opened(repository).diff("HEAD~1", "HEAD")
    comparison = found.artifacts[0].comparison
    assert [row.kinds for row in comparison.data] == [(Kind.CHANGED,)]
    assert [row.values for row in comparison.params] == [(1, 2)]
    repository.commit({"eval/m.json": '{"auc": 3}'})
    assert say(opened(repository).diff("HEAD~1", "HEAD")) == {"churn": "changed"}


def test_pointers_of_dvc_count_whatever_their_file_is_called(registry: Repository, opened: Open) -> None:
    def pointer(text: str) -> str:
        return f"outs:\n- md5: {md5_of(text)}\n  size: 3\n  path: big\n"

    entry = "inside:\n  path: big/model.bin\nbig:\n  path: big\n"
    registry.commit({"a/artifacts.yaml": entry, "a/other.dvc": pointer("1")})
    registry.commit({"a/other.dvc": pointer("2")})
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert say(found) == {"a:big": "changed"}  # of what is in a folder of DVC nobody knows by its list alone
    registry.commit({"a/other.dvc": "outs: [\n"})
    assert say(opened(registry).diff("HEAD~1", "HEAD")) == {"a:big": "unknown", "a:inside": "unknown"}
    registry.commit({"a/big.dvc": "outs: [\n", "a/other.dvc": None})
    assert say(opened(registry).diff("HEAD~2", "HEAD")) == {"a:big": "unknown", "a:inside": "unknown"}
    registry.commit({"a/big.dvc": None})
    assert say(opened(registry).diff("HEAD~3", "HEAD")) == {"a:big": "changed", "a:inside": "changed"}


@pytest.mark.parametrize("path", ["t.py", "code/t.py"])
def test_what_a_pipeline_reads_counts_when_it_enters_or_leaves_git(registry: Repository, opened: Open, path: str) -> None:
    read = path.partition("/")[0]
    definition = format_definition({"train": f", deps: [{read}], outs: [{{churn.pkl: {{cache: false}}}}]"})
    lock = format_lock({"train": ({read: "1"}, {"churn.pkl": "1"})})
    registry.commit({"dvc.yaml": definition, "dvc.lock": lock, path: "1"})
    registry.commit({path: None})
    for sides in (("HEAD~1", "HEAD"), ("HEAD", "HEAD~1")):
        assert say(opened(registry).diff(*sides)) == {"churn": "unknown"}
    registry.commit({path: "2"})
    registry.commit({path: "3"})
    assert say(opened(registry).diff("HEAD~1", "HEAD")) == {}


def test_packages_in_a_folder_above_count(registry: Repository, opened: Open) -> None:
    registry.commit(
        {"models/nlp/artifacts.yaml": "sent:\n  path: s.bin\n", "models/nlp/s.bin": "1", "requirements.txt": "a==1\n"}
    )
    registry.commit({"requirements.txt": "a==2\n"})
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert say(found) == {"churn": "changed", "fraud": "changed", "models/nlp:sent": "changed"}
    assert all(choose_next(change) is None for change in found.artifacts)
    registry.commit({"models/requirements.txt": "a==3\n"})
    assert say(opened(registry).diff("HEAD~1", "HEAD")) == {"models/nlp:sent": "changed"}


def test_entries_of_dvc_yaml_count(registry: Repository, opened: Open) -> None:
    registry.commit({"dvc.yaml": "artifacts:\n  live:\n    path: churn.pkl\n    type: model\n"})
    assert say(opened(registry).diff()) == {"live": "added"}
    registry.commit({"dvc.yaml": "artifacts:\n  live:\n    path: churn.pkl\n    type: dataset\n"})
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert [row.name for row in found.artifacts[0].comparison.fields] == ["type"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{{{", "GR101"),
        (b"\xff\xfe", "GR101"),
        ("artifacts:\n  dm:\n    path: dm.pkl\n".encode("utf-16"), "GR101"),
        (b"stages: {}\n", None),
        (b"", None),
    ],
)
def test_entries_of_a_broken_dvc_yaml_are_not_gone(registry: Repository, opened: Open, content: bytes, code: str | None) -> None:
    registry.commit({"dvc.yaml": "artifacts:\n  dm:\n    path: dm.pkl\n", "dm.pkl": "1"}, "Add")
    (registry.path / "dvc.yaml").write_bytes(content)
    found = opened(registry).diff("HEAD")
    assert say(found) == {"dm": "unknown" if code else "removed"}
    assert [finding.problem.code for finding in found.findings if finding.problem.file == "dvc.yaml"] == ([code] if code else [])


def test_what_may_not_be_read_is_unknown_and_not_gone(registry: Repository, opened: Open) -> None:
    inside = {"sub/artifacts.yaml": "x:\n  path: x.pkl\n", "sub/x.pkl": "1", "y.pkl": "1", "z/a": "1", "z/b": "1"}
    more = "y:\n  path: y.pkl\nz:\n  path: z\n"
    registry.commit({"artifacts.yaml": CHURN + FRAUD + more, **inside}, "More")
    places = [registry.path / name for name in ("sub", "y.pkl", "z/b", "m.json")]
    for place in places:
        place.chmod(0)
    try:
        with powers_of_anybody():
            found = opened(registry).diff("HEAD")
    finally:
        for place in places:
            place.chmod(0o755)
    assert say(found) == {"churn": "unknown", "sub:x": "unknown", "y": "unknown", "z": "unknown"}
    told = {problem.file: problem for problem in [*found.problems, *(finding.problem for finding in found.findings)]}
    assert sorted(filter(None, told)) == ["m.json", "sub/artifacts.yaml", "y.pkl", "z/b"]
    assert {(problem.message, problem.hint) for problem in told.values()} == {
        ("the file cannot be read: Permission denied", "look at it: ls -ld FILE, and at the folders above it")
    }
    note = "m.json, sub/artifacts.yaml, sub/x.pkl and 2 more cannot be read, so what is there is not known: Permission denied"
    assert found.notes == (note,)


def test_what_is_no_file_any_more_is_unknown(registry: Repository, opened: Open) -> None:
    (registry.path / "artifacts.yaml").unlink()
    os.mkfifo(registry.path / "artifacts.yaml")
    found = opened(registry).diff("HEAD")
    assert say(found) == {"churn": "unknown", "fraud": "unknown"}
    message = "the file cannot be read: it is neither a plain file nor a link"
    assert [finding.problem.message for finding in found.findings] == [message]


@pytest.mark.parametrize("name", ["artifacts.yaml", "m.json"])
def test_of_a_file_that_is_too_large_that_is_the_reason(registry: Repository, opened: Open, name: str) -> None:
    (registry.path / name).write_bytes(b" " * (9 << 20))
    found = opened(registry).diff("HEAD")
    assert set(say(found).values()) == {"unknown"}
    said = {problem.message for problem in [*found.problems, *(finding.problem for finding in found.findings)]}
    assert said == {"the file has 9437184 bytes, more than 8388608"}


def test_only_folders_that_something_changed_for_are_parsed(
    registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.commit({f"team{n}/artifacts.yaml": f"m{n}:\n  path: x\n" for n in range(5)} | {f"team{n}/x": "1" for n in range(5)})
    registry.commit({"team3/x": "2"})
    parsed: list[str] = []

    def parse(contents: Mapping[str, bytes]) -> tuple[dict[str, Entry], list[Problem]]:
        parsed.extend(contents)
        return parse_entry_files(contents)

    monkeypatch.setattr(diff_entries, "parse_entry_files", parse)
    assert say(opened(registry).diff("HEAD~1", "HEAD")) == {"team3:m3": "changed"}
    assert parsed == ["artifacts.yaml", "team3/artifacts.yaml"]


def test_a_branch_that_a_job_names_is_the_base(registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.git("branch", "release", "main")
    registry.commit({"churn.pkl": "2"})
    registry.git("update-ref", "refs/remotes/origin/main", "HEAD")
    assert say(opened(registry).diff()) == {}
    for variable, value, how in (
        ("GITHUB_BASE_REF", "release", "merge base with release"),
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "release", "merge base with release"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", registry.git("rev-parse", "release"), "CI_MERGE_REQUEST_DIFF_BASE_SHA"),
    ):
        with monkeypatch.context() as job:
            reader = opened(registry)
            job.setenv(variable, value)
            found = reader.diff()
            assert (say(found), found.base.how) == ({"churn": "changed"}, how)
    for variable, value in (
        ("GITHUB_BASE_REF", "gone"),
        ("GITHUB_BASE_REF", "main^{/x}"),
        ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "0" * 39 + "1"),
    ):
        with monkeypatch.context() as job:
            reader = opened(registry)
            job.setenv(variable, value)
            with pytest.raises(Unanswerable, match="is not in this clone"):
                reader.diff()


def test_the_default_branch_of_the_remote_comes_first(registry: Repository, opened: Open, tmp_path: Path) -> None:
    registry.git("branch", "trunk", "main")
    registry.bare_remote(tmp_path / "remote.git")
    registry.git("remote", "set-head", "origin", "trunk")
    registry.commit({"churn.pkl": "2"})
    assert opened(registry).diff().base.how == "merge base with origin/trunk"


def test_a_shallow_clone_says_how_to_deepen_it(registry: Repository, opened: Open, tmp_path: Path) -> None:
    registry.commit({"churn.pkl": "2"})
    registry.commit({"churn.pkl": "3"})
    registry.git("checkout", "--quiet", "main")
    registry.commit({"fraud.pkl": "g"})
    clone = registry.clone(tmp_path / "clone", "--depth=1", "--no-single-branch", "--branch=feature")
    with pytest.raises(Unanswerable, match="shallow") as caught:
        opened(clone).diff()
    assert "git fetch --unshallow" in caught.value.hint
    found = opened(clone).diff("origin/main")
    assert say(found) == {"churn": "changed", "fraud": "changed"}
    assert [change.state for change in found.artifacts] == [None, None]
    assert [choose_next(change) for change in found.artifacts] == [None, None]
    (unknown,) = found.unknown
    assert unknown.startswith("versions and stages are not known here: this clone is shallow, so registry tags may be missing")
    assert "no version yet" not in repr(render_diff(found))
    assert [change.state is not None for change in opened(clone).diff("origin/main", fetch=True).artifacts] == [True, True]
    with pytest.raises(Unanswerable):
        opened(clone).diff("origin/main", against="prod")
    lonely = registry.clone(tmp_path / "lonely", "--depth=1", "--branch=feature")
    with pytest.raises(Unanswerable, match="no default branch"):
        opened(lonely).diff()


def test_a_clone_of_one_branch_knows_the_versions_that_it_has_and_does_not_say_that_there_is_none(
    registry: Repository, opened: Open, tmp_path: Path
) -> None:
    registry.git("checkout", "--quiet", "main")
    first = registry.git("rev-parse", "HEAD").strip()
    registry.git("checkout", "--quiet", "feature")
    registry.commit({"churn.pkl": "2", "fraud.pkl": "2"})
    registry.register("fraud", "v1.0.0")
    clone = registry.clone(tmp_path / "clone", "--single-branch", "--branch=main")
    clone.commit({"churn.pkl": "3", "fraud.pkl": "3"})
    found = opened(clone).diff(first)
    assert [change.state and change.state.latest for change in found.artifacts] == ["v1.0.0", None]
    assert found.artifacts[1].state is None
    assert [choose_next(change) is None for change in found.artifacts] == [False, True]
    assert ["follows a single branch" in text for text in found.unknown] == [True]


def test_histories_that_have_nothing_in_common_are_compared_only_as_they_are(registry: Repository, opened: Open) -> None:
    registry.git("checkout", "--quiet", "--orphan", "other")
    registry.commit({"churn.pkl": "2"})
    with pytest.raises(Unanswerable, match="no commit in common"):
        opened(registry).diff()
    assert say(opened(registry).diff("main")) == {"churn": "changed"}


def test_the_merge_base_is_taken_where_it_is_asked_for(registry: Repository, opened: Open) -> None:
    registry.commit({"churn.pkl": "2"})
    registry.git("checkout", "--quiet", "main")
    registry.commit({"fraud.pkl": "g"})
    assert say(opened(registry).diff("main", "feature", merge_base=True)) == {"churn": "changed"}
    assert say(opened(registry).diff("main", "feature")) == {"churn": "changed", "fraud": "changed"}
    assert say(opened(registry).diff("feature", merge_base=True)) == {"fraud": "changed"}


def test_versions_and_stages_are_revisions_too(registry: Repository, opened: Open) -> None:
    registry.commit({"churn.pkl": "2"})
    registry.register("churn", "v1.1.0")
    registry.git("branch", "job#7")
    assert say(opened(registry).diff("churn#prod", "churn@v1.1.0")) == {"churn": "changed"}
    assert say(opened(registry).diff("churn@v1.0.0", "job#7")) == {"churn": "changed"}
    with pytest.raises(NotFound):
        opened(registry).diff("churn#dev")
    registry.git("branch", "churn#prod")
    with pytest.raises(UsageFault, match="a version and a branch") as caught:
        opened(registry).diff("churn#prod")
    assert "refs/heads/churn#prod" in caught.value.hint
    assert say(opened(registry).diff("refs/heads/churn#prod")) == {}


def test_revisions_are_never_options_nor_ranges(registry: Repository, opened: Open) -> None:
    for text in ("--all", "-h", "", "a\nb", "HEAD:artifacts.yaml", "nothing", "\udcff"):
        with pytest.raises(NotFound):
            opened(registry).diff(text, "HEAD")
    for text in ("main..HEAD", "main...feature"):
        with pytest.raises(UsageFault, match="range"):
            opened(registry).diff(text)
    with pytest.raises(UsageFault):
        opened(registry).diff("main", "HEAD", staged=True)


def test_a_bare_repository_compares_head(registry: Repository, opened: Open, tmp_path: Path) -> None:
    registry.commit({"churn.pkl": "2"})
    bare = registry.clone(tmp_path / "bare.git", "--bare", "--branch=feature")
    found = opened(bare).diff()
    assert (say(found), found.head.text) == ({"churn": "changed"}, "HEAD")
    with pytest.raises(Unanswerable):
        opened(bare).diff(staged=True)
    empty = Repository.create(tmp_path / "empty.git", bare=True)
    assert format_verdict(opened(empty).diff()) == "No changes in the model registry"


def test_before_the_first_commit_everything_is_added(tmp_path: Path, opened: Open) -> None:
    new = Repository.create(tmp_path / "new")
    assert say(opened(new).diff()) == {}
    for name, content in FILES.items():
        (new.path / name).write_text(content or "")
    found = opened(new).diff()
    assert (say(found), found.base.text, found.base.commit) == ({"churn": "added", "fraud": "added"}, "nothing", None)
    assert found.code is not None
    assert found.problems == ()
    with pytest.raises(NotFound):
        opened(new).diff("HEAD")


def test_where_no_default_branch_is_known_head_is_taken(tmp_path: Path, opened: Open) -> None:
    other = Repository(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "--quiet", "--initial-branch=trunk")
    other.commit(FILES)
    (other.path / "churn.pkl").write_text("2")
    for detached in (False, True):
        if detached:
            other.git("checkout", "--quiet", "--detach")
        found = opened(other).diff()
        assert (say(found), found.base.how) == ({"churn": "changed"}, "no default branch is known here")


def test_in_a_merge_that_is_not_finished_conflicts_are_unknown(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN + FRAUD + "  type: one\n", "churn.pkl": "2"})
    registry.git("checkout", "--quiet", "main")
    registry.commit({"artifacts.yaml": CHURN + FRAUD + "  type: two\n"})
    registry.git("merge", "feature", check=False)
    for staged in (False, True):
        found = opened(registry).diff("HEAD", staged=staged)
        assert say(found) == {"churn": "unknown", "fraud": "unknown"}
        assert [one.problem.code for one in found.findings] == ["GR102"] or [one.problem.code for one in found.findings] == [
            "GR101"
        ]
        assert any("a merge is not finished" in note for note in found.notes)


def test_why_nothing_is_known_comes_before_what_is_not_known(registry: Repository, opened: Open) -> None:
    (registry.path / "artifacts.yaml").write_text(f"<<<<<<< HEAD\n{CHURN}=======\n{FRAUD}>>>>>>> other\n")
    found = opened(registry).diff()
    _, findings, *unknown = render_diff(found)
    assert isinstance(findings, Table)
    assert findings.rows == (("new error GR101", "artifacts.yaml:1:1", "the file has conflict markers"),)
    assert [type(block) for block in unknown] == [Lines, Lines]  # of each a sentence, and no rows of question marks
    comment = render_markdown(found)
    assert "conflict markers" in comment
    assert "work tree" not in comment.partition("<sub>")[0]


def test_a_repository_with_sha256_is_compared(tmp_path: Path, opened: Open) -> None:
    other = Repository(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "--quiet", "--initial-branch=main", "--object-format=sha256")
    other.commit(FILES)
    (other.path / "churn.pkl").write_text("2")
    (other.path / "m.json").write_text('{"auc": 0.9}')
    assert say(opened(other).diff()) == {"churn": "changed"}


def test_names_that_differ_by_case_alone_are_a_finding(registry: Repository, opened: Open) -> None:
    registry.commit({"artifacts.yaml": CHURN + FRAUD + "Churn:\n  path: fraud.pkl\n"})
    found = opened(registry).diff()
    assert say(found) == {"Churn": "added"}
    assert [(one.problem.code, one.is_new) for one in found.findings] == [("GR111", True)]


def test_a_missing_object_makes_unknown_what_it_held(registry: Repository, opened: Open) -> None:
    registry.commit(
        {"artifacts.yaml": CHURN + FRAUD + "more:\n  path: m.json\n", "sub/artifacts.yaml": "x:\n  path: x\n", "sub/x": "1"}
    )
    blob = registry.git("rev-parse", "HEAD:artifacts.yaml")
    (registry.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert say(found) == {"churn": "unknown", "fraud": "unknown", "sub:x": "added"}
    assert [severity_of(one.problem).value for one in found.findings] == ["error"]


def test_a_metric_that_two_files_have_is_named_with_its_file(registry: Repository, opened: Open) -> None:
    entry = CHURN.replace("[m.json]", "[m.json, n.json]")
    registry.commit({"artifacts.yaml": entry, "n.json": '{"auc": 0.5}'})
    registry.commit({"n.json": '{"auc": 0.6}'})
    found = opened(registry).diff("HEAD~1", "HEAD")
    assert format_verdict(found).endswith("; n.json:auc of churn 0.5 -> 0.6 better")
    assert "; `n.json:auc` of `churn` `0.5 -> 0.6` better" in render_markdown(found)


def test_by_address_two_revisions_are_compared(registry: Repository, opened: Open, tmp_path: Path) -> None:
    registry.commit({"churn.pkl": "2"})
    remote = registry.bare_remote(tmp_path / "remote.git")
    opened(registry)
    with Registry(remote.path.as_uri()) as afar:
        assert say(afar.diff("main", "feature")) == {"churn": "changed"}
        assert say(afar.diff("churn@v1.0.0", "feature", against="prod")) == {"churn": "changed"}
        for base in (None, "main"):
            with pytest.raises(UsageFault, match="as they are"):
                afar.diff(base, merge_base=base is not None)


def test_a_diff_starts_few_git_processes(registry: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.commit({"churn.pkl": "2", "train.py": "2"})
    started: list[str] = []
    real = run._popen

    def count(folder: Path, arguments: tuple[str, ...], *rest: object) -> object:
        started.append(next(argument for argument in arguments if not argument.startswith("-") and "=" not in argument))
        return real(folder, arguments, *rest)  # type: ignore[arg-type]

    reader = opened(registry)
    monkeypatch.setattr(run, "_popen", count)
    reader.diff("main", "feature", against="prod")
    assert started == ["cat-file", "for-each-ref", "log"]
    started.clear()
    reader.diff()
    assert started == ["cat-file", "ls-files", "merge-base", "for-each-ref", "log"]
