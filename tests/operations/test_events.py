"""What other programs get: CloudEvents and the feed, read by the clients of others."""

from __future__ import annotations

import json
import time
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import feedparser  # type: ignore[import-untyped]
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.events import Event, Kind
from gitreg.core.origins import Origin, parse_origin
from gitreg.errors import Conflict, NotFound
from gitreg.render.cloudevents import render_changes, render_cloudevents
from gitreg.render.feed import render_feed
from tests.operations.picture import Open
from tests.support.environment import START
from tests.support.events import A, make_event
from tests.support.repository import Repository

NAMELESS = Origin("urn:gitreg:unnamed")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def story(repository: Repository) -> Repository:
    """One event of each kind, a minute apart."""
    repository.register("churn", "v1.0.0")
    repository.tick()
    repository.assign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.unassign("churn", "prod", version="v1.0.0")
    repository.tick()
    repository.deregister("churn", "v1.0.0")
    repository.tick()
    repository.deprecate("churn")
    repository.git("remote", "add", "origin", "https://ann:T0SECRET@gitlab.com/acme/models.git")
    return repository


def read_line(line: str) -> CloudEvent:
    """Read a line as the official SDK does."""
    event = from_structured_event(HTTPMessage({"content-type": "application/cloudevents+json"}, line.encode()))
    assert isinstance(event, CloudEvent)
    return event


def read_feed(text: str) -> feedparser.FeedParserDict:
    """Read a feed as readers of news do."""
    found = feedparser.parse(text.encode())
    assert (found.bozo, found.version) == (False, "atom10"), found.get("bozo_exception")
    return found


def make(message: str, author: str = "Ann") -> Event:
    return make_event("churn@v1.0.0", message=message)._replace(author=author, tag_id=A)


def test_every_event_is_a_cloudevent_and_the_oldest_comes_first(story: Repository, opened: Open) -> None:
    registry = opened(story)
    events = registry.history()
    text = render_cloudevents(events, registry.origin().source)
    assert text.isascii()
    read = [read_line(line) for line in text.splitlines()]
    assert [event.get_type() for event in read] == [
        "dev.gitreg.version.registered.v1",
        "dev.gitreg.stage.assigned.v1",
        "dev.gitreg.stage.unassigned.v1",
        "dev.gitreg.version.deregistered.v1",
        "dev.gitreg.artifact.deprecated.v1",
    ]
    assert [event.get_id() for event in read] == [story.git("rev-parse", f"refs/tags/{event.get_subject()}") for event in read]
    assert {event.get_source() for event in read} == {"https://gitlab.com/acme/models"}
    assert [int(moment.timestamp()) for event in read if (moment := event.get_time())] == [event.at for event in reversed(events)]
    assert {event.get_datacontenttype() for event in read} == {"application/json"}


def test_what_reconcile_finds_is_a_cloudevent_of_its_own_each_time(story: Repository, opened: Open) -> None:
    def find() -> CloudEvent:
        (line,) = render_changes(opened(story).reconcile({"churn": {"prod": "v1.0.0"}}), "urn:x").splitlines()
        return read_line(line)

    first, again = find(), find()
    story.tick()
    later = find()
    assert (first.get_type(), first.get_subject()) == ("dev.gitreg.deployment.obsolete.v1", "churn#prod")
    assert first.get_id() == again.get_id() != later.get_id()
    data = first.get_data()
    assert isinstance(data, dict)
    assert (data["action"], data["from"], data["to"], data["tag"]) == ("remove", "v1.0.0", None, "churn#prod!#2")


def test_a_feed_has_an_entry_for_each_event(story: Repository, opened: Open) -> None:
    found = read_feed(opened(story).feed())
    assert (found.feed.title, found.feed.link) == ("acme/models", "https://gitlab.com/acme/models")
    assert [entry.title for entry in found.entries] == [
        "churn deprecated",
        "churn v1.0.0 deregistered",
        "churn v1.0.0 unassigned from prod",
        "churn v1.0.0 assigned to prod",
        "churn v1.0.0 registered",
    ]
    tags = [unquote(entry.link.rpartition("/")[2]) for entry in found.entries]
    ids = [story.git("rev-parse", f"refs/tags/{tag}") for tag in tags]
    assert [entry.id for entry in found.entries] == [f"tag:github.com,2026-01-01:gitreg/gitreg:event:{one}" for one in ids]
    assert found.entries[3].link == "https://gitlab.com/acme/models/-/tags/churn%23prod%231"
    assert [entry.updated for entry in found.entries][::4] == ["2026-01-01T00:04:00Z", "2026-01-01T00:00:00Z"]
    assert found.feed.updated == "2026-01-01T00:04:00Z"
    assert {entry.author for entry in found.entries} == {"Ann Example"}


def test_a_feed_keeps_its_ids_and_its_bytes_wherever_the_repository_is(story: Repository, opened: Open) -> None:
    before = opened(story).feed()
    story.tick(10_000)
    assert opened(story).feed() == before
    story.git("remote", "remove", "origin")
    elsewhere = read_feed(opened(story).feed())
    assert [entry.id for entry in elsewhere.entries] == [entry.id for entry in read_feed(before).entries]
    assert all("links" not in entry for entry in elsewhere.entries)
    assert elsewhere.feed.title == "Model registry"


def test_a_feed_says_neither_passwords_nor_mail_addresses(story: Repository, opened: Open) -> None:
    text = opened(story).feed()
    assert "SECRET" not in text
    assert "ann@" not in text


def test_a_feed_may_be_of_a_stage_and_short(story: Repository, opened: Open) -> None:
    registry = opened(story)
    found = read_feed(registry.feed("churn#prod", limit=1))
    assert [entry.title for entry in found.entries] == ["churn v1.0.0 unassigned from prod"]
    assert found.feed.title == "acme/models: churn#prod"
    assert found.feed.id != read_feed(registry.feed()).feed.id
    assert read_feed(registry.feed(at="2026-01-01T00:00:30Z")).feed.updated == "2026-01-01T00:00:00Z"
    with pytest.raises(NotFound):
        registry.feed("nobody")


def test_a_feed_of_nothing_is_a_feed(repository: Repository, opened: Open) -> None:
    found = read_feed(opened(repository).feed())
    assert (found.entries, found.feed.updated) == ([], "1970-01-01T00:00:00Z")


def test_a_feed_is_written_whole_and_replaces_nothing_unasked(story: Repository, opened: Open) -> None:
    registry, place = opened(story), story.path / "feed.xml"
    text = registry.feed(to=place)
    assert place.read_text() == text
    with pytest.raises(Conflict):
        registry.feed(to=place)
    assert registry.feed("churn#prod", place, force=True) == place.read_text()


@given(message=st.text(), author=st.text())
def test_no_text_makes_a_feed_that_cannot_be_read(message: str, author: str) -> None:
    text = render_feed([make(message, author)], NAMELESS)
    assert text.isascii()
    entry = ET.fromstring(text).find(f"{ATOM}entry")
    assert entry is not None
    content, name = entry.find(f"{ATOM}content"), entry.find(f"{ATOM}author/{ATOM}name")
    assert content is not None
    assert content.text
    assert name is not None
    assert name.text


def test_what_xml_forbids_and_what_hides_is_written_out() -> None:
    text = render_feed([make("a\x00\x08\x1b[31m\u202e\ufffe\uffff\ud800\x85</content><x>&amp;]]>", "\x1b<b>")], NAMELESS)
    (entry,) = read_feed(text).entries
    assert entry.content[0].type == "text/plain"
    assert entry.content[0].value.startswith("a\\x00\\x08\\x1b[31m\\u{202e}\ufffd\ufffd\\u{d800}\\x85</content><x>&amp;]]>")
    assert entry.author == "\\x1b<b>"


def test_a_long_message_is_cut() -> None:
    assert len(render_feed([make("x" * 1_000_000)], NAMELESS)) < 20_000


def test_ten_thousand_events_take_no_longer_than_a_second() -> None:
    events = [make_event(f"churn@v1.0.{number}", at=START + number) for number in range(10_000)]
    origin = parse_origin("git@github.com:acme/models.git")
    assert origin is not None
    started = time.process_time()
    assert render_feed(events, origin).count("<entry>") == 10_000
    assert render_cloudevents(events, origin.source).count("\n") == 10_000
    assert time.process_time() - started < 8  # a second where nobody measures coverage


def test_the_schema_version_of_an_event_is_in_its_type() -> None:
    line = json.loads(render_cloudevents([make("x")], "urn:x"))
    assert (line["specversion"], line["type"]) == ("1.0", "dev.gitreg.version.registered.v1")
    assert line["data"]["event"] == Kind.REGISTRATION
