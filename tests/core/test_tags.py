from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest

from gitreg.core.events import Kind
from gitreg.core.tags import TagName, format_tag, parse_tag, strip_ref

VECTORS: Final[list[dict[str, Any]]] = json.loads(Path(__file__).with_name("tags.json").read_text("utf-8"))
GTO_ACTIONS: Final = {
    "register": Kind.REGISTRATION,
    "deregister": Kind.DEREGISTRATION,
    "assign": Kind.ASSIGNMENT,
    "unassign": Kind.UNASSIGNMENT,
    "deprecate": Kind.DEPRECATION,
}

# What GTO reads and gitreg on purpose does not.
CREATED: Final = ["model@created", "model@created#1"]
OTHER_DIGITS: Final = ["model@v1٣.0.0"]
BEFORE_A_NEWLINE: Final = ["model@v1.0.0\n"]
REFUSED_BY_GIT: Final = [
    "nested//model@v1.0.0",
    ".=model@v1.0.0",
    "..=model@v1.0.0",
    "./dir=model@v1.0.0",
    "/abs=model@v1.0.0",
    "a.lock/b=m@v1.0.0",
    "a..b=m@v1.0.0",
    "a/.b=m@v1.0.0",
    "m#a//b",
]
DIFFERENT: Final = [*CREATED, *OTHER_DIGITS, *BEFORE_A_NEWLINE, *REFUSED_BY_GIT]


def as_gto_reads(vector: dict[str, Any]) -> TagName | None:
    parts = dict(vector["gto"] or {})
    if "action" not in parts:
        return None
    return TagName(kind=GTO_ACTIONS[parts.pop("action")], artifact=parts.pop("name"), **parts)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: ascii(vector["tag"]))
def test_a_tag_is_read_as_gto_reads_it_but_for_listed_differences(vector: dict[str, Any]) -> None:
    expected = None if vector["tag"] in DIFFERENT else as_gto_reads(vector)
    assert parse_tag(vector["tag"]) == expected


def test_all_vectors_are_there_and_the_listed_differences_are_among_them() -> None:
    assert len(VECTORS) == 131
    assert {vector["tag"] for vector in VECTORS if vector["gto"]} >= set(DIFFERENT)


def test_no_tag_is_read_that_git_refuses() -> None:
    assert not [vector["tag"] for vector in VECTORS if parse_tag(vector["tag"]) and not vector["git_ok"]]


def test_names_that_git_refuses_are_all_that_gto_reads_and_git_refuses() -> None:
    refused = {vector["tag"] for vector in VECTORS if vector["gto"] and not vector["git_ok"]}
    assert refused == {*REFUSED_BY_GIT, *BEFORE_A_NEWLINE}


@pytest.mark.parametrize("tag", CREATED)
def test_created_is_read_as_nothing(tag: str) -> None:
    assert parse_tag(tag) is None


@pytest.mark.parametrize("tag", ["model@v1٣.0.0", "model#prod#１", "model@v1.0.0-١", "mode１@v1.0.0"])
def test_only_ascii_digits_are_digits(tag: str) -> None:
    assert parse_tag(tag) is None


@pytest.mark.parametrize("tag", ["m@v1.0.0\n", "m#prod\n", "m#prod#1\n", "m@deprecated\n", "m@v1.0.0!\n"])
def test_a_trailing_newline_is_not_overlooked(tag: str) -> None:
    assert parse_tag(tag) is None


@pytest.mark.parametrize("tag", ["m@v1.0.0-a.lock", "m@v1.0.0+a.lock", "a/b.lock/c=m@v1.0.0"])
def test_a_tag_that_git_would_take_for_a_lock_file_is_not_ours(tag: str) -> None:
    assert parse_tag(tag) is None


def test_a_lock_in_a_version_is_harmless_before_a_counter() -> None:
    tag = parse_tag("m@v1.0.0-a.lock#1")
    assert tag == TagName(kind=Kind.REGISTRATION, artifact="m", version="v1.0.0-a.lock", counter=1)


def test_a_name_longer_than_any_file_system_holds_is_not_ours() -> None:
    assert parse_tag(f"m#prod#{'9' * 3000}") is not None
    assert parse_tag(f"m#prod#{'9' * 5000}") is None


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        (TagName(kind=Kind.REGISTRATION, artifact="m", version="v1.2.0"), "m@v1.2.0"),
        (TagName(kind=Kind.REGISTRATION, artifact="m", version="v1.2.0", counter=3), "m@v1.2.0#3"),
        (TagName(kind=Kind.DEREGISTRATION, artifact="m", version="v1.2.0"), "m@v1.2.0!"),
        (TagName(kind=Kind.DEREGISTRATION, artifact="m", version="v1.2.0", counter=0), "m@v1.2.0!#0"),
        (TagName(kind=Kind.ASSIGNMENT, artifact="m", stage="prod", counter=1), "m#prod#1"),
        (TagName(kind=Kind.UNASSIGNMENT, artifact="m", stage="prod", counter=2), "m#prod!#2"),
        (TagName(kind=Kind.DEPRECATION, artifact="m"), "m@deprecated"),
        (TagName(kind=Kind.DEPRECATION, artifact="models/nlp:m", counter=9), "models/nlp=m@deprecated#9"),
    ],
)
def test_a_tag_is_written_as_it_is_read(tag: TagName, text: str) -> None:
    assert format_tag(tag) == text
    assert parse_tag(text) == tag


def test_leading_zeros_of_a_counter_are_read_and_not_written() -> None:
    tag = parse_tag("m@v1.2.0#007")
    assert tag is not None
    assert format_tag(tag) == "m@v1.2.0#7"


def test_a_full_ref_is_no_tag_name_until_its_prefix_is_stripped() -> None:
    assert strip_ref("refs/tags/m@v1.0.0") == "m@v1.0.0"
    assert strip_ref("m@v1.0.0") == "m@v1.0.0"
