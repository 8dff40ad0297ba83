from __future__ import annotations

import pytest

from gitreg.core.views import ArtifactDetail, Overview
from gitreg.errors import NotFound, UsageFault
from gitreg.operations.moment import parse_time
from tests.operations.picture import Open
from tests.support.environment import START
from tests.support.repository import Repository

HOUR = 3600


@pytest.fixture
def story(repository: Repository) -> Repository:
    """A version at the noon of each of three days of 2026, and an entry that changes with them."""
    repository.tick(12 * HOUR)
    for day, version in enumerate(("v1.0.0", "v2.0.0", "v3.0.0")):
        repository.commit({"artifacts.yaml": f"churn:\n  owner: day {day + 1}\n"}, f"Day {day + 1}")
        repository.register("churn", version)
        repository.tick(24 * HOUR)
    return repository


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-01-01", START + 24 * HOUR - 1),
        ("2026-01-01T00:00", START),
        ("2026-01-01T00:00:00Z", START),
        ("2026-01-01 01:30", START + HOUR * 3 // 2),
        ("2026-01-01T02:00:00+02:00", START),
        ("2025-12-31T19:00:00-05:00", START),
        ("2026-01-01T00:00:00.900", START),
        ("9999-12-31", 253_402_300_799),
        ("1969-12-31T23:59:59", -1),
    ],
)
def test_a_time_is_read_in_utc_unless_it_says_otherwise_and_a_date_is_its_last_second(text: str, at: int) -> None:
    assert parse_time(text, end_of_day=True) == at


def test_since_a_date_means_since_its_first_second() -> None:
    assert parse_time("2026-01-01", end_of_day=False) == START


@pytest.mark.parametrize("text", ["main", "HEAD~2", "v1.0.0", "2026", "2026-01", "20260101", ""])
def test_what_does_not_begin_like_a_date_is_no_time(text: str) -> None:
    assert parse_time(text, end_of_day=True) is None


@pytest.mark.parametrize(
    ("at", "version"),
    [
        ("2026-01-01", "v1.0.0"),
        ("2026-01-01T12:00", "v1.0.0"),
        ("2026-01-02T11:59:59", "v1.0.0"),
        ("2026-01-02T12:00:00", "v2.0.0"),
        ("2026-01-02T13:59:59+02:00", "v1.0.0"),
        ("2026-01-02", "v2.0.0"),
        ("2030-01-01", "v3.0.0"),
        ("HEAD", "v3.0.0"),
        ("HEAD~1", "v2.0.0"),
        ("churn@v1.0.0", "v1.0.0"),
        ("refs/heads/main", "v3.0.0"),
    ],
)
def test_the_state_of_a_moment_is_that_of_the_events_until_then(story: Repository, opened: Open, at: str, version: str) -> None:
    assert opened(story).resolve("churn@latest", at=at).version == version


def test_a_revision_stands_for_its_committer_time_whenever_it_was_written(story: Repository, opened: Open) -> None:
    story.git("commit", "--quiet", "--allow-empty", "-m", "Old work", env={"GIT_AUTHOR_DATE": f"@{START} +0000"})
    assert opened(story).resolve("churn@latest", at="HEAD").version == "v3.0.0"


@pytest.mark.parametrize("at", ["2026", "2026-09", "2026-9-1", "20260901", "2026/09/01", "01.09.2026"])
def test_of_what_is_no_revision_and_looks_like_a_date_it_is_told_how_dates_are_written(
    story: Repository, opened: Open, at: str
) -> None:
    with pytest.raises(NotFound) as caught:
        opened(story).show(at=at)
    assert caught.value.hint == "for a date or time write 2026-05-03, 2026-05-03T14:05 or 2026-05-03T14:05:00+02:00"


def test_a_branch_may_be_called_like_a_month(story: Repository, opened: Open) -> None:
    story.git("branch", "2026-09", "HEAD~1")
    assert opened(story).resolve("churn@latest", at="2026-09").version == "v2.0.0"


@pytest.mark.parametrize(
    ("at", "owner"),
    [
        ("2026-01-01", "day 1"),
        ("2026-01-02T11:59:59", "day 1"),
        ("2026-01-02T12:00", "day 2"),
        ("HEAD~1", "day 2"),
        ("2030-01-01", "day 3"),
        (None, "day 3"),
    ],
)
def test_entries_are_those_of_that_moment(story: Repository, opened: Open, at: str | None, owner: str) -> None:
    detail = opened(story).show("churn", at=at)
    assert isinstance(detail, ArtifactDetail)
    assert detail.entry is not None
    assert detail.entry.owner == owner
    overview = opened(story).show(at=at)
    assert isinstance(overview, Overview)
    assert [view.entry and view.entry.owner for view in overview.artifacts] == [owner]


def test_before_the_first_commit_there_was_nothing(story: Repository, opened: Open) -> None:
    overview = opened(story).show(at="2020-01-01")
    assert isinstance(overview, Overview)
    assert overview.artifacts == ()
    assert opened(story).stages(at="2020-01-01") == ()
    with pytest.raises(NotFound):
        opened(story).show("churn", at="2020-01-01")
    with pytest.raises(NotFound):
        opened(story).resolve("churn@latest", at="2020-01-01")


def test_a_commit_that_came_by_a_merge_does_not_count_before_the_merge(story: Repository, opened: Open) -> None:
    story.git("checkout", "--quiet", "-b", "side")
    story.commit({"artifacts.yaml": "churn:\n  owner: side\n"})
    story.git("checkout", "--quiet", "main")
    aside = story.now
    story.tick(24 * HOUR)
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge", "side")
    before, after = (opened(story).show("churn", at=at) for at in ("2026-01-04T13:00", "2026-01-05T13:00"))
    assert aside == START + 84 * HOUR
    assert isinstance(before, ArtifactDetail)
    assert isinstance(after, ArtifactDetail)
    assert (before.entry and before.entry.owner, after.entry and after.entry.owner) == ("day 3", "side")


def test_history_takes_a_span_of_time(story: Repository, opened: Open) -> None:
    found = opened(story).history("churn", since="2026-01-02", at="2026-01-02")
    assert [event.version for event in found] == ["v2.0.0"]
    assert [event.version for event in opened(story).history(since="HEAD~1")] == ["v3.0.0", "v2.0.0"]


@pytest.mark.parametrize(
    "at", ["2026-13-01", "2026-02-30", "2026-01-01T25:00", "2026-01-01T12:00+25:00", "2026-01-01x", "0000-01-01"]
)
def test_a_date_that_does_not_exist_is_a_wrong_request(story: Repository, opened: Open, at: str) -> None:
    with pytest.raises(UsageFault, match="no date or time") as caught:
        opened(story).show(at=at)
    assert "2026-05-03T14:05:00+02:00" in caught.value.hint
    with pytest.raises(UsageFault):
        opened(story).history(since=at)


@pytest.mark.parametrize("at", ["nothing", "", "--output=x", "@{-1}", "HEAD:artifacts.yaml", "a\nb", "2026-1-1", "HEAD~99"])
def test_what_is_neither_a_date_nor_a_revision_is_not_found(story: Repository, opened: Open, at: str) -> None:
    with pytest.raises(NotFound):
        opened(story).show(at=at)
    with pytest.raises(NotFound):
        opened(story).resolve("churn@latest", at=at)
