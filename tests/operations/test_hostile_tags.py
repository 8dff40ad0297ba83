"""Bad tags: each is told as a problem, and hides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest

from gitreg.core.views import ArtifactDetail, Overview
from gitreg.errors import AnswerIsNo, Unanswerable
from tests.operations.picture import Open
from tests.support.repository import Repository

NOWHERE: Final = "1" * 40
BAD: Final = "model-0@v2.0.0"  # the name of the tag that is bad
GOOD: Final = ("model-0@v1.1.0", "model-0#prod#1", "other@v1.0.0")


def tag_object(
    repository: Repository,
    *,
    target: str = "",
    type: bytes = b"commit",
    name: bytes = BAD.encode(),
    tagger: bytes = b"tagger A <a@b.c> 1767225700 +0000\n",
    message: bytes = b"Some words\n",
) -> bytes:
    """Write the bytes of a tag object."""
    target = target or repository.git("rev-parse", "HEAD")
    return b"object %b\ntype %b\ntag %b\n%b\n%b" % (target.encode(), type, name, tagger, message)


def raw(**fields: object) -> Callable[[Repository], object]:
    """Make a recipe for a bad tag."""
    return lambda repository: repository.raw_tag(BAD, tag_object(repository, **fields))  # type: ignore[arg-type]


def dated(date: bytes) -> Callable[[Repository], object]:
    """Make a recipe for a tag of some date."""
    return raw(tagger=b"tagger A <a@b.c> %b\n" % date)


def point_at(rev: str, type: bytes) -> Callable[[Repository], object]:
    """Make a recipe for a tag of something that is no commit."""
    return lambda repository: repository.raw_tag(BAD, tag_object(repository, target=repository.git("rev-parse", rev), type=type))


def write_ref(content: str) -> Callable[[Repository], object]:
    """Make a recipe for a loose ref."""
    return lambda repository: (repository.path / ".git/refs/tags" / BAD).write_text(content)


QUARANTINED: Final[dict[str, tuple[str, Callable[[Repository], object]]]] = {
    "a lightweight tag": ("GR201", lambda repository: repository.tag(BAD, lightweight=True)),
    "a lightweight tag of a file": ("GR203", lambda repository: repository.tag(BAD, "HEAD:README.md", lightweight=True)),
    "a lightweight tag of a folder": ("GR203", lambda repository: repository.tag(BAD, "HEAD^{tree}", lightweight=True)),
    "a tag of a tag": ("GR202", lambda repository: repository.tag(BAD, "refs/tags/other@v1.0.0")),
    "a tag of a folder": ("GR203", point_at("HEAD^{tree}", b"tree")),
    "a tag of a file": ("GR203", point_at("HEAD:README.md", b"blob")),
    "a folder that calls itself a commit": ("GR203", point_at("HEAD^{tree}", b"commit")),
    "a tag that calls itself a commit": ("GR202", point_at("refs/tags/other@v1.0.0", b"commit")),
    "a ref renamed onto another tag object": (
        "GR204",
        lambda repository: repository.git("update-ref", f"refs/tags/{BAD}", "refs/tags/model-0@v1.1.0"),
    ),
    "a name with CR inside": ("GR204", raw(name=f"{BAD}\r".encode())),
    "no tagger": ("GR205", raw(tagger=b"")),
    "a tagger without an address": ("GR205", raw(tagger=b"tagger A 1767225700 +0000\n")),
    "date -5": ("GR206", dated(b"-5 +0000")),
    "date 2^64": ("GR206", dated(b"18446744073709551616 +0000")),
    "date 10^30": ("GR206", dated(b"1" + b"0" * 30 + b" +0000")),
    "the year 10000": ("GR206", dated(b"253402300800 +0000")),
    "a date in letters": ("GR206", dated(b"yesterday")),
    "no date": ("GR206", dated(b"")),
    "NUL in the date": ("GR206", dated(b"17672257\x0000 +0000")),
    "no time zone": ("GR206", dated(b"1767225700")),
    "an object that is missing": ("GR207", write_ref(f"{NOWHERE}\n")),
    "a commit that is missing": ("GR208", raw(target=NOWHERE)),
    "an empty ref": ("GR209", write_ref("")),
    "a ref of other bytes": ("GR209", write_ref("\x1b[31m\0\n")),
    "an empty tag object": ("GR204", lambda repository: repository.raw_tag(BAD, b"")),
    "a tag object of other bytes": ("GR204", lambda repository: repository.raw_tag(BAD, b"\xff\xfe\0" * 1000)),
}
ODD: Final[dict[str, bytes]] = {
    "NUL": b"a\0b", "CR": b"a\rb", "ESC": b"a\x1b[31mb", "bidi": "a\u202eb".encode(), "bytes that are no UTF-8": b"a\xff\xfeb",
    "nothing": b"", "blanks": b"  ", "a lone surrogate": b"a\xed\xa0\x80b", "a quote": b'a"b', "markup": b"[red]a[/red]",
}  # fmt: skip


@pytest.fixture
def registry(repository: Repository) -> Repository:
    """Two artifacts whose tags are as they should be."""
    repository.commit({"artifacts.yaml": "model-0:\n  type: model\n  path: README.md\n"})
    repository.register("model-0", "v1.1.0")
    repository.tick()
    repository.assign("model-0", "prod", version="v1.1.0")
    repository.tick()
    repository.commit(message="More")
    repository.register("other", "v1.0.0")
    return repository


@pytest.mark.parametrize(("code", "make"), QUARANTINED.values(), ids=QUARANTINED)
def test_a_bad_tag_is_a_problem_and_all_others_are_read(
    code: str, make: Callable[[Repository], object], registry: Repository, opened: Open
) -> None:
    make(registry)
    api = opened(registry)
    overview = api.show()
    assert isinstance(overview, Overview)
    assert [(problem.code, problem.tag) for problem in overview.problems] == [(code, BAD)]
    assert [(view.artifact.name, view.artifact.latest) for view in overview.artifacts] == [
        ("model-0", "v1.1.0"),
        ("other", "v1.0.0"),
    ]
    assert {event.tag for event in api.history()} == set(GOOD)
    assert [(view.stage, view.holders[0].version) for view in api.stages()] == [("prod", "v1.1.0")]
    assert api.resolve("model-0#prod", path=True).path == "README.md"


@pytest.mark.parametrize(("code", "make"), QUARANTINED.values(), ids=QUARANTINED)
def test_a_bad_tag_is_told_with_a_sentence_and_a_hint(
    code: str, make: Callable[[Repository], object], registry: Repository, opened: Open
) -> None:
    make(registry)
    api = opened(registry)
    detail = api.show("model-0")
    assert isinstance(detail, ArtifactDetail)
    (problem,) = detail.problems
    assert (problem.code, problem.tag) == (code, BAD)
    assert problem.hint
    assert BAD in problem.message
    assert "\n" not in problem.message
    assert problem in api.check().problems
    with pytest.raises(Unanswerable) as caught:
        api.check_ref(BAD)
    assert caught.value.message == problem.message
    assert api.check_ref("model-0@v1.1.0").version == "v1.1.0"


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_bytes_in_a_name_or_message_quarantine_nothing(odd: bytes, registry: Repository, opened: Open) -> None:
    registry.raw_tag(BAD, tag_object(registry, tagger=b"tagger " + odd + b" <a@b.c> 1767225700 +0000\n", message=odd + b"\n"))
    event = opened(registry).check_ref(BAD)
    text = odd.decode("utf-8", "replace")
    assert (event.author, event.message, event.at) == (text, text, 1_767_225_700)
    assert event.version == "v2.0.0"


def test_a_tag_of_a_megabyte_is_read(registry: Repository, opened: Open) -> None:
    registry.raw_tag(BAD, tag_object(registry, message=b"words " * 170_000 + b"\n\nGitreg-Version: v2.0.0\n"))
    api = opened(registry)
    assert len(api.check_ref(BAD).message) > 1_000_000
    assert {event.tag for event in api.history()} == {*GOOD, BAD}


def test_an_event_of_the_year_2099_is_read_and_told(registry: Repository, opened: Open) -> None:
    dated(b"4070908800 +0000")(registry)
    api = opened(registry)
    assert api.resolve("model-0@latest").version == "v2.0.0"
    assert [problem.tag for problem in api.check().problems if problem.code == "GR304"] == [BAD]
    assert [problem.tag for problem in api.doctor(offline=True).problems if problem.code == "GR509"] == [BAD]


def test_all_bad_tags_together_hide_nothing(registry: Repository, opened: Open) -> None:
    for number, (code, make) in enumerate(QUARANTINED.values()):
        if code not in {"GR204", "GR209"}:
            make(registry)
            refs = registry.path / ".git/refs/tags"
            (refs / BAD).rename(refs / f"model-0@v2.0.{number + 1}")
    api = opened(registry)
    detail = api.show("model-0")
    assert isinstance(detail, ArtifactDetail)
    assert len(detail.problems) == sum(code not in {"GR204", "GR209"} for code, _ in QUARANTINED.values())
    assert {event.tag for event in api.history()} == set(GOOD)


@pytest.mark.parametrize("name", ["--all", "$(id)", "-x", "a//b", "a b", "../x", "churn\n", "churn@v1.0.0\0", "@", "#", ""])
def test_a_tag_that_is_none_of_ours_is_no_problem(name: str, registry: Repository, opened: Open) -> None:
    with pytest.raises(AnswerIsNo):
        opened(registry).check_ref(name)
