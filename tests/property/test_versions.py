from __future__ import annotations

import semver
from hypothesis import example, given
from hypothesis import strategies as st

from gitreg.core.versions import Bump, check_version, is_prerelease, is_version, next_version, precedence
from tests.property.faults import fault_of
from tests.property.strategies import versions


@given(one=versions, other=versions)
@example(one="v1.0.0-2", other="v1.0.0-10")
def test_precedence_agrees_with_semver(one: str, other: str) -> None:
    compared = semver.Version.parse(one[1:]).compare(other[1:])
    assert (precedence(one) > precedence(other)) - (precedence(one) < precedence(other)) == compared


@given(version=versions)
def test_a_prerelease_is_what_semver_calls_one(version: str) -> None:
    assert is_prerelease(version) == (semver.Version.parse(version[1:]).prerelease is not None)


@given(text=st.one_of(versions, versions.map(lambda version: version[:-1]), st.text("v0123.-+ab\n", max_size=16)))
def test_a_version_is_what_semver_parses_behind_a_v(text: str) -> None:
    assert is_version(text) == (text.startswith("v") and semver.Version.is_valid(text[1:]) and "\n" not in text)


@given(used=st.lists(versions, max_size=8), bump=st.sampled_from(Bump))
def test_the_next_version_is_greater_than_all_that_were_ever_used(used: list[str], bump: Bump) -> None:
    following = next_version(used, bump)
    assert is_version(following)
    assert all(precedence(following) > precedence(version) for version in used)
    assert following not in used


@given(used=st.lists(versions, max_size=8), bump=st.sampled_from(Bump))
def test_only_a_prerelease_bump_makes_a_prerelease(used: list[str], bump: Bump) -> None:
    assert is_prerelease(next_version(used, bump)) == (bump is Bump.PRERELEASE)


@given(text=st.one_of(st.text(), versions, versions.map("{}!".format)))
def test_the_caret_of_a_refused_version_stands_in_the_text(text: str) -> None:
    assert fault_of(check_version, text) or is_version(text)
