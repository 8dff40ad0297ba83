from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from inline_snapshot import snapshot

from gitreg.render.schemas import load
from tests.cli.terminal import experience
from tests.docs.console import ROOT
from tests.support.command import GitregCommand
from tests.support.repository import Repository
from tests.support.servers.receiver import Receiver, Reply, run_receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


def addresses(receiver: Receiver) -> dict[str, str]:
    """The variables that send everything to the receiver."""
    names = dict.fromkeys(("GITREG_SLACK_URL", "GITREG_TEAMS_URL", "GITREG_WEBHOOK_URL"), receiver.url)
    return {**names, "GITREG_WEBHOOK_SECRET": "S0SECRET"}


def test_whoever_was_told_is_named(story: Repository, gitreg: GitregCommand, receiver: Receiver) -> None:
    result = gitreg("notify", "churn#prod#3", "--to", "slack", "--to", "webhook", env=addresses(receiver))
    assert experience(result) == snapshot("""\

exit 0
Told slack: churn#prod: v1.0.0 -> v1.1.0
Told webhook: churn#prod: v1.0.0 -> v1.1.0
""")
    assert [posted.headers["content-type"] for posted in receiver.posts] == ["application/json", "application/cloudevents+json"]


@pytest.mark.parametrize(
    "surroundings",
    [
        {"CI": "true", "GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "churn#prod#3", "GITHUB_REF": "refs/tags/churn#prod#3"},
        {"CI": "true", "CI_COMMIT_TAG": "churn#prod#3"},
    ],
    ids=["github", "gitlab"],
)
def test_in_a_job_the_tag_is_known(
    story: Repository, gitreg: GitregCommand, receiver: Receiver, surroundings: dict[str, str]
) -> None:
    assert gitreg("notify", "--to", "webhook", env={**addresses(receiver), **surroundings}).code == 0
    assert json.loads(receiver.posts[0].body)["subject"] == "churn#prod#3"


def test_a_notification_that_fails_fails_a_deployment_only_if_asked(
    story: Repository, gitreg: GitregCommand, receiver: Receiver
) -> None:
    receiver.replies = [Reply(status=404)] * 2
    assert experience(gitreg("notify", "churn#prod#3", "--to", "slack", env=addresses(receiver))) == snapshot("""\

exit 0
---- stderr
warning: slack was not told: GITREG_SLACK_URL answered 404
hint: ask whoever made the address whether it is still good
""")
    assert experience(gitreg("notify", "churn#prod#3", "--to", "slack", "--strict", env=addresses(receiver))) == snapshot("""\

exit 7
---- stderr
error: slack was not told: GITREG_SLACK_URL answered 404
hint: ask whoever made the address whether it is still good
""")
    assert experience(gitreg("notify", "churn#prod#3", "--to", "teams")) == snapshot("""\

exit 0
---- stderr
warning: teams was not told: GITREG_TEAMS_URL is not set
hint: give the job the address as the secret GITREG_TEAMS_URL
""")


@pytest.mark.parametrize("options", [("--strict", "--verbose"), ("--json",)], ids=" ".join)
def test_no_secret_is_ever_printed(
    story: Repository, gitreg: GitregCommand, receiver: Receiver, options: tuple[str, ...]
) -> None:
    busy = Reply(status=500, headers={"Retry-After": "0", "X": "SECRET"})
    for replies in ([Reply(status=302, headers={"Location": receiver.url})], [busy] * 3):
        receiver.replies = replies
        result = gitreg("notify", "churn#prod#3", "--to", "webhook", *options, env=addresses(receiver))
        assert "SECRET" not in result.stdout + result.stderr
        assert str(receiver.port) not in result.stdout + result.stderr
    wrong = gitreg("notify", "churn#prod#3", "--to", "webhook", *options, env={"GITREG_WEBHOOK_URL": "ftp://x/SECRET"})
    assert "SECRET" not in wrong.stdout + wrong.stderr


def test_a_second_try_is_told(story: Repository, gitreg: GitregCommand, receiver: Receiver) -> None:
    receiver.replies = [Reply(status=503, headers={"Retry-After": "0"})] * 2
    result = gitreg("notify", "churn#prod#3", "--to", "webhook", env=addresses(receiver))
    assert result.stdout == "Told webhook: churn#prod: v1.0.0 -> v1.1.0 (3 tries)\n"


def test_a_dry_run_prints_the_body(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("notify", "churn#staging#2", "--to", "webhook", "--dry-run")
    document = json.loads(result.stdout)
    assert (document["subject"], document["rollback"], "previousversion" in document) == ("churn#staging#2", False, False)
    assert (result.stderr, result.code) == ("", 0)


def test_json_follows_its_schema(story: Repository, gitreg: GitregCommand, receiver: Receiver) -> None:
    def read(*options: str) -> dict[str, object]:
        result = gitreg("notify", "churn#prod#3", "--to", "slack", "--to", "teams", "--json", *options, env=addresses(receiver))
        document: dict[str, object] = json.loads(result.stdout)
        jsonschema.Draft202012Validator(load("notify")).validate(document)
        return document

    receiver.replies = [Reply(status=400)]
    sent, rehearsed = read(), read("--dry-run")
    assert (sent["previous"], sent["rollback"]) == ("v1.0.0", False)
    assert sent["moves"] == [{"stage": "prod", "from": "v1.0.0", "to": "v1.1.0"}]
    assert sent["notifications"] == [
        {"to": "slack", "delivered": False, "tries": 0, "reason": "GITREG_SLACK_URL answered 400", "body": None},
        {"to": "teams", "delivered": True, "tries": 1, "reason": None, "body": None},
    ]
    assert [one["body"] is not None for one in rehearsed["notifications"]] == [True, True]  # type: ignore[attr-defined]
    assert len(receiver.posts) == 2


def test_who_is_to_be_told_must_be_said(story: Repository, gitreg: GitregCommand) -> None:
    assert experience(gitreg("notify", "churn#prod#3")) == snapshot("""\

exit 2
---- stderr
error: it was not said whom to tell
hint: choose among slack, teams, webhook
""")
    assert experience(gitreg("notify", "churn#prod#3", "--to", "pigeon")) == snapshot("""\

exit 2
---- stderr
error: invalid value for '--to': 'pigeon' is not one of 'slack', 'teams', 'webhook'
hint: see: gitreg notify --help
""")
    assert gitreg("notify", "--to", "slack").code == 2
    assert gitreg("notify", "nightly", "--to", "slack").code == 1


def test_a_feed_goes_to_standard_output_or_a_file(story: Repository, gitreg: GitregCommand) -> None:
    result = gitreg("feed", "churn#staging")
    assert experience(result).replace(story.git("rev-parse", "refs/tags/churn#staging#2"), "TAG_ID").replace(
        story.git("rev-parse", "churn@v1.1.0^{commit}")[:7], "COMMIT"
    ).replace(story.git("rev-list", "--max-parents=0", "HEAD"), "FIRST_COMMIT") == snapshot("""\

exit 0
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>tag:github.com,2026-01-01:gitreg/gitreg:feed:urn%3Agitreg%3AFIRST_COMMIT:churn%23staging</id>
  <title>Model registry: churn#staging</title>
  <updated>2026-01-01T00:03:00Z</updated>
  <author>
    <name>gitreg</name>
  </author>
  <generator uri="https://github.com/gitreg/gitreg">gitreg</generator>
  <entry>
    <id>tag:github.com,2026-01-01:gitreg/gitreg:event:TAG_ID</id>
    <title>churn v1.1.0 assigned to staging</title>
    <updated>2026-01-01T00:03:00Z</updated>
    <published>2026-01-01T00:03:00Z</published>
    <author>
      <name>Ann Example</name>
    </author>
    <category term="assignment" />
    <category term="churn" />
    <content type="text">Assigning stage staging to artifact churn version v1.1.0

tag churn#staging#2, commit COMMIT</content>
  </entry>
</feed>
""")
    assert experience(gitreg("feed", "churn#staging", "-o", "feed.xml")) == snapshot("""\

exit 0
""")
    assert (story.path / "feed.xml").read_text() == result.stdout
    assert gitreg("feed", "-o", "feed.xml").code == 4
    assert gitreg("feed", "-o", "feed.xml", "--force").code == 0
    assert gitreg("feed", "--force").code == 2


@pytest.fixture
def example() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The receiver that people copy, on a port of its own."""
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "examples" / "receiver.py"), "0"],
        env={"PATH": os.environ["PATH"], "GITREG_WEBHOOK_SECRET": secret},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    yield address, process
    process.terminate()
    process.communicate()


def test_the_example_receives_what_is_signed_once_and_nothing_else(
    story: Repository, gitreg: GitregCommand, example: tuple[str, subprocess.Popen[str]]
) -> None:
    address, process = example
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    good = {"GITREG_WEBHOOK_URL": address, "GITREG_WEBHOOK_SECRET": secret, "GITREG_NOW": ""}  # it looks at a real clock

    def send(tag: str, **more: str) -> int:
        return gitreg("notify", tag, "--to", "webhook", "--strict", env={**good, **more}).code

    assert send("churn#prod#3", GITREG_WEBHOOK_SECRET="another") == 7
    assert send("churn#prod#3", GITREG_WEBHOOK_SECRET="") == 7
    assert send("churn#prod#3", GITREG_NOW=str(story.now)) == 7  # an old one, sent again by somebody else
    assert [send("churn#prod#3"), send("churn#prod#3"), send("models/nlp=sentiment@v0.1.0-rc.1")] == [0, 0, 0]
    process.terminate()
    assert process.stdout is not None
    assert process.stdout.read().splitlines() == [
        "dev.gitreg.stage.assigned.v1 churn v1.1.0 prod",
        "dev.gitreg.version.registered.v1 models/nlp:sentiment v0.1.0-rc.1 None",
    ]


def test_the_example_of_what_is_deployed_can_be_reconciled(story: Repository, gitreg: GitregCommand) -> None:
    example = ROOT / "examples" / "deployed.yaml"
    assert gitreg("reconcile", "--deployed", str(example), "--artifact", "churn", "--stage", "prod").code == 0
    assert Path(example).read_text().startswith("#")
