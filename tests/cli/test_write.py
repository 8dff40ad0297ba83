from __future__ import annotations

from inline_snapshot import snapshot

from tests.cli.terminal import experience
from tests.support.command import GitregCommand
from tests.support.pipelines import format_definition, format_lock
from tests.support.repository import Repository


def test_register_says_what_it_did_and_what_to_do_next(story: Repository, gitreg: GitregCommand) -> None:
    story.commit(message="Train")
    assert experience(gitreg("register", "churn")) == snapshot("""\

exit 0
Registered churn v1.1.1 at 581f5be as 'churn@v1.1.1'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("register", "churn")) == snapshot("""\

exit 5
---- stderr
error: commit 581f5be is churn@v1.1.1 already, and GTO stops at a repository with two versions on one commit
hint: commit the new state first; or, where nobody uses GTO: --same-commit
""")
    assert experience(gitreg("register", "churn", "--version", "v1.1.0")) == snapshot("""\

exit 4
---- stderr
error: churn@v1.1.0 is registered already, at 58bc939
hint: let gitreg choose the next one: gitreg register 'churn'; a version never moves
""")
    assert experience(gitreg("register", "churn", "--version", "1.3")) == snapshot("""\

exit 2
---- stderr
error: '1.3' is no valid version: it does not follow SemVer 2.0.0
  1.3
  ^
hint: a version is 'v' and three numbers, such as v1.2.0 or v2.0.0-rc.1
""")
    assert experience(gitreg("register", "churn", "--version", "v2.0.0", "--bump", "major")) == snapshot("""\

exit 2
---- stderr
error: a version and a part to bump were both given
hint: give --version or --bump, not both
""")
    assert experience(gitreg("register", "churn", "--bump", "huge")) == snapshot("""\

exit 2
---- stderr
error: invalid value for '--bump': 'huge' is not one of 'major', 'minor', 'patch', 'prerelease'
hint: see: gitreg register --help
""")
    assert experience(gitreg("register", "-x")) == snapshot("""\

exit 2
---- stderr
error: no such option: -x
hint: see: gitreg register --help
""")
    assert experience(gitreg("register", "--", "-x")) == snapshot("""\

exit 2
---- stderr
error: '-x' is no valid selector: an artifact's name is expected here
  -x
  ^
hint: a selector is 'churn', 'churn@v1.2.0', 'churn@latest', 'churn@stable' or 'churn#prod'
""")


def test_register_a_bump_of_another_revision_with_a_message(story: Repository, gitreg: GitregCommand) -> None:
    first = story.git("rev-list", "--max-parents=0", "HEAD")
    assert experience(
        gitreg("register", "churn", first, "--bump", "major", "-m", "Once more\n\nWith \x1b[31mfeeling")
    ) == snapshot("""\

exit 0
Registered churn v2.0.0 at b2ee6f8 as 'churn@v2.0.0'
---- stderr
note: 'churn' has no entry at b2ee6f8; for the next version: gitreg annotate 'churn' --path PATH --commit
hint: publish it: gitreg push churn
""")
    assert gitreg("show", "churn@v2.0.0").stdout.count("Once more") == 1


def test_register_says_what_is_wrong_with_the_pipeline_unless_a_person_wants_quiet(
    story: Repository, gitreg: GitregCommand
) -> None:
    deps = {f"{number}.py": "1" for number in range(9)}
    pipeline = {
        "dvc.yaml": format_definition({"train": f", deps: [{', '.join(deps)}], outs: [model]"}),
        "dvc.lock": format_lock({"train": (deps, {"model": "m"})}),
    }
    story.commit({"artifacts.yaml": "churn: {path: model}\n", **pipeline, "0.py": "2"})
    assert experience(gitreg("register", "churn", "--dry-run")) == snapshot("""\

exit 0
Would register churn v1.1.1 at 5913e82 as 'churn@v1.1.1'
    Registering artifact churn version v1.1.1
---- stderr
warning: 'train' was run with another 0.py than this commit has
hint: mend it first; see: gitreg check --rev 5913e82
""")
    assert experience(gitreg("register", "churn")) == snapshot("""\

exit 0
Registered churn v1.1.1 at 5913e82 as 'churn@v1.1.1'
---- stderr
warning: 'train' was run with another 0.py than this commit has
hint: mend it for the next version; see: gitreg check --rev 5913e82
hint: publish it: gitreg push churn
""")
    story.commit(dict.fromkeys(deps, "2"))
    assert experience(gitreg("register", "churn")) == snapshot("""\

exit 0
Registered churn v1.1.2 at cd16b88 as 'churn@v1.1.2'
---- stderr
warning: 'train' was run with another 0.py than this commit has
warning: 'train' was run with another 1.py than this commit has
warning: 'train' was run with another 2.py than this commit has
warning: 'train' was run with another 3.py than this commit has
warning: 'train' was run with another 4.py than this commit has
warning: and 4 more differences of this kind
hint: mend it for the next version; see: gitreg check --rev cd16b88
hint: publish it: gitreg push churn
""")
    assert gitreg("--quiet", "register", "churn", "--same-commit").stderr == ""


def test_the_message_of_a_tag_cannot_act_on_a_terminal(story: Repository, gitreg: GitregCommand) -> None:
    story.tag("churn#prod#9", message="Subject \x1b]0;title\x07\u202egnp [red]x[/red]")
    assert experience(gitreg("check-ref", "churn#prod#9")) == snapshot("""\

exit 0
event:    assignment
artifact: churn
version:  v1.1.0
stage:    prod
commit:   58bc939fb6cd38b45eeeb413d8cf319eb131c6b3
tag:      churn#prod#9
when:     2026-01-01 00:06 UTC
author:   Ann Example <ann@example.com>
message:  Subject \\x1b]0;title\\x07\\u{202e}gnp [red]x[/red]
""")


def test_a_dry_run_shows_tags_and_messages_and_writes_nothing(story: Repository, gitreg: GitregCommand) -> None:
    story.commit(message="Train")
    before = story.refs()
    assert experience(gitreg("assign", "churn", "prod", "--register", "--bump", "minor", "--dry-run")) == snapshot("""\

exit 0
Would register churn v1.2.0 at 581f5be as 'churn@v1.2.0'
    Registering artifact churn version v1.2.0
Would assign churn v1.2.0 at 581f5be to prod as 'churn#prod#4'
    Assigning stage prod to artifact churn version v1.2.0

    Gitreg-Version: v1.2.0
""")
    assert story.refs() == before


def test_assign_needs_a_version(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("assign", "churn", "prod")) == snapshot("""\

exit 2
---- stderr
error: which version of 'churn' goes to 'prod' was not said
hint: gitreg assign 'churn@latest' prod, or 'churn@v1.2.0', or --rev REV
""")
    assert experience(gitreg("assign", "churn@latest", "prod", "--rev", "HEAD")) == snapshot("""\

exit 2
---- stderr
error: a version or stage and --rev were both given
hint: gitreg assign 'churn' prod --rev HEAD
""")
    assert experience(gitreg("assign", "churn@latest", "prod", "--bump", "minor")) == snapshot("""\

exit 2
---- stderr
error: --bump means nothing without --register
hint: add --register, or leave it out
""")


def test_assign_and_promote(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("assign", "churn@v1.0.0", "dev")) == snapshot("""\

exit 0
Assigned churn v1.0.0 at 05a082c to dev as 'churn#dev#4'
---- stderr
note: 'dev' is a new stage of 'churn', beside prod, staging
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("promote", "churn#dev", "qa")) == snapshot("""\

exit 0
Assigned churn v1.0.0 at 05a082c to qa as 'churn#qa#5'
---- stderr
note: 'qa' is a new stage of 'churn', beside dev, prod, staging
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("assign", "churn", "test", "--rev", "HEAD~2")) == snapshot("""\

exit 0
Assigned churn commit b2ee6f8 to test as 'churn#test#6'
---- stderr
note: 'test' is a new stage of 'churn', beside dev, prod, qa, staging
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("assign", "churn@latest", "prod")) == snapshot("""\

exit 4
---- stderr
error: churn@v1.1.0 holds 'prod' already
hint: see who holds what: gitreg show 'churn'
""")
    assert experience(gitreg("assign", "churn@v7.0.0", "prod")) == snapshot("""\

exit 3
---- stderr
error: 'churn' has no version v7.0.0
hint: did you mean v1.0.0?
""")


def test_register_and_assign_in_one_step(story: Repository, gitreg: GitregCommand) -> None:
    story.commit(message="Train")
    assert experience(gitreg("assign", "churn", "prod", "--register", "--version", "v3.0.0")) == snapshot("""\

exit 0
Registered churn v3.0.0 at 581f5be as 'churn@v3.0.0'
Assigned churn v3.0.0 at 581f5be to prod as 'churn#prod#4'
---- stderr
hint: publish them: gitreg push churn
""")


def test_rollback_and_unassign(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("rollback", "churn", "prod")) == snapshot("""\

exit 0
Assigned churn v1.0.0 at 05a082c to prod as 'churn#prod#4'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("rollback", "churn", "staging")) == snapshot("""\

exit 3
---- stderr
error: 'staging' of 'churn' has no holder before the current one
hint: name the version: gitreg rollback 'churn' staging --to VERSION
""")
    assert experience(gitreg("rollback", "churn", "prod", "--to", "v1.1.0")) == snapshot("""\

exit 0
Assigned churn v1.1.0 at 58bc939 to prod as 'churn#prod#5'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("unassign", "churn", "staging")) == snapshot("""\

exit 0
Unassigned churn v1.1.0 at 58bc939 from staging as 'churn#staging!#6'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("unassign", "churn@v1.1.0", "staging")) == snapshot("""\

exit 3
---- stderr
error: churn@v1.1.0 is not in 'staging'
hint: see who holds what: gitreg show 'churn'
""")


def test_deregister_and_deprecate(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("deregister", "churn")) == snapshot("""\

exit 2
---- stderr
error: 'churn' names no version
hint: say which: gitreg deregister 'churn@v1.2.0'; a whole artifact: gitreg deprecate
""")
    assert experience(gitreg("deregister", "churn@v1.0.0", "-m", "Wrong data")) == snapshot("""\

exit 0
Deregistered churn v1.0.0 at 05a082c as 'churn@v1.0.0!'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("deregister", "churn@v1.0.0")) == snapshot("""\

exit 4
---- stderr
error: churn@v1.0.0 is deregistered already
hint: see when: gitreg history 'churn@v1.0.0'
""")
    assert experience(gitreg("deprecate", "churn")) == snapshot("""\

exit 0
Deprecated churn as 'churn@deprecated'
---- stderr
hint: publish it: gitreg push churn
""")
    assert experience(gitreg("deprecate", "churn")) == snapshot("""\

exit 4
---- stderr
error: 'churn' is deprecated already
hint: registering or assigning a version revives it: gitreg show 'churn' --all
""")


def test_push_publishes_what_the_remote_lacks(remote: Repository, story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("push", "churn@v1.0.0", "--dry-run")) == snapshot("""\

exit 0
Would push 'churn@v1.0.0' to origin
Would push 'churn#prod#1' to origin
""")
    assert experience(gitreg("push", "churn")) == snapshot("""\

exit 0
Pushed 'churn@v1.0.0' to origin
Pushed 'churn#prod#1' to origin
Pushed 'churn@v1.1.0' to origin
Pushed 'churn#staging#2' to origin
Pushed 'churn#prod#3' to origin
""")
    assert experience(gitreg("push", "churn")) == snapshot("""\

exit 0
Nothing to push to origin
""")
    assert experience(gitreg("rollback", "churn", "prod", "--push")) == snapshot("""\

exit 0
Assigned churn v1.0.0 at 05a082c to prod as 'churn#prod#4'
Pushed it to origin
""")


def test_no_remote_is_said(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("push")) == snapshot("""\

exit 7
---- stderr
error: this repository has no remote
hint: git remote add origin URL
""")


def test_an_event_in_the_future_needs_consent(story: Repository, gitreg: GitregCommand) -> None:
    story.register("churn", "v4.0.0", at=story.now + 86_400)
    assert experience(gitreg("rollback", "churn", "prod")) == snapshot("""\

exit 5
---- stderr
error: the last event of 'churn' lies 86400 seconds in the future, so a clock is wrong
hint: check the time of this machine: gitreg doctor; to write after that event all the same: --accept-clock
""")
    assert gitreg("rollback", "churn", "prod", "--accept-clock").code == 0
