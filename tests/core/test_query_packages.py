from __future__ import annotations

import pytest

from gitreg.core.facts import Package
from gitreg.core.query_packages import Requirement, compare_versions, names, parse_requirement


def compare(query: str, version: str) -> bool | None:
    """Compare with an exact version, or with what a file allows where it begins with an operator (``*``: anything)."""
    requirement = parse_requirement(query)
    assert requirement is not None
    is_exact = version[:1].isalnum()
    package = Package(name="tf", version=version if is_exact else None, specifier="" if is_exact or version == "*" else version)
    assert names(requirement, package)
    return compare_versions(requirement, package)


@pytest.mark.parametrize(("text", "requirement"), [
    ("tensorflow", Requirement("tensorflow")),
    ("Ruamel_Yaml.clib<1", Requirement("ruamel-yaml-clib", "<1")),
    ("numpy==1.26.*", Requirement("numpy", "==1.26.*")),
    ("numpy=1.26", Requirement("numpy", "==1.26")),
    ("numpy >=1.20, =1.26", Requirement("numpy", ">=1.20,==1.26")),
    ("tensor*", Requirement("tensor*")),
    ("", None), ("<2", None), ("a b", None), ("a<x", None), ("a[gpu]<2", None), ("a==1.*.2", None), ("a<2;os", None), ("a" * 300, None),
])  # fmt: skip
def test_requirements(text: str, requirement: Requirement | None) -> None:
    assert parse_requirement(text) == requirement


@pytest.mark.parametrize(("query", "version", "answer"), [
    ("tf", "1.0", True), ("tf", "*", True), ("tf", ">=9", True),
    ("tf<2.12", "2.11.0", True), ("tf<2.12", "2.12", False), ("tf<2.12", "2.12rc1", False), ("tf==1.26.*", "1.26.4", True),
    ("tf<2.12", "9e", None), ("tf<2.12", "2.11+cu118", True),
])  # fmt: skip
def test_an_exact_version_is_or_is_not_meant(query: str, version: str, answer: bool | None) -> None:  # noqa: FBT001
    assert compare(query, version) is answer


@pytest.mark.parametrize(("query", "allowed", "answer"), [
    # a file that leaves it open is never safe
    ("tf<2.12", ">=2", None), ("tf<2.12", "*", None), ("tf>=2", "<3", None), ("tf<2.12", "!=2.11", None), ("tf<2.12", "===2.11", None),
    # what cannot be, is not
    ("tf<2.12", ">=2.12", False), ("tf<2.12", ">2.12", False), ("tf<2.12", ">=2.13,<3", False), ("tf<2.12", "~=2.13", False),
    ("tf<2.12", "==2.13.*", False), ("tf>2.12", "<=2.12", False), ("tf==1.26.*", ">=1.27", False), ("tf==1.26.*", "<1.26", False),
    ("tf<2.12", ">=3,<2", False), ("tf~=1.4.2", ">=1.5", False), ("tf>=1!1.0", "<=9", False), ("tf==1!2.*", "<9", False),
    # what must be, is
    ("tf<2.12", "<2.12", True), ("tf<2.12", "<=2.11", True), ("tf<2.12", "==2.11.*", True), ("tf<2.12", "~=2.11.3", True),
    ("tf>=2,<3", ">=2.5,<2.6", True), ("tf>2", ">2", True), ("tf>2", ">2.1", True), ("tf<=2.11", "<2.11", True),
    # nearly
    ("tf<2.12", "<2.12rc1", None), ("tf>1.7", ">=1.7.post1", None), ("tf>1.7", ">1.7.post1", None), ("tf>2,<3", "<2.5", None),
    ("tf!=2.11", ">=3", None), ("tf<2.12rc1", "<2", None), ("tf<=1.0", "==1.0+cu118", None), ("tf<=1.0", ">=x", None),
    ("tf==1.0+cu118", "<=1.0", None), ("tf<3", "==2.1rc1.*", None), ("tf<3", ">=2,<4", None), ("tf===weird", "<2", None),
])  # fmt: skip
def test_what_a_file_allows_is_compared_as_a_whole(query: str, allowed: str, answer: bool | None) -> None:  # noqa: FBT001
    assert compare(query, allowed) is answer
