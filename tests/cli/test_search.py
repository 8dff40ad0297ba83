from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience, run_in_terminal
from tests.cli.test_start import run
from tests.support.command import GitregCommand
from tests.support.repository import Repository

ENTRY = """\
churn:
  path: models/churn.pkl
  type: model
  owner: growth
  license: GPL-3.0-only OR MIT
  metrics: [metrics.json]
"""


@pytest.fixture
def past(repository: Repository) -> Repository:
    """A version in prod with a locked package, a newer one whose package is open, and one whose entry file is broken."""
    files = {
        "artifacts.yaml": ENTRY,
        "models/churn.pkl": "1",
        "metrics.json": '{"auc": 0.8}',
        "requirements.txt": "tensorflow==2.11.0\n",
    }
    repository.commit(files)
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.commit({"metrics.json": '{"auc": 0.9123456789}', "requirements.txt": "tensorflow>=2\n"})
    repository.register("churn", "v1.1.0")
    repository.tick()
    repository.commit({"artifacts.yaml": "churn: ["})
    repository.register("fraud", "v0.1.0")
    repository.tick()
    return repository


def test_matches_are_a_table_and_what_nobody_can_know_stands_apart(past: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("search", "type:model", "package:tensorflow<2.12")) == snapshot("""\

exit 0
name   version  stages  type   package:tensorflow
churn  v1.0.0   #prod   model  2.11.0
---- stderr
unknown: of 2 versions nobody can know:
  churn v1.1.0: requirements.txt: tensorflow>=2 names no exact version
  fraud v0.1.0: artifacts.yaml: the file is no YAML: did not find expected node content; requirements.txt: tensorflow>=2 names no exact version
""")


def test_the_table_has_a_column_for_each_field_of_the_query(past: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("search", "name:churn metric.auc>0.5 license:mit size<1kB registered:2026", "--sort", "-metric.auc")
    assert experience(result) == snapshot("""\

exit 0
name   version  stages  metric.auc  license              size    registered
churn  v1.1.0   -       0.912346    GPL-3.0-only OR MIT  1 byte  2026-01-01 00:02 UTC
churn  v1.0.0   #prod   0.8         GPL-3.0-only OR MIT  1 byte  2026-01-01 00:00 UTC
""")


def test_none_is_exit_code_1_and_says_how_much_was_searched(past: Repository, gitreg: GitregCommand) -> None:
    past.deregister("churn", "v1.1.0")
    assert experience(gitreg("search", "version>v9.0.0")) == snapshot("""\

exit 1
---- stderr
note: of 2 versions that are current none is known to be like this
hint: search every version ever registered: --history
""")
    assert experience(gitreg("search", "active:no or stage:prod", "--history")) == snapshot("""\

exit 0
name   version  stages  state
churn  v1.1.0   -       withdrawn
churn  v1.0.0   #prod   -
""")
    assert experience(gitreg("search", "name:*", "--history", "--limit", "1")) == snapshot("""\

exit 0
name   version  stages  state
churn  v1.1.0   -       withdrawn
---- stderr
note: 1 of 3 are shown; leave --limit out for all
""")


def test_unknown_is_told_also_to_those_who_want_quiet(past: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("search", "name:churn", "package:tensorflow>3", "--quiet")) == snapshot("""\

exit 1
---- stderr
unknown: of 1 version nobody can know:
  churn v1.1.0: requirements.txt: tensorflow>=2 names no exact version
""")


def test_a_query_that_is_none_has_a_caret(gitreg: GitregCommand) -> None:
    assert experience(gitreg("search", "type:model", "auc>0.9")) == snapshot("""\

exit 2
---- stderr
error: 'type:model auc>0.9' is no valid query: there is no field 'auc'
  type:model auc>0.9
             ^
hint: for a metric: metric.auc, for free metadata: custom.auc; for words with signs in them put quotes around
""")
    assert experience(gitreg("search", "package:tensorflow<two")) == snapshot("""\

exit 2
---- stderr
error: 'package:tensorflow<two' is no valid query: a package is expected here
  package:tensorflow<two
          ^
hint: such as tensorflow, 'tensorflow<2.12', 'numpy==1.26.*' or 'numpy>=1.20,<2'
""")
    assert experience(gitreg("search", "x", "--sort", "nothing")) == snapshot("""\

exit 2
---- stderr
error: nothing can be sorted by 'nothing'
hint: such as: --sort registered, --sort metric.auc, --sort -size
""")


@pytest.mark.parametrize(
    "query",
    ["-stage:prod", "-name:fraud*", "-registered:2025", '-metric."auc">0.85', "-(stage:prod or fraud)", "-version:v1.1.0"],
)
def test_the_contrary_of_a_condition_is_no_option_where_the_query_begins_with_it(
    query: str, past: Repository, gitreg: GitregCommand
) -> None:
    meant = gitreg("search", f"not {query[1:]}").stdout
    assert meant == gitreg("search", query).stdout == gitreg("search", "--", query).stdout
    assert gitreg("search", "--sort", "-registered", "type:model", query).code in {0, 1}


def test_the_contrary_of_a_word_says_how_it_is_written_where_it_is_taken_for_an_option(gitreg: GitregCommand) -> None:
    assert experience(gitreg("search", "type:model", "-churn")) == snapshot("""\

exit 2
---- stderr
error: no such option: -c
hint: the contrary of a word is: not WORD, not type:model; or end the options before it: gitreg search -- -WORD
""")
    assert experience(gitreg("search", "churn", "--sort", "-metric.auc", "--no")) == snapshot("""\

exit 2
---- stderr
error: no such option: --no
hint: did you mean --json, --repo, --sort?
""")


@pytest.mark.parametrize("query", ["a " * 50_000, "(" * 50_000, "-" * 50_000, '"' + "x" * 100_000, "x" * 100_000])
def test_a_huge_query_is_refused_in_few_words(query: str, gitreg: GitregCommand) -> None:
    result = gitreg("search", "--", query)
    assert (result.code, result.stdout) == (2, "")
    assert len(result.stderr) < 5000


def test_many_unknown_ones_are_cut_short(repository: Repository, gitreg: GitregCommand) -> None:
    for number in range(25):
        repository.register(f"m{number:02}", "v1.0.0")
    result = gitreg("search", "license:gpl*")
    assert result.stderr.splitlines()[:2] == ["unknown: of 25 versions nobody can know:", "  m00 v1.0.0: no licence is named"]
    assert result.stderr.splitlines()[-3:-1] == [
        "  and 5 more, which --json lists",
        "note: of 25 versions that are current none is known to be like this",
    ]


@pytest.mark.parametrize(
    "query", ["name:churn", "package:tensorflow<2.12 size>1 registered>2000 metric.auc<2 label:x", "name:x", "stage:dev"]
)
def test_json_follows_its_schema(query: str, past: Repository, gitreg: GitregCommand) -> None:
    past.assign("bare", "dev")
    document = read_json(gitreg, query)
    jsonschema.Draft202012Validator(load("search")).validate(document)
    assert sorted(document) == load("search")["required"]


def test_json_has_what_the_table_has_and_more(past: Repository, gitreg: GitregCommand) -> None:
    document = read_json(gitreg, "metric.auc>0.85 package:tensorflow<2.12 or stage:prod registered<2100")
    assert [found.pop("commit") for found in [*document["matches"], *document["unknown"]]]
    assert document == snapshot(
        {
            "columns": ["metric.auc", "package:tensorflow", "registered"],
            "doubtful": 2,
            "matched": 1,
            "matches": [
                {
                    "active": True,
                    "artifact": "churn",
                    "deprecated": False,
                    "latest": False,
                    "reasons": [],
                    "registered_at": "2026-01-01T00:00:00Z",
                    "stable": False,
                    "stages": ["prod"],
                    "values": {"metric.auc": [0.8], "package:tensorflow": ["2.11.0"], "registered": ["2026-01-01T00:00:00Z"]},
                    "version": "v1.0.0",
                }
            ],
            "notes": [],
            "problems": 0,
            "query": "(metric.auc>0.85 package:tensorflow<2.12) or (stage:prod registered<2100)",
            "schema_version": 1,
            "searched": 3,
            "unknown": [
                {
                    "active": True,
                    "artifact": "churn",
                    "deprecated": False,
                    "latest": True,
                    "reasons": ["requirements.txt: tensorflow>=2 names no exact version"],
                    "registered_at": "2026-01-01T00:02:00Z",
                    "stable": True,
                    "stages": [],
                    "values": {
                        "metric.auc": [0.9123456789],
                        "package:tensorflow": [">=2"],
                        "registered": ["2026-01-01T00:02:00Z"],
                    },
                    "version": "v1.1.0",
                },
                {
                    "active": True,
                    "artifact": "fraud",
                    "deprecated": False,
                    "latest": True,
                    "reasons": [
                        "artifacts.yaml: the file is no YAML: did not find expected node content",
                        "requirements.txt: tensorflow>=2 names no exact version",
                    ],
                    "registered_at": "2026-01-01T00:03:00Z",
                    "stable": True,
                    "stages": [],
                    "values": {"metric.auc": [], "package:tensorflow": [">=2"], "registered": ["2026-01-01T00:03:00Z"]},
                    "version": "v0.1.0",
                },
            ],
        }
    )


def test_numbers_that_json_lacks_are_text(past: Repository, gitreg: GitregCommand) -> None:
    past.commit({"artifacts.yaml": ENTRY, "metrics.json": '{"auc": NaN, "top": Infinity}'})
    past.register("churn", "v2.0.0")
    assert read_json(gitreg, "version:v2.0.0 metric.auc:nan metric.top>1")["matches"][0]["values"] == {
        "metric.auc": ["nan"],
        "metric.top": ["inf"],
    }


def test_names_that_act_on_a_terminal_are_escaped(past: Repository, gitreg: GitregCommand) -> None:
    past.commit(
        {"artifacts.yaml": ENTRY.replace("growth", '"\\e[31mred"').replace("MIT", '"'), "metrics.json": '{"auc": "\\u001b[2J"}'}
    )
    past.commit({"artifacts.yaml": 'churn: {owner: "\\e[31mred", path: x, metrics: [metrics.json]}\n'})
    past.register("churn", "v3.0.0")
    result = gitreg("search", "version:v3.0.0 owner:* metric.auc:*")
    assert "\\x1b[31mred" in result.stdout
    assert (
        "\x1b"
        not in result.stdout + gitreg("search", "name:churn '\x1b[2J' metric.auc>1").stderr + gitreg("search", "\x1b[2J:").stderr
    )


def test_a_terminal_shows_a_table(past: Repository) -> None:
    shown = run_in_terminal(past, "search", "stage:prod metric.auc<1", columns=80)
    assert "metric.auc" in shown
    assert "0.8" in shown


def test_a_query_about_tags_imports_no_yaml_and_no_packaging(past: Repository) -> None:
    _, modules, _ = run(past, "search", "stage:prod version>v0.1.0")
    assert {name for name in modules if name.partition(".")[0] in {"ruamel", "packaging", "rich", "git", "semver"}} == set()


def test_the_help_is_the_whole_language(gitreg: GitregCommand) -> None:
    from gitreg.core.query import FIELDS

    text = gitreg("search", "--help").stdout
    assert [field for field in [*FIELDS, "metric.NAME", "param.NAME", "custom.KEY"] if field not in text] == []


def read_json(gitreg: GitregCommand, *words: str) -> Any:
    return json.loads(gitreg("search", *words, "--json").stdout)


# ---- completion ----


def offered(gitreg: GitregCommand, *words: str) -> list[str]:
    result = gitreg("--complete", "search", *words)
    assert (result.stderr, result.code) == ("", 0)
    return result.stdout.splitlines()


def test_tab_offers_fields_and_what_they_are_compared_with(past: Repository, gitreg: GitregCommand) -> None:
    past.commit(
        {
            "artifacts.yaml": ENTRY
            + "fraud: {type: data set, labels: [pii], custom: {team: risk, lead: {name: Ann, ids: [1, {x: 2}]}, none: {}}}\n"
        }
    )
    assert offered(gitreg, "me") == ["metric."]
    assert offered(gitreg, "churn", "(st") == ["(stage:"]
    assert {"package:", "schema.input:", "has:", "param."} <= set(offered(gitreg, ""))
    assert offered(gitreg, "type:") == ['type:"data set"', "type:model"]
    assert offered(gitreg, "license:M") == ["license:MIT"]
    assert offered(gitreg, "stage:") == ["stage:prod"]
    assert offered(gitreg, "name:c") == ["name:churn"]
    assert offered(gitreg, "version:") == ["version:latest", "version:stable"]
    assert offered(gitreg, "active:") == ["active:no", "active:yes"]
    assert offered(gitreg, "has:schema.") == ["has:schema.input", "has:schema.output"]
    assert offered(gitreg, "metric.") == ["metric.auc"]
    assert offered(gitreg, "custom.") == ["custom.lead.ids", "custom.lead.ids.x", "custom.lead.name", "custom.team"]
    assert offered(gitreg, "package:t") == ["package:tensorflow"]
    assert offered(gitreg, "path:") == ["path:models/churn.pkl"]
    assert [offered(gitreg, word) for word in ("size:", "nothing:", "metric.auc:", "text:", "data:", "param.")] == [[]] * 6


def test_tab_offers_nothing_where_there_is_no_commit(tmp_path: Path) -> None:
    gitreg = GitregCommand(Repository.create(tmp_path / "empty"))
    assert (offered(gitreg, "metric."), offered(gitreg, "type:"), offered(gitreg, "name:")) == ([], [], [])


def test_a_name_that_nothing_has_is_no_fact_about_versions(past: Repository, gitreg: GitregCommand) -> None:
    del past
    done = gitreg("search", "metric.acu>0.4", "--history")
    assert "note: none of them " in done.stderr
    assert "hint: did you mean metric.auc?\n" in done.stderr
    assert "did you mean metric.auc?" in gitreg("search", "metric.acu>0.4", "--history", "--json").stdout


def test_show_says_which_kind_no_artifact_has(repository: Repository, gitreg: GitregCommand) -> None:
    repository.commit({"artifacts.yaml": "churn: {type: model, labels: [pii]}\n"})
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    told = [gitreg("show", *args).stderr for args in (("--type", "modle"), ("--stage", "production"), ("--label", "x"))]
    assert told == [
        "note: none of 1 artifact is like this\nnote: no artifact has a type 'modle'\nhint: did you mean model?\n",
        "note: none of 1 artifact is like this\nnote: no artifact has a stage 'production'\nhint: did you mean prod?\n",
        "note: none of 1 artifact is like this\nnote: no artifact has a label 'x'\n",
    ]
