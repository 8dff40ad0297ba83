from __future__ import annotations

from inline_snapshot import snapshot

from tests.cli.terminal import experience
from tests.support.command import GitregCommand
from tests.support.repository import Repository


def test_show_shows_the_registry(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show")) == snapshot("""\

exit 0
name                  type   latest       #prod   #staging  description
churn                 model  v1.1.0       v1.1.0  v1.1.0    Predicts which customers leave within a month, from what they did in the last year.
models/nlp:sentiment  -      v0.1.0-rc.1  -       -         -
""")


def test_an_empty_registry_says_what_to_do_and_is_no_failure(gitreg: GitregCommand) -> None:
    assert experience(gitreg("show")) == snapshot("""\

exit 0
---- stderr
note: there is nothing to show: nothing is registered yet, or nothing that was asked for
hint: register a version: gitreg register NAME; show deprecated artifacts too: gitreg show --all
""")
    assert experience(gitreg("history")) == snapshot("""\

exit 0
---- stderr
note: there is nothing to show: nothing has happened yet, or nothing that was asked for
""")
    assert experience(gitreg("stages")) == snapshot("""\

exit 0
---- stderr
note: there is no stage yet
hint: assign one: gitreg assign NAME@latest STAGE
""")


def test_quiet_leaves_data_and_errors(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("churn@v9.0.0", lightweight=True)
    assert experience(gitreg("show", "--quiet", "--stage", "none")) == snapshot("""\

exit 0
""")
    assert experience(gitreg("--quiet", "show", "nothing")) == snapshot("""\

exit 3
---- stderr
error: there is no artifact 'nothing'
hint: see what there is: gitreg show --all
""")


def test_problems_are_counted_on_standard_error(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("churn@v9.0.0", lightweight=True)
    assert experience(gitreg("show")) == snapshot("""\

exit 0
name                  type   latest       #prod   #staging  description
churn                 model  v1.1.0       v1.1.0  v1.1.0    Predicts which customers leave within a month, from what they did in the last year.
models/nlp:sentiment  -      v0.1.0-rc.1  -       -         -
---- stderr
warning: 1 problem; run: gitreg check
""")


def test_show_an_artifact(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "churn")) == snapshot("""\

exit 0
name:        churn
latest:      v1.1.0
updated:     2026-01-01 00:04 UTC
type:        model
description: Predicts which customers leave within a month, from what they did in the last year.
labels:      tabular, weekly
path:        models/churn.pkl
entry:       artifacts.yaml:1, in commit 58bc939
pointer:     git, models/churn.pkl, git:d8263ee9860594d2806b0dfd1bfd17528b0ba2a4, 1 byte, in commit 58bc939

versions
version  stages         registered            commit   author       message
v1.1.0   prod, staging  2026-01-01 00:02 UTC  58bc939  Ann Example  Registering artifact churn version v1.1.0
v1.0.0   -              2026-01-01 00:00 UTC  05a082c  Ann Example  Registering artifact churn version v1.0.0

stages
stage    holder  since                 author       before
prod     v1.1.0  2026-01-01 00:04 UTC  Ann Example  v1.0.0
staging  v1.1.0  2026-01-01 00:03 UTC  Ann Example  -
""")


def test_show_a_version_and_the_holder_of_a_stage(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "churn@v1.0.0")) == snapshot("""\

exit 0
artifact:    churn
version:     v1.0.0
commit:      05a082c886a476b69db25227a58a39edb9067b23
tag:         churn@v1.0.0
registered:  2026-01-01 00:00 UTC by Ann Example <ann@example.com>
message:     Registering artifact churn version v1.0.0
type:        model
description: Predicts which customers leave within a month, from what they did in the last year.
labels:      tabular, weekly
path:        models/churn.pkl
entry:       artifacts.yaml:1
pointer:     git, models/churn.pkl, git:56a6051ca2b02b04ef92d5150c9ef600403cb1de, 1 byte
""")
    assert experience(gitreg("show", "churn#prod")) == snapshot("""\

exit 0
artifact:    churn
version:     v1.1.0
commit:      58bc939fb6cd38b45eeeb413d8cf319eb131c6b3
tag:         churn@v1.1.0
registered:  2026-01-01 00:02 UTC by Ann Example <ann@example.com>
message:     Registering artifact churn version v1.1.0
stages:      prod, staging
stage:       prod
assigned:    2026-01-01 00:04 UTC by Ann Example <ann@example.com>
assigned as: churn#prod#3
type:        model
description: Predicts which customers leave within a month, from what they did in the last year.
labels:      tabular, weekly
path:        models/churn.pkl
entry:       artifacts.yaml:1
pointer:     git, models/churn.pkl, git:d8263ee9860594d2806b0dfd1bfd17528b0ba2a4, 1 byte
""")


def test_show_at_an_earlier_moment(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("show", "--at", "2026-01-01T00:02:00Z")) == snapshot("""\

exit 0
name   type   latest  #prod   description
churn  model  v1.1.0  v1.0.0  Predicts which customers leave within a month, from what they did in the last year.
""")


def test_show_some(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("models/nlp=sentiment@deprecated")
    assert experience(gitreg("show", "--type", "model", "--label", "weekly", "--stage", "prod")) == snapshot("""\

exit 0
name   type   latest  #prod   #staging  description
churn  model  v1.1.0  v1.1.0  v1.1.0    Predicts which customers leave within a month, from what they did in the last year.
""")
    assert experience(gitreg("show", "--all", "--sort", "updated")) == snapshot("""\

exit 0
name                  type   latest       #prod   #staging  state       description
models/nlp:sentiment  -      v0.1.0-rc.1  -       -         deprecated  -
churn                 model  v1.1.0       v1.1.0  v1.1.0    -           Predicts which customers leave within a month, from what they did in the last year.
""")


def test_history_is_newest_first(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("history")) == snapshot("""\

exit 0
when                  event         artifact              version      stage    commit   author
2026-01-01 00:05 UTC  registration  models/nlp:sentiment  v0.1.0-rc.1  -        58bc939  Ann Example
2026-01-01 00:04 UTC  assignment    churn                 v1.1.0       prod     58bc939  Ann Example
2026-01-01 00:03 UTC  assignment    churn                 v1.1.0       staging  58bc939  Ann Example
2026-01-01 00:02 UTC  registration  churn                 v1.1.0       -        58bc939  Ann Example
2026-01-01 00:01 UTC  assignment    churn                 v1.0.0       prod     05a082c  Ann Example
2026-01-01 00:00 UTC  registration  churn                 v1.0.0       -        05a082c  Ann Example
""")
    assert experience(gitreg("history", "churn#prod", "--event", "assignment", "-n", "1")) == snapshot("""\

exit 0
when                  event       artifact  version  stage  commit   author
2026-01-01 00:04 UTC  assignment  churn     v1.1.0   prod   58bc939  Ann Example
""")
    assert experience(gitreg("history", "--since", "2026-01-01T00:05:00Z")) == snapshot("""\

exit 0
when                  event         artifact              version      commit   author
2026-01-01 00:05 UTC  registration  models/nlp:sentiment  v0.1.0-rc.1  58bc939  Ann Example
""")


def test_resolve_prints_one_line(story: Repository, gitreg: GitregCommand) -> None:
    for option in ("--commit", "--tag", "--path"):
        assert gitreg("resolve", "churn#prod", option).stdout.count("\n") == 1
    assert experience(gitreg("resolve", "churn#prod")) == snapshot("""\

exit 0
v1.1.0
""")
    assert experience(gitreg("resolve", "churn@latest", "--commit")) == snapshot("""\

exit 0
58bc939fb6cd38b45eeeb413d8cf319eb131c6b3
""")
    assert experience(gitreg("resolve", "churn#prod", "--tag")) == snapshot("""\

exit 0
churn#prod#3
""")
    assert experience(gitreg("resolve", "churn@v1.0.0", "--path")) == snapshot("""\

exit 0
models/churn.pkl
""")
    assert experience(gitreg("resolve", "churn#prod", "--tag", "--path")) == snapshot("""\

exit 2
---- stderr
error: only one of --tag, --path can be printed
hint: print them all: --json
""")


def test_resolve_a_bare_commit_prints_it(story: Repository, gitreg: GitregCommand) -> None:
    story.commit(message="No version")
    story.assign("churn", "dev")
    assert gitreg("resolve", "churn#dev").stdout == f"{story.git('rev-parse', 'HEAD')}\n"


def test_resolve_warns_of_what_is_deprecated_and_misses_a_path(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("models/nlp=sentiment@deprecated")
    assert experience(gitreg("resolve", "models/nlp:sentiment@latest")) == snapshot("""\

exit 0
v0.1.0-rc.1
---- stderr
warning: 'models/nlp:sentiment' is deprecated
""")
    assert experience(gitreg("resolve", "models/nlp:sentiment@latest", "--path")) == snapshot("""\

exit 3
---- stderr
error: 'models/nlp:sentiment' has no path at commit 58bc939
hint: give it one for the next version: gitreg annotate 'models/nlp:sentiment' --path PATH --commit
""")


def test_stages_have_holders(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("stages")) == snapshot("""\

exit 0
stage    artifact  version  commit   since
prod     churn     v1.1.0   58bc939  2026-01-01 00:04 UTC
staging  churn     v1.1.0   58bc939  2026-01-01 00:03 UTC
""")


def test_check_ref_says_what_a_tag_states(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("check-ref", "refs/tags/churn#prod#1")) == snapshot("""\

exit 0
event:    assignment
artifact: churn
version:  v1.0.0
stage:    prod
commit:   05a082c886a476b69db25227a58a39edb9067b23
tag:      churn#prod#1
when:     2026-01-01 00:01 UTC
author:   Ann Example <ann@example.com>
message:  Assigning stage prod to artifact churn version v1.0.0

          Gitreg-Version: v1.0.0
""")
    assert experience(gitreg("check-ref", "v1.0")) == snapshot("""\

exit 1
---- stderr
error: 'v1.0' is no registry tag
hint: registry tags look like 'churn@v1.2.0', 'churn@v1.2.0!', 'churn#prod#3' and 'churn@deprecated'
""")
    assert experience(gitreg("check-ref", "churn@v7.0.0")) == snapshot("""\

exit 3
---- stderr
error: there is no tag 'churn@v7.0.0'
hint: git fetch origin 'refs/tags/churn@v7.0.0:refs/tags/churn@v7.0.0'
""")


def test_check_ref_takes_the_tag_that_started_the_job(story: Repository, gitreg: GitregCommand) -> None:
    expected = gitreg("check-ref", "churn@v1.0.0").stdout
    for env in (
        {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "churn@v1.0.0"},
        {"GITHUB_REF_TYPE": "tag", "GITHUB_REF": "refs/tags/churn@v1.0.0"},
        {"CI_COMMIT_TAG": "churn@v1.0.0"},
    ):
        assert gitreg("check-ref", env={"CI": "true", **env}).stdout == expected
    assert experience(gitreg("check-ref")) == snapshot("""\

exit 2
---- stderr
error: no tag was given
hint: name it: gitreg check-ref 'churn@v1.2.0'; in CI, run the job for tags only
""")
    assert experience(
        gitreg("check-ref", env={"CI": "true", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "main"})
    ) == snapshot("""\

exit 2
---- stderr
error: no tag was given, and no tag started this job
hint: name it: gitreg check-ref 'churn@v1.2.0'; in CI, run the job for tags only
""")


def test_parse_tag_needs_no_repository(gitreg: GitregCommand, repository: Repository) -> None:
    outside = repository.path.parent
    assert experience(gitreg("parse-tag", "models/nlp=sent@v1.0.0!#3", cwd=outside)) == snapshot("""\

exit 0
event:    deregistration
artifact: models/nlp:sent
version:  v1.0.0
counter:  3
""")
    assert experience(gitreg("parse-tag", "release-1", cwd=outside)) == snapshot("""\

exit 1
---- stderr
error: 'release-1' is no registry tag
hint: registry tags look like 'churn@v1.2.0', 'churn@v1.2.0!', 'churn#prod#3' and 'churn@deprecated'
""")


def test_another_repository_can_be_named(story: Repository, gitreg: GitregCommand) -> None:
    outside = story.path.parent
    assert gitreg("resolve", "churn#prod", "--repo", str(story.path), cwd=outside).stdout == "v1.1.0\n"
    assert gitreg("resolve", "churn#prod", cwd=outside, env={"GITREG_REPO": str(story.path)}).stdout == "v1.1.0\n"
    assert gitreg("resolve", "churn#prod", cwd=outside).code == 6


def test_fetch_brings_the_tags_of_the_remote_first(remote: Repository, story: Repository, gitreg: GitregCommand) -> None:
    story.git("push", "--quiet", "origin", "refs/tags/*")
    story.git("tag", "-d", "churn@v1.1.0")
    assert gitreg("resolve", "churn@latest").stdout == "v1.0.0\n"
    assert gitreg("resolve", "churn@latest", "--fetch").stdout == "v1.1.0\n"
