from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event

from gitreg import Registry
from gitreg.core.announcements import Notified
from gitreg.errors import AnswerIsNo, NotFound, Unanswerable, UsageFault
from tests.operations.picture import Open
from tests.support.repository import Repository
from tests.support.servers.receiver import Posted, Receiver, Reply, run_receiver

KEY = b"0123456789abcdef0123456789abcdef"
HOSTILE = "Ship it <!channel> <@U1> & *bold* `x` http://evil.example [a](http://evil.example) {{DATE(2026)}}\x1b[31m\u202e"


@pytest.fixture
def story(repository: Repository) -> Repository:
    """Two versions in prod, and back to the first one."""
    repository.git("remote", "add", "origin", "git@github.com:acme/models.git")
    for version in ("v1.0.0", "v1.1.0"):
        repository.commit(message=version)
        repository.register("churn", version)
        repository.tick()
        repository.assign("churn", "prod", version=version, message=HOSTILE)
        repository.tick()
    repository.assign("churn", "prod", "churn@v1.0.0^{commit}", version="v1.0.0")
    return repository


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with run_receiver() as running:
        yield running


@pytest.fixture
def told(story: Repository, opened: Open, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """A registry whose every notification goes to the receiver."""
    registry = opened(story)
    for name in ("SLACK", "TEAMS", "WEBHOOK"):
        monkeypatch.setenv(f"GITREG_{name}_URL", receiver.url)
    monkeypatch.setenv("GITREG_WEBHOOK_SECRET", KEY.decode())
    return registry


def notify(registry: Registry, *to: str, tag: str = "churn#prod#2") -> Notified:
    waits: list[float] = []
    return registry.notify(tag, to, wait=waits.append)


def expected_signature(posted: Posted, key: bytes) -> str:
    """Compute the signature as https://www.standardwebhooks.com says, by other means than gitreg does."""
    content = b".".join((posted.headers["webhook-id"].encode(), posted.headers["webhook-timestamp"].encode(), posted.body))
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key.ljust(64, b"\0")) + content).digest()
    return "v1," + b64encode(hashlib.sha256(bytes(byte ^ 0x5C for byte in key.ljust(64, b"\0")) + inner).digest()).decode()


def texts_of(node: Any) -> Iterator[str]:
    """List all texts in a JSON value."""
    if isinstance(node, dict):
        for value in node.values():
            yield from texts_of(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts_of(value)
    elif isinstance(node, str):
        yield node


def test_a_webhook_gets_the_cloudevent_signed(story: Repository, told: Registry, receiver: Receiver) -> None:
    (delivery,) = notify(told, "webhook").deliveries
    assert (delivery.delivered, delivery.tries, delivery.reason, delivery.notes) == (True, 1, "", ())
    (posted,) = receiver.posts
    tag_id = story.git("rev-parse", "refs/tags/churn#prod#2")
    assert (posted.headers["webhook-id"], posted.headers["webhook-timestamp"]) == (tag_id, str(story.now))
    assert posted.headers["webhook-signature"] == expected_signature(posted, KEY)
    event = from_structured_event(HTTPMessage(dict(posted.headers), posted.body))
    assert (event.get_id(), event.get_type()) == (tag_id, "dev.gitreg.stage.assigned.v1")
    assert (event.get_source(), event.get_subject()) == ("https://github.com/acme/models", "churn#prod#2")
    assert (event.get_extension("previousversion"), event.get_extension("rollback")) == ("v1.0.0", False)
    data = event.get_data()
    assert isinstance(data, dict)
    assert (data["artifact"], data["version"], data["stage"]) == ("churn", "v1.1.0", "prod")


@pytest.mark.parametrize(("secret", "key"), [(f" whsec_{b64encode(KEY).decode()}\n", KEY), ("plain & simple", b"plain & simple")])
def test_the_secret_is_a_text_or_base64(
    told: Registry, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, secret: str, key: bytes
) -> None:
    monkeypatch.setenv("GITREG_WEBHOOK_SECRET", secret)
    notify(told, "webhook")
    (posted,) = receiver.posts
    signature = posted.headers["webhook-signature"]
    assert signature == expected_signature(posted, key)
    content = f"{posted.headers['webhook-id']}.{posted.headers['webhook-timestamp']}.{posted.body.decode()}"
    assert b64decode(signature.removeprefix("v1,")) == hmac.new(key, content.encode(), hashlib.sha256).digest()


@pytest.mark.parametrize("secret", ["whsec_", "whsec_T0SECRET!", "whsec_abc"])
def test_a_damaged_secret_signs_nothing(told: Registry, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv("GITREG_WEBHOOK_SECRET", secret)
    (delivery,) = notify(told, "webhook").deliveries
    assert delivery.reason == "GITREG_WEBHOOK_SECRET begins with whsec_, and what follows is no base64"
    assert receiver.posts == []


def test_without_a_secret_it_is_sent_and_said_that_it_is_not_signed(
    told: Registry, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITREG_WEBHOOK_SECRET", "")
    (delivery,) = notify(told, "webhook").deliveries
    assert delivery.notes == ("the webhook is not signed, so its receiver cannot know who sent it: set GITREG_WEBHOOK_SECRET",)
    assert "webhook-signature" not in receiver.posts[0].headers


def test_sent_again_it_is_the_same_message(told: Registry, receiver: Receiver) -> None:
    receiver.replies = [Reply(status=500), Reply(resets=True)]
    (delivery,) = notify(told, "webhook").deliveries
    assert (delivery.delivered, delivery.tries) == (True, 3)
    assert len({(posted.body, posted.headers["webhook-signature"]) for posted in receiver.posts}) == 1


def test_slack_takes_nothing_for_a_mention_a_link_or_a_format(told: Registry, receiver: Receiver) -> None:
    assert notify(told, "slack").deliveries[0].delivered
    message = json.loads(receiver.posts[0].body)
    assert message["text"] == "churn#prod: v1.0.0 -&gt; v1.1.0"
    heading, facts, said = message["blocks"]
    page = "https://github.com/acme/models/releases/tag/churn%23prod%232"
    assert heading["text"] == {
        "type": "mrkdwn", "text": f"*<{page}|churn#prod: v1.0.0 -&gt; v1.1.0>*", "verbatim": True,
    }  # fmt: skip
    assert {field["type"] for field in (*facts["fields"], said["text"])} == {"plain_text"}
    assert {field["emoji"] for field in (*facts["fields"], said["text"])} == {False}
    for text in texts_of([facts, said]):
        assert not {"<", ">", "\x1b", "\u202e"} & set(text)
    assert "&lt;!channel&gt; &lt;@U1&gt; &amp; *bold*" in said["text"]["text"]
    assert (message["unfurl_links"], message["unfurl_media"]) == (False, False)


def test_teams_gets_a_card_whose_texts_are_runs(told: Registry, receiver: Receiver) -> None:
    assert notify(told, "teams").deliveries[0].delivered
    message = json.loads(receiver.posts[0].body)
    (attachment,) = message["attachments"]
    card = attachment["content"]
    assert (message["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {line["type"] for line in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for line in card["body"] for run in line["inlines"]} == {"TextRun"}
    assert card["body"][0]["inlines"][0]["text"] == "churn#prod: v1.0.0 -> v1.1.0"
    assert all("{{" not in text and "\x1b" not in text and "\u202e" not in text for text in texts_of(card["body"]))
    (action,) = card["actions"]
    assert action["url"] == "https://github.com/acme/models/releases/tag/churn%23prod%232"


def test_a_rollback_is_called_one(told: Registry, receiver: Receiver) -> None:
    notified = notify(told, "slack", "webhook", tag="refs/tags/churn#prod#3")
    assert notified.announcement.is_rollback
    slack, webhook = (json.loads(posted.body) for posted in receiver.posts)
    assert slack["text"] == "churn#prod: v1.1.0 -&gt; v1.0.0 (rollback)"
    assert (webhook["previousversion"], webhook["rollback"]) == ("v1.1.0", True)


def test_every_kind_of_event_says_what_it_did(story: Repository, opened: Open) -> None:
    story.tick()
    story.unassign("churn", "prod", "churn@v1.0.0^{commit}")
    story.tick()
    story.deregister("churn", "v1.1.0")
    story.tick()
    story.assign("churn", "dev", story.commit())
    story.tick()
    story.assign("churn", "dev", "churn@v1.0.0^{commit}")
    story.tick()
    story.assign("churn", "dev", "churn@v1.0.0^{commit}")
    story.tick()
    story.deprecate("churn")
    registry = opened(story)

    def title(tag: str) -> str:
        (delivery,) = registry.notify(tag, "teams", dry_run=True).deliveries
        body = json.loads(delivery.letter.body)["attachments"][0]["content"]["body"]
        also = [line["inlines"][1]["text"] for line in body[1:] if line["inlines"][0]["text"] == "Also: "]
        return " | ".join([body[0]["inlines"][0]["text"], *also])

    bare = story.git("rev-parse", "--short=7", "HEAD")
    assert [title(event.tag) for event in reversed(registry.history())] == [
        "churn v1.0.0 registered",
        "churn#prod: nothing -> v1.0.0",
        "churn v1.1.0 registered (the latest before: v1.0.0)",
        "churn#prod: v1.0.0 -> v1.1.0",
        "churn#prod: v1.1.0 -> v1.0.0 (rollback)",
        "churn#prod: v1.0.0 -> v1.1.0",
        "churn v1.1.0 deregistered | prod: v1.1.0 -> nothing",
        f"churn#dev: nothing -> {bare}",
        f"churn#dev: {bare} -> v1.0.0",
        "churn#dev: v1.0.0, as before",
        "churn deprecated",
    ]


def test_one_who_cannot_be_told_does_not_keep_the_others_from_hearing(
    told: Registry, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITREG_SLACK_URL")
    monkeypatch.setenv("GITREG_TEAMS_URL", "http://hooks.example.com/T0SECRET")
    deliveries = notify(told, "slack", "teams", "webhook", "webhook").deliveries
    assert [(one.letter.channel.value, one.delivered, one.reason) for one in deliveries] == [
        ("slack", False, "GITREG_SLACK_URL is not set"),
        ("teams", False, "GITREG_TEAMS_URL is not encrypted, so whoever is on the way could read it and change what is sent"),
        ("webhook", True, ""),
    ]
    assert "SECRET" not in repr(deliveries)
    assert len(receiver.posts) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_receiver_that_does_not_trust_a_webhook_has_another_secret(told: Registry, receiver: Receiver, status: int) -> None:
    receiver.replies = [Reply(status=status)] * 2
    assert [(one.reason, one.hint) for one in notify(told, "webhook", "slack").deliveries] == [
        (
            f"GITREG_WEBHOOK_URL answered {status}",
            "GITREG_WEBHOOK_SECRET has to be the very secret that the receiver checks signatures with",
        ),
        (f"GITREG_SLACK_URL answered {status}", "ask whoever made the address whether it is still good"),
    ]


def test_a_dry_run_sends_nothing_and_needs_no_address(story: Repository, opened: Open) -> None:
    notified = opened(story).notify("churn#prod#2", ["slack", "teams", "webhook"], dry_run=True)
    assert [delivery.tries for delivery in notified.deliveries] == [0, 0, 0]
    assert all(json.loads(delivery.letter.body) for delivery in notified.deliveries)


def test_very_long_texts_stay_within_what_chats_take(repository: Repository, opened: Open) -> None:
    repository.tag("c" * 150 + "@v1.0.0", message="&" * 100_000, author=f"{'&' * 5000} <a@example.com>")
    registry = opened(repository)
    notified = registry.notify("c" * 150 + "@v1.0.0", ["slack", "teams"], dry_run=True)
    slack, teams = (json.loads(one.letter.body) for one in notified.deliveries)
    heading, facts, said = slack["blocks"]
    assert len(heading["text"]["text"]) <= 3000
    assert len(said["text"]["text"]) <= 3000
    assert len(facts["fields"]) <= 10
    assert all(1 <= len(field["text"]) <= 2000 for field in facts["fields"])
    assert len(json.dumps(teams)) < 28_000  # what Teams takes


def test_what_cannot_be_announced_is_an_error(story: Repository, opened: Open) -> None:
    registry = opened(story)
    with pytest.raises(AnswerIsNo):
        registry.notify("nightly", "slack")
    with pytest.raises(NotFound):
        registry.notify("churn@v9.0.0", "slack")
    with pytest.raises(UsageFault, match="nobody knows how to tell 'pigeon'"):
        registry.notify("churn#prod#2", "pigeon")
    with pytest.raises(UsageFault, match="it was not said whom to tell"):
        registry.notify("churn#prod#2", [])


def test_a_clone_that_may_lack_tags_does_not_say_what_was_before(repository: Repository, opened: Open, tmp_path: Path) -> None:
    for number in (1, 2):
        repository.commit()
        repository.register("churn", f"v{number}.0.0")
        repository.assign("churn", "prod", version=f"v{number}.0.0")
        repository.tick()
    clone = repository.bare_remote(tmp_path / "remote.git").clone(tmp_path / "clone", "--depth=1")
    with pytest.raises(Unanswerable, match="shallow"):
        opened(clone).notify("churn#prod#2", "slack", dry_run=True)
    notified = opened(clone).notify("churn#prod#2", "slack", dry_run=True, fetch=True)
    assert notified.announcement.previous == "v1.0.0"
