from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.cli.fields import collect_fields, parse_pair
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


def test_a_pair_has_a_key() -> None:
    with pytest.raises(UsageFault):
        parse_pair("=1")
