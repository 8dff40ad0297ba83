from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.cli.fields import collect_fields, parse_goal, parse_pair, parse_reference
from gitreg.errors import UsageFault
from tests.cli.terminal import experience
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def test_init_makes_three_files_and_keeps_what_is_there(gitreg: GitregCommand) -> None:
    assert experience(gitreg("init")) == snapshot("""\

exit 0
Created .gitreg.yaml
Created artifacts.yaml
Created .gitattributes
---- stderr
hint: commit them: git add .gitreg.yaml artifacts.yaml .gitattributes && git commit
""")
    assert experience(gitreg("init")) == snapshot("""\

exit 0
Nothing to change in .gitreg.yaml
Nothing to change in artifacts.yaml
Nothing to change in .gitattributes
""")


def test_annotate_shows_its_change_and_writes_nothing_in_a_dry_run(story: Repository, gitreg: GitregCommand) -> None:
    before = (story.path / "artifacts.yaml").read_bytes()
    assert experience(gitreg("annotate", "churn", "--owner", "growth", "--label", "hot", "--dry-run")) == snapshot("""\

exit 0
Would change artifacts.yaml
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -2,4 +2,5 @@
   path: models/churn.pkl
   type: model
   description: Predicts which customers leave within a month, from what they did in the last year.
-  labels: [tabular, weekly]
+  labels: [tabular, weekly, hot]
+  owner: growth
""")
    assert (story.path / "artifacts.yaml").read_bytes() == before


def test_annotate_writes_every_field(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg(
        "annotate", "new", "--path", "models/churn.pkl", "--type", "model", "--description", "New", "--label", "a", "--label", "b",
        "--owner", "me", "--license", "MIT", "--framework", "onnx", "--task", "ranking", "--homepage", "https://example.com",
        "--base", "churn", "--custom", "threshold=0.5", "--custom", "note=plain text",
    )  # fmt: skip
    assert experience(result) == snapshot("""\

exit 0
Changed artifacts.yaml
---- stderr
hint: commit it: git add artifacts.yaml && git commit
""")
    assert experience(gitreg("show", "new")) == snapshot("""\

exit 3
---- stderr
error: there is no artifact 'new'
hint: see what there is: gitreg show --all
""")


def test_annotate_takes_a_field_away_and_commits(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("annotate", "churn", "--unset", "labels", "--commit", "-m", "Less")) == snapshot("""\

exit 0
Changed artifacts.yaml in commit 428236d
---- stderr
hint: publish it: git push
""")
    assert story.git("log", "-1", "--format=%s") == "Less"
    assert experience(gitreg("annotate", "churn", "--unset", "labels")) == snapshot("""\

exit 0
Nothing to change in artifacts.yaml
---- stderr
note: artifacts.yaml says so already
""")


def test_annotate_wants_something_to_change(gitreg: GitregCommand) -> None:
    assert experience(gitreg("annotate", "churn")) == snapshot("""\

exit 2
---- stderr
error: nothing was given that should change
hint: give --path, --type or another field: gitreg annotate --help
""")
    assert experience(gitreg("annotate", "churn", "--custom", "threshold")) == snapshot("""\

exit 2
---- stderr
error: --custom 'threshold' is no pair of key and value
hint: write it as KEY=VALUE, such as threshold=0.7
""")
    assert experience(gitreg("annotate", "churn", "--unset", "ownr")) == snapshot("""\

exit 2
---- stderr
error: there is no field 'ownr'
hint: did you mean 'owner'?
""")
    assert experience(gitreg("annotate", "churn", "--owner", "me", "--unset", "owner")) == snapshot("""\

exit 2
---- stderr
error: 'owner' is both given and taken away with --unset
hint: take it away first, then run gitreg annotate again
""")


def test_remove_takes_the_entry_away(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("remove", "churn", "--dry-run")) == snapshot("""\

exit 0
Would change artifacts.yaml
--- a/artifacts.yaml
+++ b/artifacts.yaml
@@ -1,5 +1 @@
-churn:
-  path: models/churn.pkl
-  type: model
-  description: Predicts which customers leave within a month, from what they did in the last year.
-  labels: [tabular, weekly]
+{}
""")
    assert experience(gitreg("remove", "churn")) == snapshot("""\

exit 0
Changed artifacts.yaml
---- stderr
hint: commit it: git add artifacts.yaml && git commit
""")
    assert experience(gitreg("remove", "churn")) == snapshot("""\

exit 3
---- stderr
error: artifacts.yaml has no entry 'churn'
hint: see what there is: gitreg show --all
""")


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("a=1", ("a", 1)),
        ("a=true", ("a", True)),
        ("a={}", ("a", {})),
        ("a=b=c", ("a", "b=c")),
        ("a=", ("a", "")),
        ("a=NaN", ("a", "NaN")),
        ("a=" + "[" * 100_000, ("a", "[" * 100_000)),
        ("a b=x", ("a b", "x")),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_custom_value_is_json_or_text(text: str, pair: tuple[str, object]) -> None:
    assert parse_pair(text) == pair


def test_labels_are_a_tuple_and_what_is_unset_is_none() -> None:
    fields = collect_fields(unset=["owner"], custom=None, labels=["a"], path="x", type=None)
    assert fields == {"labels": ("a",), "owner": None, "path": "x"}


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("metrics.json", "metrics.json"),
        ("m/metrics.json:test.f1, ndcg@10", {"path": "m/metrics.json", "keys": ["test.f1", "ndcg@10"]}),
        ("https://example.com/metrics.json", "https://example.com/metrics.json"),
    ],
)
def test_a_file_may_have_keys(text: str, reference: object) -> None:
    assert parse_reference(text) == reference


@pytest.mark.parametrize("text", ["", ":f1", "metrics.json:", "metrics.json:f1,"])
def test_a_file_with_keys_has_both(text: str) -> None:
    with pytest.raises(UsageFault, match="no file with keys"):
        parse_reference(text)


def test_a_goal_is_a_metric_and_a_way() -> None:
    assert parse_goal("a=b=lower") == ("a=b", "lower")
    for text in ("loss", "loss=low", "=lower", "lower"):
        with pytest.raises(UsageFault, match="which way is better"):
            parse_goal(text)


def test_annotate_writes_metrics_parameters_and_goals_and_adds_to_them(story: Repository, gitreg: GitregCommand) -> None:
    story.commit({"metrics.json": '{"test": {"f1": 0.7, "loss": 0.1}}', "params.yaml": "lr: 0.1\n"})
    first = gitreg("annotate", "new", "--metrics", "metrics.json:test.f1", "--params", "gone.yaml", "--goal", "test.f1=higher")
    assert experience(first) == snapshot("""\

exit 0
Changed artifacts.yaml
---- stderr
note: there is no 'gone.yaml' here yet
hint: commit it: git add artifacts.yaml && git commit
""")
    gitreg(
        "annotate", "new", "--metrics", "metrics.json:test.f1,test.loss", "--metrics", "more.json", "--params", "params.yaml",
        "--goal", "test.loss=lower",
    )  # fmt: skip
    assert (story.path / "artifacts.yaml").read_text().partition("new:")[2].partition("\n\n")[0] == snapshot("""\

  metrics:
    - path: metrics.json
      keys:
        - test.f1
        - test.loss
    - more.json
  params:
    - gone.yaml
    - params.yaml
  goals:
    test.f1: higher
    test.loss: lower
""")
    gitreg("annotate", "new", "--unset", "metrics", "--unset", "params", "--unset", "goals", "--owner", "me")
    assert (story.path / "artifacts.yaml").read_text().partition("new:")[2].partition("\n\n")[0].strip() == "owner: me"
    assert "is an address" in gitreg("annotate", "new", "--metrics", "https://example.com/metrics.json").stderr


def test_a_pair_has_a_key() -> None:
    with pytest.raises(UsageFault):
        parse_pair("=1")
