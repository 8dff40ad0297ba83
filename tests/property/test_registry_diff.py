"""Laws of diff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from gitreg.core.entries import Entry, Pointer, PointerKind
from gitreg.core.facts import Facts
from gitreg.core.problems import Problem
from gitreg.core.registry_diff import Change
from gitreg.core.registry_diff_pairs import Pair, pair_artifacts
from tests.support.events import A, B

_names: Final = st.sampled_from(["a", "b", "c", "d", "x:a", "x:b"])
_facts: Final = st.builds(
    lambda path, digest, terms: Facts(
        artifact="",
        commit=A,
        entry=Entry(name="", file="artifacts.yaml", line=1, license=terms),
        pointer=Pointer(kind=PointerKind.DVC, path=path, hash=digest) if path else None,
    ),
    st.sampled_from([None, "p", "q", "r"]),
    st.sampled_from([None, "md5:1", "md5:2"]),
    st.sampled_from([None, "MIT"]),
)
_sides: Final = st.dictionaries(_names, _facts, max_size=5).map(
    lambda side: {name: replace(facts, artifact=name) for name, facts in side.items()}
)
_lost: Final = st.lists(
    st.builds(Problem, code=st.just("GR101"), message=st.just("no"), file=st.sampled_from(["artifacts.yaml", "x/dvc.yaml", "."])),
    max_size=1,
)
_SWAPPED: Final = {Change.ADDED: Change.REMOVED, Change.REMOVED: Change.ADDED}


@given(_sides)
def test_equal_sides_have_no_pairs(side: Mapping[str, Facts]) -> None:
    other = {name: replace(facts, commit=B) for name, facts in side.items()}
    assert pair_artifacts(side, other, lost_before=(), lost_after=()) == []


@given(_sides, _sides, _lost, _lost)
def test_swapped_sides_are_the_mirror_image(
    before: Mapping[str, Facts], after: Mapping[str, Facts], lost_before: list[Problem], lost_after: list[Problem]
) -> None:
    there = pair_artifacts(before, after, lost_before=lost_before, lost_after=lost_after)
    back = pair_artifacts(after, before, lost_before=lost_after, lost_after=lost_before)
    assert {Pair(pair.after, pair.before, _SWAPPED.get(pair.kind, pair.kind)) for pair in there} == set(back)


@given(_sides, _sides, _lost, _lost)
def test_each_artifact_is_told_once_and_what_may_be_there_never_goes(
    before: Mapping[str, Facts], after: Mapping[str, Facts], lost_before: list[Problem], lost_after: list[Problem]
) -> None:
    pairs = pair_artifacts(before, after, lost_before=lost_before, lost_after=lost_after)
    for number, names in ((0, before), (1, after)):
        told = [pair[number] for pair in pairs if pair[number] is not None]
        assert len(told) == len(set(told))
        assert set(told) <= names.keys()
    if any(problem.file == "." for problem in lost_after):
        assert not any(pair.kind in {Change.REMOVED, Change.RENAMED} for pair in pairs)
