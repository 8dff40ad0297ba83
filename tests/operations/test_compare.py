from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from gitreg.core.compared import Comparison, Kind, Row, Trend, has_no_differences
from gitreg.core.importance import format_point
from gitreg.errors import NotFound, SyntaxFault, Unanswerable, UsageFault
from gitreg.git import run
from gitreg.operations import load_code
from gitreg.render.comparison_json import shape_comparison
from gitreg.render.comparison_lines import list_lines
from tests.operations.picture import Open
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository

ENTRY: Final = "churn:\n  path: m.bin\n  goals: {auc: higher}\n  metrics: [m.json]\n  params: [params.yaml]\n"
FIRST: Final[Mapping[str, str | None]] = {
    "artifacts.yaml": ENTRY,
    "m.bin": "1",
    "m.json": '{"auc": 0.9}',
    "params.yaml": "rate: 1\n",
    "requirements.txt": "numpy==1.26.4\n",
    "train.py": "1",
    "README.md": "# One\n",
}
SECOND: Final[Mapping[str, str | None]] = {
    "m.bin": "22",
    "m.json": '{"auc": 0.8}',
    "params.yaml": "rate: 2\n",
    "requirements.txt": "numpy==2.0\n",
    "train.py": "2",
    "README.md": "# Two\n",
}


@pytest.fixture
def pair(repository: Repository) -> Repository:
    """Two versions of ``churn``; the first one is in prod."""
    repository.commit(FIRST, "First")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.commit(SECOND, "Second")
    repository.register("churn", "v1.1.0")
    repository.tick()
    return repository


def say(comparison: Comparison) -> list[str]:
    return [format_point(point) for point in comparison.important]


def test_what_holds_a_stage_is_compared_with_the_latest(pair: Repository, opened: Open) -> None:
    found = opened(pair).compare("churn#prod", "churn@latest")
    assert [(side.label, side.version) for side in found.sides] == [("churn v1.0.0 #prod", "v1.0.0"), ("churn v1.1.0", "v1.1.0")]
    assert say(found) == [
        "worse: auc 0.9 -> 0.8 (-11%)",
        "parameters changed: rate 1 -> 2 (+100%)",
        "packages have another major version: numpy 1.26.4 -> 2.0",
        "code changed, 1 commit by 1 person, 1 file: train.py",
    ]
    assert found.same_bytes == (False,)
    assert found.problems == ()


def test_the_other_way_round_is_the_mirror_image(pair: Repository, opened: Open) -> None:
    there, back = (opened(pair).compare(*pairs) for pairs in (("churn@v1.0.0", "churn@v1.1.0"), ("churn@v1.1.0", "churn@v1.0.0")))
    assert (there.metrics[0].trends, back.metrics[0].trends) == ((Trend.WORSE,), (Trend.BETTER,))
    codes = [side.code for side in (there.sides[1], back.sides[1])]
    assert [(code.ahead, code.behind, code.people) for code in codes if code] == [
        (1, 0, (("Ann Example", 1),)),
        (0, 1, (("Ann Example", 1),)),
    ]


def test_a_version_against_itself_differs_in_nothing(pair: Repository, opened: Open) -> None:
    found = opened(pair).compare("churn@v1.0.0", "churn#prod")
    assert has_no_differences(found)
    assert found.important == ()


def test_versions_on_two_branches_have_commits_ahead_and_behind(pair: Repository, opened: Open) -> None:
    pair.git("checkout", "--quiet", "-b", "other", "HEAD~1")
    pair.commit({"train.py": "3"}, "On a branch")
    pair.commit({"train.py": "4"}, "On a branch again")
    pair.register("churn", "v1.2.0")
    code = opened(pair).compare("churn@v1.1.0", "churn@v1.2.0").sides[1].code
    assert code is not None
    assert (code.ahead, code.behind) == (2, 1)
    assert [commit.subject for commit in code.commits] == ["On a branch again", "On a branch"]


def test_commits_that_change_only_texts_for_people_are_no_change_of_code(pair: Repository, opened: Open) -> None:
    pair.commit({"README.md": "# Three\n", "docs/x.rst": "x", ".gitignore": "x"}, "Write")
    pair.register("churn", "v1.1.1")
    found = opened(pair).compare("churn@v1.1.0", "churn@v1.1.1")
    assert has_no_differences(found)


def test_what_entries_and_pipelines_name_is_no_code(repository: Repository, opened: Open) -> None:
    pipeline = "stages:\n  s:\n    cmd: x\n    deps: [own.py]\n    params: [tuned.yaml: null]\n    outs: [made.py]\n    metrics: [m.yaml]\n"
    entries = "fraud:\n  path: rules\n  metrics: [{path: f.yaml}]\n  params: [p.yaml]\nfar:\n  path: s3://bucket/far\n"
    kept = ["own.py", "src/train.py", "config.json", "sub/other.py", "app/settings.yaml", "sub/dvc.yaml"]
    named = [
        "made.py",
        "m.yaml",
        "tuned.yaml",
        "sub/rules/a.py",
        "sub/f.yaml",
        "sub/p.yaml",
        "sub/params.yaml",
        "models/x.pkl",
        "n.txt",
    ]
    repository.commit({"artifacts.yaml": "churn:\n  path: churn.bin\n", "churn.bin": "1", "dvc.yaml": pipeline})
    repository.register("churn", "v1.0.0")
    repository.tick()
    files = {path: "stages: {}\n" if path.endswith("dvc.yaml") else "1" for path in (*kept, *named)}
    repository.commit({**files, "sub/artifacts.yaml": entries})
    repository.register("churn", "v1.1.0")
    code = opened(repository).compare("churn@v1.0.0", "churn@v1.1.0").sides[1].code
    assert code is not None
    assert [file.path for file in code.files] == sorted(kept)
    back = opened(repository).compare("churn@v1.1.0", "churn@v1.0.0").sides[1].code
    assert back is not None
    assert [file.path for file in back.files] == sorted(kept)


def test_another_dataset_is_other_data(repository: Repository, opened: Open) -> None:
    for minor, text in enumerate(("1,2\n" * 10, "1,2\n" * 5)):
        repository.commit({"artifacts.yaml": "users:\n  path: data/users.csv\n  type: dataset\n", "data/users.csv": text})
        repository.register("users", f"v1.{minor}.0")
        repository.tick()
    assert say(opened(repository).compare("users@v1.0.0", "users@v1.1.0")) == ["data changed: data/users.csv (-50% in bytes)"]


def test_code_may_be_looked_for_in_some_folders_only(pair: Repository, opened: Open) -> None:
    pair.commit({"src/a.py": "1", "src[1]/b.py": "1", "*.py": "1"}, "Add")
    pair.register("churn", "v1.1.1")

    def files(*code: str) -> list[str]:
        found = opened(pair).compare("churn@v1.0.0", "churn@v1.1.1", code=code).sides[1].code
        assert found is not None
        return [file.path for file in found.files]

    assert files() == ["*.py", "src/a.py", "src[1]/b.py", "train.py"]
    assert files("src/") == ["src/a.py"]
    assert files("*.py", "README.md") == ["*.py", "README.md"]
    assert files("src[1]") == ["src[1]/b.py"]
    with pytest.raises(NotFound, match="'scr'"):
        files("src", "scr")


def test_three_versions_are_compared_with_the_first(pair: Repository, opened: Open) -> None:
    pair.commit({"m.json": '{"auc": 0.95, "f1": 1}'}, "Third")
    pair.register("churn", "v1.2.0")
    found = opened(pair).compare("churn@v1.0.0", "churn@v1.1.0", "churn@v1.2.0")
    assert [(row.name, row.kinds, row.trends) for row in found.metrics] == [
        ("auc", (Kind.CHANGED, Kind.CHANGED), (Trend.WORSE, Trend.BETTER)),
        ("f1", (Kind.SAME, Kind.ADDED), (None, Trend.UNKNOWN)),
    ]


def test_different_artifacts_are_compared_too(pair: Repository, opened: Open) -> None:
    entry = "fraud:\n  path: f.bin\n  metrics: [fraud.json]\n  license: MIT\n"
    pair.commit({"artifacts.yaml": ENTRY + entry, "fraud.json": '{"auc": 0.7}', "f.bin": "3"}, "Fraud")
    pair.register("fraud", "v1.0.0")
    found = opened(pair).compare("churn@v1.1.0", "fraud@v1.0.0")
    assert [(row.name, row.files, row.values) for row in found.metrics] == [("auc", ("m.json", "fraud.json"), (0.8, 0.7))]
    assert say(found)[:2] == ["worse: auc 0.8 -> 0.7 (-13%)", "the licence changed: none -> MIT"]


def test_a_bare_commit_and_a_withdrawn_version_can_be_compared(pair: Repository, opened: Open) -> None:
    pair.assign("churn", "dev", "HEAD")
    pair.tick()
    pair.deregister("churn", "v1.0.0")
    pair.assign("iris", "dev", "HEAD")
    found = opened(pair).compare("churn@v1.0.0", "iris#dev")
    assert [side.version for side in found.sides] == ["v1.0.0", None]
    assert found.sides[0].label == "churn v1.0.0 (deregistered)"
    assert found.sides[1].label.startswith("iris ")
    assert found.sides[1].facts.entry is None


@pytest.mark.parametrize(
    ("broken", "unknown", "file"),
    [
        ({"m.json": '{"auc": '}, {"metrics": Kind.UNKNOWN, "params": Kind.CHANGED}, "m.json"),
        ({"params.yaml": "a: [\n"}, {"metrics": Kind.CHANGED, "params": Kind.UNKNOWN}, "params.yaml"),
        ({"m.json": None}, {"metrics": Kind.UNKNOWN, "params": Kind.CHANGED}, "m.json"),
    ],
    ids=str,
)
def test_of_a_broken_old_commit_the_rest_is_compared_and_the_file_is_named(
    broken: Mapping[str, str | None], unknown: Mapping[str, Kind], file: str, pair: Repository, opened: Open
) -> None:
    pair.git("checkout", "--quiet", "-b", "old", "HEAD~1")
    commit = pair.commit(broken, "Break")
    pair.register("churn", "v0.9.0")
    found = opened(pair).compare("churn@v0.9.0", "churn@v1.1.0")
    assert {name: getattr(found, name)[0].kinds[0] for name in unknown} == unknown
    assert [(problem.file, problem.commit) for problem in found.problems] == [(file, commit)]
    assert say(found)[0] == f"not all of churn v0.9.0 could be read: {file}"
    assert "packages have another major version: numpy 1.26.4 -> 2.0" in say(found)


def test_with_a_broken_entry_file_nothing_is_said_to_be_gone(pair: Repository, opened: Open) -> None:
    pair.git("checkout", "--quiet", "-b", "old", "HEAD~1")
    pair.commit({"artifacts.yaml": "churn: {path: [\n"}, "Break")
    pair.register("churn", "v0.9.0")
    found = opened(pair).compare("churn@v0.9.0", "churn@v1.1.0")
    rows: tuple[Row, ...] = (*found.metrics, *found.params, *found.fields)
    assert {row.kinds[0] for row in rows} <= {Kind.UNKNOWN, Kind.CHANGED}
    assert found.same_bytes == (None,)
    assert found.problems[0].file == "artifacts.yaml"
    assert say(found)[-1] == "code changed, 1 commit by 1 person, 1 file: train.py"


@pytest.mark.parametrize("selectors", [(), ("churn@v1.0.0",), ("churn", "churn@latest"), ("churn#prod", "churn")])
def test_what_leaves_open_what_is_compared_is_refused(selectors: tuple[str, ...], pair: Repository, opened: Open) -> None:
    with pytest.raises(UsageFault) as caught:
        opened(pair).compare(*selectors)
    assert "gitreg compare '" in caught.value.hint


def test_what_is_not_there_is_said_as_everywhere(pair: Repository, opened: Open) -> None:
    for selector, error in (("churn@v9.0.0", NotFound), ("nothing@latest", NotFound), ("churn@", SyntaxFault)):
        with pytest.raises(error):
            opened(pair).compare("churn#prod", selector)


def test_three_git_processes_are_enough(pair: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    begin = run._popen

    def note(folder: Path, arguments: Sequence[str], *rest: Any) -> Any:
        started.append(
            next(word for word in arguments if re.fullmatch(r"log|cat-file|for-each-ref|rev-parse|[a-z]+-[a-z]+", word))
        )
        return begin(folder, arguments, *rest)

    monkeypatch.setattr(run, "_popen", note)
    registry = opened(pair)
    started.clear()
    registry.compare("churn#prod", "churn@latest")
    assert sorted(started) == ["cat-file", "for-each-ref", "log"]


def test_a_repository_that_is_read_by_its_address_says_all_but_the_commits(
    pair: Repository, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from gitreg import Registry

    remote = pair.bare_remote(tmp_path / "remote.git")
    monkeypatch.setenv("GITREG_CACHE_DIR", str(tmp_path / "cache"))
    opened(pair)
    with Registry(remote.path.as_uri()) as registry:
        found = registry.compare("churn#prod", "churn@latest")
    assert say(found)[-1] == "code changed, 1 file: train.py"
    code = found.sides[1].code
    assert code is not None
    assert (code.ahead, code.behind) == (None, None)
    assert [note.partition(":")[0] for note in found.notes] == ["churn v1.1.0"]
    assert "commits and people are not counted" in found.notes[0]


def test_a_shallow_clone_refuses_and_does_not_count_what_it_lacks(pair: Repository, opened: Open, tmp_path: Path) -> None:
    pair.bare_remote(tmp_path / "remote.git")
    clone = pair.clone(tmp_path / "clone", "--depth=1")
    registry = opened(clone)
    with pytest.raises(Unanswerable):
        registry.compare("churn#prod", "churn@latest")
    found = registry.compare("churn#prod", "churn@latest", fetch=True)
    code = found.sides[1].code
    assert code is not None
    assert code.ahead is None
    assert found.notes == ("churn v1.1.0: commits and people are not counted in a shallow clone: git fetch --unshallow",)


def test_a_missing_folder_or_a_log_that_fails_costs_the_code_only(
    pair: Repository, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[object]:
        raise Unanswerable("the repository is damaged: bad object", hint="run: git fsck")

    monkeypatch.setattr(load_code, "list_between", fail)
    found = opened(pair).compare("churn#prod", "churn@latest")
    assert [problem.message for problem in found.problems] == ["commits are not counted: the repository is damaged: bad object"]
    monkeypatch.setattr(load_code, "compare_trees", fail)
    found = opened(pair).compare("churn#prod", "churn@latest")
    assert found.sides[1].code is None
    assert "worse: auc 0.9 -> 0.8 (-11%)" in say(found)


def test_no_configuration_of_the_repository_runs_a_program_or_changes_the_answer(
    pair: Repository, opened: Open, tmp_path: Path
) -> None:
    for key, value in (
        ("gpg.program", f"touch {tmp_path / 'ran'};"),
        ("log.showSignature", "true"),
        ("log.mailmap", "true"),
        ("format.pretty", "oneline"),
        ("color.ui", "always"),
        ("diff.external", f"touch {tmp_path / 'ran'};"),
        ("i18n.logOutputEncoding", "utf-16"),
        ("log.date", "raw"),
        ("log.follow", "true"),
        ("log.diffMerges", "on"),
        ("core.quotePath", "true"),
    ):
        pair.git("config", key, value)
    (pair.path / ".mailmap").write_text("Somebody Else <x@y> <ann@example.com>\n")
    code = opened(pair).compare("churn#prod", "churn@latest").sides[1].code
    assert code is not None
    assert (code.people, code.commits[0].subject) == ((("Ann Example", 1),), "Second")
    assert not (tmp_path / "ran").exists()


def test_hostile_names_are_only_names(pair: Repository, opened: Open) -> None:
    names = ["-x", ":(exclude)train.py", "a\nb.py", "\u202egnp.py", "--output=x"]
    for name in names:
        (pair.path / name).write_text("1")
    pair.git("add", "--all")
    pair.commit(message="Subject\u202e with \x1b[31m")
    pair.register("churn", "v1.2.0")
    code = opened(pair).compare("churn@v1.1.0", "churn@v1.2.0").sides[1].code
    assert code is not None
    assert ({file.path for file in code.files}, code.ahead) == (set(names), 1)
    assert not (pair.path / "x").exists()


def test_a_change_of_very_many_files_counts_all_commits(pair: Repository, opened: Open) -> None:
    pair.commit({f"src/{number}.py": "1" for number in range(1100)}, "Many")
    pair.commit({"README.md": "more"}, "Text")
    pair.register("churn", "v1.2.0")
    code = opened(pair).compare("churn@v1.1.0", "churn@v1.2.0").sides[1].code
    assert code is not None
    assert (len(code.files), code.ahead) == (1100, 2)


def test_huge_numbers_are_compared(pair: Repository, opened: Open) -> None:
    pair.commit({"m.json": json.dumps({"auc": 10**300, "x": 1e308})}, "Huge")
    pair.register("churn", "v1.2.0")
    found = opened(pair).compare("churn@v1.1.0", "churn@v1.2.0")
    assert [row.kinds for row in found.metrics] == [(Kind.CHANGED,), (Kind.ADDED,)]


@pytest.mark.parametrize("line", ["numpy=1.2", "==5", "foo>>>3"])
def test_a_package_is_not_gone_where_a_line_of_the_requirements_cannot_be_read(line: str, pair: Repository, opened: Open) -> None:
    pair.commit({"requirements.txt": f"scipy==1\n{line}\n"}, "Break")
    pair.register("churn", "v1.2.0")
    registry = opened(pair)
    found = registry.compare("churn@v1.1.0", "churn@v1.2.0")
    assert [(row.name, row.kinds) for row in found.packages] == [("numpy", (Kind.UNKNOWN,)), ("scipy", (Kind.ADDED,))]
    assert [problem.file for problem in found.problems] == ["requirements.txt"]
    assert say(found)[0] == "not all of churn v1.2.0 could be read: requirements.txt"
    assert "requirements.txt: line 2 " in repr(registry.search("package:numpy", history=True))


def test_parameters_that_a_pipeline_was_run_with_are_compared(repository: Repository, opened: Open) -> None:
    for version, epochs in (("v1.0.0", 400), ("v1.1.0", 100)):
        repository.commit(
            {
                "artifacts.yaml": "churn: {path: model}\n",
                "dvc.yaml": format_definition({"train": ", params: [epochs], outs: [model]"}),
                "dvc.lock": format_lock({"train": ({}, {"model": version})}, {"train": {"epochs": epochs}}),
                "params.yaml": "epochs: 400\n",
            },
            "Train",
        )
        repository.register("churn", version)
        repository.tick()
    found = opened(repository).compare("churn@v1.0.0", "churn@v1.1.0")
    assert "parameters changed: epochs 400 -> 100 (-75%)" in say(found)
    assert found.notes == ("churn v1.1.0: 'train' was run with epochs=100, and params.yaml of this commit has 400",)
    lines = [line for line in list_lines(found, everything=False) if line.what == "param"]
    assert lines == [("param", "epochs", ("400", "100 (params.yaml: 400)"), ("-300 (-75%)",))]


def test_a_parameter_that_nobody_ran_is_told_beside_what_the_version_was_made_with(repository: Repository, opened: Open) -> None:
    for number, epochs in enumerate((20, 99, 20)):
        repository.commit(
            {
                "artifacts.yaml": "churn: {path: model}\n",
                "dvc.yaml": format_definition({"train": ", params: [epochs], outs: [model]"}),
                "dvc.lock": format_lock({"train": ({}, {"model": "m"})}, {"train": {"epochs": 20}}),
                "params.yaml": f"epochs: {epochs}\nbeside: {number}\n",
            },
            "Write",
        )
        repository.register("churn", f"v1.{number}.0")
        repository.tick()
    registry = opened(repository)
    found = registry.compare("churn@v1.0.0", "churn@v1.1.0")
    assert say(found) == ["parameters changed: beside 0 -> 1 (not in dvc.lock for its stages)"]
    assert [line[1:] for line in list_lines(found, everything=False)] == [
        ("beside", ("0", "1"), ("+1, not in dvc.lock for its stages",)),
        ("epochs", ("20", "20 (params.yaml: 99)"), ("not run",)),
    ]
    (beside, epochs) = shape_comparison(found)["params"]
    assert (epochs["values"], epochs["made_with"], beside["made_with"]) == ([20, 99], [20, 20], None)
    back = list_lines(registry.compare("churn@v1.1.0", "churn@v1.2.0"), everything=False)
    assert back[-1][1:] == ("epochs", ("20 (params.yaml: 99)", "20"), ("in the file only",))


def test_metrics_of_a_pipeline_that_cannot_be_read_are_neither_gone_nor_new(repository: Repository, opened: Open) -> None:
    files = {
        "artifacts.yaml": "churn: {path: model}\n",
        "dvc.yaml": format_definition({"train": ", outs: [model], metrics: [m.json]"}),
        "dvc.lock": format_lock({"train": ({}, {"model": "m", "m.json": "1"})}),
        "m.json": '{"auc": 0.9}',
    }
    for version, changed in (("v1.0.0", files), ("v1.1.0", {"dvc.yaml": "stages: ["})):
        repository.commit(changed, version)
        repository.register("churn", version)
        repository.tick()
    registry = opened(repository)
    for sides in (("v1.0.0", "v1.1.0"), ("v1.1.0", "v1.0.0")):
        found = registry.compare(*(f"churn@{version}" for version in sides))
        assert [(row.name, row.kinds) for row in found.metrics] == [("auc", (Kind.UNKNOWN,))]
        assert "not all of churn v1.1.0 could be read: dvc.yaml" in say(found)
    (change,) = registry.diff("churn@v1.0.0", "churn@v1.1.0").artifacts
    assert [row.kinds for row in change.comparison.metrics] == [(Kind.UNKNOWN,)]


def test_of_bytes_that_git_keeps_nobody_says_that_no_pipeline_makes_them(repository: Repository, opened: Open) -> None:
    repository.commit({"artifacts.yaml": "churn: {path: model}\n", "model": "1"}, "Train")
    repository.register("churn", "v1.0.0")
    repository.tick()
    more = "{cmd: train, params: [lr], outs: [{model: {cache: false}}]}"
    lock = format_lock({"train": ({}, {"model": "2"})}, {"train": {"lr": 1}})
    repository.commit(
        {"model": "2", "params.yaml": "lr: 1\n", "dvc.yaml": f"stages:\n  train: {more}\n", "dvc.lock": lock}, "Train"
    )
    repository.register("churn", "v1.1.0")
    registry = opened(repository)
    where = "list their files under 'metrics' of its entry in artifacts.yaml"
    assert registry.compare("churn@v1.0.0", "churn@v1.0.0").hints == (f"'churn' names no metrics: {where}",)
    assert registry.compare("churn@v1.1.0", "churn@v1.1.0").hints == ()


@pytest.mark.parametrize("broken", [{"dvc.lock": "stages: ["}, {"artifacts.yaml": "churn: {path: ["}], ids=str)
def test_where_the_bytes_are_is_not_known_to_have_changed_where_a_file_is_broken(
    broken: Mapping[str, str], repository: Repository, opened: Open
) -> None:
    files = {
        "artifacts.yaml": "churn: {path: model, custom: {threshold: 0.7}}\n",
        "dvc.yaml": format_definition({"train": ", outs: [model]"}),
        "dvc.lock": format_lock({"train": ({}, {"model": "model"})}),
    }
    repository.commit(files, "Train")
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.commit(broken, "Break")
    repository.register("churn", "v1.1.0")
    for sides in (("churn@v1.0.0", "churn@v1.1.0"), ("churn@v1.1.0", "churn@v1.0.0")):
        lines = list_lines(opened(repository).compare(*sides), everything=True)
        changes = {line.name: line.changes for line in lines if line.what == "bytes"}
        assert changes["size"] == changes["hash"] == ("not known",)
        assert changes["path"] in {("not known",), ("",)}
        assert '{"threshold": 0.7}' in [cell for line in lines for cell in line.cells]


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """Two versions of ``churn``, which a pipeline makes with code of its own, beside other code and another model."""
    definition = format_definition({"train": ", deps: [data.csv, train.py, src], outs: [m.bin]"})
    first = {
        "artifacts.yaml": "churn:\n  path: m.bin\nranker:\n  path: ranker.bin\n",
        "dvc.yaml": definition,
        "train.py": "1",
        "src/net.py": "1",
        "serve.py": "1",
        "ranker.bin": "1",
    }
    other = {"serve.py": "2", "ranker.bin": "2", "ranker/metrics.json": "{}", ".pre-commit-config.yaml": "repos: []\n"}
    for number, files in enumerate((first, other, {"src/net.py": "2", "ranker.bin": "3", "serve.py": "3"})):
        deps = {"data.csv": str(number), "train.py": "1", "src": str(number)}
        lock = format_lock({"train": (deps, {"m.bin": str(number)})})
        repository.commit({**files, "dvc.lock": lock}, f"Number {number}")
        for name in ("churn", "ranker"):
            repository.register(name, f"v1.{number}.0")
            repository.tick()
    return repository


@pytest.mark.parametrize(
    ("versions", "files"),
    [
        (("churn@v1.0.0", "churn@v1.1.0"), []),
        (("churn@v1.1.0", "churn@v1.2.0"), ["src/net.py"]),
        (("ranker@v1.0.0", "ranker@v1.1.0"), ["serve.py"]),  # no pipeline makes it
        (("churn@v1.0.0", "ranker@v1.1.0"), ["serve.py"]),
    ],
)
def test_where_a_pipeline_makes_an_artifact_code_is_what_the_pipeline_reads_as_trace_says(
    trained: Repository, opened: Open, versions: tuple[str, str], files: list[str]
) -> None:
    registry = opened(trained)
    code = registry.compare(*versions).sides[1].code
    assert code is not None
    assert [file.path for file in code.files] == files
    if versions[1].startswith("churn"):
        traced = registry.trace(versions[1])
        assert (traced.code, traced.commits_total) == (("dvc.yaml", "src", "train.py"), code.ahead)


def test_a_diff_counts_as_code_what_pipelines_read_where_they_make_all_that_changed(trained: Repository, opened: Open) -> None:
    found = opened(trained).diff("churn@v1.1.0", "churn@v1.2.0").code
    assert found is not None
    assert [file.path for file in found.files] == ["serve.py", "src/net.py"]  # ranker, which no pipeline makes, changed too
    trained.commit({"ranker.bin": "2"}, "Back")
    alone = opened(trained).diff("churn@v1.1.0", "HEAD").code
    assert alone is not None
    assert [file.path for file in alone.files] == ["src/net.py"]
