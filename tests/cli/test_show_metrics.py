from __future__ import annotations

import json

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render import schemas
from tests.cli.terminal import experience, experience_anywhere, run_in_terminal
from tests.support.command import GitregCommand
from tests.support.repository import Repository

ENTRIES = """\
churn:
  path: model.pkl
  type: model
  goals: {auc: higher, loss: lower}
other:
  type: dataset
"""
DVC = "stages:\n  train:\n    cmd: x\n    params: [rate]\n    outs: [model.pkl]\n    metrics: [{metrics.json: {cache: false}}]\n"


@pytest.fixture
def trained(repository: Repository) -> Repository:
    """Three versions with metrics that move, and an artifact without any."""
    repository.commit({"artifacts.yaml": ENTRIES, "dvc.yaml": DVC})
    for minor, (auc, loss, rate) in enumerate([(0.75, 0.61, 0.5), (0.875, 0.45, 0.1), (0.8125, 0.5, 0.05)]):
        metrics = {"auc": auc, "loss": loss, **({"recall": 1 / 3} if minor else {})}
        repository.commit({"metrics.json": json.dumps(metrics), "params.yaml": f"rate: {rate}\nlayers: [8, {minor}]\n"})
        repository.register("churn", f"v1.{minor}.0")
        repository.tick()
    repository.assign("churn", "prod", "churn@v1.1.0^{commit}", version="v1.1.0")
    repository.register("other", "v0.1.0")
    repository.tick()
    return repository


def validated(name: str, text: str) -> dict[str, object]:
    document: dict[str, object] = json.loads(text)
    jsonschema.validate(document, schemas.load(name))
    return document


def test_metrics_with_a_goal_come_first(repository: Repository, gitreg: GitregCommand) -> None:
    entry = "churn: {metrics: [m.json], goals: {test.auc: higher}}\n"
    repository.commit({"artifacts.yaml": entry, "m.json": '{"a": 1, "b": true, "test": {"auc": 0.9}}'})
    repository.register("churn", "v1.0.0")
    assert "test.auc  a  b " in gitreg("show", "churn", "--metrics").stdout
    assert "b     test.auc" in gitreg("show", "churn", "--metric", "b", "--metric", "test.auc").stdout


def test_a_metric_that_may_be_in_a_file_that_cannot_be_read_is_not_known(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit({"dvc.yaml": "stages: ["})
    trained.register("churn", "v1.3.0")
    trained.tick()
    trained.commit({"dvc.yaml": DVC, "metrics.json": '{"auc": 0.8'})
    trained.register("churn", "v1.4.0")
    trained.tick()
    trained.commit({"metrics.json": '{"auc": 0.8}', "params.yaml": "rate: ["})
    trained.register("churn", "v1.5.0")
    assert ["churn", "model", "v1.5.0", "v1.1.0", "0.8"] in _list_rows(gitreg)
    trained.tick()
    trained.commit({"metrics.json": "{"})
    trained.register("churn", "v1.6.0")
    assert ["churn", "model", "v1.6.0", "v1.1.0", "?", "?"] in _list_rows(gitreg)
    assert "nothing that is shown" not in gitreg("show", "--metric", "auc").stderr
    lines = [line.split() for line in gitreg("show", "churn", "--metrics").stdout.splitlines() if line.startswith("v1")]
    cells = {line[0]: line[6:9] for line in lines}
    assert {version: cells[version] for version in ("v1.3.0", "v1.4.0", "v1.5.0")} == {
        "v1.3.0": ["?", "?", "?"],
        "v1.4.0": ["?", "?", "?"],
        "v1.5.0": ["0.8", "-", "-"],
    }


def _list_rows(gitreg: GitregCommand) -> list[list[str]]:
    return [line.split() for line in gitreg("show", "--metric", "auc", "--metric", "recall").stdout.splitlines()]


def test_a_metric_is_a_column_of_the_registry(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "--metric", "auc", "--metric", "recall", "--metric", "nope")) == snapshot("""\

exit 0
name   type     latest  #prod   auc     recall
churn  model    v1.2.0  v1.1.0  0.8125  0.333333
other  dataset  v0.1.0  -       -       -
---- stderr
note: nothing that is shown has the metric 'nope'
hint: see which there are: gitreg show NAME --metrics
""")


def test_a_metric_is_in_the_json_of_the_registry(trained: Repository, gitreg: GitregCommand) -> None:
    document = validated("show", gitreg("show", "--metric", "auc", "--json").stdout)
    assert [artifact["metrics"] for artifact in document["artifacts"]] == [{"auc": 0.8125}, {}]  # type: ignore[attr-defined]


def test_metrics_of_all_versions_are_columns_for_programs(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience_anywhere(gitreg("show", "churn", "--metrics")) == snapshot("""\

exit 0
name:    churn
latest:  v1.2.0
updated: 2026-01-01 00:03 UTC
type:    model
path:    model.pkl
goals:   {"auc": "higher", "loss": "lower"}
entry:   artifacts.yaml:1, in commit COMMIT
pointer: missing, model.pkl, in commit COMMIT

versions
version  stages  registered            commit   auc     loss  recall    author       message
v1.2.0   -       2026-01-01 00:02 UTC  COMMIT  0.8125  0.5   0.333333  Ann Example  Registering artifact churn version v1.2.0
v1.1.0   prod    2026-01-01 00:01 UTC  COMMIT  0.875   0.45  0.333333  Ann Example  Registering artifact churn version v1.1.0
v1.0.0   -       2026-01-01 00:00 UTC  COMMIT  0.75    0.61  -         Ann Example  Registering artifact churn version v1.0.0

stages
stage  holder  since                 author       before
prod   v1.1.0  2026-01-01 00:03 UTC  Ann Example  -
""")


def test_a_person_sees_how_metrics_moved(trained: Repository, gitreg: GitregCommand) -> None:
    shown = run_in_terminal(trained, "show", "churn", "--metrics", columns=100, env={"NO_COLOR": "1"})
    assert shown[shown.index("trends") :] == snapshot("""\
trends, oldest first
metric  goal    trend  first     latest    best
─────────────────────────────────────────────────────────
auc     higher  ▁█▅    0.75      0.8125    0.875 (v1.1.0)
loss    lower   █▁▃    0.61      0.5       0.45 (v1.1.0)
recall  -       ·▄▄    0.333333  0.333333  -
""")


def test_a_terminal_that_is_too_narrow_says_which_columns_are_not_there(trained: Repository) -> None:
    numbers = {f"m{number}": number for number in range(12)}
    trained.commit({"metrics.json": json.dumps(numbers)})
    trained.register("churn", "v2.0.0")
    last = {}
    for columns in (70, 90, 110, 200):
        shown = run_in_terminal(trained, "show", "churn", "--metrics", columns=columns, env={"NO_COLOR": "1"})
        table = shown[shown.index("version ") :].split("\n\n")[0].splitlines()
        last[columns] = len(table[0].split()), table[-1][:72]
    assert last == snapshot(
        {
            70: (8, "13 more columns (m10, m11, m2, ...): --json, or a wider terminal"),
            90: (13, "8 more columns (m5, m6, m7, ...): --json, or a wider terminal"),
            110: (18, "3 more columns (recall, author, message): --json, or a wider terminal"),
            200: (21, "v1.0.0   -       2026-01-01 00:00 UTC  d955eaa  0.75    0.61  -   -   - "),
        }
    )


def test_metrics_that_no_table_has_room_for_are_counted(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit({"metrics.json": json.dumps({f"m{number}": number for number in range(42)})})
    trained.register("churn", "v2.0.0")
    shown = gitreg("show", "churn", "--metrics")
    assert " auc " in shown.stdout
    assert " m5 " in shown.stdout
    assert " m6 " not in shown.stdout
    assert "more metrics: --json has all of them" in shown.stderr


def test_one_metric_of_all_versions_can_be_chosen(trained: Repository, gitreg: GitregCommand) -> None:
    lines = gitreg("show", "churn", "--metric", "loss").stdout.splitlines()
    table = lines[lines.index("versions") + 1 :]
    assert table[0].split()[:5] == ["version", "stages", "registered", "commit", "loss"]
    assert "auc" not in table[0]


def test_json_of_an_artifact_has_metrics_of_its_versions_where_they_are_asked_for(
    trained: Repository, gitreg: GitregCommand
) -> None:
    def versions(*args: str) -> list[dict[str, object]]:
        document = validated("show-artifact", gitreg("show", "churn", *args, "--json").stdout)
        return document["artifact"]["versions"]  # type: ignore[index, no-any-return]

    assert [version["metrics"] for version in versions()] == [None, None, None]
    assert [version["params"] for version in versions("--metrics")] == [
        {"layers": "[8, 2]", "rate": 0.05},
        {"layers": "[8, 1]", "rate": 0.1},
        {"layers": "[8, 0]", "rate": 0.5},
    ]
    assert versions("--metrics")[2]["metrics"] == {"auc": 0.75, "loss": 0.61}


@pytest.mark.parametrize("selector", ["churn@v1.1.0", "churn#prod"])
def test_a_version_has_its_metrics_and_parameters(trained: Repository, gitreg: GitregCommand, selector: str) -> None:
    shown = gitreg("show", selector).stdout
    assert shown[shown.index("\n\n") :] == snapshot("""\


metric  value               goal
auc     0.875               higher
loss    0.45                lower
recall  0.3333333333333333  -

parameter  value
layers     [8, 1]
rate       0.1
""")
    document = validated("show-version", gitreg("show", selector, "--json").stdout)
    assert document["version"]["metrics"] == {"auc": 0.875, "loss": 0.45, "recall": 1 / 3}  # type: ignore[index]
    assert document["version"]["params"] == {"rate": 0.1, "layers": "[8, 1]"}  # type: ignore[index]


def test_all_metrics_of_all_artifacts_are_too_many(trained: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "--metrics")) == snapshot("""\

exit 2
---- stderr
error: --metrics shows those of one artifact
hint: name it, or a metric: gitreg show --metric NAME
""")


def test_an_artifact_without_metrics_says_so(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit({"dvc.yaml": None})
    trained.register("other", "v0.2.0")
    assert gitreg("show", "other", "--all", "--metric", "f1").stderr == snapshot(
        """\
note: nothing that is shown has the metric 'f1'
hint: see which there are: gitreg show NAME --metrics
"""
    )


def test_a_broken_old_version_answers_for_the_rest(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit({"metrics.json": "{", "params.yaml": "rate: 1\n"})
    trained.register("churn", "v1.3.0")
    result = gitreg("show", "churn", "--metrics")
    assert result.code == 0
    assert "0.875" in result.stdout
    assert experience_anywhere(result).partition("---- stderr\n")[2] == snapshot(
        "warning: metrics.json:1:2 of v1.3.0: it is no JSON: Expecting property name enclosed in double quotes\n"
    )
    assert "rate" in gitreg("show", "churn@v1.3.0").stdout


def test_hostile_names_and_values_do_nothing_to_a_terminal(trained: Repository, gitreg: GitregCommand) -> None:
    evil = "[bold]\x1b]0;evil\x07\u202e"
    metrics = {evil: 1, "text": evil, "nan": float("nan"), "inf": float("-inf"), "big": 10**299}
    trained.commit({"metrics.json": json.dumps(metrics), "params.yaml": f"'{'x' * 300}': 1\n"})
    trained.register("churn", "v1.3.0")
    for args in (("show", "churn", "--metrics"), ("show", "churn@v1.3.0"), ("show", "--metric", evil)):
        for shown in (gitreg(*args).stdout, run_in_terminal(trained, *args, env={"NO_COLOR": "1", "TERM": "dumb"})):
            assert "\x1b]" not in shown
            assert "\x07" not in shown
            assert "\u202e" not in shown
            assert "[bold]" in shown
    document = validated("show-version", gitreg("show", "churn@v1.3.0", "--json").stdout)
    assert document["version"]["metrics"]["nan"] == "nan"  # type: ignore[index]
    assert document["version"]["metrics"]["inf"] == "-inf"  # type: ignore[index]


def test_show_without_metrics_reads_none(trained: Repository, gitreg: GitregCommand) -> None:
    gitreg("show")
    gitreg("show", "churn")
    assert not (trained.path.parent / "home" / ".cache" / "gitreg").exists()


def test_a_metric_with_different_values_in_two_files_is_shown_file_by_file(trained: Repository, gitreg: GitregCommand) -> None:
    trained.commit(
        {"artifacts.yaml": ENTRIES + "  metrics: [a.json, b.json]\n", "a.json": '{"auc": 0.1}', "b.json": '{"auc": 0.9}'}
    )
    trained.register("other", "v0.2.0")
    assert experience(gitreg("show", "--metric", "auc")) == snapshot("""\

exit 0
name   type     latest  #prod   auc     a.json:auc  b.json:auc
churn  model    v1.2.0  v1.1.0  0.8125  -           -
other  dataset  v0.2.0  -       -       0.1         0.9
""")
    document = validated("show", gitreg("show", "--metric", "auc", "--json").stdout)
    found = [artifact["metrics"] for artifact in document["artifacts"]]  # type: ignore[attr-defined]
    assert found == [{"auc": 0.8125}, {"a.json:auc": 0.1, "b.json:auc": 0.9}]
    assert "a.json:auc  b.json:auc" in gitreg("show", "other", "--metric", "auc").stdout
