from __future__ import annotations

from itertools import pairwise

import pytest

from gitreg.core.versions import Bump, check_version, is_prerelease, is_version, next_version, parse_bump, precedence
from gitreg.errors import SyntaxFault, UsageFault


@pytest.mark.parametrize(
    "text",
    ["v0.0.0", "v1.2.3", "v10.20.30", "v1.0.0-rc.1", "v1.0.0-0", "v1.0.0-0a", "v1.0.0--", "v1.0.0+b.01", "v1.0.0-a.b-c+d-e"],
)
def test_a_version_is_v_and_a_semver_number(text: str) -> None:
    assert is_version(text)
    check_version(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v",
        "1.2.3",
        "V1.2.3",
        "v1.2",
        "v1.2.3.4",
        "v01.2.3",
        "v1.2.3-01",
        "v1.2.3-",
        "v1.2.3+",
        "v1.2.3-a..b",
        "v1٣.0.0",
        "v1.2.3\n",
    ],
)
def test_anything_else_is_no_version(text: str) -> None:
    assert not is_version(text)
    with pytest.raises(SyntaxFault, match="it does not follow SemVer") as raised:
        check_version(text)
    assert raised.value.kind == "version"


@pytest.mark.parametrize(("text", "position"), [("v1.2", 0), ("v1.2.3.4", 6), ("v1.2.3-rc..1", 9), ("v1.2.3-01", 8), ("x", 0)])
def test_the_caret_stands_where_the_version_ends(text: str, position: int) -> None:
    with pytest.raises(SyntaxFault) as raised:
        check_version(text)
    assert raised.value.position == position


def test_a_missing_v_is_hinted_at() -> None:
    with pytest.raises(SyntaxFault) as raised:
        check_version("1.2.0")
    assert raised.value.hint == "write 'v1.2.0'"


def test_a_text_that_is_far_from_a_version_gets_an_example() -> None:
    with pytest.raises(SyntaxFault) as raised:
        check_version("newest")
    assert "such as v1.2.0" in raised.value.hint


@pytest.mark.parametrize("text", ["v1.0.0-rc.lock", "v1.0.0+b.lock", "v1.0.0-" + "a" * 194])
def test_a_version_that_git_could_not_keep_is_refused(text: str) -> None:
    assert is_version(text)
    with pytest.raises(SyntaxFault, match="git could not keep"):
        check_version(text)


def test_precedence_follows_the_example_of_semver_section_11() -> None:
    ordered = [
        "v1.0.0-alpha",
        "v1.0.0-alpha.1",
        "v1.0.0-alpha.beta",
        "v1.0.0-beta",
        "v1.0.0-beta.2",
        "v1.0.0-beta.11",
        "v1.0.0-rc.1",
    ]
    ordered += ["v1.0.0", "v1.0.1-0", "v1.0.1", "v1.1.0", "v2.0.0", "v10.0.0"]
    assert all(precedence(lower) < precedence(greater) for lower, greater in pairwise(ordered))


def test_build_metadata_does_not_order() -> None:
    assert precedence("v1.0.0+a-b") == precedence("v1.0.0+c") == precedence("v1.0.0")


def test_a_hyphen_in_build_metadata_makes_no_prerelease() -> None:
    assert not is_prerelease("v1.0.0+b-1")
    assert is_prerelease("v1.0.0-rc.1+b")


@pytest.mark.parametrize(
    ("bump", "expected"),
    [(Bump.PATCH, "v0.0.1"), (Bump.MINOR, "v0.1.0"), (Bump.MAJOR, "v1.0.0"), (Bump.PRERELEASE, "v0.0.1-rc.1")],
)
def test_the_first_version_counts_from_nothing(bump: Bump, expected: str) -> None:
    assert next_version([], bump) == expected


@pytest.mark.parametrize(
    ("used", "bump", "expected"),
    [
        ("v1.2.3", Bump.PATCH, "v1.2.4"),
        ("v1.2.3", Bump.MINOR, "v1.3.0"),
        ("v1.2.3", Bump.MAJOR, "v2.0.0"),
        ("v1.2.3", Bump.PRERELEASE, "v1.2.4-rc.1"),
        ("v2.0.0-rc.1", Bump.PATCH, "v2.0.0"),
        ("v2.0.0-rc.1", Bump.MINOR, "v2.0.0"),
        ("v2.0.0-rc.1", Bump.MAJOR, "v2.0.0"),
        ("v2.0.0-rc.1", Bump.PRERELEASE, "v2.0.0-rc.2"),
        ("v2.0.1-rc.1", Bump.MINOR, "v2.1.0"),
        ("v2.1.0-rc.1", Bump.MAJOR, "v3.0.0"),
    ],
)
def test_a_bump_follows_semver(used: str, bump: Bump, expected: str) -> None:
    assert next_version([used], bump) == expected


@pytest.mark.parametrize("bump", [Bump.PATCH, Bump.MINOR, Bump.MAJOR])
def test_build_metadata_does_not_hide_that_a_number_is_used(bump: Bump) -> None:
    assert precedence(next_version(["v1.0.0+build"], bump)) > precedence("v1.0.0")


def test_a_bump_counts_from_the_greatest_version_and_not_from_the_last_one() -> None:
    assert next_version(["v1.10.0", "v1.9.0", "v1.10.0-rc.1"], Bump.MINOR) == "v1.11.0"


def test_a_bump_that_is_no_part_of_a_version_is_refused_with_the_parts_that_there_are() -> None:
    with pytest.raises(UsageFault) as caught:
        parse_bump("huge")
    assert caught.value.hint == "use one of major, minor, patch, prerelease"
    assert parse_bump("minor") is Bump.MINOR
