from __future__ import annotations

import re

import pytest

from gitreg.core.ci_event import LONGEST_SLUG, is_current, list_stages, make_slug, read_job_tag, shorten
from gitreg.core.reduce import reduce_artifact, resolve_events
from tests.support.events import A, B, make_event, tell

V1, V2 = ("churn@v1.0.0", A), ("churn@v2.0.0", B)


@pytest.mark.parametrize(
    ("facts", "tag", "current"),
    [
        ([V1], "churn@v1.0.0", True),
        ([V1, ("churn@v1.0.0!", A)], "churn@v1.0.0", False),
        ([V1, ("churn@v1.0.0!", A)], "churn@v1.0.0!", True),
        ([V1, ("churn@v1.0.0!", A), ("churn@v1.0.0#2", B)], "churn@v1.0.0!", False),
        ([V1, ("churn@v1.0.0!", A), ("churn@v1.0.0#2", B)], "churn@v1.0.0", False),
        ([V1, ("churn@v1.0.0#2", B)], "churn@v1.0.0#2", False),
        ([("churn@v1.0.0!", A)], "churn@v1.0.0!", False),
        ([V1, ("churn#prod#1", A)], "churn#prod#1", True),
        ([("churn#prod#1", A)], "churn#prod#1", True),
        ([V1, V2, ("churn#prod#1", A), ("churn#prod#2", B)], "churn#prod#1", False),
        ([V1, V2, ("churn#prod#1", A), ("churn#prod#2", B), ("churn#prod#3", A)], "churn#prod#1", True),
        ([V1, ("churn#prod#1", A), ("churn#prod!#2", A)], "churn#prod#1", False),
        ([V1, ("churn#prod#1", A), ("churn#prod!#2", A)], "churn#prod!#2", True),
        ([V1, V2, ("churn#prod#1", A), ("churn#prod#2", B), ("churn#prod!#3", A)], "churn#prod!#3", True),
        ([V1, ("churn#prod#1", A), ("churn#prod!#2", A), ("churn#prod#3", A)], "churn#prod!#2", False),
        ([V1, ("churn@deprecated", A)], "churn@deprecated", True),
        ([V1, ("churn@deprecated", A), V2], "churn@deprecated", False),
    ],
)
def test_an_event_is_current_while_the_registry_says_what_it_said(
    facts: list[tuple[str, str]], tag: str, *, current: bool
) -> None:
    events = tell(*facts)
    artifact, _ = reduce_artifact("churn", events)
    event = next(one for one in resolve_events(events) if one.tag == tag)
    assert is_current(event, artifact) is current


HELD = [V1, V2, ("churn#prod#1", A), ("churn#prod#2", B), ("churn#dev#3", B), ("churn#staging#4", A)]


@pytest.mark.parametrize(
    ("facts", "tag", "stages"),
    [
        (HELD, "churn@v1.0.0", ()),
        (HELD, "churn#prod#1", ("prod",)),
        ([*HELD, ("churn#prod!#5", B)], "churn#prod!#5", ("prod",)),
        ([*HELD, ("churn@v2.0.0!", B)], "churn@v2.0.0!", ("dev", "prod")),
        ([*HELD, ("churn@v1.0.0!", A)], "churn@v1.0.0!", ("staging",)),
        ([*HELD, ("churn@v2.0.0!", B), ("churn#prod#5", A)], "churn@v2.0.0!", ("dev", "prod")),
        ([*HELD, ("churn#dev#5", A), ("churn#prod#6", A), ("churn@v2.0.0!", B)], "churn@v2.0.0!", ()),
        ([*HELD, ("churn@deprecated", A)], "churn@deprecated", ()),
    ],
)
def test_the_stages_of_an_event_are_those_that_change_hands_by_it(
    facts: list[tuple[str, str]], tag: str, stages: tuple[str, ...]
) -> None:
    events = tell(*facts)
    event = next(one for one in resolve_events(events) if one.tag == tag)
    assert list_stages(event, events) == stages


@pytest.mark.parametrize(
    ("tag", "slug"),
    [
        ("churn@v1.2.0", "churn-v1-2-0"),
        ("churn-2@v1.2.0!", "churn-2-v1-2-0"),
        ("Churn@v1.2.0", "churn-v1-2-0-0a1b2c3d"),
        ("churn_2@v1.2.0", "churn-2-v1-2-0-0a1b2c3d"),
        ("models/nlp=churn@v1.2.0-rc.1+build", "models-nlp-churn-v1-2-0-rc-1-build-0a1b2c3d"),
        ("churn@v1.2.0-0", "churn-v1-2-0-0-0a1b2c3d"),
        ("churn#prod#1", "churn-aaaaaaaaaaaa-0a1b2c3d"),
        (f"{'a' * 56}@v1.2.0", f"{'a' * 56}-v1-2-0"),
        (f"{'a' * 57}@v1.2.0", f"{'a' * 54}-0a1b2c3d"),
        (f"{'a' * 53}_b@v1.2.0", f"{'a' * 53}-0a1b2c3d"),
    ],
)
def test_a_slug_is_a_label_and_says_so_where_it_has_lost_something(tag: str, slug: str) -> None:
    made = make_slug(make_event(tag), "0a1b2c3d")
    assert made == slug
    assert len(made) <= LONGEST_SLUG
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", made)


@pytest.mark.parametrize(
    ("ref", "tag"),
    [
        ("churn#prod", "churn#prod"),
        ("refs/tags/churn#prod", "churn#prod"),
        ("refs/heads/churn#prod", ""),
        ("refs/pull/7/merge", ""),
        ("", ""),
        ("refs/tags/refs/heads/x@v1.0.0", "refs/heads/x@v1.0.0"),
    ],
)
def test_a_branch_is_no_tag_whatever_it_is_called(ref: str, tag: str) -> None:
    assert read_job_tag(ref) == tag


def test_a_text_that_was_cut_shows_it() -> None:
    assert shorten("four", 4) == "four"
    assert shorten("fives", 4) == "fiv\N{HORIZONTAL ELLIPSIS}"
