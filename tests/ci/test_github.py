from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from gitreg.core.tags import parse_tag
from tests.ci.conftest import ENTRIES, Host
from tests.ci.filters import matches
from tests.ci.runner import ROOT, plant_modules, read_yaml
from tests.ci.workflows import Run
from tests.support.servers.receiver import Reply, run_receiver

CALLERS = ROOT / "examples" / "github"
ON_TAG, REVIEW, PROMOTE, RECONCILE = (CALLERS / f"registry-{name}.yml" for name in ("on-tag", "review", "promote", "reconcile"))
DEPLOY = """\
env | grep '^GITREG_EVENT' | grep -v -e JSON -e COMMIT | LC_ALL=C sort > "$DEPLOYED_TO"
printf 'token %s\\n' "$DEPLOY_TOKEN" >> "$DEPLOYED_TO"
"$GITREG" resolve "$GITREG_EVENT_NAME@$GITREG_EVENT_VERSION" >> "$DEPLOYED_TO"
"""
VECTORS = json.loads((ROOT / "tests" / "core" / "tags.json").read_text(encoding="utf-8"))


@pytest.fixture
def scripted(host: Host) -> Host:
    """The scripts that callers name are on the default branch, and in no commit that is tagged."""
    host.author.commit({".registry/deploy.sh": DEPLOY, ".registry/deployed.sh": 'printf "%s" "$IS_DEPLOYED"\n'}, "Deploy")
    host.push()
    return host


def run(host: Host, ref: str, **more: object) -> Run:
    return Run(host, ref, secrets={"DEPLOY_TOKEN": "s3cret"}, env={"DEPLOYED_TO": str(host.folder / "deployed")}, **more)  # type: ignore[arg-type]


def test_a_tag_of_a_stage_is_deployed_by_the_script_of_the_default_branch(scripted: Host) -> None:
    started = run(scripted, "refs/tags/churn#prod#2")
    jobs = started.start(ON_TAG)
    assert jobs["registry"]["outputs"] == snapshot(
        {
            "is-registry-event": "true",
            "event": "assignment",
            "name": "churn",
            "version": "v2.0.0",
            "stage": "prod",
            "current": "true",
        }
    )
    assert started.environments == snapshot({"registry / deploy 0": "prod"})
    assert started.groups == snapshot({"registry / deploy 0": "registry-churn#prod"})
    assert (scripted.folder / "deployed").read_text() == snapshot("""\
GITREG_EVENT=assignment
GITREG_EVENT_HOLDER=v2.0.0
GITREG_EVENT_NAME=churn
GITREG_EVENT_PATH=models/churn.pkl
GITREG_EVENT_SLUG=churn-v2-0-0
GITREG_EVENT_STAGE=prod
GITREG_EVENT_TYPE=model
GITREG_EVENT_VERSION=v2.0.0
token s3cret
v2.0.0
""")
    assert [runner.commands for runner in started.ran.values()] == [[], []]


@pytest.mark.parametrize("tag", ["churn@v3.0.0", "churn#prod#1"])
def test_nothing_is_deployed_for_a_version_nor_for_an_event_that_is_overtaken(scripted: Host, tag: str) -> None:
    started = run(scripted, f"refs/tags/{tag}")
    jobs = started.start(ON_TAG)
    assert jobs["registry"]["jobs"]["deploy"]["result"] == "skipped"
    assert not (scripted.folder / "deployed").exists()


def test_an_unassignment_lets_the_script_know_what_holds_the_stage_now(scripted: Host) -> None:
    scripted.author.tick()
    tag = scripted.author.unassign("churn", "prod", "churn@v2.0.0^{commit}", version="v2.0.0")
    scripted.push(tag)
    run(scripted, f"refs/tags/{tag}").start(ON_TAG)
    said = (scripted.folder / "deployed").read_text()
    assert "GITREG_EVENT=unassignment\n" in said
    assert "GITREG_EVENT_HOLDER=v1.0.0\n" in said


def test_a_job_that_had_to_wait_while_another_version_was_promoted_deploys_nothing(scripted: Host) -> None:
    class Waiting(Run):
        def _run_steps(self, job, contexts, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if "environment" in job:
                self.host.author.tick()
                self.host.push(self.host.author.assign("churn", "prod", "churn@v3.0.0^{commit}", version="v3.0.0"))
            return super()._run_steps(job, contexts, place)

    started = Waiting(scripted, "refs/tags/churn#prod#2", env={"DEPLOYED_TO": str(scripted.folder / "deployed")})
    started.start(ON_TAG)
    assert not (scripted.folder / "deployed").exists()
    assert "::notice title=gitreg::Not deployed" in started.ran["registry / deploy 0"].log


def test_a_deregistration_deploys_each_stage_that_changes_hands_by_it(scripted: Host) -> None:
    scripted.author.tick()
    scripted.push(scripted.author.assign("churn", "prod", "churn@v3.0.0^{commit}", version="v3.0.0"))
    scripted.author.tick()
    tag = scripted.author.deregister("churn", "v3.0.0", "churn@v3.0.0^{commit}")
    scripted.push(tag)
    started = run(scripted, f"refs/tags/{tag}")
    started.env = {**started.env, "DEPLOYED_TO": "/dev/stderr"}
    started.start(ON_TAG)
    assert started.environments == {"registry / deploy 0": "prod", "registry / deploy 1": "staging"}
    said = [re.findall("GITREG_EVENT_(?:HOLDER|STAGE)=.*", runner.log) for runner in started.ran.values()]
    assert said == [
        [],
        ["GITREG_EVENT_HOLDER=v2.0.0", "GITREG_EVENT_STAGE=prod"],
        ["GITREG_EVENT_HOLDER=", "GITREG_EVENT_STAGE=staging"],
    ]


def test_an_event_of_one_stage_is_not_deployed_to_another(scripted: Host) -> None:
    caller = scripted.folder / "caller.yml"
    text = ON_TAG.read_text(encoding="utf-8")
    caller.write_text(text.replace("    with:\n", "    with:\n      stage: prod\n"), encoding="utf-8")
    jobs = run(scripted, "refs/tags/churn#staging#3").start(caller)
    assert jobs["registry"]["jobs"]["deploy"]["result"] == "skipped"


@pytest.mark.parametrize("status", [200, 404])
def test_others_are_told_of_an_event_where_a_secret_says_so_and_whoever_is_not_told_stops_nothing(
    scripted: Host, status: int
) -> None:
    caller = scripted.folder / "caller.yml"
    told = "GITREG_SLACK_URL: ${{ secrets.GITREG_SLACK_URL }}"
    text = ON_TAG.read_text(encoding="utf-8").replace(f"# {told}", told)
    caller.write_text(f"{text}{' ' * 6}{told.replace('SLACK', 'WEBHOOK')}\n", encoding="utf-8")
    with run_receiver() as receiver:
        receiver.replies = [Reply(status=status)] * 2
        started = run(scripted, "refs/tags/churn#prod#2")
        started.secrets = {**started.secrets, "GITREG_SLACK_URL": receiver.url, "GITREG_WEBHOOK_URL": receiver.url}
        jobs = started.start(caller)
    assert jobs["registry"]["result"] == "success"
    assert [posted.headers["content-type"].partition(";")[0] for posted in receiver.posts] == [
        "application/json",
        "application/cloudevents+json",
    ]
    assert (scripted.folder / "deployed").exists()
    assert "T0SECRET" not in "".join(runner.log for runner in started.ran.values())


def test_promoting_makes_a_tag_and_deploys_in_the_same_run(scripted: Host) -> None:
    started = run(scripted, "refs/heads/main")
    jobs = started.start(PROMOTE, {"artifact": "churn", "version": "#staging", "stage": "prod"})
    assert jobs["registry"]["outputs"] == {"tag": "churn#prod#4"}
    tagger = scripted.remote.git("for-each-ref", "--format=%(taggername) %(taggeremail)", "refs/tags/churn#prod#4")
    assert tagger == "ann <42+ann@users.noreply.github.com>"
    assert "GITREG_EVENT_VERSION=v3.0.0\n" in (scripted.folder / "deployed").read_text()
    assert "starts no workflow" in started.ran["registry / promote"].log
    assert "ghs_token" not in "".join(runner.log for runner in started.ran.values())


def test_promoting_with_a_token_of_ones_own_leaves_deploying_to_the_workflow_that_the_tag_starts(scripted: Host) -> None:
    scripted.author.commit({".github/workflows/registry-on-tag.yml": ON_TAG.read_text(encoding="utf-8")}, "Follow the registry")
    scripted.push(scripted.author.register("churn", "v4.0.0"))
    started = run(scripted, "refs/heads/main")
    started.secrets = {**started.secrets, "REGISTRY_PUSH_TOKEN": "app"}
    jobs = started.start(PROMOTE, {"artifact": "churn", "version": "v4.0.0", "stage": "prod"})
    assert jobs["registry"]["jobs"]["deploy"]["result"] == "skipped"
    assert not (scripted.folder / "deployed").exists()


def test_promoting_a_commit_from_before_there_were_workflows_deploys_in_the_same_run(scripted: Host) -> None:
    started = run(scripted, "refs/heads/main")
    started.secrets = {**started.secrets, "REGISTRY_PUSH_TOKEN": "app"}
    jobs = started.start(PROMOTE, {"artifact": "churn", "version": "v3.0.0", "stage": "prod"})
    assert jobs["registry"]["jobs"]["deploy"]["result"] == "success"
    assert "GITREG_EVENT_VERSION=v3.0.0\n" in (scripted.folder / "deployed").read_text()


@pytest.mark.parametrize("inputs", [
    {"artifact": "--help", "version": "v1.0.0", "stage": "prod"},
    {"artifact": "churn", "version": "v1.0.0; touch evil", "stage": "prod"},
    {"artifact": "churn", "version": "v1.0.0", "stage": "$(touch evil)"},
])  # fmt: skip
def test_hostile_inputs_of_a_promotion_promote_nothing(scripted: Host, inputs: dict[str, str]) -> None:
    before = scripted.remote.refs()
    jobs = run(scripted, "refs/heads/main").start(PROMOTE, inputs)
    assert jobs["registry"]["result"] == "failure"
    assert scripted.remote.refs() == before
    assert not list(scripted.folder.rglob("evil"))


def test_reconciling_deploys_what_is_not_as_the_registry_says(scripted: Host) -> None:
    started = run(scripted, "refs/heads/main")
    started.env = {**started.env, "IS_DEPLOYED": '{"churn": {"prod": "v1.0.0", "staging": "v3.0.0"}}'}
    jobs = started.start(RECONCILE)
    assert json.loads(jobs["registry"]["outputs"]["changes"]) == snapshot(
        [{"artifact": "churn", "stage": "prod", "tag": "churn#prod#2", "action": "replace"}]
    )
    assert started.environments == snapshot({"registry / deploy 0 / deploy 0": "prod"})
    assert "GITREG_EVENT_VERSION=v2.0.0\n" in (scripted.folder / "deployed").read_text()
    assert re.sub(r"20\d\d-\S+ \S+ UTC", "TIME", started.ran["registry / compare"].summary) == snapshot("""\
### Registry and deployment

<pre>
action   artifact  stage  from    to      since                 tag
replace  churn     prod   v1.0.0  v2.0.0  TIME  churn#prod#2
</pre>
""")


def test_no_module_of_the_checkout_is_run_beside_a_token(scripted: Host) -> None:
    plant_modules(scripted.author.path)
    scripted.author.git("add", "--all")
    scripted.author.commit({}, "Steal")
    scripted.push()
    started = run(scripted, "refs/heads/main")
    started.env = {**started.env, "IS_DEPLOYED": '{"churn": {"prod": "v2.0.0", "staging": "v3.0.0"}}'}
    assert started.start(RECONCILE)["registry"]["result"] == "success"
    promoted = run(scripted, "refs/heads/main").start(PROMOTE, {"artifact": "churn", "version": "#staging", "stage": "prod"})
    assert promoted["registry"]["result"] == "success"
    assert not list(scripted.folder.rglob("evil"))


def test_what_was_to_be_removed_stays_where_another_version_has_got_the_stage_meanwhile(scripted: Host) -> None:
    class Waiting(Run):
        def _run_steps(self, job, contexts, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if "environment" in job:
                self.host.author.tick()
                self.host.push(self.host.author.assign("churn", "staging", "churn@v2.0.0^{commit}", version="v2.0.0"))
            return super()._run_steps(job, contexts, place)

    scripted.author.tick()
    scripted.push(scripted.author.deregister("churn", "v3.0.0", "churn@v3.0.0^{commit}"))
    env = {
        "DEPLOYED_TO": str(scripted.folder / "deployed"),
        "IS_DEPLOYED": '{"churn": {"prod": "v2.0.0", "staging": "v3.0.0"}}',
    }
    jobs = Waiting(scripted, "refs/heads/main", env=env).start(RECONCILE)
    assert json.loads(jobs["registry"]["outputs"]["changes"]) == [
        {"artifact": "churn", "stage": "staging", "tag": "churn@v3.0.0!", "action": "remove"}
    ]
    said = (scripted.folder / "deployed").read_text()
    assert "GITREG_EVENT_HOLDER=v2.0.0\n" in said
    assert "GITREG_EVENT_STAGE=staging\n" in said


def test_reconciling_what_is_as_it_should_be_does_nothing(scripted: Host) -> None:
    started = run(scripted, "refs/heads/main")
    started.env = {**started.env, "IS_DEPLOYED": '{"churn": {"prod": "v2.0.0", "staging": "v3.0.0"}}'}
    jobs = started.start(RECONCILE)
    assert jobs["registry"]["jobs"]["deploy"]["result"] == "skipped"


GH = """\
#!/bin/sh
# stands in for GitHub's command: writes down what it is asked, and answers what the test says
printf '%s\\n' "$*" >> "$GH_ASKED"
for argument in "$@"; do
  case "$argument" in body=@*) cp "${argument#body=@}" "$GH_ASKED.body" ;; esac
done
case "$*" in
  *--paginate*) printf '%s' "$GH_FOUND"; exit "${GH_CODE:-0}" ;;
  *) exit "${GH_CODE:-0}" ;;
esac
"""


@dataclass
class Reviewed:
    jobs: dict[str, Any]
    run: Run
    asked: list[str]
    body: str


def review(host: Host, files: dict[str, str | None], **gh: str) -> Reviewed:
    """Open a pull request that changes files, and run its workflow."""
    base = gh.pop("BASE_SHA", "") or host.remote.git("rev-parse", "refs/heads/main")
    host.author.git("checkout", "--quiet", "-b", "topic")
    host.author.commit(files, "Change")
    host.author.git("push", "--quiet", "origin", "HEAD:refs/pull/7/merge")
    place = host.folder / "bin"
    place.mkdir()
    (place / "gh").write_text(GH)
    (place / "gh").chmod(0o755)
    asked = host.folder / "asked"
    asked.touch()
    env = {"PATH": f"{place}{os.pathsep}{host.author.env['PATH']}", "GH_ASKED": str(asked), "GH_FOUND": "", **gh}
    event = {"pull_request": {"number": 7, "base": {"sha": base}}, "repository": {"default_branch": "main"}}
    started = Run(host, "refs/pull/7/merge", github={"event": event, "event_name": "pull_request"}, env=env)
    jobs = started.start(REVIEW)
    body = host.folder / "asked.body"
    return Reviewed(
        jobs,
        started,
        re.sub(r"body=@\S+", "body=@FILE", asked.read_text()).splitlines(),
        body.read_text() if body.exists() else "",
    )


CHANGED = {"artifacts.yaml": ENTRIES.replace("customers", "people")}


def test_a_pull_request_gets_a_comment_that_says_what_changes(host: Host) -> None:
    reviewed = review(host, dict(CHANGED))
    assert reviewed.jobs["registry"]["result"] == "success"
    assert reviewed.asked == snapshot(
        [
            'api --paginate repos/acme/models/issues/7/comments --jq .[] | select(.user.type == "Bot" and (.body | startswith("<!-- gitreg:diff:v1 -->"))) | .id',
            "api --silent --method POST repos/acme/models/issues/7/comments --field body=@FILE",
        ]
    )
    assert reviewed.body.startswith("<!-- gitreg:diff:v1 -->\n")
    assert "churn" in reviewed.body
    assert reviewed.body.strip() == reviewed.run.ran["registry / diff"].summary.strip()


def test_a_pull_request_that_changes_nothing_of_the_registry_gets_no_comment(host: Host) -> None:
    reviewed = review(host, {"README.md": "# Another word\n"})
    assert reviewed.jobs["registry"]["result"] == "success"
    assert [line.split()[1] for line in reviewed.asked] == ["--paginate"]
    assert "### No changes in the model registry\n" in reviewed.run.ran["registry / diff"].summary


def test_a_comment_that_is_there_says_when_nothing_is_left_of_the_change(host: Host) -> None:
    reviewed = review(host, {"README.md": "# Another word\n"}, GH_FOUND="11\n")
    assert "--method PATCH" in reviewed.asked[1]


def test_what_cannot_be_compared_fails_and_comments_on_nothing(host: Host) -> None:
    reviewed = review(host, dict(CHANGED), BASE_SHA="0" * 40)
    assert reviewed.jobs["registry"]["jobs"]["diff"]["result"] == "failure"
    assert reviewed.asked == []


def test_the_comment_is_updated_in_place(host: Host) -> None:
    assert review(host, dict(CHANGED), GH_FOUND="11\n12\n").asked[1:] == snapshot(
        ["api --silent --method PATCH repos/acme/models/issues/comments/11 --field body=@FILE"]
    )


def test_a_token_that_only_reads_leaves_the_summary(host: Host) -> None:
    reviewed = review(host, dict(CHANGED), GH_CODE="1")
    assert reviewed.jobs["registry"]["result"] == "success"
    assert "::notice title=gitreg::The pull request cannot be commented on" in reviewed.run.ran["registry / comment"].log
    assert "churn" in reviewed.run.ran["registry / diff"].summary


def test_a_broken_entry_fails_the_check_and_is_commented_on_all_the_same(host: Host) -> None:
    reviewed = review(host, {"artifacts.yaml": ENTRIES + "  path: twice\n"})
    assert reviewed.jobs["registry"]["jobs"]["check"]["result"] == "failure"
    assert reviewed.jobs["registry"]["jobs"]["comment"]["result"] == "success"
    assert [line for line in reviewed.run.ran["registry / check"].commands if line.startswith("::")] == snapshot(
        [
            "::error file=artifacts.yaml,line=5,col=3,title=GR103::the key 'path' stands twice%0Ahint: keep one of the two; the one in line 2 counts"
        ]
    )


def test_a_hostile_pull_request_changes_nothing_but_its_own_comment(host: Host) -> None:
    evil = "x\ngitreg-0\ncomment=evil\n::error::evil\n##[set-output name=comment]evil $(touch evil) `touch evil` @everybody"
    reviewed = review(host, {"artifacts.yaml": f"churn:\n  path: models/churn.pkl\n  description: {json.dumps(evil)}\n"})
    assert reviewed.jobs["registry"]["result"] == "success"
    assert [runner.commands for runner in reviewed.run.ran.values()] == [[], [], []]
    assert not list(host.folder.rglob("evil"))


PATTERNS = read_yaml(ON_TAG)["on"]["push"]["tags"]
OF_PROD = ["**#prod", "**#prod#[0-9]+", "**#prod!", "**#prod!#[0-9]+"]


def test_every_tag_of_the_registry_starts_the_workflow(subtests: pytest.Subtests) -> None:
    for name in (vector["tag"] for vector in VECTORS):
        if parse_tag(name) is not None:
            with subtests.test(name):
                assert matches(PATTERNS, name)


def test_the_patterns_of_one_stage_match_its_tags_and_no_others() -> None:
    text = ON_TAG.read_text(encoding="utf-8")
    assert ", ".join(f'"{pattern}"' for pattern in OF_PROD) in text
    for name in (vector["tag"] for vector in VECTORS):
        parsed = parse_tag(name)
        if parsed is not None:
            assert matches(OF_PROD, name) == (parsed.stage == "prod"), name


@pytest.mark.parametrize("name", ["v1.0.0", "release/2026", "churn-1.0", "churn@nightly", "churn@created"])
def test_other_tags_start_nothing(name: str) -> None:
    assert not matches(PATTERNS, name)


@pytest.mark.parametrize("path", sorted(CALLERS.glob("*.yml")), ids=lambda path: path.name)
def test_a_caller_is_short_enough_to_copy(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 32
