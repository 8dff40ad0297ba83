from __future__ import annotations

import pytest

from gitreg.core.events import LATEST_TIME, Event, Kind
from gitreg.core.problems import Problem
from gitreg.core.tag_objects import TagRecord, check_target, read_event
from tests.support.events import A

TAG = "churn#prod#3"
ID = "f" * 40
ANN = "Ann Example <ann@example.com> 1767225600 +0000"


def make_body(
    *,
    name: str = TAG,
    tagger: str | None = ANN,
    message: str = "Hello\n",
    commit: str = A,
    target_type: str = "commit",
    header: str = "",
) -> bytes:
    tagger_line = f"tagger {tagger}\n" if tagger is not None else ""
    return f"object {commit}\ntype {target_type}\ntag {name}\n{tagger_line}{header}\n{message}".encode()


def make_record(body: bytes | None = None, *, name: str = TAG, object_type: str = "tag") -> TagRecord:
    content = make_body(name=name) if body is None else body
    return TagRecord(name=name, object_id=ID, object_type=object_type, content=content)


def read(body: bytes) -> Event:
    event = read_event(make_record(body))
    assert isinstance(event, Event)
    return event


def quarantine(record: TagRecord) -> Problem:
    problem = read_event(record)
    assert isinstance(problem, Problem)
    assert (problem.tag, problem.artifact) == (record.name, "churn")
    assert problem.message.endswith("; it is not read")
    return problem


def test_an_annotated_tag_of_a_commit_is_an_event() -> None:
    assert read(make_body(message="Assign prod\n\nBody\n\nGitreg-Version: v1.0.0\n")) == Event(
        kind=Kind.ASSIGNMENT,
        artifact="churn",
        version=None,
        stage="prod",
        counter=3,
        commit=A,
        tag=TAG,
        tag_id=ID,
        at=1_767_225_600,
        author="Ann Example",
        author_email="ann@example.com",
        message="Assign prod\n\nBody\n\nGitreg-Version: v1.0.0",
        named_version="v1.0.0",
    )


def test_a_tag_that_is_not_ours_is_nothing_however_broken_it_is() -> None:
    assert read_event(make_record(b"", name="v1.0.0")) is None
    assert read_event(make_record(name="churn@created")) is None


@pytest.mark.parametrize("zone", ["+0000", "-0330", "+9900", "+12345"])
def test_the_time_zone_does_not_change_the_time(zone: str) -> None:
    assert read(make_body(tagger=f"A <a@b> 1767225600 {zone}")).at == 1_767_225_600


def test_a_tag_may_be_older_than_all_clocks_and_as_late_as_calendars_go() -> None:
    assert read(make_body(tagger="A <a@b> 0 +0000")).at == 0
    assert read(make_body(tagger=f"A <a@b> {LATEST_TIME} +0000")).at == LATEST_TIME


def test_an_author_may_lack_name_or_address() -> None:
    assert read(make_body(tagger=" <a@b> 1 +0000")).author == ""
    assert read(make_body(tagger="<a@b> 1 +0000")).author_email == "a@b"
    assert read(make_body(tagger="A <> 1 +0000")).author_email == ""


def test_bytes_that_are_no_utf_8_are_replaced_and_hide_nothing() -> None:
    body = make_body(message="M\n").replace(b"Ann Example", b"Ren\xe9").replace(b"M\n", b"\xff\n")
    event = read(body)
    assert (event.author, event.message) == ("Ren\ufffd", "\ufffd")


def test_a_signature_is_no_part_of_the_message() -> None:
    message = "S\n\nGitreg-Version: v1.0.0\n-----BEGIN SSH SIGNATURE-----\nabc\n-----END SSH SIGNATURE-----\n"
    event = read(make_body(message=message))
    assert (event.message, event.named_version) == ("S\n\nGitreg-Version: v1.0.0", "v1.0.0")


def test_a_signature_in_a_header_and_an_id_of_sha_256_are_read() -> None:
    header = "gpgsig-sha256 -----BEGIN SSH SIGNATURE-----\n abc\n -----END SSH SIGNATURE-----\n"
    event = read(make_body(commit="a" * 64, header=header))
    assert (event.commit, event.message) == ("a" * 64, "Hello")


def test_a_tag_may_have_no_message_at_all() -> None:
    assert read(make_body(message="")).message == ""
    assert read(make_body(message="").removesuffix(b"\n")).message == ""


@pytest.mark.parametrize(
    ("record", "code", "said"),
    [
        (make_record(b"", object_type=""), "GR207", "names object fffffff, which is missing"),
        (make_record(b"", object_type="commit"), "GR201", "is a lightweight tag"),
        (make_record(b"", object_type="blob"), "GR203", "is a blob, not an annotated tag of a commit"),
        (make_record(make_body(target_type="tag")), "GR202", "points at a tag, not straight at a commit"),
        (make_record(make_body(target_type="tree")), "GR203", "points at a tree, not straight at a commit"),
        (make_record(make_body(name="churn#prod#4")), "GR204", "names a tag object that calls itself 'churn#prod#4'"),
        (make_record(b"object x\n"), "GR204", "names a tag object that calls itself ''"),
        (make_record(make_body(tagger=None)), "GR205", "has no readable tagger"),
        (make_record(make_body(tagger="Ann 1767225600 +0000")), "GR205", "has no readable tagger"),
        (make_record(make_body(tagger=None, message="\ntagger A <a@b> 1 +0000\n")), "GR205", "has no readable tagger"),
        (make_record(make_body(tagger="A <a@b> soon +0000")), "GR206", "has an impossible date, 'soon +0000'"),
        (make_record(make_body(tagger="A <a@b> -1 +0000")), "GR206", "has an impossible date, '-1 +0000'"),
        (make_record(make_body(tagger="A <a@b> 1")), "GR206", "has an impossible date, '1'"),
        (make_record(make_body(tagger="A <a@b>")), "GR206", "has an impossible date, ''"),
        (make_record(make_body(tagger="A <a@b> 253402300800 +0000")), "GR206", "has an impossible date, '253402300800 +0000'"),
        (make_record(make_body(tagger=f"A <a@b> {'9' * 5000} +0000")), "GR206", f"has an impossible date, '{'9' * 40}'"),
    ],
)
def test_anything_else_with_the_name_of_a_registry_tag_is_quarantined(record: TagRecord, code: str, said: str) -> None:
    problem = quarantine(record)
    assert problem.code == code
    assert problem.message.startswith(f"'churn#prod#3' {said}")
    assert problem.hint


def test_a_lightweight_tag_is_told_of_the_checkout_that_makes_such_tags() -> None:
    problem = quarantine(make_record(b"", object_type="commit"))
    assert "git fetch --force --tags" in problem.hint
    assert "actions/checkout before v6.0.2" in problem.hint


def test_a_commit_that_is_there_is_no_problem() -> None:
    assert check_target(read(make_body()), "commit") is None


@pytest.mark.parametrize(
    ("target_type", "code", "said"),
    [
        ("", "GR208", "points at commit aaaaaaa, which is missing"),
        ("tag", "GR202", "points at a tag, not straight at a commit"),
        ("blob", "GR203", "points at a blob, not straight at a commit"),
    ],
)
def test_a_tag_that_lies_about_what_it_points_at_is_quarantined(target_type: str, code: str, said: str) -> None:
    problem = check_target(read(make_body()), target_type)
    assert problem is not None
    assert (problem.code, problem.tag, problem.artifact) == (code, TAG, "churn")
    assert problem.message == f"'churn#prod#3' {said}; it is not read"
    assert problem.hint


def test_a_hint_names_the_quarantined_tag_in_single_quotes() -> None:
    assert "'refs/tags/churn#prod#3:refs/tags/churn#prod#3'" in quarantine(make_record(make_body(name="x"))).hint


def test_a_tag_object_that_was_too_large_to_be_read_is_quarantined_as_such() -> None:
    problem = read_event(TagRecord("churn@v1.0.0", "1" * 40, "tag", b"", 5_000_000))
    assert isinstance(problem, Problem)
    assert (problem.code, problem.tag) == ("GR210", "churn@v1.0.0")
