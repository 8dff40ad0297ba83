from __future__ import annotations

from dataclasses import replace

from inline_snapshot import snapshot

from gitreg.core.views import Edited, Written
from gitreg.render.sentences import advise_edited, advise_written, describe_edited, describe_pushed, describe_written
from tests.support.events import A, make_event

ALL = ("churn@v1.0.0", "churn@v1.0.0!", "churn#prod#3", "churn#prod!#4", "churn@deprecated")
EVENTS = tuple(make_event(tag)._replace(version="v1.0.0") for tag in ALL)
WRITTEN = Written(created=EVENTS, remote="origin")
DIFF = "--- a/artifacts.yaml\n+++ b/artifacts.yaml\n@@ -1 +1 @@\n-a\n+b\n"
EDITED = Edited(file="artifacts.yaml", diff=DIFF, remote="origin")


def test_every_event_has_its_sentence() -> None:
    assert describe_written(WRITTEN) == snapshot(
        (
            "Registered churn v1.0.0 at aaaaaaa as 'churn@v1.0.0'",
            "Deregistered churn v1.0.0 at aaaaaaa as 'churn@v1.0.0!'",
            "Assigned churn v1.0.0 at aaaaaaa to prod as 'churn#prod#3'",
            "Unassigned churn v1.0.0 at aaaaaaa from prod as 'churn#prod!#4'",
            "Deprecated churn as 'churn@deprecated'",
        )
    )


def test_a_bare_commit_has_its_sentence() -> None:
    assert describe_written(Written(created=(make_event("churn#prod#3"),))) == snapshot(
        ("Assigned churn commit aaaaaaa to prod as 'churn#prod#3'",)
    )


def test_a_dry_run_shows_the_messages_of_the_tags() -> None:
    event = make_event("churn@v1.0.0", message="Subject\n\nGitreg-Version: v1.0.0")
    assert describe_written(Written(created=(event,), dry_run=True)) == snapshot(
        ("Would register churn v1.0.0 at aaaaaaa as 'churn@v1.0.0'", "    Subject", "", "    Gitreg-Version: v1.0.0")
    )


def test_publishing_is_said_and_needs_no_advice() -> None:
    pushed = replace(WRITTEN, pushed=True)
    assert describe_written(pushed)[-1] == snapshot("Pushed 5 tags to origin")
    assert describe_written(replace(pushed, created=EVENTS[:1]))[-1] == snapshot("Pushed it to origin")
    assert advise_written(pushed) == ""


def test_what_is_here_only_can_be_published() -> None:
    assert advise_written(WRITTEN) == snapshot("publish them: gitreg push churn")
    assert advise_written(replace(WRITTEN, created=EVENTS[:1])) == snapshot("publish it: gitreg push churn")
    assert advise_written(replace(WRITTEN, dry_run=True)) == ""


def test_push_names_each_tag() -> None:
    assert describe_pushed(replace(WRITTEN, pushed=True, created=EVENTS[:2])) == snapshot(
        ("Pushed 'churn@v1.0.0' to origin", "Pushed 'churn@v1.0.0!' to origin")
    )
    assert describe_pushed(replace(WRITTEN, dry_run=True, created=EVENTS[:1])) == snapshot(
        ("Would push 'churn@v1.0.0' to origin",)
    )
    assert describe_pushed(replace(WRITTEN, created=())) == snapshot(("Nothing to push to origin",))
    assert describe_pushed(Written(created=())) == snapshot(("Nothing to push",))


def test_a_change_of_a_file_is_said_with_its_commit() -> None:
    created = replace(EDITED, diff=DIFF.replace("a/artifacts.yaml", "/dev/null"))
    committed = replace(EDITED, commit=A)
    assert describe_edited([EDITED, created, committed, replace(committed, pushed=True), replace(EDITED, diff="")]) == snapshot(
        (
            "Changed artifacts.yaml",
            "Created artifacts.yaml",
            "Changed artifacts.yaml in commit aaaaaaa",
            "Changed artifacts.yaml in commit aaaaaaa, pushed to origin",
            "Nothing to change in artifacts.yaml",
        )
    )


def test_a_dry_run_shows_the_change() -> None:
    assert describe_edited([replace(EDITED, dry_run=True)]) == snapshot(
        ("Would change artifacts.yaml", "--- a/artifacts.yaml", "+++ b/artifacts.yaml", "@@ -1 +1 @@", "-a", "+b")
    )


def test_a_change_of_a_file_is_followed_by_what_to_do_next() -> None:
    assert advise_edited([EDITED]) == snapshot("commit it: git add artifacts.yaml && git commit")
    assert advise_edited([EDITED, replace(EDITED, file=".gitreg.yaml")]) == snapshot(
        "commit them: git add artifacts.yaml .gitreg.yaml && git commit"
    )
    assert advise_edited([replace(EDITED, commit=A)]) == snapshot("publish it: git push")
    assert advise_edited([replace(EDITED, commit=A, pushed=True)]) == ""
    assert advise_edited([replace(EDITED, diff="")]) == ""
