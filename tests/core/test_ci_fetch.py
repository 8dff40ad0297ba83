from __future__ import annotations

import pytest

from gitreg.core.ci_fetch import Gap, RemoteTag, find_gap
from gitreg.errors import Unanswerable
from tests.support.events import A, B, C

TAG = "1" * 40
THERE = RemoteTag(TAG, A)


@pytest.mark.parametrize(
    ("ours", "theirs", "gap"),
    [
        ({}, {}, Gap()),
        ({"x": TAG}, {"x": THERE}, Gap()),
        ({"mine": B}, {"x": THERE}, Gap(missing=("x",))),
        ({"x": A}, {"x": THERE}, Gap(lightweight=("x",))),
        ({"x": A}, {"x": RemoteTag(A)}, Gap(left=("x",))),
        ({}, {"x": RemoteTag(A)}, Gap(left=("x",))),
        (
            {"b": A},
            {"d": THERE, "c": THERE, "b": THERE, "a": RemoteTag(C)},
            Gap(missing=("c", "d"), lightweight=("b",), left=("a",)),
        ),
    ],
)
def test_a_gap_is_what_the_remote_has_annotated_and_a_checkout_has_not(
    ours: dict[str, str], theirs: dict[str, RemoteTag], gap: Gap
) -> None:
    assert find_gap(ours, theirs, "origin") == gap


@pytest.mark.parametrize("theirs", [THERE, RemoteTag(A)])
def test_a_name_that_means_two_things_is_never_moved(theirs: RemoteTag) -> None:
    with pytest.raises(Unanswerable, match="'x' is another one here than on 'origin'"):
        find_gap({"x": B}, {"x": theirs}, "origin")
