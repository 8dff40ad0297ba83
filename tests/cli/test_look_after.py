from __future__ import annotations

import json
import re

from inline_snapshot import snapshot

from tests.cli.terminal import experience
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def test_check_answers_yes_where_all_is_well(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("check")) == snapshot("""\

exit 0
artifact 'models/nlp:sentiment': notice GR309 'models/nlp:sentiment' has registry tags, but no entry in artifacts.yaml
  hint: gitreg annotate 'models/nlp:sentiment' --path PATH --type model
1 notice in 1 file with 1 entry and 6 registry tags
""")


def test_check_lists_every_problem_and_answers_no(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("churn@v9.0.0", lightweight=True)
    story.commit({"artifacts.yaml": "churn:\n  path: gone.pkl\n  labels: 3\n  owners: me\n"})
    assert experience(gitreg("check")) == snapshot("""\

exit 1
tag 'churn@v9.0.0': error GR201 'churn@v9.0.0' is a lightweight tag, which states no author and no time; it is not read
  hint: if the remote has it annotated: git fetch --force --tags (actions/checkout before v6.0.2 makes such tags)
artifacts.yaml:3:11: error GR105 'labels' of 'churn' must be a list of texts, not the number 3
artifacts.yaml:2:9: warning GR108 path 'gone.pkl' of 'churn' is neither a file nor tracked by DVC
  hint: add it with git or DVC: dvc add gone.pkl
artifacts.yaml:4:3: warning GR106 'churn' has the unknown field 'owners'
  hint: did you mean 'owner'?
artifact 'models/nlp:sentiment': notice GR309 'models/nlp:sentiment' has registry tags, but no entry in artifacts.yaml
  hint: gitreg annotate 'models/nlp:sentiment' --path PATH --type model
2 errors, 2 warnings, 1 notice in 1 file with 1 entry and 7 registry tags
""")


def test_a_warning_answers_no_only_when_strict(story: Repository, gitreg: GitregCommand) -> None:
    story.commit({"artifacts.yaml": "churn:\n  path: gone.pkl\n"})
    assert gitreg("check").code == 0
    assert gitreg("check", "--strict").code == 1


def test_check_looks_at_what_is_staged_only(story: Repository, gitreg: GitregCommand) -> None:
    (story.path / "artifacts.yaml").write_text("churn: 3\n")
    assert experience(gitreg("check", "--staged")) == snapshot("""\

exit 0
No problems in 1 file with 1 entry
""")
    story.git("add", "artifacts.yaml")
    assert experience(gitreg("check", "--staged")) == snapshot("""\

exit 1
artifacts.yaml:1:8: error GR105 the entry 'churn' must be a mapping of fields, not the number 3
  hint: write the fields below the name, each with two spaces before it
1 error in 1 file with 0 entries
""")


def test_check_looks_at_a_revision(story: Repository, gitreg: GitregCommand) -> None:
    (story.path / "artifacts.yaml").write_text("churn: 3\n")
    assert gitreg("check", "--rev", "HEAD").code == 0
    assert experience(gitreg("check", "--rev", "nowhere")) == snapshot("""\

exit 3
---- stderr
error: there is no commit 'nowhere'
hint: list revisions: git log --oneline --all
""")


def test_check_prints_json_by_either_name(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("churn@v9.0.0", lightweight=True)
    result = gitreg("check", "--format", "json")
    assert result == gitreg("check", "--json")
    assert (result.code, json.loads(result.stdout)["problems"][0]["code"]) == (1, "GR201")


def test_check_prints_what_other_programs_show_with_the_same_exit_code(story: Repository, gitreg: GitregCommand) -> None:
    story.commit({"artifacts.yaml": "churn:\n  path: gone.pkl\n  labels: 3\n"})
    github, gitlab, sarif = (gitreg("check", "--staged", "--format", form) for form in ("github", "codequality", "sarif"))
    assert experience(github) == snapshot("""\

exit 1
::error file=artifacts.yaml,line=3,col=11,title=GR105::'labels' of 'churn' must be a list of texts, not the number 3
::warning file=artifacts.yaml,line=2,col=9,title=GR108::path 'gone.pkl' of 'churn' is neither a file nor tracked by DVC%0Ahint: add it with git or DVC: dvc add gone.pkl
1 error, 1 warning in 1 file with 1 entry
""")
    assert [item["check_name"] for item in json.loads(gitlab.stdout)] == ["GR105", "GR108"]
    assert [result["ruleId"] for result in json.loads(sarif.stdout)["runs"][0]["results"]] == ["GR105", "GR108"]
    assert {github.code, gitlab.code, sarif.code} == {1}
    story.commit({"artifacts.yaml": "churn:\n  path: gone.pkl\n"})
    assert [gitreg("check", "--format", "codequality", *strict).code for strict in ([], ["--strict"])] == [0, 1]


def test_check_prints_one_format(gitreg: GitregCommand) -> None:
    assert experience(gitreg("check", "--json", "--format", "sarif")) == snapshot("""\

exit 2
---- stderr
error: --json and --format sarif are two formats
hint: give one of them
""")


def test_doctor_says_what_it_looked_at(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("doctor")
    assert re.sub(r"git [0-9.]+", "git 2.x", experience(result)).replace("ok: DVC\n", "") == snapshot("""\

exit 0
ok: git 2.x
ok: identity Ann Example <ann@example.com>
ok: clone with all branches and tags
ok: 6 registry tags, none in the future
ok: no lock files
ok: settings of nobody: the defaults
warning GR511 there is no remote 'origin', so nothing can be published
  hint: git remote add origin URL, or set 'remote' in .gitreg.yaml
1 warning
""")


def test_doctor_answers_no_where_nothing_can_be_written(story: Repository, gitreg: GitregCommand) -> None:
    story.git("config", "user.useConfigOnly", "true")
    without = dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"), "")
    result = gitreg("doctor", "--offline", env=without)
    assert result.code == 1
    assert "GR502" in result.stdout
