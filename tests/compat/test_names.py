"""Names of tags: GTO's own parser, as it is installed, against gitreg's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitreg.core.events import Kind
from gitreg.core.names import is_artifact
from gitreg.core.tags import TagName, format_tag, parse_tag
from gitreg.errors import Conflict, SyntaxFault
from tests.compat.both import Both, Gto
from tests.property.strategies import tag_names

VECTORS: Final[list[dict[str, Any]]] = json.loads((Path(__file__).parents[1] / "core" / "tags.json").read_text("utf-8"))
ACTIONS: Final = {
    "register": Kind.REGISTRATION,
    "deregister": Kind.DEREGISTRATION,
    "assign": Kind.ASSIGNMENT,
    "unassign": Kind.UNASSIGNMENT,
    "deprecate": Kind.DEPRECATION,
}

CREATED: Final = {"model@created", "model@created#1"}
OTHER_DIGITS: Final = {"model@v1٣.0.0"}


def to_tag_name(parts: dict[str, Any] | None) -> TagName | None:
    """Put what GTO reads into gitreg's words."""
    if parts is None or "action" not in parts:
        return None
    rest = {key: value for key, value in parts.items() if key not in {"action", "name"}}
    return TagName(kind=ACTIONS[parts["action"]], artifact=parts["name"], **rest)


def test_the_vectors_are_what_gto_reads(gto: Gto) -> None:
    read = gto.ask("parse", names=[vector["tag"] for vector in VECTORS])
    assert read == {vector["tag"]: vector["gto"] for vector in VECTORS}
    assert len(read) == 131


def test_gitreg_reads_the_vectors_as_gto_does_but_for_other_digits_and_what_git_cannot_hold(gto: Gto) -> None:
    read = gto.ask("parse", names=[vector["tag"] for vector in VECTORS])
    differences = {tag for tag, parts in read.items() if parse_tag(tag) != to_tag_name(parts)}
    refused_by_git = {vector["tag"] for vector in VECTORS if vector["gto"] and not vector["git_ok"]}
    assert differences == OTHER_DIGITS | refused_by_git
    assert not [tag for tag in differences if parse_tag(tag)]
    assert {tag for tag, parts in read.items() if parts and "action" not in parts} == CREATED


@settings(max_examples=20)
@given(tags=st.lists(tag_names, min_size=20, max_size=40))
def test_gto_reads_every_tag_that_gitreg_writes(gto: Gto, tags: list[TagName]) -> None:
    names = {format_tag(tag): tag for tag in tags}
    assert {name: to_tag_name(parts) for name, parts in gto.ask("parse", names=list(names)).items()} == names


PIECES: Final = (
    "a",
    "B",
    "0",
    ".",
    "/",
    "-",
    "_",
    "=",
    ":",
    "!",
    "@",
    "#",
    "@v1.0.0",
    "@v0.2.0-rc.1+b",
    "#prod",
    "#1",
    "@deprecated",
)


@settings(max_examples=20)
@given(texts=st.lists(st.lists(st.sampled_from(PIECES), min_size=2, max_size=6).map("".join), min_size=50, max_size=100))
def test_of_texts_in_the_alphabet_of_tags_gitreg_reads_those_that_gto_reads_and_git_can_hold(gto: Gto, texts: list[str]) -> None:
    for text, parts in gto.ask("parse", names=texts).items():
        ours = parse_tag(text)
        assert ours in {None, to_tag_name(parts)}
        if ours is None and parts is not None:
            assert not is_artifact(parts["name"]) or "//" in text or ".lock" in text


def test_a_name_that_git_writes_otherwise_than_gto_meant_is_quarantined(both: Both) -> None:
    both.gto("register", "x//y", ref="HEAD")  # git keeps it as x/y
    assert both.gto_tells() == "x//y v0.0.1"
    assert both.gitreg_tells() == ""
    overview: Any = both.registry.show()
    assert [(problem.code, problem.tag) for problem in overview.problems] == [("GR204", "x/y@v0.0.1")]


@pytest.mark.parametrize("name", ["a//b", ".:m", "a.lock/b:m", "-x:m", "M"])
def test_gitreg_writes_no_name_that_somebody_could_not_read(both: Both, name: str) -> None:
    both.git.register("m", "v1.0.0")
    with pytest.raises((SyntaxFault, Conflict)):
        both.gitreg.register(name)
    assert both.agree() == "m v1.0.0"
