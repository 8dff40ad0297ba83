from __future__ import annotations

import pytest
from inline_snapshot import snapshot

from gitreg.core.problems import Problem
from gitreg.core.pushed import (
    Objection,
    PushedRef,
    PushReport,
    check_moves,
    check_number,
    check_problems,
    check_state,
    parse_push,
    pick_registry_refs,
)
from tests.support.events import A, B

ZERO = "0" * 40


def push(ref: str, object_id: str | None = A, before: str | None = None) -> PushedRef:
    return PushedRef(ref, object_id, ref, before)


def test_a_line_is_what_is_pushed_its_id_the_ref_of_the_remote_and_what_it_has_there() -> None:
    lines = (
        f"refs/heads/main {A} refs/heads/main {B}\n"
        f"HEAD^{{/a word}} {A} refs/tags/churn@v1.0.0 {ZERO}\n"
        f"(delete) {'0' * 64} refs/tags/churn@v2.0.0 {B}\n"
    )
    assert parse_push(lines) == (
        PushedRef("refs/heads/main", A, "refs/heads/main", B),
        PushedRef("HEAD^{/a word}", A, "refs/tags/churn@v1.0.0", None),
        PushedRef("(delete)", None, "refs/tags/churn@v2.0.0", B),
    )


def test_what_is_no_line_is_left_out() -> None:
    assert parse_push("") == ()
    assert parse_push("\n\nthree words here\n") == ()


def test_only_refs_that_the_remote_would_read_as_registry_tags_are_looked_at() -> None:
    names = [
        "churn@v1.0.0",
        "churn#prod#1",
        "m/n=churn@deprecated",
        "churn@nightly",
        "v1.0.0",
        "a$(id)@v1.0.0",
        "churn@v1.0.0;id",
    ]
    refs = [push("refs/heads/churn@v1.0.0"), *(push(f"refs/tags/{name}") for name in names)]
    assert [ref.tag for ref in pick_registry_refs(refs)] == names[:3]


def test_a_tag_of_the_remote_is_neither_deleted_nor_moved() -> None:
    refs = [
        push("refs/tags/churn@v1.0.0", None, A),
        push("refs/tags/churn#prod#2", None, A),
        push("refs/tags/churn@deprecated", None, A),
        push("refs/tags/churn@v1.1.0", A, B),
    ]
    assert check_moves(refs, "origin") == snapshot(
        [
            Objection(
                message="'churn@v1.0.0' would be deleted from 'origin', and nobody would know what happened",
                hint="state the opposite in place of that: gitreg deregister 'churn@v1.0.0' --push",
            ),
            Objection(
                message="'churn#prod#2' would be deleted from 'origin', and nobody would know what happened",
                hint="state the opposite in place of that: gitreg unassign 'churn' 'prod' --push",
            ),
            Objection(
                message="'churn@deprecated' would be deleted from 'origin', and nobody would know what happened",
                hint="state what is so now, with a new tag",
            ),
            Objection(
                message="'origin' has 'churn@v1.1.0' already, as another object than aaaaaaa, and a registry tag never moves",
                hint="take theirs: git fetch --force origin 'refs/tags/churn@v1.1.0:refs/tags/churn@v1.1.0', and decide again",
            ),
        ]
    )


def test_a_tag_that_is_new_there_or_is_there_already_is_no_move() -> None:
    assert check_moves([push("refs/tags/churn@v1.0.0"), push("refs/tags/churn@v1.1.0", A, A)], "origin") == []


@pytest.mark.parametrize(("remote", "word"), [("origin", "origin"), ("a b'; id", "'a b'\\''; id'")])
def test_a_remote_is_one_word_in_a_hint(remote: str, word: str) -> None:
    [objection] = check_moves([push("refs/tags/churn@v1.1.0", A, B)], remote)
    assert f"git fetch --force {word} 'refs/tags/" in objection.hint


def test_of_four_tags_in_one_push_the_host_says_nothing() -> None:
    others = [push(f"refs/tags/other-{number}") for number in range(3)]
    registry = [push("refs/tags/churn@v1.0.0")]
    assert check_number([*others[:2], *registry, push("refs/heads/main")], registry) == []
    assert check_number(others, []) == []
    assert check_number([*others, *registry], registry) == snapshot(
        [
            Objection(
                message="4 tags in one push, 1 of them of the registry, are so many that GitHub starts no workflow for any: it stops at 3",
                hint="push them in order, three at a time: gitreg push; or all at once: git -c gitreg.manyTags=true push ...",
            )
        ]
    )


def test_deletions_do_not_count_as_tags_that_are_pushed() -> None:
    gone = [push(f"refs/tags/churn@v{number}.0.0", None, A) for number in range(9)]
    assert check_number(gone, gone) == []


def test_what_is_wrong_with_a_tag_is_said_of_the_push() -> None:
    lightweight = Problem(code="GR201", message="'a@v1.0.0' is a lightweight tag; it is not read", tag="a@v1.0.0", hint="fetch")
    missing = Problem(code="GR208", message="'a@v1.0.0' points at nothing; it is not read", tag="a@v1.0.0", hint="fetch it")
    renamed = Problem(code="GR204", message="'a@v1.0.0' calls itself 'b'; it is not read", tag="a@v1.0.0", hint="fetch")
    assert check_problems([lightweight, missing, renamed]) == snapshot(
        [
            Objection(
                message="'a@v1.0.0' is a lightweight tag, and nobody could read it",
                hint="make it anew, with gitreg: git tag -d 'a@v1.0.0' removes this one",
            ),
            Objection(message="'a@v1.0.0' points at nothing, and nobody could read it", hint="fetch it"),
            Objection(
                message="'a@v1.0.0' calls itself 'b', and nobody could read it",
                hint="push a tag under its own name, and let gitreg make those of other versions: gitreg register --help",
            ),
        ]
    )


def test_only_contradictions_of_the_pushed_tags_themselves_count() -> None:
    moved = Problem(code="GR301", message="moved", tag="churn@v1.0.0#2", hint="a")
    elsewhere = Problem(code="GR302", message="elsewhere", tag="churn@v1.0.0!", hint="b")
    shared = Problem(code="GR303", message="shared", artifact="churn")
    assert check_state(["churn@v1.0.0#2"], [moved, elsewhere, shared]) == [Objection("moved", "a")]


def test_a_push_without_registry_tags_has_nothing_to_report() -> None:
    assert PushReport() == ((), ())
